//! Letters to clients: what they say, what they never show, and how plainly.

use std::collections::{BTreeMap, BTreeSet};

use handoffd::letters::render::Templates;
use handoffd::letters::revealing;
use handoffd::letters::tongues::CLIENT_LANGUAGES;
use handoffd::letters::{Organisation, Rendered, WayBack};
use handoffd::referral::letter::{Body, Part};
use handoffd::settings::CALLBACK_PLAN;

use super::{lint, mail, organisation, render, sample, templates};

#[test]
fn the_client_letter_has_the_five_sentences_and_says_how_to_stop() {
    let rendered = render(&sample("client-confirmation"), "en");
    for sentence in [
        "We got your referral.",
        "Your reference number is R-N0ZM-MZ5K.",
        "Here's what happens next.",
        "Here's how to send missing info.",
        "Here's when you'll hear from us.",
        "Reply STOP and we will not write again.",
        "If this is not a safe way to reach you, you can ignore this mail.",
    ] {
        assert!(rendered.text.contains(sentence), "{sentence}");
    }
    let organisation = organisation();
    assert_eq!(organisation.from_name(Part::Client), "Front desk");
    assert_eq!(organisation.from_name(Part::Sender), "Hudson Legal Aid");
    assert!(!rendered.text.contains(&organisation.name), "the organisation's name stays out");
}

#[test]
fn a_lock_screen_shows_nothing_sensitive_of_a_client_letter() {
    for (body, language, rendered) in client_letters() {
        let word = revealing::word_on_screen(&rendered.subject, &rendered.text, &[]);
        assert_eq!(word, None, "{} {language}", body.kind());
        assert_eq!(rendered.html, None);
    }
}

#[test]
fn an_organizations_own_wording_that_a_locked_phone_should_not_show_is_named_by_check() {
    let folder = tempfile::tempdir().unwrap();
    let letter = folder.path().join("client-trying");
    std::fs::create_dir(&letter).unwrap();
    let body = "Subject: Your request {{ letter.reference }}\n\nYour lawyer calls you about {{ letter.reference }}. Reply \
                STOP to stop.\n";
    std::fs::write(letter.join("en.txt"), body).unwrap();
    let templates = Templates::load(Some(folder.path())).unwrap();
    let notes = templates.lock_screen_notes(&organisation(), &[]);
    assert_eq!(notes.len(), 1, "{notes:?}");
    assert!(notes[0].starts_with("client-trying/en.txt:") && notes[0].contains("\"law"), "{notes:?}");
    let neutral = body.replace("lawyer", "friend at the Lighthouse");
    std::fs::write(letter.join("en.txt"), neutral).unwrap();
    let templates = Templates::load(Some(folder.path())).unwrap();
    assert_eq!(templates.lock_screen_notes(&organisation(), &[]), Vec::<String>::new());
    let notes = templates.lock_screen_notes(&organisation(), &["lighthouse".to_owned()]);
    assert!(notes.len() == 1 && notes[0].contains("\"lighthouse\""), "{notes:?}");
}

/// Every letter to a client, every branch of it, in every language.
fn client_letters() -> Vec<(Body, &'static str, Rendered)> {
    let (templates, org) = (templates(), organisation());
    let mut letters = Vec::new();
    for body in Body::samples().into_iter().filter(|body| body.client_reference().is_some()) {
        for language in CLIENT_LANGUAGES {
            let rendered = templates.render(&body, language, &org, &WayBack::to(org.inbox.clone())).unwrap();
            letters.push((body.clone(), language, rendered));
        }
    }
    letters
}

#[test]
fn p2_all_letters_to_a_client_have_the_one_subject_of_their_language_and_the_number_in_it() {
    let mut subjects: BTreeMap<&str, BTreeSet<String>> = BTreeMap::new();
    for (body, language, rendered) in client_letters() {
        let number = body.client_reference().unwrap().as_str();
        assert_eq!(rendered.subject.matches(number).count(), 1, "{language}: {}", rendered.subject);
        subjects.entry(language).or_default().insert(rendered.subject.replace(number, "NUMBER"));
    }
    assert_eq!(subjects["en"], BTreeSet::from(["Your request NUMBER".to_owned()]));
    for (language, subjects) in subjects {
        assert_eq!(subjects.len(), 1, "{language}: {subjects:?}");
    }
}

