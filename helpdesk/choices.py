"""Vocabularies: the codes that are stored and the words that people read for them."""

from typing import Any

from django.db.models import IntegerChoices, TextChoices
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class Status(TextChoices):
    """Where a ticket stands; the legal moves between them are in `domain.lifecycle`."""

    NEW = "new", _("New")
    OPEN = "open", _("Open")
    IN_PROGRESS = "in_progress", _("In progress")
    PENDING = "pending", _("Waiting for the requester")
    ON_HOLD = "on_hold", _("On hold")
    RESOLVED = "resolved", _("Resolved")
    CLOSED = "closed", _("Closed")


class MoveName(TextChoices):
    """The moves through a ticket's life, and the words of the buttons that make them."""

    TRIAGE = "triage", pgettext_lazy("move", "Open")
    START = "start", _("Start work")
    ASK = "ask", _("Ask the requester")
    HOLD = "hold", _("Put on hold")
    ANSWER = "answer", _("Answer")
    HAND_OVER = "hand_over", _("Hand over")
    RESOLVE = "resolve", _("Resolve")
    CONFIRM = "confirm", _("This solved it")
    REJECT = "reject", _("Still a problem")
    REOPEN = "reopen", _("Reopen")
    CLOSE = "close", _("Close")


class Priority(IntegerChoices):
    """How much it matters; 1 is the highest, so that ascending order is order of work."""

    P1 = 1, _("P1 critical")
    P2 = 2, _("P2 high")
    P3 = 3, _("P3 medium")
    P4 = 4, _("P4 low")


class Channel(TextChoices):
    """The way by which something reached the desk."""

    PORTAL = "portal", _("Portal")
    DESK = "desk", _("Desk")
    API = "api", _("API")
    EMAIL = "email", _("E-mail")
    SYSTEM = "system", _("Watchdesk")


class ActorKind(TextChoices):
    """What kind of actor did something. A guest is a person who came by a mailed link to one ticket."""

    PERSON = "person", _("Person")
    GUEST = "guest", _("Guest")
    SYSTEM = "system", _("Watchdesk")


class Role(TextChoices):
    """A person's role in the whole desk; team and organisation memberships add to it."""

    REQUESTER = "requester", _("Requester")
    AGENT = "agent", _("Agent")
    MANAGER = "manager", _("Manager")
    ADMINISTRATOR = "administrator", _("Administrator")
    AUDITOR = "auditor", _("Auditor")
    HEAD_OF_SUPPORT = "head_of_support", _("Head of support")
    REGIONAL_MANAGER = "regional_manager", _("Regional manager")
    ONCALL_COORDINATOR = "oncall_coordinator", _("On-call coordinator")
    QUALITY_LEAD = "quality_lead", _("Quality lead")
    TRAINING_SPECIALIST = "training_specialist", _("Training specialist")
    PROCESS_LEAD = "process_lead", _("Process lead")


class TeamRole(TextChoices):
    """A person's role in one team."""

    MEMBER = "member", _("Member")
    LEAD = "lead", _("Team lead")


class OrganizationRole(TextChoices):
    """A person's role in one customer organisation."""

    MEMBER = "member", _("Member")
    MANAGER = "manager", _("Organisation manager")


class Visibility(TextChoices):
    """Who may read a message: everybody on the ticket, or the desk alone."""

    PUBLIC = "public", _("Reply")
    INTERNAL = "internal", _("Internal note")


class Purpose(TextChoices):
    """Why a message was written, beyond answering; a move that wants words keeps them here."""

    CONVERSATION = "conversation", _("Conversation")
    REPORT = "report", _("Report")
    HOLD = "hold", _("Why it is on hold")
    ESCALATION = "escalation", _("Why it was escalated")
    DEESCALATION = "deescalation", _("Why it was handed back")
    RESOLUTION = "resolution", _("Resolution")
    REJECTION = "rejection", _("Still a problem")
    REOPENING = "reopening", _("Why it was reopened")


class ResolutionKind(TextChoices):
    """How a ticket was solved."""

    ANSWERED = "answered", _("Answered")
    FIXED = "fixed", _("Fixed")
    WORKAROUND = "workaround", _("Workaround given")
    CONFIGURED = "configured", _("Settings changed")
    KNOWN_ISSUE = "known_issue", _("Known issue")
    NOT_REPRODUCIBLE = "not_reproducible", _("Could not be reproduced")
    NOT_PLANNED = "not_planned", _("Will not be changed")
    # Nobody chooses it; it comes with the merge.
    MERGED = "merged", _("Merged into another ticket")

    @classmethod
    def offered(cls) -> list[tuple[str, Any]]:
        """Those that somebody chooses from who resolves a ticket."""
        return [(kind.value, kind.label) for kind in cls if kind is not cls.MERGED]


