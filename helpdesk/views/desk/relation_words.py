"""What happened between tickets and to sub-tasks, in words: a part of `words`."""

from collections.abc import Callable
from typing import Any, Final

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from helpdesk.choices import Relation
from helpdesk.domain import relation_events
from helpdesk.selectors.conversation import Entry
from helpdesk.views.desk.filling import fill

NAMES: Final = {
    relation_events.PartnerAwaited.kind: gettext_lazy("Waiting on a partner"),
    relation_events.OrganizationChanged.kind: gettext_lazy("Change of organisation"),
    relation_events.Merged.kind: gettext_lazy("Merge"),
    relation_events.TookIn.kind: gettext_lazy("Merge"),
    relation_events.Unmerged.kind: gettext_lazy("Merge undone"),
    relation_events.Linked.kind: gettext_lazy("Link"),
    relation_events.Unlinked.kind: gettext_lazy("Link taken away"),
    relation_events.SubTaskAdded.kind: gettext_lazy("Sub-task added"),
    relation_events.SubTaskChanged.kind: gettext_lazy("Sub-task changed"),
    relation_events.SubTaskDone.kind: gettext_lazy("Sub-task done"),
    relation_events.SubTaskDropped.kind: gettext_lazy("Sub-task dropped"),
    relation_events.SubTaskReopened.kind: gettext_lazy("Sub-task reopened"),
}
_LINKED: Final = {
    Relation.CHILD_OF: gettext_lazy("%(who)s made this ticket a child of %(other)s"),
    Relation.PARENT_OF: gettext_lazy("%(who)s made %(other)s a child of this ticket"),
    Relation.BLOCKED_BY: gettext_lazy("%(who)s said that %(other)s blocks this ticket"),
    Relation.BLOCKS: gettext_lazy("%(who)s said that this ticket blocks %(other)s"),
    Relation.DUPLICATES: gettext_lazy("%(who)s said that this ticket duplicates %(other)s"),
    Relation.DUPLICATED_BY: gettext_lazy("%(who)s said that %(other)s duplicates this ticket"),
    Relation.RELATES: gettext_lazy("%(who)s linked this ticket with %(other)s"),
}
_UNLINKED: Final = {
    Relation.CHILD_OF: gettext_lazy("%(who)s said that this ticket is no child of %(other)s"),
    Relation.PARENT_OF: gettext_lazy("%(who)s said that %(other)s is no child of this ticket"),
    Relation.BLOCKED_BY: gettext_lazy("%(who)s said that %(other)s does not block this ticket"),
    Relation.BLOCKS: gettext_lazy("%(who)s said that this ticket does not block %(other)s"),
    Relation.DUPLICATES: gettext_lazy("%(who)s said that this ticket does not duplicate %(other)s"),
    Relation.DUPLICATED_BY: gettext_lazy("%(who)s said that %(other)s does not duplicate this ticket"),
    Relation.RELATES: gettext_lazy("%(who)s took away the link with %(other)s"),
}
_SUB_TASKS: Final = {
    relation_events.SubTaskAdded.kind: gettext_lazy("%(who)s added the sub-task “%(title)s”"),
    relation_events.SubTaskChanged.kind: gettext_lazy("%(who)s changed the sub-task “%(title)s”"),
    relation_events.SubTaskDone.kind: gettext_lazy("%(who)s did “%(title)s”"),
    relation_events.SubTaskDropped.kind: gettext_lazy("%(who)s dropped the sub-task “%(title)s”"),
    relation_events.SubTaskReopened.kind: gettext_lazy("%(who)s reopened the sub-task “%(title)s”"),
}


def _other(entry: Entry, pk: int) -> str:
    ticket = entry.named.tickets.get(pk)
    return ticket.ref if ticket else _("a ticket that you do not see")


def _linked(entry: Entry, data: relation_events.Linked) -> str:
    return fill(str(_LINKED[Relation(data.relation)]), other=_other(entry, data.other_id))


def _unlinked(entry: Entry, data: relation_events.Unlinked) -> str:
    return fill(str(_UNLINKED[Relation(data.relation)]), other=_other(entry, data.other_id))


def _sub_task(entry: Entry, data: Any) -> str:
    title = entry.named.sub_tasks.get(data.sub_task_id, "")
    if isinstance(data, relation_events.SubTaskAdded) and (who := entry.named.people.get(data.to_id or 0)):
        return fill(_("%(who)s added the sub-task “%(title)s” for %(name)s"), title=title, name=who)
    return fill(str(_SUB_TASKS[data.kind]), title=title)


_MERGES: Final = {
    relation_events.Merged.kind: gettext_lazy("%(who)s merged this ticket into %(other)s"),
    relation_events.TookIn.kind: gettext_lazy("%(who)s merged %(other)s into this ticket"),
    relation_events.Unmerged.kind: gettext_lazy("%(who)s took this ticket and %(other)s apart again"),
}


def _merge(entry: Entry, data: Any) -> str:
    return fill(str(_MERGES[data.kind]), other=_other(entry, data.other_id))


def _waits(entry: Entry, data: relation_events.PartnerAwaited) -> str:
    wait = entry.named.waits.get(data.wait_id)
    if wait is None or not wait.reference:
        return fill(_("%(who)s waits on %(partner)s"), partner=wait.partner if wait else "–")
    return fill(_("%(who)s waits on %(partner)s, under %(reference)s"), partner=wait.partner, reference=wait.reference)


def _organization(entry: Entry, data: relation_events.OrganizationChanged) -> str:
    if data.to_organization_id is None:
        return _("%(who)s said that this is for no organisation")
    name = entry.named.organizations.get(data.to_organization_id, "–")
    return fill(_("%(who)s said that this is for %(organization)s"), organization=name)


LINES: Final[dict[str, Callable[[Entry, Any], str]]] = {
    relation_events.Linked.kind: _linked,
    relation_events.Unlinked.kind: _unlinked,
    **dict.fromkeys(_SUB_TASKS, _sub_task),
    **dict.fromkeys(_MERGES, _merge),
    relation_events.PartnerAwaited.kind: _waits,
    relation_events.OrganizationChanged.kind: _organization,
}
