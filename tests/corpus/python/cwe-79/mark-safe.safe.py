from django.shortcuts import render
from django.utils.html import format_html


def results(request):
    query = request.GET.get("q", "")
    heading = format_html("<h2>Results for <em>{}</em></h2>", query)
    return render(request, "results.html", {"heading": heading})
