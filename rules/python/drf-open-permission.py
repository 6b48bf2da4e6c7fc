from rest_framework.permissions import AllowAny, IsAuthenticated
from rest_framework.views import APIView


class Everything(APIView):
    # ruleid: oreva.python.access-control.drf-open-permission
    permission_classes = [AllowAny]


class Nothing(APIView):
    # ruleid: oreva.python.access-control.drf-open-permission
    permission_classes = []


class Mine(APIView):
    # ok: oreva.python.access-control.drf-open-permission
    permission_classes = [IsAuthenticated]


# ok: oreva.python.access-control.drf-open-permission
REST_FRAMEWORK = {"DEFAULT_PERMISSION_CLASSES": ["rest_framework.permissions.IsAuthenticated"]}
