"""Tokens are made, rotated and revoked."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Final

from django.utils.translation import gettext_lazy as _

from helpdesk.actions import _once, letters
from helpdesk.actions._base import action
from helpdesk.actions._once import Submission
from helpdesk.actions._record import audit
from helpdesk.actors import Actor
from helpdesk.domain.tokens import Token, new_token
from helpdesk.domain.words import clean_line
from helpdesk.errors import Code, DomainError
from helpdesk.models import ApiToken, Queue, User
from helpdesk.permissions import Right, holds
from helpdesk.scopes import TokenScope

MAX_TOKENS: Final = 50
MAX_NAME: Final = 80
MAX_PER_MINUTE: Final = 60_000
MAX_OVERLAP: Final = timedelta(days=30)
# How exactly it is known when a token was used last: a write for each request would cost more than the request.
NOTED_EVERY: Final = timedelta(minutes=5)


@action
def make_token(
    *,
    user: User,
    name: str,
    scopes: Sequence[str],
    by: Actor,
    now: datetime,
    queues: Sequence[Queue] = (),
    expires_at: datetime | None = None,
    per_minute: int = 600,
    submission: Submission | None = None,
) -> tuple[ApiToken, Token]:
    """Make a token for oneself or, who looks after people, for an integration. Its text is known this once alone.

    Asked twice in the same breath, it makes one, of which the second answer tells the text.
    """
    person = User.objects.select_for_update(no_key=True).get(pk=user.pk)
    _require(by, person)
    key, earlier = _once.claim_of(ApiToken, by, submission)
    if earlier is not None:
        return _written_anew(earlier, by, now)
    _refuse_more(person, now, MAX_TOKENS)
    clean = clean_line(name)
    if not clean or len(clean) > MAX_NAME:
        raise DomainError(
            _("Write a name of up to %(limit)d characters, by which you will know it.") % {"limit": MAX_NAME},
            Code.WRONG if clean else Code.MISSING,
            field="name",
        )
    if not scopes or set(scopes) - set(TokenScope.values):
        raise DomainError(_("Choose what the token may be used for."), Code.MISSING, field="scopes")
    if expires_at is not None and expires_at <= now:
        raise DomainError(_("Choose a day that is still to come."), Code.WRONG, field="expires_at")
    if not 1 <= per_minute <= MAX_PER_MINUTE:
        raise DomainError(_("Write a number of requests a minute."), Code.WRONG, field="per_minute")
    token = ApiToken(
        user=person,
        name=clean,
        scopes=sorted(set(scopes)),
        queue_ids=sorted({queue.pk for queue in queues}),
        expires_at=expires_at,
        per_minute=per_minute,
    )
    made, secret = _made(token, by, now)
    return _once.settle(key, made), secret


@action
def rotate_token(
    *, token: ApiToken, overlap: timedelta, by: Actor, now: datetime, submission: Submission | None = None
) -> tuple[ApiToken, Token]:
    """Make another one in the token's place. The old one ends after `overlap`, so that nobody is cut off meanwhile.

    Asked twice in the same breath, it makes one, as `make_token` does.
    """
    # The account first, as wherever all tokens of one end: none comes to be behind the back of that.
    person = User.objects.select_for_update(no_key=True).get(pk=token.user_id)
    old = ApiToken.objects.select_for_update().get(pk=token.pk)
    _require(by, person)
    key, earlier = _once.claim_of(ApiToken, by, submission)
    if earlier is not None:
        return _written_anew(earlier, by, now)
    if not old.is_valid(now) or ApiToken.objects.filter(replaces=old).exists():
        raise DomainError(_("This token ended, or was replaced before."), Code.REPEATED)
    if not timedelta() <= overlap <= MAX_OVERLAP:
        raise DomainError(_("Choose how long the old token still works, up to 30 days."), Code.WRONG, field="overlap")
    if overlap:
        # Each may have one that ends in its place; who replaces these again and again does not make any number.
        _refuse_more(person, now, 2 * MAX_TOKENS)
    # One that was to end by itself is given as long again.
    lasts = None if old.expires_at is None else now + (old.expires_at - old.created_at)
    old.expires_at = min(filter(None, (old.expires_at, now + overlap)))
    old.save(update_fields=["expires_at"])
    new = ApiToken(
        user=person,
        name=old.name,
        scopes=old.scopes,
        queue_ids=old.queue_ids,
        per_minute=old.per_minute,
        expires_at=lasts,
        replaces=old,
    )
    made, secret = _made(new, by, now)
    return _once.settle(key, made), secret


def _refuse_more(person: User, now: datetime, most: int) -> None:
    """Refuse another token where so many of theirs are in force."""
    if ApiToken.objects.filter(ApiToken.valid_at(now), user=person).count() >= most:
        words = _("There is room for %(limit)d tokens. Revoke one that is not needed any more.")
        raise DomainError(words % {"limit": most}, Code.TOO_MANY)


@action
def revoke_token(*, token: ApiToken, by: Actor, now: datetime) -> ApiToken:
    """End the token at once. Doing so again changes nothing."""
    row = ApiToken.objects.select_for_update().get(pk=token.pk)
    # Whoever looks after people ends anybody's: a token that leaked waits for nobody.
    if by.scopes is not None or not holds(by, Right.CHANGE_PEOPLE):
        _require(by, row.user)
    if row.revoked_at is None:
        row.revoked_at = now
        row.save(update_fields=["revoked_at"])
        audit("token_revoked", ("token", row.pk), {"user_id": row.user_id}, by=by, now=now)
        _tell("token_revoked", row, by=by, now=now)
    return row


@action
def note_use(*, token: ApiToken, now: datetime) -> None:
    """Remember that the token was used, now and then."""
    ApiToken.objects.filter(pk=token.pk).exclude(last_used_at__gt=now - NOTED_EVERY).update(last_used_at=now)


def _made(token: ApiToken, by: Actor, now: datetime) -> tuple[ApiToken, Token]:
    secret = new_token()
    token.key, token.digest, token.created_at, token.made_by = secret.key, secret.digest, now, by.user
    token.save(force_insert=True)
    data = {"user_id": token.user_id, "scopes": token.scopes, "queue_ids": token.queue_ids}
    if token.replaces_id is not None:
        data["replaces_id"] = token.replaces_id
    audit("token_made", ("token", token.pk), data, by=by, now=now)
    _tell("token_made", token, by=by, now=now)
    return token, secret


def _tell(letter: str, token: ApiToken, *, by: Actor, now: datetime) -> None:
    """Mail whose token it is what somebody else did with it; another system reads no mail."""
    person = token.user
    if by.user != person and person.is_active and not person.is_integration:
        letters.post_letter(letter, to=person, now=now, name=token.name, who=str(by.user or ""))


def _written_anew(token: ApiToken, by: Actor, now: datetime) -> tuple[ApiToken, Token]:
    """The token that was just made, with another text in the place of the one that no page shows any more.

    Raises DomainError where the text may be in somebody's hands by now.
    """
    row = ApiToken.objects.select_for_update().get(pk=token.pk)
    if now - row.created_at > _once.PRESSED_TWICE or row.last_used_at is not None or not row.is_valid(now):
        words = _("“%(name)s” was made already, and its text was shown that once. If you do not have it, replace it.")
        raise DomainError(words % {"name": row.name}, Code.REPEATED)
    secret = new_token()
    row.key, row.digest = secret.key, secret.digest
    row.save(update_fields=["key", "digest"])
    audit("token_written_anew", ("token", row.pk), {"user_id": row.user_id}, by=by, now=now)
    return row, secret


def _require(by: Actor, person: User) -> None:
    """One's own tokens are one's own business; those of integrations theirs who look after people."""
    if by.scopes is not None:
        raise DomainError(_("A token makes and ends no tokens."), Code.FORBIDDEN)
    # Whoever runs the desk on its server could read everything anyway.
    if person.is_active and (by.user is None or by.user == person):
        return
    if not (person.is_integration and person.is_active and holds(by, Right.CHANGE_PEOPLE)):
        raise DomainError(_("You may not look after this token."), Code.FORBIDDEN)
