"""Set-up pages that show what a change does to open tickets before they save it."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any, Final

from django.contrib.admin.utils import unquote
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _

from helpdesk.actors import Actor
from helpdesk.admin.base import DeskModelAdmin
from helpdesk.errors import Code, DomainError
from helpdesk.requests import actor_of
from helpdesk.selectors.previews import Preview
from helpdesk.views.desk.frame import page

_SURE: Final = "_sure"
_BACK: Final = "_back"
_NOT_YET: Final = _("Nothing is saved yet. Change it, then look at it again.")


class LooksFirst(DeskModelAdmin):
    """A page that answers a form first with its effect, and saves it once that was seen."""

    # Whether what is changed concerns all open tickets.
    is_everywhere = True

    def effect(self, row: Any, actor: Actor, now: datetime) -> Preview | None:
        """What the row would do to open tickets as it shall be; None where there is nothing to look at.

        What the action is going to refuse is not looked at either.
        """
        raise NotImplementedError

    @property
    def list_title(self) -> str:
        """What the list is called to which the page belongs."""
        return str(self.opts.verbose_name_plural)

    def beside(self, row: Any) -> Mapping[str, Any]:
        """What else the page shows."""
        return {}

    def named(self, row: Any) -> str:
        """What the row is called on the page that shows its effect."""
        return str(row)

    def begins(self, row: Any) -> datetime | None:
        """When its effect begins, where that is to come."""
        return None

    def answered_first(self, request: HttpRequest, object_id: str | None) -> HttpResponse | None:
        """What was sent is shown with its effect, unless somebody has seen that."""
        if not self.has_change_permission(request) or _SURE in request.POST:
            return None
        if _BACK in request.POST:
            request.setup_refusal = DomainError(_NOT_YET, Code.WRONG)  # type: ignore[attr-defined] # of the base
            return None
        return self._shown(request, object_id)

    def _shown(self, request: HttpRequest, object_id: str | None) -> HttpResponse | None:
        """What the form does; None where the form has something else to say."""
        stored = self.get_object(request, unquote(object_id)) if object_id is not None else None
        if object_id is not None and stored is None:
            return None
        form = self.get_form(request, stored, change=stored is not None)(request.POST, instance=stored)
        if not form.is_valid() or (stored is not None and not form.has_changed()):
            return None
        preview = self.effect(form.instance, actor_of(request), timezone.now())
        if preview is None:
            return None
        context = {
            "title": _("What changes"),
            "own_heading": True,
            "crumbs": [{"title": capfirst(self.list_title), "url": self._list_url}],
            "here": _("What changes"),
            "preview": preview,
            "is_everywhere": self.is_everywhere,
            **self.beside(form.instance),
            "heading": _("What changes: %(name)s") % {"name": self.named(form.instance)},
            "from": self.begins(form.instance),
            "sent": [
                (name, value)
                for name, values in request.POST.lists()
                if name != "csrfmiddlewaretoken"
                for value in values
            ],
        }
        return page(request, "desk/setup_effect.html", context)

    @property
    def _list_url(self) -> str:
        return reverse(f"admin:helpdesk_{self.opts.model_name}_changelist")
