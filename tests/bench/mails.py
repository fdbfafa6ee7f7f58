"""Generated referral mails: plain, HTML, alternatives, attachments, six charsets.

A mail's bytes depend on its number alone, so a box of 1,000 is the first fifth of a box of 5,000, on every machine.
Every mail has its own sender (`caseworker000012@agency12.example.org`): a receipt is known by its recipient.
Everything is invented; all domains are reserved for examples (RFC 2606).
"""

import base64
import hashlib
import html
import quopri
import random
import sys
from datetime import datetime, timedelta, timezone
from email.header import Header
from pathlib import Path

INBOX = "referrals@clinic.example.org"
AGENCIES = 97

PLAIN_NAMES = ("Amira Brian Carla Daniel Esther Farah George Hannah Ivan Joyce Karim Lena Marcus Nadia Oscar Priya".split(),
               "Abbott Baker Dawson Evans Fletcher Grant Hughes Iqbal Johnson Khan Lewis Mensah Okafor Patel Quinn".split())
LATIN_NAMES = ("Zoë José Renée Björn Chloé Søren Núria Jürgen Anaïs Iñigo".split(),
               "Müller Peña Lefèvre Åberg Gonçalves Sørensen Núñez Strauß Díaz Côté".split())
WIDE_NAMES = ("Łukasz Nguyễn Амина فاطمة 李娜 Σοφία Žofie Şebnem Владимир".split(),
              "Wójcik Trần Петрова حسن 王伟 Dvořák Yılmaz Ковальчук Škoda".split())
ORGANISATIONS = ["Northgate Advice Centre", "Harbour Aid", "Citizens Hub East", "Riverside Housing Support",
                 "Gateway Refugee Project", "Parkside Surgery", "Debtline South", "Kingsway Law Clinic"]
CHOICES = {
    "Safe contact method": ["Phone - any time", "Phone - weekdays after 17:00", "Text message only", "Email",
                            "Letter via referrer", "Do not contact directly, via caseworker"],
    "Safe to leave voicemail": ["Yes", "No"],
    "Preferred language": ["English", "Polish", "Arabic", "Urdu", "Spanish", "Vietnamese", "Somali", "French"],
    "Interpreter needed": ["Yes", "No"],
    "Matter type": ["Housing - possession", "Housing - disrepair", "Benefits - appeal", "Debt", "Employment - dismissal",
                    "Family - domestic abuse", "Immigration - asylum", "Education - exclusion"],
    "Urgency": ["Routine", "Soon", "Urgent", "Emergency"],
    "Consent to share": ["Yes - written", "Yes - verbal", "Yes - signed form attached"],
}
WORDS = ("client landlord notice served hearing listed tenancy arrears letter received council decision refused review "
         "support worker reports children school income credit deduction visit eviction date mould damp repair employer "
         "dismissed appeal panel evidence medical report asked advice before deadline passport visa expired partner moved "
         "refuge interpreter needed phone unreliable prefers evenings signed consent form copy attached please confirm "
         "receipt and allocate the matter to a solicitor because the limitation period may expire within weeks").split()
ACCENTED = ["café", "naïve", "£450", "façade", "über", "señora", "déjà", "10°C"]
WIDE = ["Łódź", "“quoted”", "– dash –", "Київ", "€300", "東京"]

# How often, which shape, which charset, which transfer encoding.
SHAPES = [
    (16, "plain", "us-ascii", "7bit"), (12, "plain", "utf-8", "quoted-printable"), (5, "plain", "utf-8", "8bit"),
    (5, "plain", "utf-8", "base64"), (5, "plain", "iso-8859-1", "quoted-printable"),
    (3, "plain", "windows-1252", "8bit"), (2, "plain", "utf-16", "base64"),
    (8, "html", "utf-8", "quoted-printable"), (4, "html", "utf-8", "base64"), (4, "html", "iso-8859-1", "quoted-printable"),
    (14, "both", "utf-8", "quoted-printable"), (4, "both", "iso-8859-15", "quoted-printable"),
    (11, "plain+file", "utf-8", "quoted-printable"), (7, "both+file", "utf-8", "quoted-printable"),
]
NARROW = {"iso-8859-1", "iso-8859-15", "windows-1252"}


