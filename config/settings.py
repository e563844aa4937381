"""Settings, all of them from the environment; `.env.example` lists every variable."""

from datetime import timedelta
from pathlib import Path
from typing import Any
from urllib.parse import quote, urlsplit

import environ

from config import embedded, logs
from config.navigation import UNFOLD as UNFOLD  # noqa: PLC0414 - the frame of the desk, which is a setting
from config.words import LOCALE_DIR

BASE_DIR = Path(__file__).resolve().parent.parent
env = environ.Env()

# "demo" (also for development), "production" or "test".
WATCHDESK_ENV = env.str("WATCHDESK_ENV", default="demo")
PRODUCTION = WATCHDESK_ENV == "production"
TESTING = WATCHDESK_ENV == "test"
DEBUG = env.bool("DEBUG", default=False)
# What the product writes beside its database: uploads and, in the demo, mails. Each run of tests has its own.
VAR_DIR = BASE_DIR / "var" / ("production" if PRODUCTION else embedded.current().kind)

# The address that people type, for links in mails; it also says whether the desk is reached by https.
BASE_URL = (env.str("BASE_URL", default="") or "http://localhost:8000").rstrip("/")
_HTTPS = BASE_URL.startswith("https://")
# Nobody reaches production as these but through a header of their own; probes are answered whatever the host is called.
_OWN_HOSTS = [] if PRODUCTION else ["localhost", "127.0.0.1", "[::1]"]
ALLOWED_HOSTS = env.list("ALLOWED_HOSTS", default=list(dict.fromkeys([urlsplit(BASE_URL).hostname, *_OWN_HOSTS])))
CSRF_TRUSTED_ORIGINS = env.list("CSRF_TRUSTED_ORIGINS", default=[BASE_URL])

SECRET_KEY_IS_GENERATED = not env.str("SECRET_KEY", default="")
SECRET_KEY = env.str("SECRET_KEY", default="") or embedded.secret_key()
SECRET_KEY_FALLBACKS = env.list("SECRET_KEY_FALLBACKS", default=[])
# Secrets that the database keeps are sealed with the first of these keys; the others still open what they sealed.
ENCRYPTION_KEYS_ARE_GENERATED = not env.str("ENCRYPTION_KEYS", default="")
ENCRYPTION_KEYS = env.list("ENCRYPTION_KEYS", default=[]) or [embedded.encryption_key()]
READYZ_TOKEN = env.str("READYZ_TOKEN", default="")

INSTALLED_APPS = [
    "config",
    "reports",
    "oncall",
    "helpdesk",
    "unfold.apps.BasicAppConfig",  # its default puts a site of its own in the place of ours
    "config.admin.DeskAdminConfig",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.postgres",
    "django.forms",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.usersessions",
    "crispy_forms",
    "crispy_bootstrap5",
    "django_filters",
    "rest_framework",
    "drf_spectacular",
    "drf_spectacular_sidecar",
    "django_htmx",
    "django_include_bootstrap",
]

MIDDLEWARE = [
    "config.health.HealthMiddleware",
    "config.middleware.RequestId",
    "config.middleware.ContentSecurityPolicy",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    # Before anything reads what was posted.
    "helpdesk.middleware.BodyLimit",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.auth.middleware.LoginRequiredMiddleware",
    "helpdesk.middleware.ReadersPlace",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "helpdesk.adapters.gates.LastSeen",
    "helpdesk.adapters.gates.SecondStep",
    "django_htmx.middleware.HtmxMiddleware",
    "allauth.account.middleware.AccountMiddleware",
]

ROOT_URLCONF = "config.urls"
WSGI_APPLICATION = "config.wsgi.application"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "OPTIONS": {
            "loaders": [
                (
                    "config.rendering.Loader",
                    ["django.template.loaders.filesystem.Loader", "django.template.loaders.app_directories.Loader"],
                )
            ],
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "helpdesk.views.brand.context",
            ],
        },
    },
]
FORM_RENDERER = "config.widgets.Renderer"
CRISPY_ALLOWED_TEMPLATE_PACKS = "bootstrap5"
CRISPY_TEMPLATE_PACK = "bootstrap5"

# One database, PostgreSQL: the given one or the embedded one.
EMBEDDED_DATABASE = not env.str("DATABASE_URL", default="")
_database: dict[str, Any] = env.db_url_config(env.str("DATABASE_URL", default="") or embedded.database_url())
_options: dict[str, Any] = _database.setdefault("OPTIONS", {})
if "host" in _options:  # A socket's folder; Django's own commands look for it in HOST.
    _database["HOST"] = _options.pop("host")
