from django.db.models.expressions import RawSQL
from rest_framework.response import Response
from rest_framework.views import APIView

from .models import Ticket


class TicketList(APIView):
    def get(self, request):
        field = request.query_params.get("score", "priority")
        tickets = Ticket.objects.annotate(score=RawSQL("coalesce(%s, 0)" % field, ()))
        return Response([{"id": t.id, "score": t.score} for t in tickets])
