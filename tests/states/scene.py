"""The desk whose pages are looked at: a ticket in each state, and a row in each state of everything else."""

from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

from allauth.account.models import EmailAddress
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from django.utils import timezone

from helpdesk.actions import (
    assignment,
    calendars,
    conversation,
    integrations,
    invitations,
    merging,
    partners,
    policies,
    problems,
    status,
    sub_tasks,
    tiers,
    tokens,
)
from helpdesk.actions.calendars import Hours
from helpdesk.actions.policies import Terms
from helpdesk.actions.versions import state_of
from helpdesk.actors import Actor
from helpdesk.choices import Channel, ExportProblem, ExportState, FieldKind, MoveName, Role
from helpdesk.models import (
    Calendar,
    Category,
    Export,
    GuestLink,
    Partner,
    PolicyVersion,
    Problem,
    SLAPolicy,
    Ticket,
    User,
)
from tests.config.guests import FILING
from tests.factories import CustomFieldFactory, UserFactory, actor, make_ticket
from tests.helpdesk.views.portal.entrance import PASSWORD, with_app
from tests.promises import OFFICE, make_calendar, make_policy, plain_rules, promise_all
from tests.world import World

LONG = "Averyveryverylongwordwithoutanyspacesinit" * 4
TALK = f"""Is the cable in?

- yes
- no

> {"long " * 60}

```
error 0x12 in module a_very_long_name_that_does_not_wrap_by_itself_and_has_to_scroll_inside_its_own_box
```
"""
NOBODYS = "nobody"


