//! Sentences that warn, and such as look alike and do not.

use super::*;
use crate::referral::packet::{Confidence, Found, Judged};

#[test]
fn a_doubt_makes_no_yes_of_a_no() {
    let both = Warnings { mail: true, consent: true, ..Warnings::default() };
    let mut packet = as_packet(both, &Grounds::default()).unwrap();
    assert_eq!(packet.iter().count(), 2);
    let no = Found { judged: Judged::No, ..packet.get(Field::SafeEmail).unwrap().clone() };
    packet.put(Field::SafeEmail, no);
    doubt(&mut packet, both);
    assert_eq!(packet.get(Field::SafeEmail).unwrap().judged, Judged::No);
    assert!(as_packet(Warnings::default(), &Grounds::default()).is_none());
}

#[test]
fn a_warning_counts_over_a_broken_line_and_beside_a_polite_word() {
    for text in [
        "Thank you for seeing her so soon, but please do not\nemail her at all.",
        "Please keep this confidential and never email her, he reads her mail.",
    ] {
        assert!(of([text]).mail, "{text}");
    }
    for text in [
        "If you are not the intended recipient, do not email or share this confidential mail.",
        "Please do not hesitate to email me.",
        "[CAUTION: EXTERNAL EMAIL]",
        "External Email - Use Caution",
        "EXTERNAL EMAIL : Exercise caution when responding to this email",
        "CAUTION: This email originated from outside of the organization. Do not click links in this email.",
        "Treat this email with caution",
        "Please do not send PHI by unencrypted email.",
        "You don't often get email from ann@mail.example. Learn why this is important",
        "Please do not share, copy or disclose this message.",
    ] {
        assert_eq!(of([text]), Warnings::default(), "{text}");
    }
}

#[test]
fn a_way_that_is_left_open_takes_nothing_from_the_one_that_is_forbidden() {
    for text in ["Do not call, text only.", "Do not call, email is fine.", "No llamar, texto solo."] {
        assert!(of([text]).phone.call, "{text}");
    }
    assert!(!of(["Do not text, call is fine."]).phone.call);
}

#[test]
fn the_plainest_warnings_are_heard_in_every_language_we_write_to_clients_in() {
    for text in [
        "Please don't email her.",
        "He reads her email.",
        "No le escriba correos, por favor.",
        "Su esposo lee sus correos.",
        "Ne lui envoyez pas d'e-mails.",
        "Son mari lit ses mails.",
        "N'écrivez jamais de courriel.",
        "Não envie e-mails para ela.",
        "O marido lê os e-mails dela.",
        "Pa voye imèl ba li.",
        "Mari li gade imèl li yo.",
        "Đừng gửi email cho chị ấy.",
        "Chồng chị ấy đọc thư điện tử.",
        "Huwag mag-email sa kanya.",
        "Binabasa ng asawa niya ang email niya.",
        "Не пишите ей на почту.",
        "Муж читает её письма.",
        "لا ترسلوا لها بريد إلكتروني.",
        "زوجها يقرأ بريدها.",
        "이메일을 보내지 마세요.",
        "남편이 이메일을 읽어요.",
        "请不要给她发邮件。",
        "她丈夫会看她的邮件",
        "請勿寄電郵給她",
    ] {
        assert!(of([text]).mail, "{text}");
    }
}