def sender(number):
    """The address the receipt of mail `number` must go to."""
    return "caseworker%06d@agency%02d.example.org" % (number, number % AGENCIES)


def mail(number):
    """The bytes of mail `number`, lines ended by LF."""
    return _Mail(number).bytes()


class _Mail:
    def __init__(self, number):
        self.number = number
        self.dice = random.Random(b"handoffd bench %d" % number)
        weights = [weight for weight, *_ in SHAPES]
        _, self.shape, self.charset, self.encoding = self.dice.choices(SHAPES, weights)[0]
        self.client = self.name()
        self.referrer = self.name()
        self.organisation = self.dice.choice(ORGANISATIONS)
        self.fields = self.form()
        self.summary = self.words(self.dice.randint(300, 1100) if "both" in self.shape else self.dice.randint(500, 2400))

    def name(self):
        pools = [PLAIN_NAMES]
        if self.charset != "us-ascii":
            pools.append(LATIN_NAMES)
            if self.charset not in NARROW:
                pools.append(WIDE_NAMES)
        first, last = self.dice.choice(pools)
        return "%s %s" % (self.dice.choice(first), self.dice.choice(last))

    def form(self):
        dice = self.dice
        picked = {label: dice.choice(choices) for label, choices in CHOICES.items()}
        deadline = datetime(2026, 12, 1) + timedelta(days=dice.randint(1, 60))
        return [
            ("Client name", self.client),
            ("Date of birth", "%04d-%02d-%02d" % (dice.randint(1940, 2007), dice.randint(1, 12), dice.randint(1, 28))),
            # One number a client: two mails about one person would be one referral.
            ("Client phone", "+44 7700 9%05d" % (self.number % 100_000)),
            ("Client email", "client%06d@home.example.net" % self.number),
            *[(label, picked[label]) for label in CHOICES if label != "Consent to share"],
            ("Opposing party", dice.choice(PLAIN_NAMES[1]) + " Lettings Ltd"),
            ("Deadline", deadline.strftime("%Y-%m-%d")),
            ("Consent to share", picked["Consent to share"]),
            ("Referring agency", self.organisation),
            ("Referrer name", self.referrer),
            ("Referrer phone", "+44 161 496 %04d" % dice.randint(0, 9999)),
        ]

    def words(self, size):
        lines, line, written = [], "", 0
        pool = [] if self.charset == "us-ascii" else ACCENTED[:]
        if self.charset in ("utf-8", "utf-16"):
            pool += WIDE
        while written < size:
            word = self.dice.choice(pool) if pool and self.dice.random() < 0.02 else self.dice.choice(WORDS)
            if self.charset == "iso-8859-15":
                word = word.replace("°", " ")
            if len(line) + len(word) > 73:
                lines.append(line)
                written += len(line) + 1
                line = word
            else:
                line = (line + " " + word).strip()
        return lines + [line]

    def text(self):
        lines = ["Referral form v2", "================", ""]
        lines += ["%s: %s" % field for field in self.fields]
        lines += ["", "Summary:", *self.summary, "", "-- ", self.referrer, self.organisation, ""]
        return "\n".join(lines)

    def html(self):
        rows = "\n".join("<tr><td><b>%s:</b></td><td>%s</td></tr>" % tuple(map(html.escape, field)) for field in self.fields)
        summary = "<br>\n".join(map(html.escape, self.summary))
        return ("<html><head><style>td{padding:2px 6px}</style></head>\n<body><h2>Referral form v2</h2>\n<table>\n%s\n</table>\n"
                "<p><b>Summary:</b><br>\n%s</p>\n<p>-- <br>%s<br>%s</p></body></html>\n"
                % (rows, summary, html.escape(self.referrer), html.escape(self.organisation)))

    def leaf(self, kind, text):
        raw = text.encode(self.charset)
        if self.encoding == "base64":
            raw = base64.encodebytes(raw)
        elif self.encoding == "quoted-printable":
            raw = quopri.encodestring(raw)
        head = 'Content-Type: text/%s; charset="%s"\nContent-Transfer-Encoding: %s\n' % (kind, self.charset, self.encoding)
        return head.encode(), raw

    def several(self, kind, parts):
        border = b"=_%s_%06d" % (kind.encode(), self.number)
        head = b'Content-Type: multipart/%s;\n boundary="%s"\n' % (kind.encode(), border)
        body = b"".join(b"--%s\n%s\n%s\n" % (border, head, body.rstrip(b"\n")) for head, body in parts)
        return head, b"This is a multi-part message in MIME format.\n" + body + b"--" + border + b"--\n"

    def file(self):
        name = "consent-%06d.pdf" % self.number
        head = ('Content-Type: application/pdf; name="%s"\nContent-Transfer-Encoding: base64\n'
                'Content-Disposition: attachment; filename="%s"\n' % (name, name))
        raw = b"%PDF-1.4\n" + self.dice.randbytes(self.dice.randint(500, 1200)) + b"\n%%EOF\n"
        return head.encode(), base64.encodebytes(raw)

    def bytes(self):
        parts = {"plain": lambda: self.leaf("plain", self.text()), "html": lambda: self.leaf("html", self.html())}
        parts["both"] = lambda: self.several("alternative", [parts["plain"](), parts["html"]()])
        body_of, _, file = self.shape.partition("+")
        head, body = parts[body_of]()
        if file:
            head, body = self.several("mixed", [(head, body), self.file()])
        return self.envelope() + head + b"\n" + body

    def envelope(self):
        fields = dict(self.fields)
        sent = datetime(2026, 11, 2, 8, tzinfo=timezone.utc) + timedelta(seconds=37 * self.number)
        date = sent.strftime("%a, %d %b %Y %H:%M:%S +0000")
        agency = "agency%02d.example.org" % (self.number % AGENCIES)
        mark = hashlib.sha256(b"%d" % self.number).hexdigest()
        who = self.client if self.dice.random() < 0.5 else "".join(part[0] for part in self.client.split())
        subject = "Referral: %s - %s (%s)" % (fields["Matter type"], fields["Urgency"], who)
        signature = base64.b64encode(bytes.fromhex(mark) * 4).decode()
        lines = [
            "Return-Path: <%s>" % sender(self.number),
            "Received: from mx1.%s (mx1.%s [192.0.2.%d])\n\tby mail.clinic.example.org with ESMTPS id %s\n\tfor <%s>; %s"
            % (agency, agency, self.number % 250 + 1, mark[:10], INBOX, date),
            "DKIM-Signature: v=1; a=rsa-sha256; c=relaxed/relaxed; d=%s;\n\ts=s1; h=from:to:subject:date:message-id;\n\tbh=%s;\n\tb=%s\n\t %s"
            % (agency, signature[:44], signature[:70], signature[70:140]),
            "Date: " + date,
            "From: %s <%s>" % (_phrase(self.referrer), sender(self.number)),
            "To: " + INBOX,
            "Message-ID: <ref.%06d.%s@%s>" % (self.number, mark[:12], agency),
            "Subject: " + _words(subject),
            "User-Agent: CaseForm/2.4",
            "MIME-Version: 1.0",
        ]
        return ("\n".join(lines) + "\n").encode()


def _words(text):
    return text if text.isascii() else Header(text, "utf-8", maxlinelen=70).encode()


def _phrase(name):
    return '"%s"' % name if name.isascii() else _words(name)


if __name__ == "__main__":
    # mails.py N FOLDER: the first N mails as they travel, one file each.
    for place in range(int(sys.argv[1])):
        Path(sys.argv[2], "%06d.eml" % place).write_bytes(mail(place).replace(b"\n", b"\r\n"))
