from django.db import connection
from django.http import JsonResponse


def invoices(request):
    status = request.GET.get("status", "open")
    sql = "SELECT number FROM invoice WHERE status = '%s'" % status
    with connection.cursor() as cursor:
        cursor.execute(sql)
        return JsonResponse({"numbers": [row[0] for row in cursor.fetchall()]})
