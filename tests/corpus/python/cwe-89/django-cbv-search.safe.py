from django.db import connection
from django.http import JsonResponse
from django.views import View


class ProductSearch(View):
    page_size = 20

    def get(self, request, *args, **kwargs):
        term = request.GET.get("q", "").strip()
        if not term:
            return JsonResponse({"items": []})
        sql = f"SELECT id, name FROM shop_product WHERE name ILIKE %s LIMIT {self.page_size}"
        with connection.cursor() as cursor:
            cursor.execute(sql, [f"%{term}%"])
            rows = cursor.fetchall()
        return JsonResponse({"items": [{"id": r[0], "name": r[1]} for r in rows]})
