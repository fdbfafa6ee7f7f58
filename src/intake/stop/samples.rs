//! Sentences of people: those that ask us to stop, and those that speak of somebody else who does not write.

use super::says_stop;

const STOPS: &[&str] = &[
    "I can't. Don't write me",
    "Never! Stop emailing me",
    "Please stop, my husband reads my mail",
    "My husband saw it. Do not email me.",
    "He reads all of it, don't send anything",
    "They read all of it, don't send anything",
    "They know. Don't contact me",
    "They saw it - do not write",
    "They are here do not email",
    "It was him: do not contact me",
    "Tell them they do not contact me again",
    "Tell them not to email me",
    "I want them not to write to me",
    "I want them not to contact me at all",
    "I said that you do not email me",
    "I want that they don't write to me",
    "Make sure they don't email me",
    "Please make sure that, they don't email me",
    "They should stop writing to me",
    "They don't email me anymore, ok?",
    "They do not contact me again.",
    "They don't mail me bills, so don't email me either",
    "They don't mail me bills. Do not contact me.",
    "They never write. You never write again",
    "They do not contact me",
    "They don't write to me.",
    "Hello, people do not email me here",
    "They don't email me because he reads my mail",
    "Please: they do not email me",
    "please\nThey don't write to me",
    "You won't stop emailing me, why?",
    "They won't stop emailing me",
    "He has my phone please don't write",
    "The agency, do not email me",
    "My landlord, don't write me",
    "My sister is here don't write",
    "And don't email me",
    "But do not contact me",
    "So never write",
    "Kindly do not e-mail",
    "Nobody! Don't contact me",
    "Do not contact me, they do not email",
    "Él lee mi correo, no me escriban",
    "Ellos no me escriban",
    "Quiero que ellos no me llamen",
    "Dígales que ellos no me llaman más",
    "Ella lo lee. No me escriban",
    "La agencia no me escriba más",
    "Mi esposo está aquí no me llame",
    "Por favor, no me manden nada",
    "Y no me escriban",
];

const OTHERS: &[&str] = &[
    "They don't mail me bills",
    "The agency never emails me back",
    "The agency doesn't email me back",
    "They do not send me the checks",
    "Hello\nThey don't mail me bills\nAna",
    "Hi,\n\nThe court never writes to me. When is my date?\n\nAna",
    "They don't email back when I call the office",
    "The landlord is bad, they don't write anything down",
    "He never contacts his son",
    "She never emails me the forms",
    "My landlord never emails me, and the heat is off",
    "They don't message tenants about repairs",
    "The agency is slow, they do not mail anything on time",
    "Thank you! The clerks do not email notices",
    "The social worker never writes me back",
    "My caseworker never contacts me",
    "The schools don't send letters home in Spanish",
    "And they never contacted me",
    "They still do not send the papers",
    "My landlord is gone (he never writes)",
    "The property manager never emailed the lease",
    "People do not write letters here",
    "The bank: they don't send statements",
    "The judge never wrote, they never wrote either",
    "My landlord won't stop texting me",
    "My ex won't stop calling me, I am afraid",
    "He won't stop calling me at work",
    "Ellos no me mandan las cuentas",
    "La agencia no me escribe",
    "Mi casero no me manda recibos",
    "Él no me llama desde enero",
    "Mi casero es malo, ellos no me envían recibos",
    "Hola. La corte no me mandó nada.",
    "Y ella no me llama cuando llega tarde",
    "Mi abogado tampoco me escribe",
    "Mis abogados no me llaman",
];

#[test]
fn a_stop_is_heard_however_somebody_else_stands_beside_it() {
    let missed: Vec<_> =
        STOPS.iter().filter(|text| !says_stop("Re: Your request R-7K4M-2QX9", text)).collect();
    assert!(missed.is_empty(), "{missed:#?}");
}

#[test]
fn that_somebody_else_does_not_write_is_no_stop() {
    let heard: Vec<_> =
        OTHERS.iter().filter(|text| says_stop("Re: Your request R-7K4M-2QX9", text)).collect();
    assert!(heard.is_empty(), "{heard:#?}");
}

#[test]
fn every_word_of_a_list_is_folded() {
    for file in super::theirs::FILES {
        for line in file.lines().filter(|line| !line.is_empty() && !line.starts_with('#')) {
            let (_, words) = line.split_once(": ").unwrap();
            assert!(words.split(", ").all(|word| super::fold(word) == word), "{line}");
        }
    }
}
