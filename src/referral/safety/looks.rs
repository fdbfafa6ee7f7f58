//! What an address looks like before the `@`: a desk's, a family's, a couple's. It is told by the parts of it, since
//! nobody can list every address of the kind. A name that the client has too speaks for the client.

use super::super::address::EmailAddress;
use super::{names, plain};

/// Addresses that several people usually read.
const ROLES: &str = "info office admin contact family help support mail hello team intake reception frontdesk postmaster \
    webmaster house home thefamily household everyone all staff sales service services enquiries inquiries hr noreply \
    no-reply";

/// One of these between dots is a desk, whatever stands beside it: "north.office", "billing.2".
const DESKS: &str = "office offices frontoffice reception receptionist frontdesk desk helpdesk account accounts accounting \
    accountant bookkeeping accountspayable payroll billing invoice invoices manager managers management mgr mgmt supervisor \
    principal headmaster headteacher teacher records recordkeeper admin administrator administration secretary secretaria \
    recepcion oficina gerente gerencia contabilidad leasing rentals rental landlord hr humanresources dept department \
    postmaster webmaster noreply donotreply clerk registrar dispatch concierge foreman warehouse store shop employer";

/// These are a desk's by themselves, and a trade beside the client's own given name: "ana.teacher".
const TRADES: &str = "teacher shop store principal accountant";

/// Beside a desk or a role these say nothing more.
const FILLERS: &str = "the our my your main front back head general new old all first second us and for of at night day \
    customer client clients patient patients student students school clinic church company business property legal";

/// Where an address ends so, it is a desk's even with a name before it: "smithlawoffice".
const DESK_ENDS: [&str; 8] =
    ["office", "frontdesk", "helpdesk", "reception", "leasing", "rentals", "noreply", "manager"];

/// Given names of men that are hardly ever a woman's second name or anybody's family name.
const MEN: &str = "bob bobby rob robert mike michael dave david jim jimmy joe joey tom tommy bill billy steve steven stephen \
    dan danny daniel don donnie ken kenny ron ronnie rick ricky richard jeff jeffrey greg gregory matt matthew mark \
    paul peter pete john johnny jon jonathan josh joshua jack jake jacob kevin brian bryan eric erik gary larry jerry andy \
    andrew tony anthony nick nicholas ben benjamin tim timothy zach zachary adam aaron carl chad chuck doug edward eddie \
    fred joel justin keith kyle nathan patrick phil philip roger sean shawn todd travis tyler vince \
    juan carlos luis miguel jorge pedro pablo javier sergio ricardo eduardo fernando roberto alejandro antonio \
    francisco manuel raul ramon hector oscar mario victor enrique rafael diego marcos alberto arturo gustavo ernesto jaime \
    gerardo guillermo cesar armando julio pepe paco memo beto";

/// More of them, which tell that a client is a man and are others' family names too.
const MORE_MEN: &str = "james thomas william jose jesus angel alex alexander chris christopher charles charlie george henry \
    martin sam samuel scott dennis walter ahmed ali mohammed muhammad mohamed omar ivan sergei dmitri vladimir jean pierre \
    jacques louis giuseppe frank ray roy ryan will";

/// Given names of women.
const WOMEN: &str = "ann anna anne annie ana amy amanda angela barbara betty carol carmen carolina catherine christina \
    christine claudia cynthia daniela debbie deborah diana diane donna dorothy elena elizabeth ellen emily eva gabriela \
    gloria grace guadalupe heather helen irene isabel jane janet jennifer jenny jessica julia julie karen kate katherine \
    kathy kelly kim kimberly laura leticia linda lisa lucia lupe luz margaret margarita maria marie marta martha mary \
    megan melissa mercedes michelle monica nancy natalia nicole norma olga pamela patricia paula rachel rebecca rosa rose \
    rosario ruth sandra sara sarah sharon silvia sofia sonia stephanie susan susana teresa theresa valeria vanessa \
    veronica victoria virginia yolanda";

/// Whether an address stands for a desk or a post.
pub(super) fn is_role(address: &EmailAddress, client: &[String]) -> bool {
    let mailbox = address.mailbox();
    let known = mailbox.split('@').next().unwrap_or_default();
    let parts = parts(address);
    let letters = parts.concat();
    let is_own = |part: &str| client.iter().any(|name| name == part);
    let given = client.split_last().map_or(&[][..], |(_, given)| given);
    let has_given = parts.iter().any(|part| given.contains(part));
    let is_desk = |part: &String| holds(DESKS, part) && !is_own(part) && !(has_given && holds(TRADES, part));
    let ends = |end: &str| letters.ends_with(end) && !client.iter().any(|name| name.ends_with(end));
    holds(ROLES, known)
        || parts.iter().any(is_desk)
        || DESK_ENDS.iter().any(|end| ends(end))
        || !parts.iter().any(|part| is_own(part)) && is_of_roles(&letters)
}

