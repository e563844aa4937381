"""Asking for help without an account: a report, the link that confirms it, and links that ran out."""

import functools
from collections.abc import Callable
from http import HTTPStatus
from typing import Any, Final
from uuid import UUID, uuid4

from allauth.account.adapter import get_adapter
from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from helpdesk.actions import guests as guest_actions
from helpdesk.actions.files import admit
from helpdesk.actions.guests import GuestReport, Words
from helpdesk.domain.networks import network_of
from helpdesk.errors import DomainError
from helpdesk.forms.guests import GuestForm
from helpdesk.models import Category, GuestFiling, GuestLink
from helpdesk.requests import brand_of
from helpdesk.selectors import guests
from helpdesk.selectors.filing import answer_promised
from helpdesk.views.refusals import STATUSES, attempt, status_of
from helpdesk.views.uploads import Uploads
from helpdesk.waiting_files import Kept, seal_by, unseal_by

View = Callable[..., HttpResponseBase]
_SALT: Final = "helpdesk.guests.uploads"


def kept_quiet(view: View) -> View:
    """For pages whose address is a key: they tell it to no other page, no search engine and no cache.

    They take forms without Django's token: browsers that tell no referrer tell no origin either, which its check
    wants, and who does not have the key in the address can have nobody send the form.
    """

    @login_not_required
    @csrf_exempt
    @functools.wraps(view)
    def quiet(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        response = view(request, *args, **kwargs)
        response["Referrer-Policy"] = "no-referrer"
        response["X-Robots-Tag"] = "noindex, nofollow"
        response["Cache-Control"] = "private, no-store"
        return response

    return quiet


def _network(request: HttpRequest) -> str:
    return network_of(str(get_adapter().get_client_ip(request)))


@login_not_required
@require_http_methods(["GET", "HEAD", "POST"])
def about(request: HttpRequest, code: str) -> HttpResponse:
    """What happened, on the chosen topic, and who asks."""
    if request.user.is_authenticated:
        return redirect("portal:new_about", code)
    category = guests.topics().filter(code=code).first()
    if category is None:
        messages.warning(request, _("That topic is not open to guests. Choose another one, log in, or sign up."))
        return redirect("portal:home")
    questions = guests.questions_for_guests(category)
    if request.method != "POST":
        return _page(request, GuestForm(questions=questions), Uploads(), category)
    form = GuestForm(request.POST, request.FILES, questions=questions)
    uploads = _receive(request, form)
    if not form.is_valid() or attempt(form, lambda: _keep(request, form, uploads, category)) is None:
        return _page(request, form, uploads, category)
    return redirect("portal:guest_sent")


def _keep(request: HttpRequest, form: GuestForm, uploads: Uploads, category: Category) -> bool:
    typed = form.cleaned_data
    report = GuestReport(
        form_key=typed["key"] or uuid4(),
        email=typed["email"],
        name=typed["name"],
        subject=typed["subject"],
        body=typed["text"],
        category=category,
        answers=form.answers,
        files=uploads.files,
        language=get_language() or settings.LANGUAGE_CODE,
    )
    mail = functools.partial(_confirmation, request)
    guest_actions.keep_report(report=report, network=_network(request), now=timezone.now(), mail=mail)
    return True


def _confirmation(request: HttpRequest, filing: GuestFiling, key: UUID) -> Words:
    context = {"filing": filing, "link": _link("guest_confirm", key), "brand": brand_of(request)}
    return _("Please confirm your report: %(subject)s") % {"subject": filing.subject}, _text("confirm", context)


def _link(route: str, key: UUID) -> str:
    return settings.BASE_URL + reverse(f"portal:{route}", args=[key])


def _text(name: str, context: dict[str, Any]) -> str:
    return render_to_string(f"mail/guest_{name}.txt", context)


def _receive(request: HttpRequest, form: GuestForm) -> Uploads:
    """Store what was chosen now, and add it to what the form kept. What a program seems to send is not stored."""
    form.is_valid()
    salt = f"{_SALT}:{request.POST.get('key', '')}"
    removed = set(request.POST.getlist("remove"))
    noted, gone = unseal_by(request.POST.getlist("kept"), salt)
    kept = [one for one in noted if str(one.file.blob.pk) not in removed]
    if gone:
        form.add_error("files", _("Your files waited too long. Please choose them again."))
    if form.non_field_errors():
        return Uploads(tuple(kept))
    network, stored = _network(request), list[Kept]()
    chosen = form.cleaned_data.get("files") or ()
    for one in attempt(form, functools.partial(admit, chosen, beside=len(kept))) or ():
        store = functools.partial(
            guest_actions.store_file, content=one, name=one.name or "", network=network, now=timezone.now()
        )
        file = attempt(form, store)
        if file is not None:
            stored.append(seal_by(file, salt))
    return Uploads((*kept, *stored))


def _page(request: HttpRequest, form: GuestForm, uploads: Uploads, category: Category) -> HttpResponse:
    answer = answer_promised(category, None, timezone.now(), weighs=False)
    context = {"form": form, "uploads": uploads, "category": category, "answer": answer}
    return render(request, "guest/new.html", context, status=status_of(form))


@login_not_required
@require_safe
def sent(request: HttpRequest) -> HttpResponse:
    """What to do next: the same for everybody, whoever has the address."""
    return render(request, "guest/sent.html")


@kept_quiet
@require_http_methods(["GET", "HEAD", "POST"])
def confirm(request: HttpRequest, key: UUID) -> HttpResponse:
    """A button that files the report. Opening the page does nothing, so that programs that look at mails may."""
    if request.method == "POST":
        return _confirm(request, key)
    now = timezone.now()
    filing = guests.filing_of(key, now)
    if filing is not None and filing.ticket is not None:
        link = guests.newest_link(filing.ticket, filing.ticket.requester, now)
        if link is not None:
            return redirect("portal:guest_ticket", link.key)
        filing = None
    status = HTTPStatus.OK if filing else HTTPStatus.NOT_FOUND
    return render(request, "guest/confirm.html", {"filing": filing}, status=status)


def _confirm(request: HttpRequest, key: UUID) -> HttpResponse:
    try:
        link = guest_actions.confirm(key=key, request_id=getattr(request, "request_id", ""), now=timezone.now())
    except DomainError as refusal:
        context = {"filing": None, "refusal": str(refusal)}
        return render(request, "guest/confirm.html", context, status=STATUSES[refusal.code])
    messages.success(request, _("Thank you. We have received your report and will answer here."))
    return redirect("portal:guest_ticket", link.key)


def gone(request: HttpRequest) -> HttpResponse:
    """What a link shows that leads nowhere: the same for one that ran out and for one that never was."""
    return render(request, "guest/gone.html", {"is_asked": False}, status=HTTPStatus.NOT_FOUND)


@kept_quiet
@require_POST
def renew(request: HttpRequest, key: UUID) -> HttpResponse:
    """Mail a new link to whoever got this one. The answer is the same whatever the key is."""
    mail = functools.partial(_new_link, request)
    try:
        guest_actions.renew_link(key=key, network=_network(request), now=timezone.now(), mail=mail)
    except DomainError as refusal:
        context = {"refusal": str(refusal)}
        return render(request, "guest/gone.html", context, status=STATUSES[refusal.code])
    return render(request, "guest/gone.html", {"is_asked": True})


def _new_link(request: HttpRequest, link: GuestLink) -> Words:
    context = {
        "link": _link("guest_ticket", link.key),
        "ticket": link.ticket,
        "person": link.user,
        "brand": brand_of(request),
    }
    return _("Your link to %(ref)s") % {"ref": link.ticket.ref}, _text("link", context)
