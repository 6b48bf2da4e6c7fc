import subprocess
import uuid

from django.http import HttpResponse
from django.views.decorators.http import require_POST


class Backup:
    def __init__(self, label):
        self.label = label
        self.path = "/var/backups/" + uuid.uuid4().hex + ".tar.gz"

    def run(self):
        return subprocess.run(["tar", "czf", self.path, "/srv/data"], check=False).returncode


@require_POST
def start_backup(request):
    job = Backup(request.POST["label"])
    code = job.run()
    return HttpResponse(str(code), content_type="text/plain")