/// Whether letters are nothing but roles and what stands beside them: "frontdesk", "themainoffice".
fn is_of_roles(letters: &str) -> bool {
    // From each place: whether the letters before it are such words, and whether a role is among them.
    let mut reached = vec![None; letters.len() + 1];
    if let Some(first) = reached.first_mut() {
        *first = Some(false);
    }
    for at in 0..letters.len() {
        let (Some(Some(has_role)), Some(rest)) = (reached.get(at).copied(), letters.get(at..)) else {
            continue;
        };
        for (list, is_role) in [(ROLES, true), (DESKS, true), (FILLERS, false)] {
            for word in list.split(' ').filter(|word| !word.is_empty() && rest.starts_with(*word)) {
                if let Some(place) = reached.get_mut(at + word.len()) {
                    *place = Some(place.unwrap_or(false) || has_role || is_role);
                }
            }
        }
    }
    reached.last().copied().flatten() == Some(true)
}

/// An address of a family or a couple by its looks: "smithfamily", "thejoneses", "annandjohn", "ann.bob".
pub(super) fn is_joint(address: &EmailAddress, client: &[String]) -> bool {
    const FAMILY: [&str; 7] = ["family", "familia", "household", "couple", "mrandmrs", "ourhouse", "wedding"];
    let parts = parts(address);
    let local = parts.concat();
    let plural = client.iter().any(|name| {
        ["the", "los", "las"].iter().any(|the| {
            let rest = local.strip_prefix(the).and_then(|rest| rest.strip_prefix(name.as_str()));
            rest.is_some_and(|rest| matches!(rest, "s" | "es" | "z") || rest.is_empty() && *the != "the")
        })
    });
    FAMILY.iter().any(|word| local.contains(word))
        || plural
        || is_the_family(&parts, client)
        || has_and(&parts, &local, client)
        || has_partner(&parts, &local, client)
}

/// "thejoneses", "the.smiths", though no name of the client is in it; but no Theresa's, and no princess.
fn is_the_family(parts: &[String], client: &[String]) -> bool {
    const GIVEN: [&str; 6] = ["theres", "theodo", "thelm", "theron", "theda", "thekla"];
    const THINGS: &str = "blues beatles celtics dodgers lakers patriots yankees vibes memories";
    let Some(whole) = parts.first().filter(|first| parts.len() == 1 || *first == "the") else { return false };
    let whole = if whole == "the" { parts.concat() } else { whole.clone() };
    let is_name = GIVEN.iter().any(|name| whole.starts_with(name))
        || client.iter().any(|name| name.starts_with("the") && whole.starts_with(name.as_str()));
    let rest = whole.strip_prefix("the").unwrap_or_default();
    rest.len() > 4
        && rest.ends_with('s')
        && !rest.ends_with("ss")
        && !is_name
        && !holds(THINGS, rest)
        && !is_the_client(&whole, client)
}

/// "therealanacortes" of Ana Cortes, "theotorres" of Theodore Torres: nobody but the client, given name first.
fn is_the_client(whole: &str, client: &[String]) -> bool {
    let Some((family, given)) = client.split_last() else { return false };
    let bare = whole.strip_prefix("the").unwrap_or_default();
    let bare = ["real", "only", "one"].iter().find_map(|word| bare.strip_prefix(word)).unwrap_or(bare);
    let is_named = given.iter().any(|name| bare.strip_prefix(name.as_str()) == Some(family.as_str()));
    let is_theo = given.iter().any(|name| name.starts_with("theo"));
    is_named || is_theo && whole.strip_prefix("theo") == Some(family.as_str())
}

/// Another name is tied to the client's: "annandjohn", "john.y.ann".
fn has_and(parts: &[String], local: &str, client: &[String]) -> bool {
    let ties = |at: usize, part: &str| match part {
        "and" | "und" | "et" => true,
        "n" | "y" => {
            let (before, after) =
                (parts.get(..at).unwrap_or_default(), parts.get(at + 1..).unwrap_or_default());
            !before.is_empty() && !after.is_empty() && !is_initial_between(before, after, client)
        }
        _ => false,
    };
    if parts.len() > 2 && parts.iter().enumerate().any(|(at, part)| ties(at, part)) {
        return true;
    }
    client.iter().any(|name| {
        let Some((before, after)) = local.split_once(name.as_str()) else { return false };
        let own = |rest: &str| client.iter().any(|other| rest.starts_with(other.as_str()));
        // "anaandrews", but neither "anaandrewsandbob" nor "anaandrewsmith".
        let is_end = |rest: &&str| rest.is_empty() || rest.starts_with("and") || own(rest);
        let behind_surname = |surname: &&str| after.strip_prefix(surname).filter(is_end);
        let after = SURNAMES_IN_AND.iter().find_map(behind_surname).unwrap_or(after);
        let behind = after.strip_prefix("and").is_some_and(|other| other.len() > 1) && !own(after);
        let ahead = before.strip_suffix("and").is_some_and(|other| other.len() > 1);
        let is_of_client = client.iter().any(|other| before == other) || ENDS_IN_AND.contains(&before);
        behind || ahead && !is_of_client
    })
}

