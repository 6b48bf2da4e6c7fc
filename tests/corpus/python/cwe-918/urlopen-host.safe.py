import json
from urllib.parse import quote
from urllib.request import urlopen

from django.http import JsonResponse


def agent_status(request):
    agent = quote(request.GET["agent"], safe="")
    with urlopen(f"https://agents.internal:9100/agents/{agent}") as response:
        return JsonResponse(json.load(response))