class LinkKind(TextChoices):
    """How one ticket stands to another, told from its source to its target."""

    BLOCKS = "blocks", _("Blocks")
    DUPLICATES = "duplicates", _("Duplicates")
    RELATES = "relates", _("Related to")
    PARENT = "parent", _("Parent of")


class Relation(TextChoices):
    """A link as one of its two tickets sees it, in the order in which pages show them."""

    CHILD_OF = "child_of", _("Parent")
    PARENT_OF = "parent_of", _("Children")
    BLOCKED_BY = "blocked_by", _("Blocked by")
    BLOCKS = "blocks", _("Blocks")
    DUPLICATES = "duplicates", _("Duplicates")
    DUPLICATED_BY = "duplicated_by", _("Duplicated by")
    RELATES = "relates", _("Related to")


class DeliveryChannel(TextChoices):
    """The way by which somebody is told: by a wire that leaves the desk, or in their own inbox there."""

    INBOX = "inbox", _("Inbox")
    EMAIL = "email", _("E-mail")
    WEBHOOK = "webhook", _("Webhook")


class Occasion(TextChoices):
    """What somebody is told about, as they choose whether and how; the terms of each are in `domain.occasions`."""

    RECEIPTS = "receipts", _("Receipts of what you sent us")
    ANSWERS = "answers", _("Answers and solutions on tickets that you asked for")
    PROGRESS = "progress", _("Changes on tickets that you asked for")
    WATCHED = "watched", _("Tickets that you watch")
    ASSIGNED = "assigned", _("Tickets that are given to you")
    WORDS = "words", _("Answers on your tickets")
    STATUS = "status", _("Changes on your tickets")
    NOTES = "notes", _("Internal notes and mentions")
    SUB_TASKS = "sub_tasks", _("Sub-tasks for you")
    CLOCK_WARNED = "clock_warned", _("Time is running out")
    CLOCK_BREACHED = "clock_breached", _("Time has run out")
    LADDER = "ladder", _("Escalations to you")
    UPDATE_OWED = "update_owed", _("An update is owed")


class Urgency(IntegerChoices):
    """The order in which deliveries leave when many are due."""

    NOW = 1, _("At once")
    NORMAL = 5, _("Normal")
    BULK = 9, _("When there is time")


class AnnouncementLevel(TextChoices):
    """How much an announcement matters to those who read it."""

    INFO = "info", _("For your information")
    WARNING = "warning", _("Something does not work")


class Audience(TextChoices):
    """Whom an announcement is for."""

    EVERYBODY = "everybody", _("Everybody, also who is not logged in")
    SIGNED_IN = "signed_in", _("Everybody who is logged in")
    ORGANIZATION = "organization", _("The people of one organisation")
    STAFF = "staff", _("Who works in the desk")


class FieldKind(TextChoices):
    """What sort of answer a custom field takes."""

    TEXT = "text", _("Short text")
    LONG_TEXT = "long_text", _("Long text")
    NUMBER = "number", _("Number")
    DATE = "date", _("Date")
    BOOLEAN = "boolean", _("Yes or no")
    CHOICE = "choice", _("One of several answers")
    MULTI = "multi", _("Any of several answers")
    PERSON = "person", _("Person")


class ExportState(TextChoices):
    """How far a file is that the desk makes for somebody."""

    WAITING = "waiting", _("Waiting")
    RUNNING = "running", _("Being made")
    READY = "ready", _("Ready")
    FAILED = "failed", _("Failed")
    CANCELLED = "cancelled", _("Cancelled")
    EXPIRED = "expired", _("Expired")


class ExportProblem(TextChoices):
    """Why such a file could not be made, in words for who asked for it."""

    FORBIDDEN = "forbidden", _("You may not see this any more.")
    TOO_LARGE = "too_large", _("These are too many rows for one file. Narrow the list, then export it in parts.")
    BROKEN = "broken", _("Something went wrong on our side, several times. Please try again later.")


class ProblemState(TextChoices):
    """How far a problem is understood: searched for, known with a way around it, mended, done with."""

    OPEN = "open", pgettext_lazy("problem", "Open")
    KNOWN = "known", pgettext_lazy("problem", "Known")
    FIXED = "fixed", pgettext_lazy("problem", "Fixed")
    CLOSED = "closed", pgettext_lazy("problem", "Closed")


class PrioritySource(TextChoices):
    """How the tickets of a queue come by their priority."""

    DIRECT = "direct", _("Agents choose it")
    WEIGHED = "weighed", _("From impact and urgency")
    MEASURED = "measured", _("From what was measured")


