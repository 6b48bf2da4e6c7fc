import json
from urllib.parse import quote
from urllib.request import urlopen

from django.http import JsonResponse


def agent_status(request, agent_id):
    host = request.GET["host"]
    with urlopen(f"http://{host}:9100/agents/{agent_id}") as response:
        return JsonResponse(json.load(response))