_options["connect_timeout"] = 5
if not env.bool("DB_PGBOUNCER", default=False):
    # A waiting lock or a runaway query ends by itself. PgBouncer refuses this; there the role carries it.
    _statement_timeout = env.int("DB_STATEMENT_TIMEOUT", default=30)
    # And plans are made for short queries on disks without arms. They go from the table that a query begins with, as
    # Django wrote it: to weigh every order of a dozen joins takes PostgreSQL longer than to run any of them.
    _plans = "-c jit=off -c random_page_cost=1.1 -c join_collapse_limit=4"
    _options["options"] = f"-c lock_timeout=5s -c statement_timeout={_statement_timeout}s {_plans}"
# How often a text of `helpdesk/prepared.py` is asked before the database is to keep it; None for never.
DB_PREPARED_AFTER = None if env.bool("DB_PGBOUNCER", default=False) else 2
if env.int("DB_POOL_SIZE", default=0):
    # Web processes keep connections; Celery's make their own and are better off without.
    _options["pool"] = {"min_size": 1, "max_size": env.int("DB_POOL_SIZE"), "timeout": 5}
# No server-side cursors, and nothing prepared but on purpose, so PgBouncer may pool transactions.
DATABASES = {"default": {**_database, "CONN_HEALTH_CHECKS": True, "DISABLE_SERVER_SIDE_CURSORS": True}}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

# One broker, which is the cache too: the given Redis or Valkey, or the embedded one.
EMBEDDED_BROKER = not env.str("REDIS_URL", default="")
REDIS_URL = env.str("REDIS_URL", default="") or embedded.redis_url()
BROKER_TIMEOUT = 0.5
CACHES = {
    "default": {
        "BACKEND": "config.cache.PatientCache",
        "LOCATION": REDIS_URL,
        "KEY_PREFIX": "watchdesk",
        "OPTIONS": {"socket_timeout": BROKER_TIMEOUT},
    },
}

AUTH_USER_MODEL = "helpdesk.User"
AUTHENTICATION_BACKENDS = ["helpdesk.adapters.backend.Backend"]
# Addresses are unique whatever their case, by a constraint on Lower("email") that this check does not see.
SILENCED_SYSTEM_CHECKS = ["auth.W004"]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "portal:home"
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": f"django.contrib.auth.password_validation.{name}"}
    for name in ("UserAttributeSimilarityValidator", "MinimumLengthValidator", "CommonPasswordValidator")
]
ACCOUNT_ADAPTER = "helpdesk.adapters.account.AccountAdapter"
ACCOUNT_SIGNUP_FORM_CLASS = "helpdesk.forms.accounts.SignupFields"
ACCOUNT_FORMS = {
    "login": "helpdesk.forms.entrance.LoginForm",
    "signup": "helpdesk.forms.entrance.SignupForm",
    "change_password": "helpdesk.forms.entrance.ChangePasswordForm",
    "set_password": "helpdesk.forms.entrance.SetPasswordForm",
    "reset_password": "helpdesk.forms.entrance.ResetPasswordForm",
    "reset_password_from_key": "helpdesk.forms.entrance.ResetPasswordKeyForm",
    "reauthenticate": "helpdesk.forms.entrance.ReauthenticateForm",
}
MFA_ADAPTER = "helpdesk.adapters.second_step.SecondStepAdapter"
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_PASSKEY_LOGIN_ENABLED = True
# Clocks go wrong by some seconds; a code is taken once all the same, see helpdesk.forms.second_step.
MFA_TOTP_TOLERANCE = 1
MFA_FORMS = {
    "authenticate": "helpdesk.forms.second_step.CodeForm",
    "reauthenticate": "helpdesk.forms.second_step.CodeAgainForm",
    "activate_totp": "helpdesk.forms.second_step.AppForm",
    "add_webauthn": "helpdesk.forms.second_step.NewPasskeyForm",
    "edit_webauthn": "helpdesk.forms.second_step.RenamePasskeyForm",
    "authenticate_webauthn": "helpdesk.forms.second_step.PasskeyForm",
    "reauthenticate_webauthn": "helpdesk.forms.second_step.PasskeyAgainForm",
    "login_webauthn": "helpdesk.forms.second_step.PasskeyLoginForm",
}
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*"]
ACCOUNT_EMAIL_VERIFICATION = "mandatory"
# A mailed link that was followed shows whose address it is: nobody has to log in right after it.
ACCOUNT_LOGIN_ON_EMAIL_CONFIRMATION = ACCOUNT_LOGIN_ON_PASSWORD_RESET = True
# Who changes a password or a second step hears of it by mail: it may have been somebody else.
ACCOUNT_EMAIL_NOTIFICATIONS = True
# Beside allauth's own limits: nobody fills the mailbox of somebody else with our mails.
ACCOUNT_RATE_LIMITS = {"reset_password": "20/m/ip,5/15m/key", "signup_address": "5/h/key"}
ACCOUNT_LOGOUT_ON_GET = False
ACCOUNT_SESSION_REMEMBER = True
if TESTING:
    PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]

