from django.http import JsonResponse

from .models import Profile

FIELDS = ("city", "phone")


def update(request):
    profile = Profile.objects.get(user=request.user)
    for field, value in request.POST.items():
        setattr(profile, field, value)
    profile.save()
    return JsonResponse({"ok": True})