class Scene:
    """Everything by its name. `people` holds who looks, `NOBODYS` the tab in which nobody is logged in."""

    def __init__(self, world: World) -> None:
        self.world, self.now = world, timezone.now()
        self.people: dict[str, User | None] = {**world.people, NOBODYS: None}
        self.agent = actor(world.people["agent"], Channel.DESK)
        self.admin = actor(world.people["administrator"], Channel.DESK)
        self.owner = actor(world.people["owner"])
        self._newcomers()
        self._tickets()
        self._guests()
        self._exports()
        self._promises()
        self._invitations()
        self._integration()

    def _integration(self) -> None:
        """Another system with a token in each state."""
        wanted = integrations.Wanted(LONG[:120], Role.AGENT, f"For {LONG[:80]}", [self.world.team])
        self.integration = integrations.add_integration(wanted=wanted, by=self.admin, now=self.now)
        for name in ("Replaced", "Revoked"):
            row, _text = tokens.make_token(
                user=self.integration.user,
                name=name,
                scopes=["tickets:write", "figures:write"],
                queues=[self.world.queue],
                by=self.admin,
                now=self.now,
            )
            if name == "Revoked":
                tokens.revoke_token(token=row, by=self.admin, now=self.now)
            else:
                tokens.rotate_token(token=row, overlap=timedelta(days=7), by=self.admin, now=self.now)

    def _newcomers(self) -> None:
        """Who has nothing yet, and who has a second step at log-in."""
        self.people["newcomer"] = UserFactory.create(name="New Comer")
        self.people["long"] = UserFactory.create(name=LONG[:120], email=f"{LONG[:50]}@{LONG[:60]}.example.org")
        secured = UserFactory.create(name="Sec Ured", role=Role.AGENT, email="sec@example.org")
        secured.set_password(PASSWORD)
        secured.save()
        EmailAddress.objects.create(user=secured, email=secured.email, primary=True, verified=True)
        with_app(secured)
        RecoveryCodes.activate(secured)
        self.people["secured"] = secured

    def _ticket(self, subject: str = "The printer is on fire", **values: Any) -> Ticket:
        return make_ticket(self.owner.person, self.world.queue, subject=subject, now=self._ago(hours=5), **values)

    def _ago(self, **span: float) -> Any:
        return self.now - timedelta(**span)

    def _move(self, ticket: Ticket, move: MoveName, by: Actor | None = None, **more: Any) -> Ticket:
        return status.make_move(ticket=ticket, move=move, by=by or self.agent, now=self.now, **more)

    def _tickets(self) -> None:
        here = self.world.here
        self._take(here)
        conversation.add_note(ticket=here, body="The `cable` is *loose*, I bet.", by=self.agent, now=self.now)
        conversation.reply(ticket=here, body=TALK, by=self.agent, now=self.now)
        sub_tasks.add_sub_task(ticket=here, plan=sub_tasks.Plan("Call them"), by=self.agent, now=self.now)
        tiers.escalate(ticket=self._take(self._ticket()), reason="Needs an engineer.", by=self.agent, now=self.now)
        self.asked = self._move(self._take(self._ticket()), MoveName.ASK, text="Which printer is it?")
        wait = partners.Wait(Partner.objects.earliest("pk"), "R-12")
        self.held = self._move(self._take(self._ticket()), MoveName.HOLD, text="The maker has it.", wait=wait)
        solved = {"text": "It is out.", "resolution_kind": "fixed"}
        self.solved = self._move(self._take(self._ticket()), MoveName.RESOLVE, **solved)
        done = self._move(self._take(self._ticket()), MoveName.RESOLVE, **solved)
        self.closed = self._move(done, MoveName.CONFIRM, self.owner)
        self.merged = self._ticket("The printer burns")
        merging.merge(ticket=self.merged, into=self.held, by=self.agent, now=self.now, knowing=True)
        self.long = make_ticket(
            self.people["long"], self.world.queue, subject=LONG[:160], body=LONG * 3, now=self._ago(hours=1), priority=1
        )
        self.many = self._ticket("Many words")
        for number in range(30):
            by = self.owner if number % 2 else self.agent
            conversation.reply(ticket=self.many, body=f"Word {number}.", by=by, now=self.now)
        self.told = Problem.objects.earliest("pk")
        self.alone = problems.open_problem(title="Nothing is known yet", by=self.agent, now=self.now)

    def newest_words(self, ticket: Ticket) -> str:
        """Where the requester changes what they wrote last."""
        words = ticket.messages.filter(author=self.owner.person).latest("pk")
        return f"/tickets/{ticket.ref}/messages/{words.pk}/edit/"

    def newest_words_of_desk(self, ticket: Ticket) -> str:
        """Where the agent changes what they wrote last."""
        words = ticket.messages.filter(author=self.agent.person).latest("pk")
        return f"/admin/tickets/{ticket.ref}/messages/{words.pk}/edit/"

    def _take(self, ticket: Ticket) -> Ticket:
        return assignment.assign(
            ticket=ticket, to=self.agent.person, seen_assignee_id=None, by=self.agent, now=self.now
        )

    def _link(self, ticket: Ticket, **columns: Any) -> UUID:
        life = {"created_at": self.now, "expires_at": self.now + timedelta(days=3), **columns}
        return GuestLink.objects.create(ticket=ticket, user=self.owner.person, **life).key

    def _guests(self) -> None:
        self.open_link, self.solved_link = self._link(self.asked), self._link(self.solved)
        self.closed_link, self.long_link = self._link(self.closed), self._link(self.many)
        self.ended_link = self._link(self.asked, expires_at=self._ago(days=1))
        self.gone_link = self._link(self.asked, revoked_at=self.now)
        self.filing = FILING
        self.topic = Category.objects.filter(restricted_to=None).earliest("pk")
        for kind in FieldKind.values:
            options = ["Red", "Blue"] if kind in {FieldKind.CHOICE, FieldKind.MULTI} else []
            CustomFieldFactory.create(
                category=self.topic, kind=kind, options=options, is_required=True, help_text="Why."
            )

    def _exports(self) -> None:
        for who in (self.owner, self.agent):
            row = {"owner": who.person, "channel": who.channel, "created_at": self.now, "not_before": self.now}
            for state, more in (
                (ExportState.WAITING, {}),
                (ExportState.RUNNING, {"progress": 1_200, "total": 5_000}),
                (ExportState.FAILED, {"error": ExportProblem.TOO_LARGE}),
                (ExportState.CANCELLED, {}),
                (ExportState.EXPIRED, {}),
            ):
                Export.objects.create(kind="my_tickets", name=f"{state}.csv", query={}, state=state, **row, **more)

    def _promises(self) -> None:
        """A policy and a calendar with a draft that was counted, that is being counted, and that failed at nothing."""
        hours = Hours("Europe/Berlin", OFFICE, {})
        self.calendars, self.policies = list[Calendar](), list[SLAPolicy]()
        for _number in range(2):
            calendar = make_calendar()
            calendars.draft_hours(
                calendar=calendar, hours=hours, seen=state_of(calendars.newest(calendar)), by=self.admin, now=self.now
            )
            self.calendars.append(calendar)
            policy = make_policy(calendar=calendar)
            rules = plain_rules(warn_at=(50, 75))
            policies.draft_rules(
                policy=policy,
                terms=Terms(calendar, rules),
                seen=state_of(policies.newest(policy)),
                by=self.admin,
                now=self.now,
            )
            self.policies.append(policy)
        self.rule = promise_all(self.policies[0])
        counting = {"asked_at": self.now.isoformat(), "done_at": None, "open": 9_000, "late": [], "through": 1}
        counting |= dict.fromkeys(("looked_at", "changed", "freed", "late_count"), 500)
        for draft in (calendars.newest(self.calendars[1]), policies.newest(self.policies[1])):
            assert draft is not None
            draft.preview = counting
            draft.save(update_fields=["preview"])
        assert PolicyVersion.objects.filter(valid_from=None).exists()

    def _invitations(self) -> None:
        def invite(name: str) -> Any:
            return invitations.invite(
                name=name, email=f"{name}@example.org", role=Role.AGENT, teams=[self.world.team], by=self.admin,
                now=self.now,
            )  # fmt: skip

        self.invited, old = invite("Robin"), invite("Olga")
        type(old).objects.filter(pk=old.pk).update(expires_at=self._ago(days=1))
        self.withdrawn = invite("Wanda")
        invitations.withdraw(invitation_id=self.withdrawn.pk, by=self.admin, now=self.now)
        self.unknown = uuid4()
