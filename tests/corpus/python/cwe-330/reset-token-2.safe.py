import secrets
import string

from django.core.mail import send_mail

from .models import PasswordReset

ALPHABET = string.ascii_letters + string.digits


def start_reset(user):
    code = "".join(secrets.choice(ALPHABET) for _ in range(32))
    PasswordReset.objects.create(user=user, token=code)
    send_mail("Reset", f"Use {code}", None, [user.email])
