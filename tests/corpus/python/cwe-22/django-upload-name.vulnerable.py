import os

from django.http import HttpResponse


def upload(request):
    sent = request.FILES["file"]
    folder = request.POST.get("folder", "inbox")
    target = "/srv/uploads/%s/upload.bin" % folder
    with open(target, "wb") as out:
        for chunk in sent.chunks():
            out.write(chunk)
    return HttpResponse(status=201)