#[test]
fn every_letter_to_a_client_in_every_language_names_the_number_the_phone_and_the_way_to_stop() {
    let letters = client_letters();
    assert_eq!(letters.len(), 9 * CLIENT_LANGUAGES.len());
    for (body, language, rendered) in letters {
        let (kind, text) = (body.kind(), &rendered.text);
        assert!(text.contains(body.client_reference().unwrap().as_str()), "{kind} {language}");
        assert!(text.contains("518 555 0100") || text.contains("518-555-0100"), "{kind} {language}");
        assert!(text.contains("Monday to Friday, 9 to 5"), "{kind} {language}");
        assert!(text.contains("STOP"), "{kind} {language}");
        assert!(text.trim_end().ends_with("Front desk"), "{kind} {language}");
        assert!(!text.contains("Hudson") && !text.contains("legal"), "{kind} {language}");
        assert_eq!(mail(&rendered), mail(&rendered));
        let whole = text.split_inclusive("\n\n").next().unwrap();
        assert!(whole.contains(body.client_reference().unwrap().as_str()), "{kind} {language}: number first");
        lint(&mail(&rendered));
    }
}

#[test]
fn client_letters_read_at_grade_six_or_below_with_our_words_on_calling_back_too() {
    let templates = templates();
    let ours = Organisation { callback_plan: CALLBACK_PLAN.to_owned(), ..organisation() };
    for org in [organisation(), ours] {
        for body in Body::samples().into_iter().filter(|body| body.client_reference().is_some()) {
            let rendered = templates.render(&body, "en", &org, &WayBack::to(org.inbox.clone())).unwrap();
            let grade = reading_grade(&rendered.text);
            assert!(grade <= 6.0, "{} {grade:.1}", body.kind());
        }
    }
    let hard =
        "Notwithstanding preliminary eligibility determinations, representation necessitates verification.";
    assert!(reading_grade(hard) > 12.0, "the measure itself tells hard from easy");
}

/// Flesch-Kincaid: 0.39 words a sentence + 11.8 syllables a word - 15.59.
fn reading_grade(text: &str) -> f64 {
    let sentences = text.split_terminator(['.', '!', '?', '\n']).filter(|s| s.split_whitespace().count() > 1);
    let words: Vec<&str> = text.split_whitespace().filter(|w| w.chars().any(char::is_alphabetic)).collect();
    let syllables: usize = words.iter().map(|word| syllables(word)).sum();
    let count = |n: usize| f64::from(u32::try_from(n).unwrap());
    let words_count = count(words.len());
    0.39 * words_count / count(sentences.count()) + 11.8 * count(syllables) / words_count - 15.59
}

fn syllables(word: &str) -> usize {
    let word: String = word.to_lowercase().chars().filter(|c| c.is_alphabetic()).collect();
    let vowel = |c: char| "aeiouy".contains(c);
    let groups = word.chars().zip(word.chars().skip(1)).filter(|(a, b)| !vowel(*a) && vowel(*b)).count();
    let first = usize::from(word.starts_with(vowel));
    let silent = usize::from(word.ends_with('e') && !word.ends_with("le"));
    (groups + first).saturating_sub(silent).max(1)
}

/// A mail program that marks no quote makes of every answer a copy of our letter, which speaks of STOP itself.
#[test]
fn a_letter_of_ours_that_comes_back_below_an_answer_is_no_stop() {
    for (body, language, rendered) in client_letters() {
        let answered = format!("Hello\nThank you for this.\nI will call.\nAnn\n\n{}", rendered.text);
        let subject = format!("Re: {}", rendered.subject);
        assert!(!handoffd::intake::stop::says_stop(&subject, &answered), "{} {language}", body.kind());
    }
}
