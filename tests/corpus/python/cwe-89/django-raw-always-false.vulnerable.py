from django.shortcuts import render

from .models import Customer


def customers(request):
    order = request.GET.get("order", "name")
    limit = 7 * 6
    if limit > 50:
        order = "name"
    found = Customer.objects.raw("SELECT * FROM customer ORDER BY " + order)
    return render(request, "customers.html", {"customers": found})