# The API; what each endpoint does is told in `helpdesk.api`.
REST_FRAMEWORK = {
    "DEFAULT_SCHEMA_CLASS": "drf_spectacular.openapi.AutoSchema",
    "DEFAULT_RENDERER_CLASSES": ["rest_framework.renderers.JSONRenderer"],
    "UNAUTHENTICATED_USER": "django.contrib.auth.models.AnonymousUser",
    "DEFAULT_AUTHENTICATION_CLASSES": [],
    "DEFAULT_PERMISSION_CLASSES": [],
}
SPECTACULAR_SETTINGS = {
    "TITLE": "Watchdesk",
    "DESCRIPTION": "Tickets, people and promises of a support desk, for other systems.",
    "VERSION": "1",
    "OAS_VERSION": "3.1.0",
    "SCHEMA_PATH_PREFIX": "/api/v1",
    "SERVE_INCLUDE_SCHEMA": False,
    "COMPONENT_SPLIT_REQUEST": False,
    "ENFORCE_NON_BLANK_FIELDS": True,
    "ENUM_NAME_OVERRIDES": {"PriorityEnum": "helpdesk.choices.Priority.choices"},
    "SORT_OPERATIONS": False,
    "SWAGGER_UI_DIST": "SIDECAR",
    "SWAGGER_UI_FAVICON_HREF": "SIDECAR",
    "SWAGGER_UI_SETTINGS": {"deepLinking": True, "persistAuthorization": False},
    "REDOC_DIST": "SIDECAR",
}

LANGUAGE_CODE = "en"
# Those that all of the desk's own words are there in; half a page in another language would help nobody.
LANGUAGES = [("en", "English"), ("de", "Deutsch")]
LOCALE_PATHS = [LOCALE_DIR]
TIME_ZONE = "UTC"
USE_TZ = True

STATIC_URL = "/static/"
STATICFILES_DIRS = [BASE_DIR / "static"]
STATIC_ROOT = BASE_DIR / "var" / "static"
MEDIA_ROOT = env.path("MEDIA_ROOT", default=VAR_DIR / "files")
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {  # Compressing takes longer than a demo has.
        "BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"
        if PRODUCTION
        else "django.contrib.staticfiles.storage.StaticFilesStorage"
        if TESTING or DEBUG
        else "django.contrib.staticfiles.storage.ManifestStaticFilesStorage"
    },
}
# Tests and developers take static files from where they are written, without collecting them.
WHITENOISE_USE_FINDERS = WHITENOISE_AUTOREFRESH = TESTING or DEBUG

# More than any form has; more files than a message takes are counted and refused in words up to here.
DATA_UPLOAD_MAX_NUMBER_FILES = 100
# A sender of files that is silent for so long has gone, and so has a reader of lines: others need the thread.
UPLOAD_SILENCE = env.int("UPLOAD_SILENCE", default=30)

# What webhooks may call: always by TLS unless that is said otherwise, and nothing but the open internet beside these.
WEBHOOK_ALLOWED_NETWORKS = env.list("WEBHOOK_ALLOWED_NETWORKS", default=[])
WEBHOOK_ALLOWED_PORTS = env.list("WEBHOOK_ALLOWED_PORTS", cast=int, default=[80, 443, 8080, 8443])
WEBHOOK_PLAIN_HTTP = env.bool("WEBHOOK_PLAIN_HTTP", default=False)
# All of one call, from the search for the name to the last byte; less than a delivery's lease.
WEBHOOK_SECONDS = env.float("WEBHOOK_SECONDS", default=10)

