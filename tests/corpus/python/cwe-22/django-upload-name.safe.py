import os

from django.http import HttpResponse
from django.utils.text import get_valid_filename


def upload(request):
    sent = request.FILES["file"]
    folder = request.POST.get("folder", "inbox")
    folder = get_valid_filename(folder)
    target = "/srv/uploads/%s/upload.bin" % folder
    with open(target, "wb") as out:
        for chunk in sent.chunks():
            out.write(chunk)
    return HttpResponse(status=201)
