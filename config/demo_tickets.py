"""The stories of the demo: tickets in every state, told by the actions themselves with the clock moved."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from helpdesk.actions import assignment, conversation, status, tickets, tiers
from helpdesk.actors import Actor
from helpdesk.choices import Channel, MoveName, ResolutionKind
from helpdesk.models import Category, Ticket, User

Step = Callable[["Scene"], Ticket]


@dataclass
class Scene:
    """A ticket in the middle of its story."""

    ticket: Ticket
    now: datetime
    people: dict[str, User]

    def desk(self, name: str) -> Actor:
        """A person of the desk, at the desk."""
        return Actor(self.people[name], Channel.DESK)

    def requester(self) -> Actor:
        """Who asked, in the portal."""
        return Actor(self.ticket.requester, Channel.PORTAL)


@dataclass(frozen=True, slots=True)
class Story:
    """Who asked for what, how long ago, and what happened since, a step every few hours."""

    who: str
    category: str
    subject: str
    body: str
    hours_ago: int
    steps: tuple[Step, ...] = ()
    priority: int | None = None


def _take(name: str) -> Step:
    def step(s: Scene) -> Ticket:
        seen = s.ticket.assignee_id
        return assignment.assign(
            ticket=s.ticket,
            to=s.people[name],
            seen_assignee_id=seen,
            by=s.desk(name),
            now=s.now,
        )

    return step


def _move(name: str, move: MoveName, text: str = "", kind: str = "") -> Step:
    return lambda s: status.make_move(
        ticket=s.ticket,
        move=move,
        by=s.desk(name),
        now=s.now,
        text=text,
        resolution_kind=kind,
    )


def _answer(text: str) -> Step:
    return lambda s: conversation.reply(ticket=s.ticket, body=text, by=s.requester(), now=s.now)


def _reply(name: str, text: str) -> Step:
    return lambda s: conversation.reply(ticket=s.ticket, body=text, by=s.desk(name), now=s.now)


def _note(name: str, text: str) -> Step:
    return lambda s: conversation.add_note(ticket=s.ticket, body=text, by=s.desk(name), now=s.now)


def _escalate(name: str, reason: str) -> Step:
    return lambda s: tiers.escalate(ticket=s.ticket, reason=reason, by=s.desk(name), now=s.now)


def _confirm() -> Step:
    return lambda s: status.make_move(ticket=s.ticket, move=MoveName.CONFIRM, by=s.requester(), now=s.now)


def _reject(text: str) -> Step:
    return lambda s: status.make_move(ticket=s.ticket, move=MoveName.REJECT, by=s.requester(), now=s.now, text=text)


def _resolve(name: str, text: str, kind: ResolutionKind) -> Step:
    return _move(name, MoveName.RESOLVE, text, kind)


STORIES: Final = (
    Story("Ida Berg", "broken", "The ward screen stays white after login", "Since this morning. A reload helps for a "
          "minute, then it is white again.", 2, priority=2),
    Story("Noor Haddad", "question", "Can two people share one inbox?", "We are three in dispatch and would like to "
          "see the same messages.", 5),
    Story("Jonas Lind", "account", "Please add two colleagues", "Anna Ruiz and Per Holm start on Monday.", 9,
          (_take("Mara Silva"), _move("Mara Silva", MoveName.START))),
    Story("Ida Berg", "broken", "Export stops at 5,000 rows", "The file ends in the middle of a line.", 30,
          (_take("Mara Silva"),
           _move("Mara Silva", MoveName.ASK, "Which export is it, *patients* or *visits*, and for which month?"),
           _answer("Visits, for October. It worked for September."),
           _escalate("Mara Silva", "Reproduced with October visits; the export worker logs a time-out."),
           _take("Tom Okafor"),
           _note("Tom Okafor", "The query has no limit on its joins. Talking to the database people."))),
    Story("Noor Haddad", "broken", "Route planning is slow since the update", "It took two seconds, now it takes "
          "forty.", 52,
          (_take("Mara Silva"),
           _escalate("Mara Silva", "Slow for every customer on the new version."),
           _take("Tom Okafor"),
           _escalate("Tom Okafor", "The planner's index is not used any more; that is platform work."),
           _take("Lea Novak"),
           _move("Lea Novak", MoveName.HOLD, "Waiting for the vendor's patch, their case 88-1204.")), priority=2),
    Story("Jonas Lind", "question", "Where do I find last year's invoices?", "The page only shows this year.", 75,
          (_take("Sam Rivera"),
           _resolve("Sam Rivera", "Choose *All years* above the list; it is a small word on the right.",
                    ResolutionKind.ANSWERED))),
    Story("Ida Berg", "account", "I cannot change my address", "The form says that it is taken, but it is mine.", 120,
          (_take("Mara Silva"),
           _resolve("Mara Silva", "An old account of yours had it. I merged the two.", ResolutionKind.FIXED),
           _reject("Now I see the old account's messages only."),
           _resolve("Mara Silva", "Both are there now; I had merged in the wrong direction.", ResolutionKind.FIXED),
           _confirm())),
    Story("Noor Haddad", "idea", "A dark theme for the night shift", "Our dispatchers sit in the dark.", 200,
          (_take("Sam Rivera"), _reply("Sam Rivera", "Good idea, I ask what is planned."),
           _resolve("Sam Rivera", "It is on the list for spring; you will read it in the release notes.",
                    ResolutionKind.NOT_PLANNED), _confirm())),
    Story("Jonas Lind", "broken", "Two visits booked into one room", "Room 4, Tuesday ten o'clock.", 16,
          (_take("Mara Silva"),
           _move("Mara Silva", MoveName.ASK, "Who booked the second one, and from which page?")), priority=1),
)  # fmt: skip


def tell(stories: tuple[Story, ...], people: dict[str, User], now: datetime) -> int:
    """Play the stories that were not played yet, so that each ends before `now`. Returns how many were played."""
    return sum(_play(number, story, people, now) for number, story in enumerate(stories, start=1))


def _play(number: int, story: Story, people: dict[str, User], now: datetime) -> bool:
    began = now - timedelta(hours=story.hours_ago)
    who = Actor(people[story.who], Channel.PORTAL)
    ticket = tickets.create_ticket(
        subject=story.subject,
        body=story.body,
        by=who,
        now=began,
        category=Category.objects.get(code=story.category),
        priority=story.priority,
        submission=tickets.Submission.of(f"demo-{number}", {"subject": story.subject}),
    )
    if ticket.version > 1:
        return False
    pause = timedelta(hours=story.hours_ago) / (len(story.steps) + 1)
    for count, step in enumerate(story.steps, start=1):
        ticket = step(Scene(ticket, began + pause * count, people))
    return True
