"""People without an account ask for help, and keep a way to their one ticket."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import IO, Any, Final
from uuid import UUID, uuid4

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import IntegrityError, transaction
from django.utils.translation import gettext_lazy as _

from helpdesk.actions import _answers, _attempts, _guest_links, _people, letters
from helpdesk.actions._base import action
from helpdesk.actions._files import NewFile, check_count
from helpdesk.actions._record import audit
from helpdesk.actions._work import begin
from helpdesk.actions.accounts import take_as_proven
from helpdesk.actions.files import store_of_guest
from helpdesk.actions.tickets import check_words, start_ticket
from helpdesk.actors import SYSTEM, Actor
from helpdesk.choices import AttemptKind, Channel, Role
from helpdesk.domain.answers import Typed
from helpdesk.domain.words import clean_line, clean_text
from helpdesk.errors import Code, DomainError
from helpdesk.models import Category, GuestFile, GuestFiling, GuestLink, Ticket, User
from helpdesk.models.guests import digest_of
from helpdesk.permissions import Right
from helpdesk.selectors.guests import newest_link, questions_for_guests, topics
from helpdesk.selectors.settings import desk_settings

FILING_LIFE: Final = timedelta(hours=24)
# Within a day. A network may be a whole house.
REPORTS_OF_ADDRESS: Final = 5
REPORTS_OF_NETWORK: Final = 30
FILES_OF_NETWORK: Final = 40
NEW_LINKS_OF_LINK: Final = 3
NEW_LINKS_OF_NETWORK: Final = 30
_MAX_ADDRESS: Final = 254
_TOO_LATE: Final = _("This link was used long ago, or it is too old. Please write to us again.")

# What a mail says: its subject and its text, with the link in it.
Words = tuple[str, str]


@dataclass(frozen=True, slots=True)
class GuestReport:
    """What a guest typed. `form_key` names the filling-in of the form, which counts once."""

    form_key: UUID
    email: str
    name: str
    subject: str
    body: str
    category: Category
    answers: Mapping[str, Typed]
    files: Sequence[NewFile] = ()
    language: str = "en"


@action
def keep_report(
    *, report: GuestReport, network: str, now: datetime, mail: Callable[[GuestFiling, UUID], Words]
) -> None:
    """Keep a report until its sender confirms the address by the link that `mail` writes: only there its key stands.

    What comes back is the same whoever has the address. Nothing else learns of the report before.
    """
    filing, key = _checked(report, now), uuid4()
    filing.digest = digest_of(key)
    if not _first_of_its_form(filing):
        return
    limits = {f"address:{filing.email}": REPORTS_OF_ADDRESS, f"network:{network}": REPORTS_OF_NETWORK}
    if not _attempts.allow(AttemptKind.FILE_AS_GUEST, limits, now):
        raise DomainError(
            _("There were many reports today from this address, or from where you are. Please try again tomorrow."),
            Code.TOO_MANY,
        )
    GuestFile.objects.bulk_create(
        GuestFile(filing=filing, blob=file.blob, name=file.name, position=position)
        for position, file in enumerate(report.files)
    )
    letters.post_written(mail(filing, key), address=filing.email, to=None, now=now)


def _first_of_its_form(filing: GuestFiling) -> bool:
    """Write the report, unless its form came before; of two at once the second waits here for the first."""
    if GuestFiling.objects.filter(form_key=filing.form_key).exists():
        return False
    try:
        with transaction.atomic():
            filing.save(force_insert=True)
    except IntegrityError:
        return False
    return True


def _checked(report: GuestReport, now: datetime) -> GuestFiling:
    subject, body = clean_line(report.subject), clean_text(report.body)
    check_words(subject, body)
    check_count(len(report.files), desk_settings())
    if not topics().filter(pk=report.category.pk).exists():
        raise DomainError(_("Nobody can ask about this without an account any more. Please sign up."), Code.STALE)
    answers = _answers.cleaned(questions_for_guests(report.category), report.answers, by=None, insist=True)
    return GuestFiling(
        form_key=report.form_key,
        category=report.category,
        email=_address(report.email),
        name=_people.clean_name(report.name),
        language=report.language,
        subject=subject,
        body=body,
        answers={question.key: answer for question, answer in answers},
        created_at=now,
        expires_at=now + FILING_LIFE,
    )


def _address(typed: str) -> str:
    address = typed.strip().lower()
    if not address:
        raise DomainError(_("Write your e-mail address."), Code.MISSING, field="email")
    try:
        validate_email(address)
    except ValidationError:
        address = ""
    if not address or len(address) > _MAX_ADDRESS:
        raise DomainError(_("Write an address like name@example.org."), Code.WRONG, field="email")
    return address


@action
def confirm(*, key: UUID, request_id: str, now: datetime) -> GuestLink:
    """Make a ticket of the report that this key confirms. Whoever comes again is led to the ticket."""
    filing = GuestFiling.objects.select_for_update().filter(digest=digest_of(key), expires_at__gt=now).first()
    if filing is None:
        raise DomainError(_TOO_LATE, Code.STALE)
    if filing.ticket is not None:
        return _again(filing.ticket, now)
    category = topics().filter(pk=filing.category_id).first()
    if category is None:
        raise DomainError(_("Nobody can ask about this without an account any more. Please sign up."), Code.STALE)
    person = _person(filing, now)
    by = Actor(person, Channel.PORTAL, request_id, guest_ticket_id=0)
    take_as_proven(user=person, address=filing.email, by=by, now=now)
    waiting = filing.files.select_related("blob")
    ticket = start_ticket(
        subject=filing.subject,
        body=filing.body,
        by=by,
        now=now,
        queue=category.queue,
        requester=person,
        category=category,
        files=[NewFile(one.blob, one.name) for one in waiting],
    )
    _answers.keep(ticket, _still_fitting(category, filing.answers))
    GuestFile.objects.filter(filing=filing).delete()
    # What was said is on the ticket now, and nowhere else.
    filing.ticket, filing.subject, filing.body, filing.name, filing.answers = ticket, "", "", "", {}
    filing.save(update_fields=["ticket", "subject", "body", "name", "answers"])
    return _guest_links.grant(ticket, ticket.requester, now)


def _again(ticket: Ticket, now: datetime) -> GuestLink:
    link = newest_link(ticket, ticket.requester, now)
    if link is None:
        raise DomainError(_TOO_LATE, Code.STALE)
    return link


def _person(filing: GuestFiling, now: datetime) -> User:
    new = User(name=filing.name, email=filing.email, role=Role.REQUESTER, language=filing.language)
    person = _people.found_or_added(new, by=SYSTEM, now=now)
    if not person.is_active or person.role == Role.AUDITOR:
        raise DomainError(_("Nothing can be filed for this address. Please write from another one."), Code.FORBIDDEN)
    if not person.name:
        person.name = filing.name
        person.save(update_fields=["name"])
    return person


def _still_fitting(category: Category, answers: Mapping[str, Any]) -> _answers.Answers:
    """Those of the answers that fit the questions as they are now: no report is lost over them."""
    kept: _answers.Answers = []
    for question in questions_for_guests(category):
        try:
            kept += _answers.cleaned([question], {question.key: answers.get(question.key)}, by=None, insist=False)
        except DomainError:
            continue
    return kept


@action
def renew_link(*, key: UUID, network: str, now: datetime, mail: Callable[[GuestLink], Words]) -> None:
    """Mail a new link to whoever got the one of this key. What comes back is the same whatever the key is."""
    if not _attempts.allow(AttemptKind.RENEW_LINK, {f"network:{network}": NEW_LINKS_OF_NETWORK}, now):
        raise DomainError(_("New links were asked for often today. Please try again tomorrow."), Code.TOO_MANY)
    old = (
        GuestLink.objects.select_related("user", "ticket")
        .filter(digest=digest_of(key), revoked_at=None, user__is_active=True)
        .first()
    )
    if old is None or not _attempts.allow(AttemptKind.RENEW_LINK, {f"link:{old.ticket_id}": NEW_LINKS_OF_LINK}, now):
        return
    link = _guest_links.grant(old.ticket, old.user, now)
    letters.post_written(mail(link), address=old.user.email, to=old.user, now=now)


@action
def revoke_links(*, ticket: Ticket, by: Actor, now: datetime) -> int:
    """Let the links that were mailed for the ticket lead nowhere; the next mail carries a new one. Returns how many."""
    begin(ticket, by=by, now=now, right=Right.WORK)
    gone = GuestLink.objects.filter(ticket=ticket, revoked_at=None).update(revoked_at=now)
    if gone:
        audit("guest_links_revoked", ("ticket", ticket.pk), {"count": gone}, by=by, now=now)
    return gone


@action
def _count_file(*, network: str, now: datetime) -> None:
    if not _attempts.allow(AttemptKind.FILE_AS_GUEST, {f"files:{network}": FILES_OF_NETWORK}, now):
        raise DomainError(
            _("Many files came from where you are today. Send your report without them, or try again tomorrow."),
            Code.TOO_MANY,
            field="files",
        )


def store_file(*, content: IO[bytes], name: str, network: str, now: datetime) -> NewFile:
    """Store a file that somebody without an account sends; of one network only so many a day."""
    _count_file(network=network, now=now)
    return store_of_guest(content=content, name=name)


@action
def forget(*, now: datetime, limit: int) -> int:
    """Forget reports that nobody confirmed in time, and those that became tickets long enough ago."""
    old = GuestFiling.objects.filter(expires_at__lt=now).order_by("expires_at")
    rows = list(old.select_for_update(skip_locked=True).values_list("pk", flat=True)[:limit])
    GuestFile.objects.filter(filing__in=rows).delete()
    GuestFiling.objects.filter(pk__in=rows).delete()
    return len(rows) + _attempts.forget(now=now, limit=limit)
