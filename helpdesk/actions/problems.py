"""Problems: opened, described, published as known issues, and what is gathered under them."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any, Final

from django.utils.translation import gettext_lazy as _

from helpdesk.actions import _once
from helpdesk.actions._base import action
from helpdesk.actions._once import Submission
from helpdesk.actions._record import audit
from helpdesk.actions._work import Work, begin
from helpdesk.actors import Actor
from helpdesk.choices import ProblemState
from helpdesk.domain.problems import check_state, may_be_published
from helpdesk.domain.words import MAX_SUBJECT, MAX_TEXT, clean_line, clean_text
from helpdesk.domain.work_events import ProblemChanged
from helpdesk.errors import Code, DomainError
from helpdesk.models import Category, Problem, Ticket, User
from helpdesk.permissions import Right, holds
from helpdesk.selectors import problems

MAX_PUBLIC_TITLE: Final = 120
_TEXTS: Final = ("cause", "workaround", "fix")
# The old text is not kept: the record says that it changed, and by whom.
_RECORDED: Final = ("state", "owner_id", "category_id")
_MAY_NOT: Final = _("You may not change problems.")


@action
def open_problem(
    *,
    title: str,
    by: Actor,
    now: datetime,
    cause: str = "",
    workaround: str = "",
    category: Category | None = None,
    ticket: Ticket | None = None,
    submission: Submission | None = None,
) -> Problem:
    """Open a problem, owned by the actor; with `ticket` it is the first that is gathered under it."""
    _require(by, Right.WORK_PROBLEMS)
    key, earlier = _once.claim_of(Problem, by, submission)
    if earlier is not None:
        return earlier
    problem = Problem.objects.create(
        title=_clean_title(title),
        cause=_clean("cause", cause),
        workaround=_clean("workaround", workaround),
        owner=by.user,
        category=category,
        created_at=now,
        updated_at=now,
    )
    audit("problem_opened", ("problem", problem.pk), {}, by=by, now=now)
    if ticket is not None:
        _gather(begin(ticket, by=by, now=now, right=Right.WORK), problem).save()
    return _once.settle(key, problem)


@action
def change_problem(
    *, problem: Problem, changes: Mapping[str, Any], by: Actor, now: datetime, seen_version: int | None = None
) -> Problem:
    """Change title, texts, state or owner: `changes` are the new values by their columns.

    What is fixed or closed is no known issue any more, and is taken off the portal. Refused for who decided on an
    older state of it, `seen_version`.
    """
    row = locked(problem, by, Right.WORK_PROBLEMS)
    _refuse_stale(row, seen_version)
    before = {name: getattr(row, name) for name in _columns(changes)}
    for name, value in changes.items():
        setattr(row, name, _clean_title(value) if name == "title" else _clean(name, value))
    changed = [name for name in before if getattr(row, name) != before[name]]
    if not changed:
        return row
    if "owner_id" in changed:
        _check_owner(row.owner)
    if row.state not in ProblemState.values:
        raise DomainError(_("Choose a state from the list."), Code.WRONG, field="state")
    if "state" in changed or row.state != ProblemState.CLOSED:
        check_state(row.state, cause=row.cause, workaround=row.workaround, fix=row.fix)
    values = {name: [before[name], getattr(row, name)] for name in changed if name in _RECORDED}
    audit("problem_changed", ("problem", row.pk), {"fields": changed, "values": values}, by=by, now=now)
    if row.published_at is not None and not may_be_published(row.state):
        row.published_at = None
        changed.append("published_at")
        audit("problem_withdrawn", ("problem", row.pk), {}, by=by, now=now)
    return _save(row, changed, now)


@action
def publish(
    *,
    problem: Problem,
    title: str,
    words: str,
    translations: Mapping[str, Mapping[str, str]],
    by: Actor,
    now: datetime,
    seen_version: int | None = None,
) -> Problem:
    """Tell all requesters of it as a known issue, in each language, or change what they are told."""
    row = locked(problem, by, Right.PUBLISH_PROBLEMS)
    _refuse_stale(row, seen_version)
    if not may_be_published(row.state):
        raise DomainError(_("What is fixed or closed is no known issue any more."), Code.WRONG)
    if problems.is_private(row):
        raise DomainError(_("This problem is of a private category, and is told to nobody else."), Code.WRONG)
    row.public_title, row.public_words = clean_line(title), _clean("public_words", words)
    if not row.public_title:
        raise DomainError(_("Write in a few words what does not work."), Code.MISSING, field="public_title")
    if not row.public_words:
        raise DomainError(_("Write what people can do meanwhile."), Code.MISSING, field="public_words")
    _check_length(row.public_title, MAX_PUBLIC_TITLE, "public_title")
    row.translations = _clean_translations(translations)
    row.published_at = row.published_at or now
    audit("problem_published", ("problem", row.pk), {}, by=by, now=now)
    return _save(row, ["public_title", "public_words", "translations", "published_at"], now)


@action
def withdraw(*, problem: Problem, by: Actor, now: datetime) -> Problem:
    """Take the known issue off the portal; its words stay for the next time."""
    row = locked(problem, by, Right.PUBLISH_PROBLEMS)
    if row.published_at is None:
        return row
    row.published_at = None
    audit("problem_withdrawn", ("problem", row.pk), {}, by=by, now=now)
    return _save(row, ["published_at"], now)


@action
def set_problem(
    *,
    ticket: Ticket,
    to: Problem | None,
    by: Actor,
    now: datetime,
    seen: int | None = None,
    expected_version: int | None = None,
) -> Ticket:
    """Gather the ticket under a problem, or under none. `seen` is the id of the one on the page, 0 for none."""
    problem = locked(to, by, None) if to is not None else None
    work = begin(ticket, by=by, now=now, right=Right.WORK, expected_version=expected_version)
    current = work.ticket.problem
    if current == problem:
        return work.ticket
    if seen is not None and seen != (current.pk if current else 0):
        raise DomainError(
            _("Meanwhile the ticket is gathered under %(ref)s.") % {"ref": current.ref}
            if current
            else _("Meanwhile the ticket is gathered under no problem."),
            Code.STALE,
            field="problem",
        )
    return _gather(work, problem).save()


def _gather(work: Work, problem: Problem | None) -> Work:
    """The step that puts a locked ticket under a problem. The problem's own list has it on top then."""
    if problem is not None and problem.is_closed:
        raise DomainError(
            _("%(ref)s is closed. Open it again first, or open another problem.") % {"ref": problem.ref},
            Code.WRONG,
            field="problem",
        )
    if problem is not None and problem.category_id != work.ticket.category_id and problems.is_private(problem):
        # Who sees the ticket would learn of the problem.
        raise DomainError(
            _("%(ref)s is private to its category. It gathers tickets of that alone.") % {"ref": problem.ref},
            Code.WRONG,
            field="problem",
        )
    before = work.ticket.problem_id
    work.change(problem=problem)
    work.record(ProblemChanged(before, problem.pk if problem else None))
    if problem is not None and problem.updated_at < work.now:
        problem.updated_at = work.now
        problem.save(update_fields=["updated_at"])
    return work


