//! Pleas for help, which hold words of stops and are none; and stops that look like them.

use super::says_stop;

/// What people write who ask us for help: that they are not left alone is why they came.
const PLEAS: &[&str] = &[
    "He won't leave me alone",
    "My ex will not leave me alone",
    "My apartment is not safe, I need help",
    "My landlord wants to remove me from my home",
    "He wants to take me off the lease",
    "They do not send the check",
    "My caseworker never reached out to me",
    "DSS never mailed my notice",
    "He was told do not contact me and he still does",
    "Please stop the eviction",
    "Stop the eviction please",
    "No more heat in my apartment",
    "No more questions, thank you",
    "Quit my job last week",
    "Cancel my Monday appointment",
    "Ya no tengo luz en casa",
    "Ya no vivo con él",
    "No más agua en casa",
];

#[test]
fn a_plea_for_help_is_no_stop() {
    let heard: Vec<_> = PLEAS.iter().filter(|text| says_stop("Re: Your request R-7K4M-2QX9", text)).collect();
    assert!(heard.is_empty(), "{heard:#?}");
    for stop in [
        "You won't leave me alone",
        "Leave me alone",
        "This is not safe, I need help",
        "Remove me from your list",
        "Take me off this list",
        "Do not send anything",
        "You were told do not contact me",
        "Please stop",
        "No more",
        "No more letters",
        "No more, thank you",
        "quit it",
        "Quit bothering me",
        "Cancel everything",
        "Ya no",
        "Ya no más",
        "No más, gracias",
        "No más cartas",
        "Please stop him",
        "Quit harassing me",
        "Quit your emails",
        "quit trying to reach me",
        "No more updates please",
        "No more notifications",
        "No more job emails",
        "No más textos",
        "Ya no necesito ayuda",
        "Ya no me interesa",
        "Hello\nThanks\nI wrote before\nPlease stop, my landlord reads this",
        "STOP the landlord opens my mail",
        "Stop my landlord sees this",
        "Stop the eviction emails",
        "My email at home is not safe.",
        "Mail to my house is not safe.",
        "Contacting me at home is not safe",
        "The computer at my home is not safe, he reads it.",
        "You people will not leave me alone",
        "Your staff won't leave me alone",
        "Do not send my benefits letters to this email, he opens it.",
        "Please do not send checks or letters here, my husband opens them",
        "Remove me from my home address list",
    ] {
        assert!(says_stop("Re: Your request R-7K4M-2QX9", stop), "{stop}");
    }
}
