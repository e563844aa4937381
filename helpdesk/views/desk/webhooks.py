"""Webhooks: who is told, whether it arrives, and sending it again."""

from collections.abc import Callable
from typing import Any, Final

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST

from helpdesk import access
from helpdesk.actions import webhooks
from helpdesk.domain.webhooks import KINDS, type_of
from helpdesk.errors import DomainError
from helpdesk.forms.tickets import OnceForm
from helpdesk.forms.webhooks import AgainForm, WebhookFields
from helpdesk.models import Webhook
from helpdesk.permissions import Right
from helpdesk.requests import actor_of, place_asked
from helpdesk.selectors import webhooks as reading
from helpdesk.views.desk.frame import page
from helpdesk.views.desk.words import event_kind
from helpdesk.views.refusals import attempt, status_of

_READ: Final = ["GET", "HEAD"]


def _kinds() -> list[tuple[str, str]]:
    """The names of events with their words, and what they are called outside, in the order of words."""
    words = ((kind, f"{event_kind(kind)} · {type_of(kind)}") for kind in KINDS)
    return sorted(words, key=lambda pair: pair[1].casefold())


@require_http_methods(_READ)
def listing(request: HttpRequest) -> HttpResponse:
    """All webhooks."""
    actor = actor_of(request)
    access.require(actor, Right.CHANGE_SETUP)
    context = {
        "title": _("Webhooks"),
        "own_heading": True,
        "here": _("Webhooks"),
        "webhooks": reading.webhooks(actor).order_by("name", "pk"),
    }
    return page(request, "desk/webhooks.html", context)


@require_http_methods([*_READ, "POST"])
def new(request: HttpRequest) -> HttpResponse:
    """Set up another one. Its secret is on the page that answers, this once."""
    actor = actor_of(request)
    access.require(actor, Right.CHANGE_SETUP)
    form = _form(request, None)
    if not _adds(request, form) and form.is_valid():
        sent = form.submission(["webhook_added", form.wanted.columns()])
        how: dict[str, Any] = {"submission": sent}
        made = attempt(form, lambda: webhooks.add_webhook(wanted=form.wanted, by=actor, now=timezone.now(), **how))
        if made is not None:
            return _secret(request, *made)
    return page(request, "desk/webhook_edit.html", _frame(_("New webhook"), form=form), status_of(form))


@require_http_methods([*_READ, "POST"])
def edit(request: HttpRequest, pk: int) -> HttpResponse:
    """Change one."""
    actor = actor_of(request)
    row = access.get_webhook(actor, pk)
    form = _form(request, row)
    if not _adds(request, form) and form.is_valid():
        seen = form.cleaned_data["seen"]
        changed = attempt(
            form,
            lambda: webhooks.change_webhook(webhook=row, wanted=form.wanted, by=actor, now=timezone.now(), seen=seen),
        )
        if changed is not None:
            messages.success(request, _("Saved. It tells what you may read from now on."))
            return redirect("admin:webhook", row.pk)
    return page(request, "desk/webhook_edit.html", _frame(row.name, form=form, webhook=row), status_of(form))


def _form(request: HttpRequest, row: Webhook | None) -> WebhookFields:
    data = request.POST if request.method == "POST" else None
    return WebhookFields(data, webhook=row, kinds=_kinds(), actor=actor_of(request))


def _adds(request: HttpRequest, form: WebhookFields) -> bool:
    """Whether an organisation is added to the form, which is shown again with it: nothing is saved yet."""
    is_adding = "add" in request.POST
    if is_adding:
        form.only_adds()
    return is_adding


@require_http_methods(_READ)
def show(request: HttpRequest, pk: int) -> HttpResponse:
    """One of them, and what became of the last that it told."""
    actor = actor_of(request)
    row = access.get_webhook(actor, pk)
    place = place_asked(request)
    log = reading.log_of(actor, row, before=place)
    context = _frame(
        row.name,
        webhook=row,
        deliveries=log.rows,
        older=log.older,
        is_later=place is not None,
        told_where=reading.told_where(row),
        kept_days=webhooks.KEPT.days,
        again=AgainForm(),
        rotate_key=OnceForm().next_key,
        kinds=[event_kind(kind) for kind in row.kinds],
        overlaps=row.old_secret_until is not None and timezone.now() < row.old_secret_until,
    )
    return page(request, "desk/webhook.html", context)


@require_POST
def try_out(request: HttpRequest, pk: int) -> HttpResponse:
    """Send it a message that says nothing."""
    actor = actor_of(request)
    row = access.get_webhook(actor, pk)

    def act() -> str:
        webhooks.send_test(webhook=row, by=actor, now=timezone.now())
        return _("A test is on its way. What comes of it stands below in a moment.")

    return _done(request, row, act)


@require_POST
def rotate(request: HttpRequest, pk: int) -> HttpResponse:
    """Give it another secret, which is on the page that answers, this once."""
    actor = actor_of(request)
    row = access.get_webhook(actor, pk)
    at_once, form = request.POST.get("at_once") == "yes", OnceForm(request.POST)
    sent = form.submission(["webhook_rotated", row.pk, at_once]) if form.is_valid() else None
    how: dict[str, Any] = {"at_once": at_once, "submission": sent}
    try:
        secret = webhooks.rotate_secret(webhook=row, by=actor, now=timezone.now(), **how)
    except DomainError as refusal:
        messages.error(request, str(refusal))
        return redirect("admin:webhook", row.pk)
    return _secret(request, row, secret)


@require_POST
def replay(request: HttpRequest, pk: int) -> HttpResponse:
    """Send again what did not arrive since a time."""
    actor = actor_of(request)
    row = access.get_webhook(actor, pk)
    form = AgainForm(request.POST)
    if not form.is_valid():
        return redirect("admin:webhook", row.pk)

    def act() -> str:
        count = webhooks.replay_failed(webhook=row, since=form.since(), by=actor, now=timezone.now())
        if not count:
            return _("Everything arrived in that time, so nothing is sent again.")
        words = ngettext("%(count)d delivery is sent again.", "%(count)d deliveries are sent again.", count)
        if webhooks.may_be_more(count):
            return " ".join((words % {"count": count}, _("There may be more: send again what is left.")))
        return words % {"count": count}

    return _done(request, row, act)


@require_POST
def replay_one(request: HttpRequest, pk: int, delivery: int) -> HttpResponse:
    """Send one again."""
    actor = actor_of(request)
    row = access.get_webhook(actor, pk)
    found = access.get_delivery(actor, row, delivery)

    def act() -> str:
        begun = webhooks.replay(webhook=row, delivery=found, by=actor, now=timezone.now())
        return _("It is sent again.") if begun else _("It is on its way already.")

    return _done(request, row, act)


def _done(request: HttpRequest, row: Webhook, act: Callable[[], str]) -> HttpResponse:
    try:
        messages.success(request, act())
    except DomainError as refusal:
        messages.error(request, str(refusal))
    return redirect("admin:webhook", row.pk)


def _secret(request: HttpRequest, row: Webhook, secret: str) -> HttpResponse:
    answer = page(request, "desk/webhook_secret.html", _frame(row.name, webhook=row, secret=secret))
    answer["Cache-Control"] = "no-store"
    return answer


def _frame(title: str, **context: Any) -> dict[str, Any]:
    crumbs = [{"title": _("Webhooks"), "url": reverse("admin:webhooks")}]
    return {"title": title, "own_heading": True, "crumbs": crumbs, "here": title, **context}