class Impact(IntegerChoices):
    """How many people something stops; 1 is the worst, as with priorities."""

    EVERYBODY = 1, _("Everybody")
    SEVERAL = 2, _("Several people")
    ONE = 3, _("One person")


class Pressure(IntegerChoices):
    """How urgent something is; 1 is the worst."""

    STOPPED = 1, _("Work has stopped")
    SLOWED = 2, _("Work goes on, with trouble")
    CAN_WAIT = 3, _("It can wait")


class AttemptKind(TextChoices):
    """What strangers may do only so often."""

    FILE_AS_GUEST = "file_as_guest", _("Report without an account")
    RENEW_LINK = "renew_link", _("New link to a ticket")


class ThumbnailState(TextChoices):
    """What came of making a small picture."""

    WAITING = "waiting", _("Waiting")
    MADE = "made", _("Made")
    NONE = "none", _("None")


class NoThumbnail(TextChoices):
    """Why there is no small picture of a picture."""

    DAMAGED = "damaged", _("Damaged, or not what it says it is")
    TOO_LARGE = "too_large", _("Too large")
    TOO_HEAVY = "too_heavy", _("Takes too much time or memory")
    LOST = "lost", _("Its bytes are lost")


class NoticeState(TextChoices):
    """What came of one ticket of a notice that all requesters of a problem get."""

    WAITING = "waiting", _("Waiting")
    DONE = "done", _("Told")
    REFUSED = "refused", _("Left out")
    FAILED = "failed", _("Could not be written")


class NoticeRefusal(TextChoices):
    """Why a ticket was left out of it."""

    FORBIDDEN = "forbidden", _("The writer may not work it any more.")
    SOLVED = "solved", _("It was solved already.")
    MOVED = "moved", _("It was taken out of the problem.")
    OTHER = "other", _("Something has to be done on it first.")


class Weekday(TextChoices):
    """The days of a week of working hours, in their order."""

    MON = "mon", _("Monday")
    TUE = "tue", _("Tuesday")
    WED = "wed", _("Wednesday")
    THU = "thu", _("Thursday")
    FRI = "fri", _("Friday")
    SAT = "sat", _("Saturday")
    SUN = "sun", _("Sunday")


class LineKind(TextChoices):
    """What a stretch of time was for a clock that counts working time."""

    COUNTED = "counted", _("Counted")
    PAUSED = "paused", _("Paused")
    OUTSIDE = "outside", _("Outside working hours")
    HOLIDAY = "holiday", _("Holiday")


class Metric(TextChoices):
    """What a clock measures."""

    FIRST_RESPONSE = "first_response", _("First response")
    NEXT_RESPONSE = "next_response", _("Next response")
    UPDATE = "update", _("Update")
    RESOLUTION = "resolution", _("Resolution")


class CycleState(TextChoices):
    """How a clock stands. `VOID` is one that was taken off without a verdict, such as by a merge."""

    RUNNING = "running", _("Running")
    PAUSED = "paused", pgettext_lazy("clock", "Paused")
    MET = "met", _("Met")
    BREACHED = "breached", _("Breached")
    VOID = "void", _("Taken off")


class ClockMark(TextChoices):
    """How the clocks of one ticket stand together; none where nothing is promised."""

    NONE = "", _("No clock")
    RUNNING = "running", _("Running")
    PAUSED = "paused", pgettext_lazy("clock", "Paused")
    BREACHED = "breached", _("Breached")


class StepKind(TextChoices):
    """What comes due on a clock."""

    WARNING = "warning", _("Warning")
    BREACH = "breach", _("Breach")
    OWED = "owed", _("Update owed")
    RUNG = "rung", _("Escalation")


class WorkState(TextChoices):
    """The state of the work, by which updates are owed."""

    ACTIVE = "active", _("Active")
    EMERGENCY = "emergency", _("Emergency")
    GO_LIVE = "go_live", _("Go-live")
    DEPLOYMENT = "deployment", _("Deployment")


class Deed(TextChoices):
    """What is done when a rung of the ladder is reached."""

    NOTIFY = "notify", _("Tell people")
    RAISE_TIER = "raise_tier", _("Hand it to the next tier")
    RAISE_PRIORITY = "raise_priority", _("Raise the priority by one")
    REASSIGN = "reassign", _("Give it to somebody")
    CALL_ONCALL = "call_oncall", _("Call who is on call")
    CLIMB = "climb", _("Ask the next step of management")


class Reached(TextChoices):
    """Whom a notice of the ladder reaches."""

    ASSIGNEE = "assignee", _("The assignee")
    TEAM_LEADS = "team_leads", _("The team leads of the queue")
    MANAGERS = "managers", _("The managers")
    PEOPLE = "people", _("Named people")