#[test]
fn a_warning_is_heard_however_it_is_written() {
    for text in [
        "ＤＯ　ＮＯＴ　ＥＭＡＩＬ　ＨＥＲ",
        "𝐝𝐨 𝐧𝐨𝐭 𝐞𝐦𝐚𝐢𝐥 𝐡𝐞𝐫",
        "do n\u{200b}ot e\u{ad}mail\u{a0}her",
        "d\u{336}o\u{336} n\u{336}o\u{336}t\u{336} email her",
        "Please do not\nemail her",
        "She is afraid, please do not e-\nmail her",
        "请不要email她",
        "丈夫会看她的email",
        "发邮件不安全",
        "email을 보내지 마세요",
        "\u{110b}\u{1175}\u{1106}\u{1166}\u{110b}\u{1175}\u{11af} \u{1107}\u{1169}\u{1102}\u{1162}\u{110c}\u{1175} \u{1106}\u{1161}\u{1109}\u{1166}\u{110b}\u{116d}",
        "لا تُرسِلوا لها بَريداً إلكترونيّاً",
        "لا تـرسـلـوا بـريـد",
        "ﻻ ﺗﺮﺳﻞ ﺑﺮﻳﺪ",
        "не пишите ей на email",
        "Emailing her is not safe.",
        "Emails could get her killed.",
        "Use caution when emailing.",
        "He can see her emails.",
        "Husband has her password.",
        "Contact her advocate only.",
        "Use caution when emailing her.",
        "Treat this email with caution, her husband reads it.",
        "[EXTERNAL] Referral: be careful with this email",
        "Her husband pays her phone bill.",
        "He pays the phone bill.",
        "Her cell is in his name and he pays monthly.",
        "Husband pays for internet and email.",
        "He pays for all of her bills and her phone.",
        "His mother opens her mail.",
        "Please hold off contacting her.",
        "Don't email her until she has moved out.",
        "Emailing puts her at risk of eviction.",
        "Contact is a high risk, he is at home.",
        "High risk: do not email",
        "Please do her a favour, never\nemail",
    ] {
        assert!(of([text]).mail, "{text}");
    }
    for text in [
        "She is not safe at home and needs a protective order.",
        "Client is at risk of eviction, please email the landlord.",
        "They have a joint account with the bank.",
        "She shared her story with us by phone.",
        "I can see you by phone on Friday.",
        "It is safe to call and email her at any time.",
        "Client is safe, housed, and reachable by phone.",
        "At risk of eviction - contact ASAP",
        "Please contact her soon: risk of lockout",
        "She is low risk, contact by email",
        "Client at high risk, please call",
        "Her mother pays for the phone",
        "Her husband pays the rent and has a phone",
        "Husband pays all bills from the joint account",
        "No one contacted her",
        "Call her friend instead if no answer",
        "Safe to contact  Yes  No\nEmail ann@mail.example",
        "Safe to contact\tYes\tNo\nEmail ann@mail.example",
        "Safe to contact Yes No\nEmail ann@mail.example",
        "Safe to contact here [x] Yes [ ] No\nEmail ann@mail.example",
    ] {
        assert_eq!(of([text]), Warnings::default(), "{text}");
    }
}

#[test]
fn what_forbids_calls_and_messages_is_heard_for_the_way_it_forbids() {
    let way = |text: &str| {
        let Phone { call, text, voicemail } = of([text]).phone;
        (call, text, voicemail)
    };
    for (text, ways) in [
        ("Please don't call her, text is fine.", (true, false, false)),
        ("Do not call or text.", (true, true, false)),
        ("Never leave a voicemail.", (false, false, true)),
        ("He answers her phone.", (true, true, true)),
        ("No la llame nunca.", (true, false, false)),
        ("Ne l'appelez pas.", (true, false, false)),
        ("Не звоните ей.", (true, false, false)),
        ("전화하지 마세요.", (true, false, false)),
        ("不要打电话", (true, false, false)),
        ("Pa rele li.", (true, false, false)),
        ("لا تتصل بها", (true, false, false)),
        ("لاتتصلوا بها", (true, false, false)),
        ("Calls are not safe.", (true, false, false)),
        ("Calling puts her at risk.", (true, false, false)),
        ("Not safe to leave a message.", (false, true, true)),
        ("Do not leave a vm.", (false, false, true)),
        ("Her phone is monitored.", (true, true, true)),
        ("It is a shared phone.", (true, true, true)),
        ("打电话不安全", (true, false, false)),
        ("звонить небезопасно", (true, false, false)),
        ("Do not call her until she has moved out.", (true, false, false)),
        ("Do not call her until she leaves for work.", (false, false, false)),
        ("Please hold off on calling her.", (true, false, false)),
        ("Client at high risk, please call carefully.", (true, false, false)),
        ("Calling puts her at risk of harm.", (true, false, false)),
        ("It is not safe to call before nine.", (false, false, false)),
        ("Do not call before nine.", (false, false, false)),
        ("We could not call her back.", (false, false, false)),
        ("Please do not hesitate to call.", (false, false, false)),
        ("Call her any time, text is fine too.", (false, false, false)),
    ] {
        assert_eq!(way(text), ways, "{text}");
    }
}

#[test]
fn words_of_one_language_say_nothing_in_another() {
    for text in [
        "Ms. Dung Le, Philadelphia, PA, email dung@example.org, speaks Vietnamese",
        "Omaha, NE 68102. Email ann@example.org",
        "Preferred language: Hindi, email is best",
        "Anh sent the doc by mail",
    ] {
        assert_eq!(of([text]), Warnings::default(), "{text}");
    }
}