def locked(problem: Problem, by: Actor, right: Right | None) -> Problem:
    """The step that locks a problem for an action, where the actor may see it and holds the right, if one is told."""
    if right is not None:
        _require(by, right)
    row = Problem.objects.select_for_update().get(pk=problem.pk)
    if not problems.visible_to(by).filter(pk=row.pk).exists():
        raise DomainError(_MAY_NOT, Code.FORBIDDEN)
    return row


def _require(by: Actor, right: Right) -> None:
    if not holds(by, right):
        raise DomainError(_MAY_NOT, Code.FORBIDDEN)


def _refuse_stale(row: Problem, seen_version: int | None) -> None:
    if seen_version is not None and seen_version != row.version:
        raise DomainError(
            _("Somebody changed this problem meanwhile. Your text is kept; compare, then save again."),
            Code.STALE,
        )


def _save(row: Problem, changed: list[str], now: datetime) -> Problem:
    row.version += 1
    row.updated_at = now
    row.save(update_fields=[*changed, "version", "updated_at"])
    return row


def _columns(changes: Mapping[str, Any]) -> list[str]:
    """The columns that hold these values: of a row its id."""
    return [f"{name}_id" if name in {"owner", "category"} else name for name in changes]


def _clean_title(title: str) -> str:
    clean = clean_line(title)
    if not clean:
        raise DomainError(_("Write in a few words what is wrong."), Code.MISSING, field="title")
    _check_length(clean, MAX_SUBJECT, "title")
    return clean


def _clean(name: str, value: Any) -> Any:
    """A text cleaned, anything else as it is."""
    if not isinstance(value, str) or name == "state":
        return value
    clean = clean_text(value)
    _check_length(clean, MAX_TEXT, name)
    return clean


def _check_length(text: str, limit: int, field: str) -> None:
    if len(text) > limit:
        raise DomainError(
            _("This has %(count)d characters; there is room for %(limit)d.") % {"count": len(text), "limit": limit},
            Code.WRONG,
            field=field,
        )


def _clean_translations(translations: Mapping[str, Mapping[str, str]]) -> dict[str, dict[str, str]]:
    """The texts in other languages; one that is empty is left out, and the desk's own is shown there."""
    found: dict[str, dict[str, str]] = {}
    for language, texts in translations.items():
        title = clean_line(texts.get("public_title", ""))
        _check_length(title, MAX_PUBLIC_TITLE, f"public_title_in_{language}")
        words = _clean(f"public_words_in_{language}", texts.get("public_words", ""))
        if told := {name: text for name, text in (("public_title", title), ("public_words", words)) if text}:
            found[language] = told
    return found


def _check_owner(owner: User | None) -> None:
    if owner is not None and not owner.is_staff:
        raise DomainError(_("%(name)s does not work for the desk.") % {"name": owner}, Code.WRONG, field="owner")
