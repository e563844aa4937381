"""What stands between the demo's tickets once all stories are played: links, a merge, sub-tasks, waits, a mention."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from helpdesk.actions import consumers, conversation, linking, merging, partners, sub_tasks
from helpdesk.actions.partners import Wait
from helpdesk.actions.setup import Change, save_setup
from helpdesk.actions.sub_tasks import Plan
from helpdesk.actors import SYSTEM, Actor
from helpdesk.choices import Channel, Relation
from helpdesk.models import Partner, PartnerWait, Ticket, User

_RECEPTIONS: Final = "Nobody at the two receptions can check anybody in"
_ROOM: Final = "Two visits booked into Room 4"
_EXPORT: Final = "Export of visits stops at 5,000 rows"
_AGAIN: Final = "The export again, with the file this time"
_REMINDERS: Final = "Patients get two reminders for one visit"
_ROUTES: Final = "Route planning takes forty seconds since the update"
_CALENDAR: Final = "A shared calendar shows bookings an hour late"
_PARTNERS: Final = (
    (
        "Meridian Maps",
        "Ole Berg",
        "support@meridianmaps.example",
        "Roads and travel times, on weekdays.",
    ),
    ("Postwing", "Ines Duarte", "desk@postwing.example", "Carries our mails and text messages, at any hour."),
)
_LINKS: Final = (
    (_RECEPTIONS, Relation.PARENT_OF, "The ward screen stays white after login"),
    (_RECEPTIONS, Relation.PARENT_OF, "Anna cannot sign in from home"),
    (_REMINDERS, Relation.BLOCKED_BY, _CALENDAR),
    (_ROOM, Relation.RELATES, _CALENDAR),
)
_WAITS: Final = ((_ROUTES, "Meridian Maps", "MM-48213"), (_REMINDERS, "Postwing", "PW/2026/0117"))


@dataclass(frozen=True, slots=True)
class _Scene:
    """The tickets that the demo's logins find, by their subject, and who does something."""

    tickets: Mapping[str, Ticket]
    users: Mapping[str, User]
    now: datetime

    def by(self, handle: str) -> Actor:
        return Actor(self.users[f"{handle}@example.org"], Channel.DESK)

    def ago(self, minutes: int) -> datetime:
        return self.now - timedelta(minutes=minutes)


def relate(users: Mapping[str, User], now: datetime) -> None:
    """Do all of it, once."""
    if PartnerWait.objects.exists():
        return
    for name, contact, address, description in _PARTNERS:
        row = Partner(name=name, contact_name=contact, contact_email=address, description=description)
        names = ["name", "contact_name", "contact_email", "description"]
        save_setup(change=Change(row, names), by=SYSTEM, now=now - timedelta(days=90))
    found = Ticket.objects.filter(created_at__gt=now - timedelta(days=5)).order_by("pk")
    scene = _Scene({ticket.subject: ticket for ticket in found}, users, now)
    _link(scene)
    _divide(scene)
    _wait(scene)
    _merge(scene)
    consumers.consume_due(now=now, limit=200)


def _link(scene: _Scene) -> None:
    for here, relation, there in _LINKS:
        linking.link(
            ticket=scene.tickets[here],
            other=scene.tickets[there],
            relation=relation,
            by=scene.by("ada"),
            now=scene.ago(95),
        )


def _divide(scene: _Scene) -> None:
    mara, today = scene.by("mara"), scene.now.date()
    room = scene.tickets[_ROOM]
    for title, days, holds in (
        ("Ask development for the log of both saves", -1, True),
        ("Call Ida once the overlap is barred", 1, True),
        ("Write down for the others how to read the audit of a room", 6, False),
    ):
        plan = Plan(title, mara.person, today + timedelta(days=days), holds)
        sub_tasks.add_sub_task(ticket=room, plan=plan, by=mara, now=scene.ago(80))
    done = sub_tasks.add_sub_task(ticket=room, plan=Plan("Look at who booked"), by=mara, now=scene.ago(79))
    sub_tasks.finish_sub_task(task=done, by=mara, now=scene.ago(60))


def _wait(scene: _Scene) -> None:
    names = {partner.name: partner for partner in Partner.objects.all()}
    for subject, name, reference in _WAITS:
        partners.wait_on(
            ticket=scene.tickets[subject], wait=Wait(names[name], reference), by=scene.by("lea"), now=scene.ago(55)
        )


def _merge(scene: _Scene) -> None:
    export = scene.tickets[_EXPORT]
    merging.merge(ticket=scene.tickets[_AGAIN], into=export, by=scene.by("tom"), now=scene.ago(40))
    words = "@Mara Silva, Ida wrote a second time; I put both together. Could you tell her when the fix is out?"
    conversation.add_note(ticket=export, body=words, by=scene.by("tom"), now=scene.ago(35))