#[test]
fn an_answer_that_denies_takes_back_only_what_was_asked() {
    assert_eq!(of(["Does anybody read her mail? No"]), Warnings::default());
    assert!(of(["He reads it, so do not email her. Does anybody else? No"]).mail);
    assert!(of(["Anyone else with access: do not email her: no"]).mail);
}

#[test]
fn the_rights_in_a_release_take_no_consent_back() {
    for text in [
        "I understand that I may revoke this consent at any time.",
        "Nothing will be shared without my consent.",
        "She can't pay her share of rent",
        "He does not share custody",
        "Landlord will not disclose the ledger",
        "We never share your information",
        "Please do not share my landlord's number",
        "Please do not share, copy or disclose this message",
        "To the best of my knowledge she does not have an attorney",
        "Client had no knowledge of the lawsuit",
        "She was evicted without her knowledge",
        "She does not know her landlord's address",
        "We do not know who made this referral",
    ] {
        assert!(!of([text]).consent, "{text}");
    }
    for text in [
        "She revoked her consent.",
        "Sent without her consent.",
        "No release was signed.",
        "Referred without her knowledge.",
        "Please do not share her address.",
        "Please do not share her whereabouts with her family.",
        "Please do not share this with her husband.",
        "Do not disclose or share this message with the landlord.",
        "She would not let us disclose the address.",
        "To the best of my knowledge she was not told and has not agreed.",
        "We opened an eviction case without her knowledge.",
        "She does not know about this referral.",
        "She doesn't know we are referring her.",
    ] {
        assert!(of([text]).consent, "{text}");
    }
}

#[test]
fn a_text_that_grows_beyond_the_bound_is_said_to_be_cut() {
    for (text, is_cut) in [("\u{fdfa} ".repeat(20_000), true), ("José ".repeat(20_000), false)] {
        let mut problems = Vec::new();
        heed(&mut [], &Told { texts: &[(&text, true)], ..Told::default() }, &mut problems);
        assert_eq!(problems.contains(&CUT.to_owned()), is_cut);
    }
}

#[test]
fn what_raised_a_doubt_is_told_where_it_counts_and_nowhere_else() {
    let person = |name: &str, row: &str| {
        let mut packet = Packet::default();
        for (field, value, judged) in [
            (Field::ClientName, name, Judged::Text),
            (Field::SafeEmail, "yes", Judged::Yes),
            (Field::Consent, "yes", Judged::Yes),
        ] {
            let (value, place) = (value.to_owned(), format!("{row} column A"));
            packet.put(field, Found { value, judged, confidence: Confidence::High, place });
        }
        packet
    };
    let mut packets = [person("Ana Vega", "text row 1"), person("Lena Oro", "text row 2")];
    let aside = |place: &str, text: &str| Aside { place: place.into(), text: text.into(), is_read: true };
    let texts = [(
        "Dear all, two referrals.\nPlease wait before you write to them. She took back her consent.",
        true,
    )];
    let asides =
        [aside("text row 2", "Her husband reads her mail"), aside("", "My number was wrong: 518-555-0142")];
    let told = Told { texts: &texts, asides: &asides, ..Told::default() };
    let (_, heard) = heed(&mut packets, &told, &mut Vec::new());
    let of_all = ["“Please wait before you write to them”", "“She took back her consent.”"];
    let grounds = |packet: &Packet| packet.grounds().iter().map(str::to_owned).collect::<Vec<_>>();
    let [ana, lena] = packets.each_ref().map(grounds);
    assert!(ana.starts_with(&of_all.map(str::to_owned)), "{ana:#?}");
    assert!(!ana.iter().any(|ground| ground.contains("husband")), "{ana:#?}");
    assert!(lena.contains(&"“Her husband reads her mail”".to_owned()), "{lena:#?}");
    assert!(heard.grounds().iter().any(|ground| ground.contains("husband")));
    let mut calm = [person("Ana Vega", "text row 1")];
    heed(
        &mut calm,
        &Told { texts: &[("Thank you for seeing her.", true)], ..Told::default() },
        &mut Vec::new(),
    );
    assert!(calm[0].grounds().is_empty());
}

#[test]
fn a_very_long_text_is_looked_at_up_to_its_bound() {
    let text = "he reads nothing ".repeat(200_000);
    assert_eq!(of([text.as_str()]), Warnings::default());
}

