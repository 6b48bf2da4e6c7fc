from rest_framework.decorators import api_view
from rest_framework.response import Response

from . import reports

REPORTS = {"sales": reports.sales, "stock": reports.stock}


@api_view(["POST"])
def run_report(request):
    func = REPORTS.get(request.data["report"])
    if func is None:
        return Response(status=404)
    return Response(func(int(request.data.get("year", 2024))))
