//! Words that tell whoever sees a phone's screen what the service is about: in a name of ours, in a subject, in the
//! first line of a letter (RELIABILITY P4, P40).

/// What a locked phone shows of a mail.
pub const PREVIEW: usize = 140;

/// In the languages of our letters to clients; beginnings of words, where a language bends them.
const WORDS: [&str; 127] = [
    "abogad",
    "abus",
    "abuse",
    "abuso",
    "advogad",
    "albergue",
    "asalto",
    "assault",
    "asylum",
    "attorney",
    "avocat",
    "avoka",
    "bạo lực",
    "biktima",
    "cảnh sát",
    "corte",
    "court",
    "crime",
    "crimen",
    "crisis",
    "custodia",
    "custody",
    "defender",
    "delito",
    "deport",
    "desalojo",
    "divorce",
    "divorcio",
    "domestic",
    "doméstica",
    "dv",
    "evict",
    "eviction",
    "guardianship",
    "homeless",
    "hotline",
    "immigra",
    "inmigra",
    "judge",
    "juez",
    "juridi",
    "justice",
    "juzgado",
    "karahasan",
    "korte",
    "landlord",
    "law",
    "lawyer",
    "legal",
    "luật",
    "ly hôn",
    "lwa",
    "maltrato",
    "migratori",
    "nạn nhân",
    "order of protection",
    "orden de protección",
    "parole",
    "perpetrator",
    "polícia",
    "police",
    "policía",
    "polis",
    "prison",
    "probation",
    "prosecut",
    "rape",
    "refuge",
    "refugee",
    "refugio",
    "restraining",
    "shelter",
    "sobrevivient",
    "stalk",
    "stalking",
    "substance",
    "survivor",
    "survivors",
    "tòa",
    "trafficking",
    "tribinal",
    "tribunal",
    "viktim",
    "violación",
    "violence",
    "violencia",
    "violent",
    "violência",
    "vyolans",
    "victim",
    "victime",
    "víctima",
    "vítima",
    "адвокат",
    "жертв",
    "насил",
    "полици",
    "юрид",
    "суд",
    "شرطة",
    "ضحية",
    "عنف",
    "قانون",
    "محام",
    "محكمة",
    "법률",
    "법원",
    "변호사",
    "경찰",
    "폭력",
    "피해자",
    "律师",
    "律師",
    "暴力",
    "庇护",
    "庇護",
    "法律",
    "法院",
    "受害",
    "虐待",
    "警察",
    "驱逐",
    "驅逐",
    "离婚",
    "離婚",
    "移民",
    "家暴",
];

/// Names and words that hold one of the others and say nothing.
const HARMLESS: [&str; 12] = [
    "annapolis",
    "beanstalk",
    "cornstalk",
    "cortes",
    "cortez",
    "courteous",
    "courtesy",
    "courtney",
    "courtyard",
    "indianapolis",
    "metropolis",
    "minneapolis",
];

/// The first word that reveals what a text is about: whole words, and inside others the long ones (`metrolegalaid`) and
/// those of a writing that sets no spaces.
#[must_use]
pub fn word_in(text: &str) -> Option<&'static str> {
    let text = HARMLESS.iter().fold(text.to_lowercase(), |text, harmless| text.replace(harmless, " "));
    WORDS.into_iter().find(|word| {
        let whole = || text.split(|c: char| !c.is_alphanumeric()).any(|part| part == *word);
        let is_unspaced = word.chars().all(|c| c >= '\u{2e80}');
        ((is_unspaced || word.chars().count() >= 5) && text.contains(word)) || whole()
    })
}

/// The same of what a locked phone shows of a letter.
#[must_use]
pub fn word_on_screen(subject: &str, text: &str) -> Option<&'static str> {
    let shown: String = text.chars().take(PREVIEW).collect();
    word_in(subject).or_else(|| word_in(&shown))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_that_reveals_the_service_is_noticed() {
        for (name, word) in [
            ("dv-help", Some("dv")),
            ("intake.DV", Some("dv")),
            ("metrolegalaid.org", Some("legal")),
            ("SafeShelter", Some("shelter")),
            ("law.example.org", Some("law")),
            ("front.desk", None),
            ("advice", None),
            ("lawn-care", None),
            ("Mesa de entrada", None),
            ("Minneapolis Front Desk", None),
            ("indianapolis.example", None),
            ("con la cortesía de siempre", None),
            ("Courtney Cortez", None),
            ("minneapolis-legal-aid", Some("legal")),
            ("the court in Annapolis", Some("court")),
            ("rele polis la", Some("polis")),
            ("обсудить", None),
            ("в суд", Some("суд")),
            ("帮助家暴受害者", Some("受害")),
        ] {
            assert_eq!(word_in(name), word, "{name}");
        }
    }

    #[test]
    fn a_locked_phone_shows_the_subject_and_the_beginning_only() {
        let late = "x".repeat(PREVIEW) + " Legal Aid";
        for (subject, text, word) in [
            ("Your request", "We got your message.", None),
            ("Your legal request", "We got your message.", Some("legal")),
            ("Your request", "The court called.", Some("court")),
            ("Su solicitud", "Hablamos con la policía.", Some("policía")),
            ("Your request", late.as_str(), None),
        ] {
            assert_eq!(word_on_screen(subject, text), word, "{subject} {text}");
        }
    }
}
