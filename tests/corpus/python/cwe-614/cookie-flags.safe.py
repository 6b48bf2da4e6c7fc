from django.http import HttpResponse


def remember(request):
    response = HttpResponse("ok")
    response.set_cookie("session_token", request.session.session_key, secure=True, httponly=True)
    return response
