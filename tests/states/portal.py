"""The states of the portal's pages, of guests' pages, and of the doors."""

from collections.abc import Iterator
from typing import Final

from playwright.sync_api import Page

from helpdesk.selectors.invitations import token_of
from tests.helpdesk.views.portal.entrance import PASSWORD
from tests.states.hands import both, failure, filled, opened, picked, refused, typed
from tests.states.scene import NOBODYS, Scene
from tests.states.seeing import State

_REPLY: Final = "form[action$='/reply/']"
_REJECT: Final = "form[action$='/reject/']"


def portal_states(s: Scene) -> Iterator[State]:
    """Those of somebody who asks for help."""
    owner, one = "owner", "/tickets/{0.ref}/".format
    yield from _lists(owner, f"/tickets/new/{s.topic.code}/")
    yield State("ticket that waits for its requester", owner, one(s.asked), is_rare=True)
    yield State("ticket on hold", owner, one(s.held), is_rare=True)
    yield State("ticket that is solved", owner, one(s.solved))
    yield State("ticket that is closed", owner, one(s.closed), is_rare=True)
    yield State("ticket that was merged", owner, one(s.merged), is_rare=True)
    yield State("ticket that is private", owner, one(s.world.secret), is_rare=True)
    yield State("ticket with very long words", "long", one(s.long))
    yield State("ticket with many words, folded", owner, one(s.many), is_rare=True)
    yield State("ticket with many words, all", owner, f"{one(s.many)}?all=1", is_rare=True)
    yield State("ticket of somebody who follows", "watcher", one(s.world.here), opened("Stop following"), is_rare=True)
    yield State("ticket of an organisation's manager", "organization_manager", one(s.asked), is_rare=True)
    yield State("ticket as its agent sees it in the portal", "agent", one(s.asked), is_rare=True)
    yield State("ticket, message refused", owner, one(s.asked), refused(_REPLY))
    yield State("ticket, rejection refused", owner, one(s.solved), refused(_REJECT))
    yield State("ticket, reopening refused", owner, one(s.closed), refused("form[action$='/reopen/']"))
    yield State("ticket, follower refused", owner, one(s.asked), refused("form[action$='/watchers/']", "x"))
    yield State("ticket, follower added", owner, one(s.many), _somebody_follows)
    yield State("message changed, refused", owner, s.newest_words(s.many), refused())
    for what, ticket in (("long words", s.long), ("many words", s.many)):
        who = "long" if ticket is s.long else owner
        yield State(f"printed, {what}", who, f"{one(ticket)}print/", is_rare=True)
    yield from _pages_of_oneself(owner)
    yield State("nothing there", owner, "/tickets/WD-999999/", status=404, is_rare=True)
    yield State("nothing there, for who works here", "agent", "/nowhere/", status=404, is_rare=True)
    yield State("not allowed", "auditor", "/tickets/new/", status=403)
    for name in ("400", "403_csrf", "413", "429", "500"):
        yield State(f"failure {name}", owner, "/", failure(name), is_rare=name not in {"413", "500"})
    yield State("message that could not be sent", owner, one(s.asked), _offline, is_rare=True)


def _lists(owner: str, topic: str) -> Iterator[State]:
    yield State("home with nothing on it", "newcomer", "/")
    yield State("home with a very long name", "long", "/", is_rare=True)
    yield State("tickets, none yet", "newcomer", "/tickets/", is_rare=True)
    yield State("tickets, with very long words", "long", "/tickets/", is_rare=True)
    for narrowed in ("waiting", "open", "solved"):
        yield State(f"tickets, none {narrowed}", "newcomer", f"/tickets/?state={narrowed}", is_rare=True)
    yield State("tickets, all of every status", owner, "/tickets/?state=all", is_rare=True)
    yield State("tickets, none that fits", owner, "/tickets/?q=nothing-like-this", is_rare=True)
    yield State("tickets of an organisation", "organization_manager", "/tickets/", is_rare=True)
    yield State(
        "the topics, with something begun", owner, "/tickets/new/", filled(topic, "In a few words", "Ink"), is_rare=True
    )
    yield State("every kind of question", owner, topic, is_rare=True)
    yield State("every kind of question, refused", owner, topic, refused("form[enctype]"))


def _pages_of_oneself(owner: str) -> Iterator[State]:
    yield State("profile refused", owner, "/profile/", refused())
    yield State("notifications of who works here", "agent", "/profile/notifications/", is_rare=True)
    hours = refused("form[action$='/quiet/']")
    yield State("quiet hours refused", owner, "/profile/notifications/", both(picked("Monday"), hours))
    yield State("quiet from now on", "agent", "/profile/notifications/", typed("Be quiet"), is_rare=True)
    yield State("own data asked for", "newcomer", "/profile/", typed("Ask for my data"), is_rare=True)
    yield State("files on their way, made and failed", owner, "/exports/")
    yield State("files, none yet", "newcomer", "/exports/", is_rare=True)
    yield State("logged in at several places", "secured", "/profile/sessions/", is_rare=True)


