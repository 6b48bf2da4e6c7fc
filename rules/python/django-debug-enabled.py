import os

from django.conf import settings

# ruleid: oreva.python.debug-mode.django-debug-enabled
DEBUG = True

# ruleid: oreva.python.debug-mode.django-debug-enabled
DEBUG_PROPAGATE_EXCEPTIONS = True

# ok: oreva.python.debug-mode.django-debug-enabled
TEMPLATE_DEBUG = True

INSTALLED_APPS = ["django.contrib.auth", "shop"]
MIDDLEWARE = ["django.middleware.security.SecurityMiddleware"]

# ok: oreva.python.debug-mode.django-debug-enabled
DEBUG = os.environ.get("DJANGO_DEBUG") == "1"


class Local:
    # ok: oreva.python.debug-mode.django-debug-enabled
    DEBUG = True


def start():
    # ruleid: oreva.python.debug-mode.django-debug-enabled
    settings.configure(ROOT_URLCONF="shop.urls", DEBUG=True)
