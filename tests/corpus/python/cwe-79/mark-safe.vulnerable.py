from django import template
from django.shortcuts import render
from django.utils.safestring import mark_safe


def results(request):
    query = request.GET.get("q", "")
    heading = mark_safe("<h2>Results for <em>{}</em></h2>".format(query))
    return render(request, "results.html", {"heading": heading})
