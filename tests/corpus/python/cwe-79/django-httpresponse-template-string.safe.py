from django.http import HttpResponse
from django.utils.html import format_html


def not_found(request):
    term = request.GET["q"]
    return HttpResponse(
        format_html("<p>Nothing found for <b>{}</b></p>", term)
    )