def guest_states(s: Scene) -> Iterator[State]:
    """Those of somebody without an account."""
    by = "/guests/{0}/".format
    topic = f"/guests/new/{s.topic.code}/"
    yield State("first page", NOBODYS, "/", is_rare=True)
    yield State("report", NOBODYS, topic, is_rare=True)
    yield State("report refused", NOBODYS, topic, refused())
    yield State("report with a wrong address refused", NOBODYS, topic, refused(junk="x"), is_rare=True)
    yield State("report to confirm", NOBODYS, f"/guests/confirm/{s.filing}/")
    yield State("report that nobody wrote", NOBODYS, f"/guests/confirm/{s.unknown}/", status=404, is_rare=True)
    yield State("ticket of a guest", NOBODYS, by(s.open_link))
    yield State("ticket of a guest, solved", NOBODYS, by(s.solved_link), is_rare=True)
    yield State("ticket of a guest, closed", NOBODYS, by(s.closed_link), is_rare=True)
    yield State("ticket of a guest, many words", NOBODYS, by(s.long_link), is_rare=True)
    yield State("ticket of a guest, message refused", NOBODYS, by(s.open_link), refused(_REPLY))
    yield State("ticket of a guest, rejection refused", NOBODYS, by(s.solved_link), refused(_REJECT))
    yield State("link of a guest that ended", NOBODYS, by(s.ended_link), status=404)
    yield State("link of a guest that was withdrawn", NOBODYS, by(s.gone_link), status=404, is_rare=True)
    yield State(
        "link of a guest, renewed", NOBODYS, by(s.ended_link), typed("Mail me a new link"), status=404, is_rare=True
    )


def door_states(s: Scene) -> Iterator[State]:
    """Those of logging in and of what belongs to it."""
    yield State(
        "log-in refused", NOBODYS, "/accounts/login/", refused("form[action^='/accounts/login/']", "x@y.z", 200)
    )
    yield State("sign-up refused", NOBODYS, "/accounts/signup/", refused(junk="x", status=200))
    yield State("forgotten password refused", NOBODYS, "/accounts/password/reset/", refused(junk="x", status=200))
    yield State("link for a new password that is none", NOBODYS, "/accounts/password/reset/key/1-x-y/", is_rare=True)
    yield State("link for an address that is none", NOBODYS, "/accounts/confirm-email/x/", is_rare=True)
    yield State("invitation", NOBODYS, f"/accounts/invitation/{token_of(s.invited)}/", is_rare=True)
    join = refused("form[action*='/invitation/'], main form[method=post]")
    yield State("invitation refused", NOBODYS, f"/accounts/invitation/{token_of(s.invited)}/", join)
    yield State("invitation of somebody else", "owner", f"/accounts/invitation/{token_of(s.invited)}/", is_rare=True)
    yield State(
        "invitation that ended", NOBODYS, f"/accounts/invitation/{token_of(s.withdrawn)}/", status=410, is_rare=True
    )
    yield State("second step, none yet", "newcomer", "/accounts/second-step/", is_rare=True)
    yield State("second step, with an app", "secured", "/accounts/second-step/")
    yield State("second step, said again, refused", "secured", "/accounts/second-step/codes/", refused(status=200))
    yield State("recovery codes", "secured", "/accounts/second-step/codes/", _say_again)
    ways = "form[action='/profile/tokens/']"
    yield State("token, refused", "secured", "/profile/tokens/", refused(ways))
    yield State("token, made", "secured", "/profile/tokens/", _make_token, is_rare=True)
    yield State("new recovery codes", "secured", "/accounts/second-step/codes/new/", is_rare=True)
    yield State("app to remove", "secured", "/accounts/second-step/app/remove/", is_rare=True)
    yield State("passkey to add", "secured", "/accounts/second-step/passkeys/new/", is_rare=True)
    yield State("password refused", "secured", "/accounts/password/change/", refused(status=200))


def _somebody_follows(page: Page) -> None:
    page.get_by_text("Add somebody").click()
    page.get_by_label("Their e-mail address").fill("joe@example.org")
    page.get_by_role("button", name="Let them follow").click()
    page.get_by_text("joe@example.org follows this ticket now").wait_for()
    page.locator(".watchers .confirmation summary").first.click()


def _offline(page: Page) -> None:
    page.route("**/drafts/**", lambda route: route.abort())
    page.get_by_label("Your message").fill("It smokes.")
    page.get_by_text("Not saved: there is no connection.").wait_for()
    page.get_by_role("button", name="Send answer").click()
    page.get_by_text("Not sent: there is no connection.").wait_for()
    page.unroute("**/drafts/**")


def _make_token(page: Page) -> None:
    page.get_by_label("Name").fill("Night report")
    page.locator("input[name=scopes]").first.check()
    page.get_by_role("button", name="Make the token").click()
    page.get_by_role("heading", name="Your token").wait_for()
    opened("Replace", "Revoke")(page)


def _say_again(page: Page) -> None:
    page.get_by_label("Password", exact=True).fill(PASSWORD)
    page.get_by_role("button", name="Go on").click()
    page.get_by_role("heading", name="Recovery codes").wait_for()
