"""People as pages need them."""

from allauth.account.models import EmailAddress
from django.db.models import Q, QuerySet
from django.db.models.functions import Lower

from helpdesk.choices import Role
from helpdesk.models import TeamMembership, Ticket, User
from helpdesk.selectors.privacy import is_private


def assignable_to(ticket: Ticket) -> QuerySet[User]:
    """Who may be given the ticket: the active people in the active teams that work it, by name."""
    places = TeamMembership.objects.filter(works_it(ticket), is_active=True, team__is_active=True)
    staff = User.objects.filter(is_active=True).exclude(role__in=(Role.REQUESTER, Role.AUDITOR))
    return staff.filter(pk__in=places.values("user")).order_by("name", "pk")


def works_it(ticket: Ticket) -> Q:
    """The places in teams that work the ticket: those of its queue or, where its category is private, of that."""
    return Q(team__private_categories=ticket.category_id) if is_private(ticket) else Q(team__queues=ticket.queue_id)


def with_address(address: str) -> User | None:
    """Who has the address, whatever its case; of an account that was merged, the one that it was merged into."""
    found = User.objects.select_related("merged_into").filter(email__iexact=address).first()
    return found.present if found else None


def logging_in_with(address: str) -> User | None:
    """Who logs in with the address: their own, or another that they proved. Two queries, whatever they find."""
    wanted = address.strip().lower()
    own = User.objects.alias(low=Lower("email")).select_related("merged_into").filter(low=wanted).first()
    others = EmailAddress.objects.alias(low=Lower("email")).filter(low=wanted, verified=True)
    other = others.select_related("user").first()
    if other is not None and (own is None or own.merged_into_id is not None):
        return other.user  # type: ignore[no-any-return] # allauth ships no types
    return own.present if own else None


def person_of(pk: int) -> User | None:
    """The person of this key."""
    return User.objects.filter(pk=pk).first()
