from django.db.models.expressions import RawSQL
from django.http import JsonResponse
from django.shortcuts import render
from django.views import View

from shop.models import Order, User

COLUMNS = {"name": "last_name", "age": "birthday"}


def search(request):
    name = request.GET.get("name", "")
    sql = f"SELECT * FROM users WHERE name = '{name}'"
    # ruleid: oreva.python.sql-injection.django-raw-taint
    users = User.objects.raw(sql)
    return render(request, "users.html", {"users": users})


def by_city(request):
    clauses = []
    for city in request.GET.getlist("city"):
        clauses.append("city = '%s'" % city)
    # ruleid: oreva.python.sql-injection.django-raw-taint
    return list(User.objects.all().extra(where=[" OR ".join(clauses)]))


class OrderList(View):
    def get(self, request):
        column = self.request.GET["sort"].strip()
        # ruleid: oreva.python.sql-injection.django-raw-taint
        rows = Order.objects.annotate(rank=RawSQL("rank() over (order by " + column + ")", []))
        return JsonResponse({"rows": [row.rank for row in rows]})


def user_detail(request, slug):
    # ruleid: oreva.python.sql-injection.django-raw-taint
    user = User.objects.raw("SELECT * FROM users WHERE slug = '{}'".format(slug))[0]
    return render(request, "user.html", {"user": user})


def safe_parameters(request):
    # ok: oreva.python.sql-injection.django-raw-taint
    return User.objects.raw("SELECT * FROM users WHERE name = %s", [request.GET["name"]])


def safe_extra(request):
    # ok: oreva.python.sql-injection.django-raw-taint
    return User.objects.extra(where=["name = %s"], params=[request.GET["name"]])


def safe_number(request):
    limit = int(request.GET.get("limit", "10"))
    # ok: oreva.python.sql-injection.django-raw-taint
    return User.objects.raw(f"SELECT * FROM users LIMIT {limit}")


def safe_choice(request):
    column = COLUMNS.get(request.GET.get("sort"), "last_name")
    # ok: oreva.python.sql-injection.django-raw-taint
    return User.objects.raw("SELECT * FROM users ORDER BY " + column)


def safe_checked(request):
    order = request.GET.get("order")
    if order not in ("ASC", "DESC"):
        order = "ASC"
    # ok: oreva.python.sql-injection.django-raw-taint
    return User.objects.raw("SELECT * FROM users ORDER BY name " + order)


def safe_placeholders(request):
    cities = request.GET.getlist("city")
    marks = ", ".join("%s" for _ in cities)
    # ok: oreva.python.sql-injection.django-raw-taint
    return User.objects.raw(f"SELECT * FROM users WHERE city IN ({marks})", cities)
