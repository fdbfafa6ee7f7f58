"""django-helpdesk as one would run it in production: no debugging; on SQLite WAL, synchronous NORMAL, writers queue at
once (what Django's documentation recommends; its best setting on this machine, FULL would make it slower), or on
PostgreSQL as that comes, over one connection that stays open."""

import os

DEBUG = False
SECRET_KEY = "for the benchmark only"
ALLOWED_HOSTS = ["127.0.0.1"]
ROOT_URLCONF = "urls"
SITE_ID = 1
USE_TZ = True
LANGUAGE_CODE = "en"
DEFAULT_AUTO_FIELD = "django.db.models.AutoField"
STATIC_URL, MEDIA_URL = "/static/", "/media/"
MEDIA_ROOT = os.environ["BENCH_MEDIA"]
INSTALLED_APPS = ["django.contrib." + app for app in ("auth", "contenttypes", "sessions", "sites", "messages", "admin", "humanize")]
INSTALLED_APPS += ["rest_framework", "helpdesk"]
MIDDLEWARE = ["django.contrib.sessions.middleware.SessionMiddleware", "django.middleware.common.CommonMiddleware",
              "django.contrib.auth.middleware.AuthenticationMiddleware", "django.contrib.messages.middleware.MessageMiddleware"]
TEMPLATES = [{
    "BACKEND": "django.template.backends.django.DjangoTemplates",
    "APP_DIRS": True,
    "OPTIONS": {"context_processors": ["django.template.context_processors.request",
                                       "django.contrib.auth.context_processors.auth",
                                       "django.contrib.messages.context_processors.messages"]},
}]
SQLITE = {
    "ENGINE": "django.db.backends.sqlite3",
    "NAME": os.environ.get("BENCH_SQLITE"),
    "OPTIONS": {"transaction_mode": "IMMEDIATE", "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL;"},
}
POSTGRES = {
    "ENGINE": "django.db.backends.postgresql",
    "NAME": os.environ.get("BENCH_POSTGRES"),
    "HOST": os.environ.get("BENCH_POSTGRES_HOST"),
    "USER": "bench",
    "CONN_MAX_AGE": None,
}
DATABASES = {"default": SQLITE if "BENCH_SQLITE" in os.environ else POSTGRES}
EMAIL_HOST = "127.0.0.1"
EMAIL_PORT = int(os.environ["BENCH_SMTP_PORT"])
DEFAULT_FROM_EMAIL = "referrals@clinic.example.org"
HELPDESK_TEAMS_MODE_ENABLED = False
LOGGING = {"version": 1, "disable_existing_loggers": False, "root": {"handlers": [], "level": "WARNING"}}
