from django.contrib.auth import login
from django.http import HttpResponseRedirect


def after_login(request):
    login(request, request.user)
    target = request.GET.get("next", "/")
    return HttpResponseRedirect(target)
