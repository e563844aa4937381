"""What agents change about a ticket in its panel: properties, tags and watchers. Each can be taken back."""

from functools import partial

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from helpdesk import access
from helpdesk.actions import guests, watching
from helpdesk.actions.problems import set_problem
from helpdesk.actions.properties import retag
from helpdesk.actors import Actor
from helpdesk.errors import Code, DomainError
from helpdesk.forms.desk import GatherUnderForm, TagsForm, WatchersForm
from helpdesk.models import Ticket
from helpdesk.permissions import Right, may
from helpdesk.requests import actor_of
from helpdesk.selectors.watchers import watcher_named
from helpdesk.views.desk.panels import Refused
from helpdesk.views.desk.properties import PROPERTIES
from helpdesk.views.desk.tellings import tell, tell_undoable
from helpdesk.views.desk.ticket import back_to, ticket_page
from helpdesk.views.refusals import attempt


@require_POST
def change(request: HttpRequest, ref: str, name: str) -> HttpResponse:
    """Choose one of the properties anew."""
    one = PROPERTIES.get(name)
    if one is None:
        raise Http404
    actor = actor_of(request)
    ticket = access.get_ticket(actor, ref, one.right)
    form = one.form(ticket, request.POST)
    if not form.is_valid():
        return ticket_page(request, ref, Refused(name, form))
    before, value, seen = one.current(ticket), form.cleaned_data[name], form.cleaned_data["seen"]
    act = partial(one.act, ticket=ticket, to=one.target(ticket, value), by=actor, now=timezone.now(), seen=seen)
    done = attempt(form, act)
    if done is None:
        return ticket_page(request, ref, Refused(name, form))
    words = _("%(property)s of %(ref)s: %(value)s.") % {
        "property": one.label,
        "ref": done.ref,
        "value": dict(one.choices(done)).get(value, value),
    }
    if ticket.assignee_id and not done.assignee_id:
        # Taking the change back does not bring them back: they may have other work by then.
        words = f"{words} {_('Nobody has the ticket now.')}"
    if not may(actor, Right.VIEW, done):
        # It went where its reader does not see it; there is nothing to come back to.
        tell(request, words)
        return redirect("admin:tickets")
    if value == before:
        return back_to(request, done)
    tell_undoable(request, words, done, "set", name, **{name: before, "seen": value})
    return back_to(request, done)


@require_POST
def tags(request: HttpRequest, ref: str) -> HttpResponse:
    """Put tags on the ticket, or take one off."""
    actor = actor_of(request)
    ticket = access.get_ticket(actor, ref, Right.WORK)
    form = TagsForm(request.POST)
    removed = request.POST.getlist("remove")
    before = {tag.name for tag in ticket.tags.all()}
    done = attempt(form, lambda: _retag(ticket, form, removed, actor)) if form.is_valid() else None
    if done is None:
        return ticket_page(request, ref, Refused("tags", form))
    after = {tag.name for tag in done.tags.all()}
    gained, lost = sorted(after - before), sorted(before - after)
    if gained:
        words = _("Tagged: %(names)s.") % {"names": ", ".join(gained)}
        tell_undoable(request, words, done, "tags", remove=gained[0])
    elif lost:
        words = _("Tag taken off: %(names)s.") % {"names": ", ".join(lost)}
        tell_undoable(request, words, done, "tags", tags=lost[0])
    return back_to(request, done)


def _retag(ticket: Ticket, form: TagsForm, removed: list[str], actor: Actor) -> Ticket:
    added = form.cleaned_data["tags"]
    if not added and not removed:
        raise DomainError(_("Write the name of the tag."), Code.MISSING, field="tags")
    return retag(ticket=ticket, add=[added] if added else [], remove=removed, by=actor, now=timezone.now())


@require_POST
def guest_link(request: HttpRequest, ref: str) -> HttpResponse:
    """Let the link that was mailed to a guest lead nowhere."""
    actor = actor_of(request)
    ticket = access.get_ticket(actor, ref, Right.WORK)
    gone = guests.revoke_links(ticket=ticket, by=actor, now=timezone.now())
    tell(request, _("The mailed link leads nowhere now.") if gone else _("No link was mailed for this ticket."))
    return back_to(request, ticket)


@require_POST
def problem(request: HttpRequest, ref: str) -> HttpResponse:
    """Gather the ticket under a problem, or under none."""
    actor = actor_of(request)
    ticket = access.get_ticket(actor, ref, Right.WORK)
    form = GatherUnderForm(request.POST, actor=actor)
    done = attempt(form, lambda: _gather(ticket, form, actor)) if form.is_valid() else None
    if done is None:
        return ticket_page(request, ref, Refused("problem", form))
    before, after = ticket.problem, done.problem
    if before != after:
        found = _("%(ref)s is gathered under %(problem)s.") if after else _("%(ref)s is gathered under no problem.")
        words = found % {"ref": done.ref, "problem": after and after.ref}
        fields = {"problem": before.ref if before else "", "seen": after.pk if after else ""}
        tell_undoable(request, words, done, "problem", **fields)
    return back_to(request, done)


def _gather(ticket: Ticket, form: GatherUnderForm, actor: Actor) -> Ticket:
    typed = form.cleaned_data
    return set_problem(ticket=ticket, to=typed["problem"], by=actor, now=timezone.now(), seen=typed["seen"])


@require_POST
def watchers(request: HttpRequest, ref: str) -> HttpResponse:
    """Follow the ticket or not, oneself or somebody else."""
    actor = actor_of(request)
    ticket = access.get_ticket(actor, ref, Right.REPLY)
    form = WatchersForm(request.POST)
    done = attempt(form, lambda: _watch(ticket, form, request, actor)) if form.is_valid() else None
    if done is None:
        return ticket_page(request, ref, Refused("watchers", form))
    tell(request, _told_of_watchers(request, form, ticket))
    return back_to(request, done)


def _watch(ticket: Ticket, form: WatchersForm, request: HttpRequest, actor: Actor) -> Ticket:
    now = timezone.now()
    if "follow" in request.POST:
        return watching.watch(ticket=ticket, by=actor, now=now)
    if "unfollow" in request.POST:
        return watching.remove_watcher(ticket=ticket, who=actor.person, by=actor, now=now)
    if "remove" in request.POST:
        # One who is none any more needs no taking off.
        who = watcher_named(ticket, request.POST["remove"])
        return watching.remove_watcher(ticket=ticket, who=who, by=actor, now=now) if who else ticket
    return watching.add_watcher(ticket=ticket, email=form.cleaned_data["email"], by=actor, now=now)


def _told_of_watchers(request: HttpRequest, form: WatchersForm, ticket: Ticket) -> str:
    if "follow" in request.POST:
        return _("You follow %(ref)s now.") % {"ref": ticket.ref}
    if "unfollow" in request.POST:
        return _("You follow %(ref)s no longer.") % {"ref": ticket.ref}
    if "remove" in request.POST:
        return _("They follow %(ref)s no longer.") % {"ref": ticket.ref}
    return _("%(email)s follows %(ref)s now.") % {"email": form.cleaned_data["email"], "ref": ticket.ref}
