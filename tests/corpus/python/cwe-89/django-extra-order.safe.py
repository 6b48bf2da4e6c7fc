from django.db.models.expressions import RawSQL
from rest_framework.response import Response
from rest_framework.views import APIView

from .models import Ticket

SCORES = {"priority": "coalesce(priority, 0)", "age": "now() - created"}


class TicketList(APIView):
    def get(self, request):
        expression = SCORES.get(request.query_params.get("score"), SCORES["priority"])
        tickets = Ticket.objects.annotate(score=RawSQL(expression, ()))
        return Response([{"id": t.id, "score": t.score} for t in tickets])
