import os

from django.http import HttpResponse
from django.views.decorators.http import require_POST


class Backup:
    def __init__(self, label):
        self.label = label
        self.path = "/var/backups/" + label + ".tar.gz"

    def run(self):
        return os.system("tar czf " + self.path + " /srv/data")


@require_POST
def start_backup(request):
    job = Backup(request.POST["label"])
    code = job.run()
    return HttpResponse(str(code), content_type="text/plain")
