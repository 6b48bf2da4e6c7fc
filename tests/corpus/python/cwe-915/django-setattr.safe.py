from django.http import JsonResponse

from .models import Profile

FIELDS = ("city", "phone")


def update(request):
    profile = Profile.objects.get(user=request.user)
    for field in FIELDS:
        setattr(profile, field, request.POST.get(field, ""))
    profile.save()
    return JsonResponse({"ok": True})