/// Names that begin with the word that ties two others, and are no man's given name.
const SURNAMES_IN_AND: [&str; 9] =
    ["andrews", "andrade", "andrada", "anderson", "andersen", "andino", "andujar", "andrus", "andrea"];

/// Family names that end with it.
const ENDS_IN_AND: [&str; 9] = [
    "holland",
    "copeland",
    "cleveland",
    "strickland",
    "moreland",
    "kirkland",
    "mcfarland",
    "sutherland",
    "england",
];

/// Whether a lone letter between two parts is the client's second initial, "maria.n.lopez", and no word that ties two
/// people: the client's own given name or its initial stands before it, a family name of the client behind it, and no
/// name that somebody else may have as a given one.
fn is_initial_between(before: &[String], after: &[String], client: &[String]) -> bool {
    let Some((given, families)) = client.split_first() else { return false };
    let is_given = |part: &String| part == given || part.len() == 1 && given.starts_with(part.as_str());
    let is_anybodys = |part: &str| [MEN, MORE_MEN, WOMEN].iter().any(|list| holds(list, part));
    before.iter().all(is_given) && after.iter().all(|part| families.contains(part) && !is_anybodys(part))
}

/// A man's name beside a woman's, or a woman's beside a man's: "ann.bob", "bobann", and "bob.vega" of Ana Vega.
fn has_partner(parts: &[String], local: &str, client: &[String]) -> bool {
    let Some((last, given)) = client.split_last() else { return false };
    let is_man = client.iter().any(|name| holds(MEN, name) || holds(MORE_MEN, name));
    let is_woman = client.iter().any(|name| holds(WOMEN, name));
    let is_other = |word: &str| {
        let is_of = |list: &str| holds(list, word) && !client.iter().any(|name| name == word);
        if is_man && !is_woman { word != "maria" && is_of(WOMEN) } else { is_of(MEN) }
    };
    // Whoever has but the family name in common may be the client by another name: who cannot be is told by the given.
    let is_known = |own: &String| given.contains(own) || own == last && (is_woman || is_man);
    let own = parts.iter().filter(|part| is_known(part)).count();
    let beside = parts.len() > 1 && own > 0 && parts.iter().any(|part| is_other(part));
    let joined = client.iter().filter(|name| is_known(name)).any(|own| {
        let rests = [local.strip_prefix(own.as_str()), local.strip_suffix(own.as_str())];
        rests.into_iter().flatten().any(is_other)
    });
    beside || joined
}

/// The words before the `@`, without a tag.
fn parts(address: &EmailAddress) -> Vec<String> {
    let local = address.local().split('+').next().unwrap_or_default();
    local.split(|c: char| !c.is_alphabetic()).map(plain).filter(|part| !part.is_empty()).collect()
}

fn holds(list: &str, word: &str) -> bool {
    list.split_ascii_whitespace().any(|known| known == word)
}

/// How much of a name is in an address: a point for each of its words, one for an initial before another word.
fn likeness(local: &str, name: &[String]) -> usize {
    let words = name.iter().filter(|word| local.contains(word.as_str())).count();
    let initials = name.iter().filter_map(|word| word.chars().next());
    let initial = initials.into_iter().any(|initial| {
        name.iter().any(|word| !word.starts_with(initial) && local.contains(&format!("{initial}{word}")))
    });
    words + usize::from(initial)
}

/// Whether an address is a name with one initial: "jsmith", "smithj".
fn is_initialed(local: &str, name: &[String]) -> bool {
    let letters: String = local.chars().filter(|c| c.is_alphabetic()).collect();
    let (Some(given), Some(family)) = (name.first(), name.last()) else { return false };
    let Some(initial) = given.chars().next() else { return false };
    name.len() > 1 && (letters == format!("{initial}{family}") || letters == format!("{family}{initial}"))
}

