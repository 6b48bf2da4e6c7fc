import logging

from django.contrib.auth import authenticate, login
from django.http import JsonResponse
from django.views.decorators.http import require_POST

logger = logging.getLogger(__name__)


def client_address(request):
    return request.META.get("REMOTE_ADDR", "-")


@require_POST
def sign_in(request):
    username = request.POST.get("username", "")
    password = request.POST.get("password", "")
    if not username or not password:
        return JsonResponse({"error": "missing credentials"}, status=400)
    user = authenticate(request, username=username, password=password)
    if user is None:
        logger.warning("failed login from %s: user=%r password=%r", client_address(request), username, password)
        return JsonResponse({"error": "invalid credentials"}, status=401)
    login(request, user)
    logger.info("user %s signed in", user.pk)
    return JsonResponse({"id": user.pk})
