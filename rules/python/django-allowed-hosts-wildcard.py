import os

from django.conf import settings

# ruleid: oreva.python.misconfiguration.django-allowed-hosts-wildcard
ALLOWED_HOSTS = ["*"]

# ruleid: oreva.python.misconfiguration.django-allowed-hosts-wildcard
ALLOWED_HOSTS = ["shop.example.com", "*"]

# ruleid: oreva.python.misconfiguration.django-allowed-hosts-wildcard
ALLOWED_HOSTS.append("*")

# ok: oreva.python.misconfiguration.django-allowed-hosts-wildcard
ALLOWED_HOSTS = ["shop.example.com"]

# ok: oreva.python.misconfiguration.django-allowed-hosts-wildcard
ALLOWED_HOSTS = [".example.com", "localhost"]

# ok: oreva.python.misconfiguration.django-allowed-hosts-wildcard
ALLOWED_HOSTS = os.environ["HOSTS"].split(",")

# ok: oreva.python.misconfiguration.django-allowed-hosts-wildcard
settings.configure(ALLOWED_HOSTS=["localhost"])