/// Whether an address carries the name of somebody else more than the client's.
pub(super) fn is_more_like(address: &EmailAddress, somebody: &str, client: &str) -> bool {
    let local = plain(address.local());
    let (other, client) = (names(somebody), names(client));
    likeness(&local, &other) > likeness(&local, &client)
        || (is_initialed(&local, &other) && !is_initialed(&local, &client))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn address(local: &str) -> EmailAddress {
        EmailAddress::parse(&format!("{local}@mail.example")).unwrap()
    }

    #[test]
    fn a_desk_is_known_by_its_parts_and_a_client_of_that_name_is_none() {
        for (local, client, expected) in [
            ("front.desk", "Ann Doe", true),
            ("accounts", "Ann Doe", true),
            ("manager", "Ann Doe", true),
            ("principal2", "Ann Doe", true),
            ("records", "Ann Doe", true),
            ("north-office", "Ann Doe", true),
            ("themainoffice", "Ann Doe", true),
            ("smithlawoffice", "Ann Doe", true),
            ("clinic.billing", "Ann Doe", true),
            ("Info.Clients", "Ann Doe", true),
            ("manager", "Ann Manager", false),
            ("ann.manager", "Ann Manager", false),
            ("house", "Grace House", true),
            ("ann.doe", "Ann Doe", false),
            ("rosa1987", "Rosa Lopez", false),
            ("info.rosa", "Rosa Lopez", false),
            ("rosa.mail", "Rosa Lopez", false),
            ("rosa.home", "Rosa Lopez", false),
            ("sunshine22", "Rosa Lopez", false),
            ("marshall.ann", "Ann Marshall", false),
            ("ana.teacher", "Ana Vega", false),
            ("rosa.shop", "Rosa Lopez", false),
            ("maria.store22", "Maria Lopez", false),
            ("vega.store", "Ana Vega", true),
            ("teacher", "Ana Vega", true),
            ("ana.accounts", "Ana Vega", true),
        ] {
            assert_eq!(is_role(&address(local), &names(client)), expected, "{local} {client}");
        }
    }

    #[test]
    fn a_family_or_a_couple_is_known_by_its_parts_and_ordinary_clients_are_none() {
        for (local, client, expected) in [
            ("thejoneses", "Ann Doe", true),
            ("thejoneses", "Ann Jones", true),
            ("the.smiths", "Ann Doe", true),
            ("losvega", "Ana Vega", true),
            ("ann.bob", "Ann Doe", true),
            ("bob_ann_jones", "Ann Doe", true),
            ("annbob77", "Ann Doe", true),
            ("dan.vega", "Ana Vega", true),
            ("susan.reed", "Bob Reed", true),
            ("ann.doe", "Ann Doe", false),
            ("ann.marie.doe", "Ann Doe", false),
            ("ann.smith", "Ann Doe", false),
            ("ann.thomas", "Ann Doe", false),
            ("rosa1987", "Rosa Lopez", false),
            ("maria.jose.vega", "Maria Vega", false),
            ("juan.carlos", "Juan Vega", false),
            ("dan.vega", "Daniel Vega", false),
            ("bill.reed", "William Reed", false),
            ("david.chen", "Wei Chen", false),
            ("theresajones", "Ann Doe", false),
            ("theo.roberts", "Theo Roberts", false),
            ("theprincess", "Ann Doe", false),
            ("mark", "Mark Doe", false),
            ("maria.n.lopez", "Maria Lopez", false),
            ("ana.y.vega", "Ana Vega", false),
            ("j.n.smith", "Jane Smith", false),
            ("n.maria.lopez", "Maria Lopez", false),
            ("maria.n.jose", "Maria Vega", true),
            ("maria.y.jose", "Maria Jose Vega", true),
            ("maria.y.jose", "Maria Jose", true),
            ("j.n.j.smith", "Jane Smith", true),
            ("john.n.jane", "Jane Smith", true),
            ("wei.y.ana", "Ana Vega", true),
            ("ana.and.vega", "Ana Vega", true),
            ("annandjohn", "Ann Doe", true),
            ("weiandann", "Ann Doe", true),
            ("ana.andrews", "Ana Vega", false),
            ("anaandrade", "Ana Vega", false),
            ("anaandreavega", "Ana Vega", false),
            ("anaandradeandbob", "Ana Vega", true),
            ("anaandrew", "Ana Vega", true),
            ("anaandrewsmith", "Ana Smith", true),
            ("anaandreas", "Ana Vega", true),
            ("anaandrewvega", "Ana Vega", true),
            ("anaandres", "Ana Vega", true),
            ("holland.ann", "Ann Doe", false),
            ("rolandann", "Ann Doe", true),
            ("therealanacortes", "Ana Cortes", false),
            ("theotorres", "Theodore Torres", false),
            ("theotorres", "Ana Torres", true),
            ("thetorresgirls", "Ana Torres", true),
            ("theolsons", "Theo Olson", true),
            ("theblues22", "Ana Torres", false),
        ] {
            assert_eq!(is_joint(&address(local), &names(client)), expected, "{local} {client}");
        }
    }
}
