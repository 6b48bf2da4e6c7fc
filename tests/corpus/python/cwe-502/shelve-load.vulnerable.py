import pickle

from django.http import JsonResponse
from django.core import signing


def restore(request):
    state = pickle.loads(bytes.fromhex(request.COOKIES["state"]))
    return JsonResponse({"page": state["page"]})
