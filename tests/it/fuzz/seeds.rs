//! What mutants are made of: every shape of mail we read, invented.

const FORM: &str = "Client name: Ann Example\nDate of birth: 04/12/1990\nPhone: 212-555-0142\nSafe to call: yes\n\
    Safe to leave a voicemail: no\nPreferred language: Spanish\nCourt date: December 3, 2026 at 9:30 am\nConsent to share: yes\n";

pub(super) const BODIES: &[&str] = &[
    "Yes.\n\nOn Tue, 3 Nov 2026 at 09:15, Ann Smith <ann@example.org> wrote:\n> What is her phone?\n\n555 0100\n\n> time?\nafter 5\n",
    "Noted.\n\n-----Original Message-----\nFrom: Ann <ann@example.org>\nSent: now\nTo: us\nSubject: x\n\nold\n",
    "FYI\n\n---------- Forwarded message ---------\nFrom: Ann <ann@example.org>\nDate: x\nSubject: A client\nTo: b\n\nPlease call.\n",
    "Done.\n\n-- \nAnn Smith\n\nCONFIDENTIALITY NOTICE: this is for the reader only.\nSent from my iPhone\n",
    "________________________________\nDe : Ann\nEnvoyé : mardi 3 novembre 2026 09:15\nÀ : x\nObjet : y\n\nancien\n",
    "2026年11月3日(火) 9:15 Ann Smith <ann@example.org>:\n> 前\n",
];

pub(super) const MARKUP: &[&str] = &[
    "<div dir=\"ltr\">Yes.</div><br><div class=\"gmail_quote\"><div class=\"gmail_attr\">On 3 Nov 2026 Ann wrote:<br></div><blockquote>old</blockquote></div>",
    "<p>Yes.</p><div id=\"appendonsend\"></div><hr><div id=\"divRplyFwdMsg\"><b>From:</b> Ann<br></div><div>old</div>",
    "<table><tr><td><b>Client name</b></td><td>Ann</td></tr><tr><th>Phone</th><td>5</td></tr></table><ul><li>one<li>two</ul>",
    "<div style='display:none'>preview</div><td style='font-size:0'><div style='font-size:12px'>seen</div></td><!-- x --><style>p{}</style>&amp;&#x41;&nbsp;",
];

pub(super) const FORMS: &[&str] = &[
    FORM,
    "REFERRER\nName: Jane Roe\nAgency: Hill House\n\nCLIENT\nName: Ann Smith\nDOB: 3/14/1985\nPhone\n(518) 555-0100\n",
    "Nombre del cliente: Ana\nTeléfono: 212-555-0142\n¿Es seguro llamar?: sí, pero solo por la tarde\nIdioma: español\n",
    "Referral 1 of 2\nName: Ann\nPhone: 212-555-0142\n\nReferral 2 of 2\nName: Bea\nPhone: 212-555-0143\n",
    "Client name: Ann Lee ann@Mail.Example\nClient email: Ann.Lee@MAIL.EXAMPLE (her own)\nReferred by: Jo Bell, Hill House, jo@Hill.Example 212-555-0199\n",
    "- Client: Ann\n* Phone: 5\n| Email | ann@mail.example |\nSafe to contact? [x] call [ ] text\n",
];

pub(super) const COMMANDS: &[&str] = &[
    "attempt call no answer\n",
    "confirmed method call, language Spanish, safe times after 5 pm, next step clinic, deadline none\n",
    "accept\nassign maria\ndue 2026-12-03\n",
    "redirect to Harbor House because outside our area\n",
    "intento llamada sin respuesta\naceptar\n",
    "decline conflict\nnote she called\nhelp\nhistory\nstatus\nstop\n",
];

pub(super) const AUTHENTICATION: &[&str] = &[
    "mail.handoff.example; dmarc=pass header.from=team.example",
    "mail.handoff.example 1; spf=pass smtp.mailfrom=x.example; dmarc=fail (p=none) header.from=team.example",
    "mail.handoff.example; dkim=pass reason=\"good (really)\" header.d=handoff.example; dmarc=pass header.from=evil.example",
    "other.example; dmarc=pass header.from=team.example",
    "mail.handoff.example; none",
];

pub(super) const ADDRESSES: &[&str] = &[
    "ann@example.org",
    "Ann.Smith+tag@mail.example.org",
    "\"a b\"@example.org",
    "a@b",
    "ann@gmail.com",
    "é@example.org",
    "a..b@example.org",
];

pub(super) const REFERENCES: &[&str] = &[
    "R-7K4M-2QX9",
    "see r 7k4m 2qx9, R\u{2011}7K4M\u{2013}2QX9 and https://x.example/R-7K4M-2QX9",
    "R-7K4M2QX9 R-0000-0000",
];

