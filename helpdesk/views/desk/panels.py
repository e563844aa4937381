"""The forms on a ticket's page: one for each thing that the reader may do with it now, and no others."""

import uuid
from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property, partial
from itertools import chain
from typing import Any, Final

from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext as _

from helpdesk.actors import Actor
from helpdesk.choices import MoveName, Status
from helpdesk.domain.lifecycle import MOVES, Move
from helpdesk.errors import Text
from helpdesk.forms.desk import (
    AssignForm,
    GatherUnderForm,
    MoveForm,
    PartnerForm,
    TagsForm,
    TierForm,
    TimeForm,
    WatchersForm,
    WriteForm,
)
from helpdesk.forms.judging import judge_form, judge_form_of
from helpdesk.forms.relations import LinkForm, SubTaskForm
from helpdesk.forms.tickets import OnceForm
from helpdesk.models import CustomField, Ticket
from helpdesk.selectors.drafts import begun_at
from helpdesk.selectors.moves import Possible
from helpdesk.views.desk.properties import PROPERTIES
from helpdesk.views.drafts import Begun, as_begun, note_place, reply_place
from helpdesk.views.uploads import Uploads

# Where drafts of the composer are kept.
PLACES: Final = {"reply": reply_place, "note": note_place}
# Which panel an address opens.
PANEL: Final = "panel"
# What a script of the page sends with each request: the panels that are open, so that they stay so.
OPEN_HEADER: Final = "X-Open"
_MOVES: Final = frozenset(MoveName)
_STEPS: Final = ("escalate", "deescalate")
_Made = tuple[str, Text, str, Callable[[], OnceForm]]


@dataclass(frozen=True)
class Panel:
    """A form of the page, made where it is shown. `name` tells it from the others; `way` is the page with it open.

    It `is_open` when it was refused and is shown again, or when somebody opened it; the others come when they do.
    """

    name: str
    title: Text
    url: str
    make: Callable[[], OnceForm]
    way: str = ""
    move: Move | None = None
    uploads: Uploads = field(default_factory=Uploads)
    is_open: bool = False
    problems: tuple[str, ...] = ()
    begun: Begun = Begun()  # noqa: RUF009 - frozen
    # What resolving the ticket with the words of this form asks beside them.
    resolving: MoveForm | None = None

    @cached_property
    def form(self) -> OnceForm:
        """The form. Each has ids of its own, so that every label finds its field."""
        made = self.make()
        made.auto_id = f"{self.name}-%s"
        return made

    @property
    def key(self) -> str:
        """The key of what is sent: one that was refused keeps its own."""
        return self.form.next_key if self.is_open else str(uuid.uuid4())

    @property
    def inside(self) -> str:
        """The template of the form, where it is folded."""
        return f"desk/panels/{'move' if self.move else 'step' if self.name in _STEPS else self.name}.html"

    @property
    def is_resolve_refused(self) -> bool:
        """Whether something is wrong with what resolving asks."""
        form = self.resolving
        return form is not None and form.is_bound and any(field.errors for field in form.demanded)


@dataclass(frozen=True, slots=True)
class Refused:
    """A form that was refused, and which of the page's forms it is; `is_look`: that was only to be looked at."""

    name: str
    form: OnceForm
    uploads: Uploads = field(default_factory=Uploads)
    is_look: bool = False


@dataclass(frozen=True, slots=True)
class Page:
    """What all forms of one page share: who reads it, the ticket, and the list that its addresses carry along."""

    actor: Actor
    ticket: Ticket
    trail: str = ""
    # What has to be answered before the ticket is resolved.
    questions: Sequence[CustomField] = ()

    @property
    def here(self) -> str:
        """The address of the page."""
        return reverse("admin:ticket", args=[self.ticket.ref]) + self.trail

    def url(self, route: str, *args: Any) -> str:
        """Where a form of the page leads."""
        return reverse(f"admin:ticket_{route}", args=[self.ticket.ref, *args]) + self.trail


def panels(page: Page, can: Possible, refused: Refused | None, opened: Collection[str] = ()) -> dict[str, Panel]:
    """Every form that the page shows, by name; those that are folded are made only where they are `opened`."""
    made = chain(_words_and_hands(page, can), _tiers(page, can), _filed_under(page, can), _relations(page, can))
    way = f"{page.here}{'&' if page.trail else '?'}{PANEL}="
    found = {name: _panel(name, title, url, make, refused) for name, title, url, make in made}
    for name, panel in found.items():
        is_open = panel.is_open or (name in opened and name not in PLACES)
        move = MOVES[MoveName(name)] if name in _MOVES else None
        found[name] = replace(panel, way=f"{way}{name}", move=move, is_open=is_open)
    if {"reply", MoveName.RESOLVE} <= set(found):
        found["reply"] = _with_resolving(found["reply"], page)
    # One that was refused has its words already.
    places = {PLACES[name](page.ticket): name for name, panel in found.items() if name in PLACES and not panel.is_open}
    for place, draft in begun_at(page.actor, *places).items():
        name = places[place]
        found[name] = _go_on(found[name], as_begun(page.actor, draft))
    return found


