import os

from django.conf import settings

# ruleid: oreva.python.hardcoded-credentials.django-hardcoded-secret-key
SECRET_KEY = "k2#mv8!qz4r@x7w1^p9s$b6n3&t5y0u"

INSTALLED_APPS = ["django.contrib.auth", "shop"]

# ok: oreva.python.hardcoded-credentials.django-hardcoded-secret-key
SECRET_KEY = os.environ["DJANGO_SECRET_KEY"]

# ok: oreva.python.hardcoded-credentials.django-hardcoded-secret-key
SECRET_KEY = "django_tests_secret_key"

# ok: oreva.python.hardcoded-credentials.django-hardcoded-secret-key
SECRET_KEY = "change-me-before-you-deploy-this"

# ok: oreva.python.hardcoded-credentials.django-hardcoded-secret-key
SECRET_KEY = ""


def start():
    # ruleid: oreva.python.hardcoded-credentials.django-hardcoded-secret-key
    settings.configure(SECRET_KEY="w1^p9s$b6n3&t5y0u-k2#mv8!qz4r@x7")
