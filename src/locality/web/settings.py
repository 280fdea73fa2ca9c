"""Django's settings, built from one home folder.

``LOCALITY_HOME`` says where (by default the user's data folder), ``DATABASE_URL`` names
PostgreSQL instead of SQLite. Nothing here is a secret: the signing key lives in the home.
Pages are for one person on this computer; another host is answered only where ``LOCALITY_ADDRESS``
names it, and then everybody signs in.

No chart, data frame or analysis library may be imported from here: ``locality serve`` would
start seconds later (a test looks).
"""

from __future__ import annotations

import os
from pathlib import Path

from csp.constants import NONCE, NONE, SELF, UNSAFE_INLINE
from django.core.exceptions import ImproperlyConfigured

from locality.figures import Problem
from locality.home import home_folder
from locality.records.database import database
from locality.records.secret import secret_key
from locality.web.reached import VARIABLE, settings_for

_WEB = Path(__file__).resolve().parent

LOCALITY_HOME = home_folder().resolve()

try:
    SECRET_KEY = secret_key(LOCALITY_HOME)
    DATABASES = {"default": database(LOCALITY_HOME, os.environ.get("DATABASE_URL"))}
    _REACHED = settings_for(os.environ.get(VARIABLE, ""))
except Problem as problem:
    raise ImproperlyConfigured(str(problem)) from None

# There is no switch: a page of tracebacks is never shown to anyone.
DEBUG = False

# By what name these pages are reached decides over hosts, https and cookies: see web.reached.
LOCALITY_ADDRESS = _REACHED["LOCALITY_ADDRESS"]
ALLOWED_HOSTS = _REACHED["ALLOWED_HOSTS"]
SECURE_PROXY_SSL_HEADER = _REACHED["SECURE_PROXY_SSL_HEADER"]
SECURE_SSL_REDIRECT = _REACHED["SECURE_SSL_REDIRECT"]
SECURE_SSL_HOST = _REACHED["SECURE_SSL_HOST"]
SECURE_HSTS_SECONDS = _REACHED["SECURE_HSTS_SECONDS"]
SECURE_HSTS_INCLUDE_SUBDOMAINS = _REACHED["SECURE_HSTS_INCLUDE_SUBDOMAINS"]
USE_X_FORWARDED_HOST = _REACHED["USE_X_FORWARDED_HOST"]
USE_X_FORWARDED_PORT = _REACHED["USE_X_FORWARDED_PORT"]

ROOT_URLCONF = "locality.web.urls"
APPEND_SLASH = True
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

INSTALLED_APPS = [
    "django.contrib.staticfiles",
    "csp",
    "django_htmx",
    "simple_history",
    "locality.records",
]

# Order matters: security headers and static files first, the content policy around every page.
# Compression is left to the pages that want it: a compressed page that holds a form's token and
# repeats what the address says can be made to tell the token (BREACH, CVE-2013-3587), so only
# chart, data and static responses may be compressed.
MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    # Who is signed in, and what they may: both before anything of a request is read.
    "locality.web.visiting.Visiting",
    "locality.web.permitting.Permitting",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "locality.web.problems.Problems",
]

CSRF_FAILURE_VIEW = "locality.web.problems.forged"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.jinja2.Jinja2",
        "DIRS": [_WEB / "templates"],
        "APP_DIRS": False,
        "OPTIONS": {
            "environment": "locality.web.templating.environment",
            "context_processors": [
                "csp.context_processors.nonce",
                "locality.web.here.context",
            ],
        },
    }
]

# Static files: served by whitenoise straight from the package, with no collecting step.
STATIC_URL = "/static/"
STATICFILES_DIRS = [_WEB / "static"]
STATICFILES_FINDERS = [
    "django.contrib.staticfiles.finders.FileSystemFinder",
    "django.contrib.staticfiles.finders.AppDirectoriesFinder",
]
WHITENOISE_USE_FINDERS = True
WHITENOISE_AUTOREFRESH = False
WHITENOISE_MAX_AGE = 600

# What a page may load: this server's own files, and scripts that carry the page's nonce.
# Styles may stand in the page, because Vega writes them there.
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF, NONCE],
        "style-src": [SELF, UNSAFE_INLINE],
        "img-src": [SELF, "data:"],
        "font-src": [SELF],
        "connect-src": [SELF],
        "manifest-src": [SELF],
        "object-src": [NONE],
        "frame-ancestors": [NONE],
        "form-action": [SELF],
        "base-uri": [NONE],
    }
}
X_FRAME_OPTIONS = "DENY"
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"

# A signed cookie, not a table: reading a page never writes to the records, and what the cookie
# holds (my organisation) is no secret. Who is signed in is not in it: that is a visit, kept on the
# server (web.visiting). It is "secure" where there is https; 127.0.0.1 speaks plain HTTP.
SESSION_ENGINE = "django.contrib.sessions.backends.signed_cookies"
SESSION_COOKIE_NAME = _REACHED["SESSION_COOKIE_NAME"]
SESSION_COOKIE_SECURE = _REACHED["SESSION_COOKIE_SECURE"]
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_AGE = 60 * 60 * 24 * 365
CSRF_COOKIE_NAME = _REACHED["CSRF_COOKIE_NAME"]
CSRF_COOKIE_SECURE = _REACHED["CSRF_COOKIE_SECURE"]
CSRF_COOKIE_HTTPONLY = True
CSRF_COOKIE_SAMESITE = "Lax"

# The one in use first; a password under an older one is hashed anew at its next sign-in.
PASSWORD_HASHERS = [
    "django.contrib.auth.hashers.PBKDF2PasswordHasher",
    "django.contrib.auth.hashers.ScryptPasswordHasher",
]

# Forms here are short texts, and a short list of practice codes that is read and not kept.
DATA_UPLOAD_MAX_MEMORY_SIZE = 512 * 1024
FILE_UPLOAD_MAX_MEMORY_SIZE = 2 * 1024 * 1024
FILE_UPLOAD_HANDLERS = ["django.core.files.uploadhandler.MemoryFileUploadHandler"]

LANGUAGE_CODE = "en-gb"
USE_I18N = True
USE_TZ = True
TIME_ZONE = "Europe/London"

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"plain": {"format": "%(asctime)s %(levelname)s %(name)s: %(message)s"}},
    "handlers": {"terminal": {"class": "logging.StreamHandler", "formatter": "plain"}},
    "root": {"handlers": ["terminal"], "level": "WARNING"},
    # Django's own handlers (mail to administrators, a coloured console) are taken off.
    "loggers": {
        "django": {"handlers": [], "level": "WARNING", "propagate": True},
        "django.server": {"handlers": [], "level": "WARNING", "propagate": True},
        # A wrong address or a refused form is the reader's business, not the terminal's.
        "django.request": {"handlers": [], "level": "ERROR", "propagate": True},
        "django.security": {"handlers": [], "level": "CRITICAL", "propagate": True},
    },
}
