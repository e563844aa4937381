"""The brand on every page: its name, the style sheet of its colour, its logo."""

from functools import lru_cache
from typing import Any, Final

from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.utils.functional import SimpleLazyObject
from django.views.decorators.http import require_safe

from helpdesk.domain.colours import is_colour, palette
from helpdesk.requests import brand_of
from helpdesk.selectors.brand import brand
from helpdesk.serving import serve

# What an address stands for never changes: another colour or another logo has another address.
_FOREVER: Final = "public, max-age=31536000, immutable"


def context(request: HttpRequest) -> dict[str, Any]:
    """`brand` for every template, asked for when one names it."""
    return {"brand": SimpleLazyObject(lambda: brand_of(request))}


@login_not_required
@require_safe
def stylesheet(_request: HttpRequest, accent: str) -> HttpResponse:
    """The tokens of one colour. They follow from the address alone, so that failures look like the desk too."""
    if not is_colour(f"#{accent}"):
        raise Http404
    response = HttpResponse(_css(f"#{accent}"), content_type="text/css; charset=utf-8")
    response["Cache-Control"] = _FOREVER
    return response


@lru_cache(maxsize=16)
def _css(accent: str) -> str:
    shades = palette(accent)
    tokens = {
        "accent": (shades.light.accent, shades.dark.accent),
        "accent-strong": (shades.light.strong, shades.dark.strong),
        "accent-ground": (shades.light.ground, shades.dark.ground),
        "on-accent": (shades.light.on_accent, shades.dark.on_accent),
    }
    plain = "".join(f"--wd-{name}:{light};" for name, (light, _dark) in tokens.items())
    steps = "".join(f"--color-primary-{step}:{colour};" for step, colour in shades.steps.items())
    both = "".join(f"--wd-{name}:light-dark({light},{dark});" for name, (light, dark) in tokens.items())
    # Twice `:root`, since Unfold writes its own colours into the page after all style sheets.
    return f":root:root{{{plain}{steps}}}@supports (color:light-dark(#000,#fff)){{:root:root{{{both}}}}}\n"


@login_not_required
@require_safe
def logo(request: HttpRequest, digest: str) -> HttpResponseBase:
    """The logo in force, for everybody: strangers see it where they log in."""
    blob = brand().logo
    if blob is None or blob.sha256 != digest:
        raise Http404
    try:
        return serve(request, blob, keep=_FOREVER)
    except FileNotFoundError as error:
        raise Http404 from error
