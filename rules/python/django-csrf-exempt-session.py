from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.views.decorators.csrf import csrf_exempt


@csrf_exempt
# ruleid: oreva.python.csrf.django-csrf-exempt-session
def change_mail(request):
    request.user.email = request.POST["email"]
    request.user.save()
    return HttpResponse(status=204)


@csrf_exempt
@login_required
# ruleid: oreva.python.csrf.django-csrf-exempt-session
def remove(request, number):
    delete_order(number)
    return HttpResponse(status=204)


@csrf_exempt
# ok: oreva.python.csrf.django-csrf-exempt-session
def webhook(request):
    check_signature(request.body, request.headers["X-Signature"])
    return HttpResponse(status=204)


@login_required
# ok: oreva.python.csrf.django-csrf-exempt-session
def change_name(request):
    request.user.name = request.POST["name"]
    request.user.save()
    return HttpResponse(status=204)
