"""Makes the one queue that reads the inbox; run once in a fresh database."""

import os

import django

django.setup()

from helpdesk.models import Queue  # noqa: E402  (Django must be set up first)

Queue.objects.create(
    title="Referrals", slug="ref", email_address="referrals@clinic.example.org", allow_email_submission=True,
    email_box_type="imap", email_box_host="127.0.0.1", email_box_port=int(os.environ["BENCH_IMAP_PORT"]), email_box_ssl=False,
    email_box_user="helpdesk", email_box_pass="bench", email_box_imap_folder="INBOX", email_box_interval=0,
    logging_type="warn")
