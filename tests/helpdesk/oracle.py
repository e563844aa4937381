"""Who sees and does what with a ticket, told a second time: in plain words, from the rows themselves.

Nothing here asks `permissions`. Where both say the same, each is likely to be right.
"""

from helpdesk.choices import OrganizationRole, Role, TeamRole
from helpdesk.models import Category, OrganizationMembership, Queue, TeamMembership, Ticket, User, Watcher
from helpdesk.permissions import Right

EVERYWHERE = {Role.MANAGER, Role.HEAD_OF_SUPPORT, Role.ADMINISTRATOR}
LOOKING = {Role.ONCALL_COORDINATOR, Role.QUALITY_LEAD, Role.TRAINING_SPECIALIST, Role.PROCESS_LEAD}
# The hands-on rights of those who otherwise only look.
EXTRA = {
    Right.WRITE_NOTES: {Role.ONCALL_COORDINATOR, Role.QUALITY_LEAD, Role.PROCESS_LEAD},
    Right.ASSIGN: {Role.ONCALL_COORDINATOR},
    Right.ESCALATE: {Role.ONCALL_COORDINATOR},
    Right.ACKNOWLEDGE: {Role.ONCALL_COORDINATOR},
}


class Oracle:
    """The places of everybody as they are now, read once."""

    def __init__(self) -> None:
        places = TeamMembership.objects.select_related("team", "user", "team__region")
        self.in_team = {(place.user, place.team) for place in places if place.is_active and place.team.is_active}
        self.leading = {
            (place.user, place.team) for place in places if place.role == TeamRole.LEAD and place.team.is_active
            and place.is_active
        }  # fmt: skip
        self.teams = {queue: set(queue.teams.select_related("region")) for queue in Queue.objects.all()}
        # Also a team that does not work any more keeps others out.
        self.circles = {category: set(category.restricted_to.all()) for category in Category.objects.all()}
        managing = OrganizationMembership.objects.filter(role=OrganizationRole.MANAGER, is_active=True)
        self.manages = {
            (place.user, place.organization)
            for place in managing.select_related("user", "organization")
            if place.organization.is_active
        }
        watchers = Watcher.objects.select_related("user", "ticket")
        self.watching = {(row.user, row.ticket): row.admitted for row in watchers}

    def is_private(self, ticket: Ticket) -> bool:
        """Whether only some teams see it."""
        return ticket.category is not None and bool(self.circles[ticket.category])

    def works(self, person: User, ticket: Ticket) -> bool:
        """Whether it is their work."""
        if not person.is_active or person.role in {Role.REQUESTER, Role.AUDITOR}:
            return False
        own = {team for user, team in self.in_team if user == person}
        if ticket.category is not None and self.is_private(ticket):
            return bool(self.circles[ticket.category] & own)
        teams = self.teams[ticket.queue]
        if person.role in EVERYWHERE or own & teams:
            return True
        regions = {team.region for team in teams if team.is_active and team.region}
        return person.role == Role.REGIONAL_MANAGER and person.region in regions

    def leads(self, person: User, ticket: Ticket) -> bool:
        """Whether it is the work of a team that they lead, or of all that they lead."""
        if not self.works(person, ticket):
            return False
        is_private = ticket.category is not None and self.is_private(ticket)
        teams = self.circles[ticket.category] if ticket.category and is_private else self.teams[ticket.queue]
        if person.role in EVERYWHERE or any((person, team) in self.leading for team in teams):
            return True
        regions = {team.region for team in teams if team.is_active and team.region}
        return person.role == Role.REGIONAL_MANAGER and (is_private or person.region in regions)

    def looks(self, person: User, ticket: Ticket) -> bool:
        """Whether they read all of it without working on it."""
        if not person.is_active:
            return False
        return person.role == Role.AUDITOR or (person.role in LOOKING and not self.is_private(ticket))

    def asks(self, person: User, ticket: Ticket) -> bool:
        """Whether they are on the side that asked."""
        if not person.is_active or person.role == Role.AUDITOR:
            return False
        if ticket.requester == person:
            return True
        return (person, ticket.organization) in self.manages and not self.is_private(ticket)

    def watches(self, person: User, ticket: Ticket) -> bool:
        """Whether they follow it: what is private, only where they were let in."""
        if not person.is_active or person.role == Role.AUDITOR or (person, ticket) not in self.watching:
            return False
        return self.watching[person, ticket] or not self.is_private(ticket)

    def rights(self, person: User, ticket: Ticket) -> set[Right]:
        """All that they may do with it."""
        works, looks, asks = (ask(person, ticket) for ask in (self.works, self.looks, self.asks))
        watches = self.watches(person, ticket)
        found = {right for right, roles in EXTRA.items() if looks and person.role in roles}
        if works:
            found |= {Right.WORK, Right.ASSIGN, Right.ESCALATE, Right.ACKNOWLEDGE, Right.WRITE_NOTES}
        if self.leads(person, ticket):
            found |= {Right.CHOOSE_POLICY}
        if works or looks:
            found |= {Right.READ_NOTES}
        if asks:
            found |= {Right.CONFIRM}
        if works or asks:
            found |= {Right.REOPEN, Right.ADD_WATCHER}
        if works or asks or watches:
            found |= {Right.REPLY}
        return found | {Right.VIEW} if works or looks or asks or watches else found
