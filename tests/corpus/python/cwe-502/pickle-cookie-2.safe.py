import base64
import json

from django.http import HttpResponse


def cart(request):
    raw = request.COOKIES.get("cart")
    items = []
    if raw:
        items = json.loads(base64.b64decode(raw))
    return HttpResponse(f"{len(items)} items", content_type="text/plain")
