"""What goes over when a ticket is merged into another, and back when that is undone: the steps inside the action.

Each tells the ids of what it moved or added, so that undoing touches these and nothing that came since. All run under
the locks of both tickets and of the relations.
"""

from collections.abc import Callable, Mapping
from typing import Any, Final

from django.db.models import Case, F, Q, QuerySet, Value, When
from django.db.models.functions import Coalesce

from helpdesk.actions.linking import closes_circle_with
from helpdesk.choices import LinkKind, Role
from helpdesk.domain.relations import canonical
from helpdesk.models import Draft, FieldValue, Message, SubTask, Ticket, TicketLink, User, Watcher
from helpdesk.selectors.watchers import watchers_of

Moved = list[Any]


def move_messages(source: Ticket, target: Ticket) -> Moved:
    """The conversation, notes and files with it. Each message remembers where it was written first."""
    rows = Message.objects.filter(ticket=source)
    ids = list(rows.values_list("pk", flat=True))
    rows.update(ticket=target, origin=Coalesce("origin", Value(source.pk)))
    return ids


def return_messages(source: Ticket, target: Ticket, ids: Moved) -> None:
    """Those that went over, and not what was written since."""
    home = Case(When(origin=source, then=Value(None)), default=F("origin"))
    Message.objects.filter(pk__in=ids, ticket=target).update(ticket=source, origin=home)


def new_watchers(source: Ticket, target: Ticket) -> list[User]:
    """Who shall follow the target from now on: who asked for the source, and who followed it."""
    followed = watchers_of(source).order_by().values("pk")
    there = Watcher.objects.filter(ticket=target).values("user")
    people = User.objects.filter(Q(pk__in=followed) | Q(pk=source.requester_id), is_active=True)
    return list(people.exclude(role=Role.AUDITOR).exclude(pk__in=there).exclude(pk=target.requester_id).order_by("pk"))


def add_tags(source: Ticket, target: Ticket) -> Moved:
    """Those that the target has not."""
    known = set(target.tags.values_list("pk", flat=True))
    added = sorted(set(source.tags.values_list("pk", flat=True)) - known)
    target.tags.add(*added)
    return added


def remove_tags(_source: Ticket, target: Ticket, ids: Moved) -> None:
    """Those that came with the merge."""
    target.tags.remove(*ids)


def _rows_of(model: Any) -> Callable[[Ticket, Ticket, Moved], None]:
    def back(source: Ticket, target: Ticket, ids: Moved) -> None:
        model.objects.filter(pk__in=ids, ticket=target).update(ticket=source)

    return back


def move_answers(source: Ticket, target: Ticket) -> Moved:
    """Those to questions that nobody answered on the target; where both were answered, the target's stand."""
    there = FieldValue.objects.filter(ticket=target).values("field")
    return _move(FieldValue.objects.filter(ticket=source).exclude(field__in=there), target)


def move_sub_tasks(source: Ticket, target: Ticket) -> Moved:
    """All of them."""
    return _move(SubTask.objects.filter(ticket=source), target)


def _move(rows: QuerySet[Any], target: Ticket) -> Moved:
    ids = list(rows.values_list("pk", flat=True))
    rows.model._default_manager.filter(pk__in=ids).update(ticket=target)
    return ids


def move_links(source: Ticket, target: Ticket) -> Moved:
    """Those that the target can have: not to itself, none that it has already, and none that closes a circle."""
    moved = []
    for link in TicketLink.objects.filter(Q(source=source) | Q(target=source)).order_by("pk"):
        before = [link.pk, link.source_id, link.target_id]
        ends = [target.pk if end == source.pk else end for end in before[1:]]
        if _relinked(link, ends[0], ends[1]):
            moved.append(before)
    return moved


def return_links(_source: Ticket, _target: Ticket, moved: Moved) -> None:
    """Those that are still there, where they were, unless that is not possible any more."""
    for pk, begin, end in moved:
        link = TicketLink.objects.filter(pk=pk).first()
        if link is not None:
            _relinked(link, begin, end)


def _relinked(link: TicketLink, begin: int, end: int) -> bool:
    """Let the link stand between these tickets, if it may."""
    if begin == end:
        return False
    kind = LinkKind(link.kind)
    begin, end = canonical(kind, begin, end)
    others = TicketLink.objects.filter(kind=kind).exclude(pk=link.pk)
    has_parent = kind is LinkKind.PARENT and others.filter(target=end).exists()
    if has_parent or others.filter(source=begin, target=end).exists() or closes_circle_with(others, kind, begin, end):
        return False
    link.source_id, link.target_id = begin, end
    link.save(update_fields=["source", "target"])
    return True


def move_drafts(source: Ticket, target: Ticket) -> Moved:
    """What somebody began to write there is found where the matter goes on, unless they began to write there too."""
    for form in ("reply", "note"):
        old, new = (f"{form}:{ticket.number}" for ticket in (source, target))
        busy = Draft.objects.filter(place=new).values("user")
        Draft.objects.filter(place=old).exclude(user__in=busy).update(place=new)
    return []


STEPS: Final[Mapping[str, tuple[Callable[[Ticket, Ticket], Moved], Callable[[Ticket, Ticket, Moved], None] | None]]] = {
    "messages": (move_messages, return_messages),
    "tags": (add_tags, remove_tags),
    "answers": (move_answers, _rows_of(FieldValue)),
    "sub_tasks": (move_sub_tasks, _rows_of(SubTask)),
    "links": (move_links, return_links),
    # A draft is its writer's; it stays where they find it.
    "drafts": (move_drafts, None),
}