# Mail: EMAIL_URL names the server. Without it mails become files in var/demo/mail.
_email: dict[str, Any] = env.email_url_config(
    env.str("EMAIL_URL", default="") or f"filemail:///{quote(str(VAR_DIR))}/mail"
)
EMAIL_BACKEND: str = _email["EMAIL_BACKEND"]
EMAIL_FILE_PATH: str = _email["EMAIL_FILE_PATH"]
EMAIL_HOST: str = _email["EMAIL_HOST"] or "localhost"
EMAIL_PORT: int = _email["EMAIL_PORT"] or 25
EMAIL_HOST_USER: str = _email["EMAIL_HOST_USER"] or ""
EMAIL_HOST_PASSWORD: str = _email["EMAIL_HOST_PASSWORD"] or ""
EMAIL_USE_TLS: bool = _email.get("EMAIL_USE_TLS", False)
EMAIL_USE_SSL: bool = _email.get("EMAIL_USE_SSL", False)
EMAIL_TIMEOUT = 20
DEFAULT_FROM_EMAIL = env.str("DEFAULT_FROM_EMAIL", default="Watchdesk <support@localhost>")
SERVER_EMAIL = DEFAULT_FROM_EMAIL

# Cookies and transport. A proxy in front ends TLS and says so in X-Forwarded-Proto.
BEHIND_PROXY = env.bool("BEHIND_PROXY", default=False)
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if BEHIND_PROXY else None
# Behind it the limits of log in and sign up count the addresses that it forwards; otherwise everybody shared one.
ALLAUTH_TRUSTED_PROXY_COUNT = int(BEHIND_PROXY)
SECURE_SSL_REDIRECT = PRODUCTION and _HTTPS
SECURE_HSTS_SECONDS = 31_536_000 if PRODUCTION and _HTTPS else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = SECURE_HSTS_PRELOAD = False
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = LANGUAGE_COOKIE_SECURE = _HTTPS
SESSION_COOKIE_HTTPONLY = True
SESSION_ENGINE = "helpdesk.adapters.sessions"
X_FRAME_OPTIONS = "DENY"


def _sweep(task: str, *, every: int) -> dict[str, Any]:
    return {"task": f"helpdesk.tasks.{task}", "schedule": every, "options": {"expires": every * 0.9}}


# Celery: the database says what is due, the broker only carries kicks, so nothing is kept in it for long.
CELERY_BROKER_URL = embedded.broker_url(REDIS_URL)
CELERY_BROKER_TRANSPORT_OPTIONS = {
    "visibility_timeout": 3600,
    "socket_timeout": BROKER_TIMEOUT,
    "socket_connect_timeout": BROKER_TIMEOUT,
    "max_retries": 0,
    "interval_start": 0,
    "interval_step": 0,
}
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_BROKER_CONNECTION_MAX_RETRIES = None
CELERY_TASK_PUBLISH_RETRY = False
CELERY_TASK_IGNORE_RESULT = True
CELERY_TASK_ACKS_LATE = True
CELERY_TASK_REJECT_ON_WORKER_LOST = True
CELERY_TASK_TIME_LIMIT = 900
CELERY_TASK_SOFT_TIME_LIMIT = 840
CELERY_TASK_DEFAULT_QUEUE = "clock"
CELERY_TASK_QUEUES: dict[str, dict[str, Any]] = {"clock": {}, "send": {}, "bulk": {}}
CELERY_TASK_CREATE_MISSING_QUEUES = False
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_WORKER_HIJACK_ROOT_LOGGER = False
CELERY_WORKER_CANCEL_LONG_RUNNING_TASKS_ON_CONNECTION_LOSS = True
CELERY_TIMEZONE = "UTC"
CELERY_BEAT_SCHEDULER = "config.beat.Scheduler"
CELERY_BEAT_MAX_LOOP_INTERVAL = 5
# Each sweep expires before the next is due, so that none pile up while no worker is there.
CELERY_BEAT_SCHEDULE: dict[str, dict[str, Any]] = {
    "consume-events": _sweep("consume_events", every=10),
    "send-deliveries": _sweep("send_deliveries", every=10),
    "tell-requesters": _sweep("tell_requesters", every=10),
    "sweep-clocks": _sweep("sweep_clocks", every=10),
    "recount-clocks": _sweep("recount_clocks", every=30),
    "make-previews": _sweep("make_previews", every=30),
    "close-quiet-tickets": _sweep("close_quiet_tickets", every=60),
    "sweep-files": _sweep("sweep_files", every=3600),
    "forget-submissions": _sweep("forget_submissions", every=3600),
    "make-exports": _sweep("make_exports", every=30),
    "make-thumbnails": _sweep("make_thumbnails", every=60),
    "find-pictures": _sweep("find_pictures", every=3600),
    "expire-exports": _sweep("expire_exports", every=3600),
}

# How long after its last heartbeat a worker or beat counts as missing.
HEARTBEAT_EVERY = timedelta(seconds=5)
HEARTBEAT_MISSING_AFTER = timedelta(seconds=30)

LOGGING = logs.logging_settings(json=PRODUCTION, level=env.str("LOG_LEVEL", default="INFO"))