def opened(request: HttpRequest) -> set[str]:
    """The panels that somebody has open: the one that the address names, and those of a page that is renewed."""
    kept = request.headers.get(OPEN_HEADER, "").split()
    return {*kept, request.GET.get(PANEL, "")}


def _go_on(panel: Panel, earlier: Begun) -> Panel:
    """The form with what its reader began to write in it before."""
    for form in (panel.form, panel.resolving):
        if form is not None:
            earlier.fill(form)
    return replace(panel, make=partial(_same, panel.form), begun=earlier, uploads=earlier.uploads)


def _same(form: OnceForm) -> OnceForm:
    return form


def _with_resolving(reply: Panel, page: Page) -> Panel:
    """The reply with what resolving asks beside it: as it was refused, as it was typed, or as nobody touched it yet."""
    form, move = reply.form, MOVES[MoveName.RESOLVE]
    if not (isinstance(form, MoveForm) and form.move is move):
        form = move_form(move, page, *([form.data] if form.is_bound else []))
        form.auto_id = "reply-%s"
    return replace(reply, make=partial(_same, reply.form), resolving=form)


def _words_and_hands(page: Page, can: Possible) -> Iterator[_Made]:
    if can.reply:
        yield "reply", _("Reply"), page.url("reply"), WriteForm
    if can.note:
        yield "note", _("Internal note"), page.url("note"), WriteForm
        yield "time", _("Enter it"), page.url("time"), TimeForm
    if can.assign:
        yield "assign", _("Assign"), page.url("assign"), partial(AssignForm, ticket=page.ticket, actor=page.actor)
    if can.take:
        yield "take", _("Take it"), page.url("assign"), partial(AssignForm, ticket=page.ticket, actor=page.actor)
    for move in can.moves:
        yield move.name, move.label, page.url("move", move.name), partial(move_form, move, page)


def move_form(move: Move, page: Page, *sent: Any) -> MoveForm:
    """The form of a move: resolving asks for the answers that are wanted by then."""
    questions = page.questions if move.name is MoveName.RESOLVE else ()
    return MoveForm(*sent, move=move, questions=questions, actor=page.actor, ticket=page.ticket)


def _tiers(page: Page, can: Possible) -> Iterator[_Made]:
    if can.escalate_to:
        words = _("Escalate to %(tier)s") % {"tier": can.escalate_to}
        yield "escalate", words, page.url("escalate"), TierForm
    if can.deescalate_to:
        words = _("Hand back to %(tier)s") % {"tier": can.deescalate_to}
        yield "deescalate", words, page.url("deescalate"), TierForm


def _filed_under(page: Page, can: Possible) -> Iterator[_Made]:
    for one in PROPERTIES.values():
        if one.name in can.properties:
            yield one.name, one.label, page.url("set", one.name), partial(one.form, page.ticket)
    if can.judge:
        yield "judge", judge_form_of(page.ticket).title, page.url("judge"), partial(judge_form, page.ticket)
    if can.tag:
        yield "tags", _("Tags"), page.url("tags"), TagsForm
    if can.gather:
        yield "problem", _("Problem"), page.url("problem"), partial(GatherUnderForm, actor=page.actor)
    if can.follow or can.add_watchers:
        yield "watchers", _("Watchers"), page.url("watchers"), WatchersForm


def _relations(page: Page, can: Possible) -> Iterator[_Made]:
    if can.relate and page.ticket.status == Status.ON_HOLD:
        yield "partner", _("Waiting on a partner"), page.url("partner"), partial(PartnerForm, actor=page.actor)
    if can.relate:
        asking: dict[str, Any] = {"ticket": page.ticket, "actor": page.actor}
        yield "links", _("Link a ticket"), page.url("links"), partial(LinkForm, **asking)
        yield "sub_tasks", _("Add a sub-task"), page.url("sub_tasks"), partial(SubTaskForm, **asking)


def _panel(name: str, title: Text, url: str, make: Callable[[], OnceForm], refused: Refused | None) -> Panel:
    if refused is None or refused.name != name:
        return Panel(name, title, url, make)
    # The page says on top what is wrong, and leads to the fields.
    refused.form.auto_id = f"{name}-%s"
    if name in PROPERTIES:
        # The list shows what is so, not what was wished; why it is not so stands beside it.
        problems = [str(words) for errors in refused.form.errors.values() for words in errors]
        return Panel(name, title, url, make, problems=tuple(problems))
    return Panel(name, title, url, partial(_same, refused.form), uploads=refused.uploads, is_open=True)
