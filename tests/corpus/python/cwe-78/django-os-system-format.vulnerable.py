import os

from django.http import HttpResponse
from django.views import View


class ThumbnailView(View):
    def post(self, request):
        name = request.POST["name"]
        command = "convert uploads/{0} -resize 100x100 thumbs/{0}".format(name)
        os.system(command)
        return HttpResponse(status=204)
