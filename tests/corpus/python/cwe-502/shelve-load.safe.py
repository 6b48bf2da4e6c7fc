import pickle

from django.http import JsonResponse
from django.core import signing


def restore(request):
    state = signing.loads(request.COOKIES["state"])
    return JsonResponse({"page": state["page"]})
