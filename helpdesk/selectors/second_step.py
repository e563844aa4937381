"""Who has a second step at log-in, and who still owes the desk one."""

from typing import Final

from allauth.mfa.models import Authenticator
from django.db.models import Exists, OuterRef, Q, QuerySet, Subquery

from helpdesk.models import DeskSettings, SetupGeneration, User
from helpdesk.prepared import prepared

# Recovery codes stand in for one of these; alone they are none.
STEPS: Final = (Authenticator.Type.TOTP, Authenticator.Type.WEBAUTHN)


def signed_in(user_id: int) -> User | None:
    """The person of a session, with `owes_second_step`: whether the desk demands a second step that they have not.

    `setup_mark` says which set-up is in force. One query for all, since every page of everybody asks it.
    """
    return next(iter(_with_mark(user_id)), None)


@prepared
def _with_mark(user_id: int) -> QuerySet[User]:
    mark = Subquery(SetupGeneration.objects.values("mark"))
    people = User.objects.annotate(owes_second_step=is_owed_by("pk"), setup_mark=mark)
    return people.filter(pk=user_id)


def is_owed_by(person: str) -> Q:
    """A condition for rows whose column of this name says who they are about: the desk demands a second step that
    these have not.
    """
    demanded = Exists(DeskSettings.objects.filter(staff_need_second_step=True))
    return demanded & ~Exists(Authenticator.objects.filter(user=OuterRef(person), type__in=STEPS))


def owes(person: User) -> bool:
    """Whether the person works here, has to have a second step, and has none."""
    return person.is_staff and bool(getattr(person, "owes_second_step", False))


def steps_of(person: User) -> list[Authenticator]:
    """What the person may take as a second step, the oldest first; recovery codes among it."""
    return list(Authenticator.objects.filter(user=person).order_by("created_at", "pk"))


def is_last(authenticator: Authenticator) -> bool:
    """Whether the person would have no second step without this one."""
    others = Authenticator.objects.filter(user=authenticator.user_id, type__in=STEPS).exclude(pk=authenticator.pk)
    return not others.exists()
