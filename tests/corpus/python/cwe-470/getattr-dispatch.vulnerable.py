from rest_framework.decorators import api_view
from rest_framework.response import Response

from . import reports


@api_view(["POST"])
def run_report(request):
    name = request.data["report"]
    func = getattr(reports, name)
    return Response(func(**request.data.get("arguments", {})))
