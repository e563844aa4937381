"""What gunicorn serves here: the product as it is, and the empty view beside it."""

import os

os.environ["DJANGO_SETTINGS_MODULE"] = "config.settings"

from django.conf import settings
from django.core.wsgi import get_wsgi_application

settings.ROOT_URLCONF = "benchmarks.urls"
application = get_wsgi_application()
