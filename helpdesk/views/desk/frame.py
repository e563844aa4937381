"""The frame that the desk's own pages share with the set-up pages."""

from collections.abc import Mapping
from http import HTTPStatus
from typing import Any

from django.contrib import admin
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render


def page(
    request: HttpRequest, template: str, context: Mapping[str, Any], status: HTTPStatus = HTTPStatus.OK
) -> HttpResponse:
    """A page of the desk inside its frame."""
    return render(request, template, {**admin.site.each_context(request), **context}, status=status)