#[test]
fn what_forbids_mail_to_the_house_forbids_letters_and_what_forbids_email_alone_does_not() {
    for (text, is_letter) in [
        ("Don't mail anything to the house", true),
        ("Please do not write to her.", true),
        ("Do not contact her at all.", true),
        ("No le manden correo a la casa.", true),
        ("Please don't email her.", false),
        ("Do not e-mail.", false),
        ("He reads her gmail inbox.", false),
    ] {
        assert_eq!(of([text]).letter, is_letter, "{text}");
    }
    let yes = |field: Field| {
        let judged = Judged::Yes;
        (field, Found { value: "yes".into(), judged, confidence: Confidence::High, place: "text".into() })
    };
    let mut packet = Packet::default();
    let (field, found) = yes(Field::SafeLetter);
    packet.put(field, found);
    heed(
        std::slice::from_mut(&mut packet),
        &Told { texts: &[("Don't mail anything to the house", true)], ..Told::default() },
        &mut Vec::new(),
    );
    assert_eq!(packet.channels().letter, Safety::NotSafe);
}

#[test]
fn a_release_that_is_over_is_a_doubt() {
    for text in ["ROI expired 11/1, need a new one before anyone calls.", "The release has lapsed."] {
        assert!(of([text]).consent, "{text}");
    }
    assert!(!of(["Her lease expired on 11/1."]).consent);
}

#[test]
fn whose_an_address_is_and_that_somebody_waits_is_heard_in_plain_words() {
    let texts = [
        "That email is really her husband's.",
        "The email above is his.",
        "her boss (the opposing party) sees it",
        "Her children share the account.",
        "She is 15 and her parents read her mail.",
        "She lives with the abuser again.",
        "If he finds out he will hurt her.",
        "He does not know she came to us.",
        "Please wait before you write to her.",
        "Client is not yet ready to be contacted.",
        "Client asked us to cancel.",
        "Consent assumed.",
        "I filled in the consent on her behalf.",
        "Her husband gave me these answers.",
        "He asked me to fill this in.",
        "Information given by the landlord.",
        "Please only contact us, not her.",
        "Phone calls only please.",
        "Only speak to her in person.",
        "Email address was made by her abuser.",
        "She lost access to that email.",
        "The email is old.",
        // Others of their kind.
        "The inbox is her boyfriend's, actually.",
        "The gmail account was set up by her ex.",
        "Her mother has access to the account.",
        "The kids share this email with her.",
        "She moved back in with him last week.",
        "He must not find out that she was here.",
        "Husband does not know about this.",
        "Hold off contacting her for now.",
        "She isn't ready to be called yet.",
        "She asked me to withdraw this.",
        "Consent is implied.",
        "The consent came from her husband.",
        "The landlord filled this in for her.",
        "Details provided by her employer.",
        "Contact us only.",
        "In person only, please.",
        "She does not check her email.",
        "The email is no longer hers.",
        "They can see it on the family tablet.",
        "Her phone is his.",
        "Please be discreet.",
        "Please do not leave any trace.",
        "I could not reach her to ask.",
        "Her husband called us for her.",
    ];
    let unheard: Vec<_> =
        texts.into_iter().filter(|text| !of([*text]).mail && !of([*text]).consent).collect();
    assert!(unheard.is_empty(), "{unheard:#?}");
}

#[test]
fn an_ordinary_story_warns_of_nothing() {
    let texts = [
        "She needs help with an eviction. Hearing Dec 3. Her husband left.",
        "He lost his job in May and is two months behind with the rent. The landlord served a notice on Nov 12.",
        "Mother of three, needs a custody order. Her ex sees the children on weekends. She works nights.",
        "Client's landlord shut off the heat. She has called the city twice. The rental agreement is in her name.",
        "She wants a divorce. They separated in March and he lives in another state with his new girlfriend.",
        "Her benefits were cut after she missed an appointment. She asked for a fair hearing; it is on Dec 10.",
        "Client was denied unemployment. His employer says he quit, but he was laid off. Appeal due Dec 1.",
        "She speaks Spanish and some English. Her sister helped her fill out the form. She is free on Tuesdays.",
        "The landlord wants her out by the end of the month. Her mother sees her on weekends and helps with the kids.",
        "Debt collector sued her for a card she never had. Answer due in two weeks. She can come to your office.",
        "He needs help to fill out a green card renewal. His wife is a citizen. They have two children.",
        "I could not reach her landlord. Her phone is her own and her husband's phone is off.",
        "Her husband called the police on her. He called her a liar.",
        "Thank you for taking her on. I told her you would be in touch. Her lease ends in January.",
    ];
    let heard: Vec<_> = texts.into_iter().filter(|text| of([*text]) != Warnings::default()).collect();
    assert!(heard.is_empty(), "{heard:#?}");
}
