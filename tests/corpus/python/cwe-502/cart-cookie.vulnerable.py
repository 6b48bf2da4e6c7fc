import base64
import binascii
import pickle

from django.http import JsonResponse
from django.views.decorators.http import require_GET

COOKIE = "cart"


class Cart:
    def __init__(self, lines=None):
        self.lines = lines or []

    @classmethod
    def from_request(cls, request):
        raw = request.COOKIES.get(COOKIE)
        if not raw:
            return cls()
        try:
            payload = base64.urlsafe_b64decode(raw)
        except (binascii.Error, ValueError):
            return cls()
        return cls(pickle.loads(payload))

    def count(self):
        return len(self.lines)


@require_GET
def cart_summary(request):
    cart = Cart.from_request(request)
    return JsonResponse({"items": cart.count()})
