#!/usr/bin/env python3
"""The peer a small office writes itself: imaplib, email, sqlite3, smtplib, one mail after the other.

Careful within its means: a Message-ID is recorded once, the record is committed (WAL, FULL) before the receipt is sent,
the mail is marked afterwards, one SMTP connection serves all. No clocks, no owners, no second letter, nothing sealed.
"""

import email
import email.policy
import html
import imaplib
import re
import smtplib
import sqlite3
import sys
import time
from email.message import EmailMessage
from email.utils import parseaddr

FIELDS = ["client name", "date of birth", "client phone", "client email", "safe contact method", "safe to leave voicemail",
          "preferred language", "interpreter needed", "matter type", "opposing party", "urgency", "deadline",
          "consent to share", "referring agency", "referrer name", "referrer phone"]
COLUMNS = [field.replace(" ", "_") for field in FIELDS]
INSERT = "INSERT INTO referral (message_id, sender, subject, received, raw, %s) VALUES (%s)" % (
    ", ".join(COLUMNS), ", ".join("?" * (5 + len(COLUMNS))))
LATER = "We will confirm the next step within two working days. Please keep this number.\n" * 9


def open_store(path):
    store = sqlite3.connect(path)
    store.executescript("""
        PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL;
        CREATE TABLE referral (id INTEGER PRIMARY KEY, number TEXT UNIQUE, message_id TEXT NOT NULL UNIQUE, sender TEXT,
            subject TEXT, received REAL, acknowledged REAL, raw BLOB, %s);
        CREATE TABLE event (referral INTEGER, at REAL, what TEXT);""" % ", ".join(name + " TEXT" for name in COLUMNS))
    return store


def form(message):
    part = message.get_body(("plain", "html"))
    text = part.get_content()
    if part.get_content_subtype() == "html":
        text = html.unescape(re.sub("<[^>]+>", "", re.sub(r"(?i)<(br|/tr|/p|/h\d)[^>]*>", "\n", text)))
    found = {}
    for line in text.splitlines():
        label, colon, value = line.partition(":")
        if colon and label.strip().lower() in FIELDS:
            found.setdefault(label.strip().lower(), value.strip())
    return [found.get(field) for field in FIELDS]


def record(store, raw, message):
    row = [message["Message-ID"].strip(), parseaddr(str(message["From"]))[1], str(message["Subject"]), time.time(), raw]
    number = store.execute(INSERT, row + form(message)).lastrowid
    store.execute("UPDATE referral SET number = ? WHERE id = ?", ("R-%06d" % number, number))
    store.execute("INSERT INTO event VALUES (?, ?, 'received')", (number, time.time()))
    store.commit()
    return number


def receipt(message, number):
    answer = EmailMessage()
    answer["From"] = "referrals@clinic.example.org"
    answer["To"] = parseaddr(str(message["From"]))[1]
    answer["Subject"] = "Referral received: R-%06d" % number
    answer["In-Reply-To"] = answer["References"] = message["Message-ID"].strip()
    answer["Auto-Submitted"] = "auto-replied"
    answer.set_content("Your referral was received.\n\nReference number: R-%06d\n\n%s" % (number, LATER))
    return answer


def main(imap_port, smtp_port, user, path):
    store = open_store(path)
    inbox = imaplib.IMAP4("127.0.0.1", imap_port)
    inbox.login(user, "bench")
    inbox.select("INBOX")
    relay = smtplib.SMTP("127.0.0.1", smtp_port)
    for uid in inbox.uid("SEARCH", None, "UNSEEN")[1][0].split():
        raw = inbox.uid("FETCH", uid, "(BODY.PEEK[])")[1][0][1]
        message = email.message_from_bytes(raw, policy=email.policy.default)
        try:
            number = record(store, raw, message)
            relay.send_message(receipt(message, number))
            store.execute("UPDATE referral SET acknowledged = ? WHERE id = ?", (time.time(), number))
            store.commit()
        except sqlite3.IntegrityError:
            store.rollback()
        inbox.uid("STORE", uid, "+FLAGS.SILENT", r"(\Seen)")
    relay.quit()
    inbox.logout()


if __name__ == "__main__":
    main(int(sys.argv[1]), int(sys.argv[2]), sys.argv[3], sys.argv[4])
