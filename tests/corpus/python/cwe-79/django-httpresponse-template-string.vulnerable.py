from django.http import HttpResponse


def not_found(request):
    term = request.GET["q"]
    return HttpResponse(
        f"<p>Nothing found for <b>{term}</b></p>"
    )