pub(super) const RICH: &[&str] = &[
    r"{\rtf1\ansi\ansicpg1252{\fonttbl{\f0\fcharset0 Arial;}{\f1\fcharset204 X;}}\pard Client: \b Ann\b0\tab 5\par{\f1 \'cc\'e0}\u8364?\'80}",
    r#"{\rtf1\fromhtml1{\*\htmltag64 <p class="a">}\htmlrtf {\htmlrtf0 Client{\*\htmltag84 &nbsp;}\htmlrtf \'a0\htmlrtf0 {\*\htmltag72 </p>}}"#,
    r"{\rtf1\fromtext\uc2 One\bin3 }}}\line Two{\pict 0a0b}\trowd a\cell b\cell\row}",
];

pub(super) const FILES: &[(&str, &str)] = &[
    ("a.csv", "Client name,Phone,Safe to call\nAnn,212-555-0142,yes\n\"Bea, B\",\"5\"\"5\",no\n"),
    ("a.json", "{\"client\": {\"name\": \"Ann\", \"phones\": [\"212-555-0142\"]}, \"safe\": null}"),
    (
        "a.vcf",
        "BEGIN:VCARD\nVERSION:4.0\nFN:Ann Example\nTEL;TYPE=cell:212-555-0142\nEMAIL:ann@mail.example\nEND:VCARD\n",
    ),
    (
        "a.pdf",
        "%PDF-1.4\n1 0 obj\n<</Type/Catalog/AcroForm<</Fields[2 0 R]>>>>\nendobj\n2 0 obj\n<</T(Name)/V(Ann)>>\nendobj\ntrailer<</Root 1 0 R>>\n%%EOF",
    ),
    ("a.docx", "PK\u{3}\u{4}word/document.xml<w:p><w:t>Client name: Ann</w:t></w:p>"),
];

/// Whole mails of every kind, and those of others where they are at hand.
pub(super) fn mails() -> Vec<Vec<u8>> {
    let mut mails: Vec<Vec<u8>> = Vec::new();
    for body in BODIES.iter().chain(FORMS) {
        mails.push(format!("From: Ann <ann@partner.example>\nTo: intake@handoff.example\nSubject: x\nMessage-ID: <1@partner.example>\n\n{body}").into_bytes());
    }
    for html in MARKUP {
        mails.push(format!("From: ann@partner.example\nSubject: =?utf-8?B?w6k=?=\nContent-Type: text/html; charset=utf-8\n\n{html}").into_bytes());
    }
    for (name, bytes) in FILES {
        mails.push(format!(
            "From: ann@partner.example\nSubject: x\nContent-Type: multipart/mixed; boundary=x\n\n--x\nContent-Type: text/plain; format=flowed\n\n{FORM}\n--x\n\
             Content-Type: application/octet-stream; name={name}\n\n{bytes}\n--x\nContent-Type: message/rfc822\n\nFrom: bea@partner.example\nSubject: inner\n\n{FORM}\n--x--\n"
        ).into_bytes());
    }
    mails.extend(reports());
    mails.extend(
        crate::corpora::mails().into_iter().flatten().map(|mail| mail.raw).filter(|raw| raw.len() < 30_000),
    );
    mails
}

/// Delivery reports in their common shapes.
pub(super) fn reports() -> Vec<Vec<u8>> {
    [
        "From: MAILER-DAEMON@example.org\nContent-Type: multipart/report; report-type=delivery-status; boundary=x\n\n--x\n\nIt failed.\n--x\n\
         Content-Type: message/delivery-status\n\nReporting-MTA: dns; x\n\nFinal-Recipient: rfc822; Ann@Example.ORG\nAction: failed\nStatus: 5.1.1\n\
         Diagnostic-Code: smtp; 550 no such user\n--x\nContent-Type: message/rfc822\n\nMessage-ID: <1@mail.handoff.example>\nTo: ann@example.org\n\nx\n--x--\n",
        "From: MAILER-DAEMON@example.org\nSubject: failure notice\n\nHi. This is the qmail-send program.\n\n<ann@example.org>:\nno mailbox here by that name\n\n\
         --- Below this line is a copy of the message.\n\nMessage-ID: <1@mail.handoff.example>\n",
        "From: complaints@example.org\nContent-Type: multipart/report; report-type=feedback-report; boundary=x\n\n--x\n\nA complaint.\n--x\n\
         Content-Type: message/feedback-report\n\nFeedback-Type: abuse\nOriginal-Rcpt-To: ann@example.org\n--x--\n",
        "From: postmaster@example.org\nSubject: Undeliverable: x\n\nDelivery has failed to these recipients:\n\nann@example.org\nThe address was not found. 550 5.1.10\n",
    ]
    .map(|mail| mail.as_bytes().to_vec())
    .to_vec()
}
