"""The states of the pages that agents live in."""

from collections.abc import Iterator
from typing import Final

from playwright.sync_api import Page

from tests.states.hands import both, opened, pressed, refused, typed
from tests.states.scene import Scene
from tests.states.seeing import State, Then

_LIST: Final = "/admin/tickets/"


def desk_states(s: Scene) -> Iterator[State]:
    """Those of lists and of what is beside tickets."""
    agent, boss = "agent", "administrator"
    yield State("home with nothing to do", "idle_agent", "/admin/", is_rare=True)
    yield State("home with work of every kind", agent, "/admin/", is_rare=True)
    yield State("inbox with nothing in it", "idle_agent", "/admin/inbox/", is_rare=True)
    yield State("list with nothing in it", "idle_agent", _LIST, is_rare=True)
    yield State("list with very long words", agent, _LIST, is_rare=True)
    yield State("list, nothing fits", agent, f"{_LIST}?q=nothing-like-this", is_rare=True)
    yield State("list, narrowed wrongly", agent, f"{_LIST}?status=x&age=y&team=0")
    yield State("list, menu of filters open", agent, _LIST, _filters, is_rare=True)
    yield State("list, menu of filters, somebody suggested", agent, _LIST, _filter_by_name, is_rare=True)
    yield State(
        "list, narrowed in many ways",
        agent,
        f"{_LIST}?status=open&priority=1&tier=1&assignee=me&order=age",
        is_rare=True,
    )
    yield State("list, export open", agent, _LIST, _export, is_rare=True)
    yield State("list, rows chosen", agent, _LIST, _choose, is_rare=True)
    yield State("list, a row looked into", agent, _LIST, _peek, is_rare=True)
    yield State("list, keyboard map", agent, _LIST, _keys, is_rare=True)
    yield State("several tickets, one task asked", agent, _LIST, both(_choose, typed("Escalate")), is_rare=True)
    yield State("several tickets, refused", agent, _LIST, _bulk_refused)
    yield State("several tickets, done", agent, _LIST, _bulk_done, is_rare=True)
    yield State("new ticket, refused", agent, "/admin/tickets/new/", refused("form[enctype]"))
    about = f"/admin/tickets/new/?requester={s.owner.person.pk}&category={s.topic.pk}&queue={s.world.queue.pk}"
    yield State("new ticket with all that it asks", agent, about, is_rare=True)
    yield State("new ticket, second step", agent, "/admin/tickets/new/", _second_step, is_rare=True)
    yield State("new ticket, somebody suggested", agent, "/admin/tickets/new/", _suggest("Who"), is_rare=True)
    yield State("files on their way, made and failed", agent, "/admin/exports/", is_rare=True)
    yield State("files, none yet", boss, "/admin/exports/", is_rare=True)
    yield from _problems(s, agent)
    yield from _people(s, boss)
    yield State("nothing there", agent, "/admin/tickets/WD-999999/", status=404, is_rare=True)
    yield State("not allowed", agent, "/admin/people/invitations/", status=403, is_rare=True)
    yield State("navigation of a phone and what one is", agent, "/admin/", opened_menu, is_rare=True)


def _problems(s: Scene, agent: str) -> Iterator[State]:
    one = f"/admin/problems/{s.alone.ref}/"
    told = f"/admin/problems/{s.told.ref}/"
    yield State("problems, none that fits", agent, "/admin/problems/?q=nothing-like-this", is_rare=True)
    yield State("problem, new, refused", agent, "/admin/problems/new/", refused())
    yield State("problem of a ticket, new", agent, f"/admin/problems/new/?ticket={s.asked.ref}", is_rare=True)
    yield State("problem with nothing in it", agent, one, is_rare=True)
    yield State("problem, gathering refused", agent, one, refused("form[action$='/gather/']", "WD-999999 x"))
    yield State("problem changed, refused", agent, f"{one}edit/", refused(), is_rare=True)
    yield State("problem, telling refused", agent, f"{told}tell/", refused())
    yield State(
        "problem, telling looked at", agent, f"{told}tell/", refused(junk="It is mended.", status=200), is_rare=True
    )
    yield State("problem published, refused", "administrator", f"{told}publish/", refused(), is_rare=True)


def _people(s: Scene, boss: str) -> Iterator[State]:
    stranger = s.world.people["stranger"].pk
    secured = s.people["secured"]
    assert secured is not None
    yield State(
        "invitations of every state",
        boss,
        "/admin/people/invitations/",
        opened("Invite somebody", "Withdraw"),
        is_rare=True,
    )
    yield State("invitation refused", boss, "/admin/people/invitations/", refused("form[action$='/invitations/']"))
    yield State("access of who has a second step", boss, f"/admin/people/{secured.pk}/", opened("Reset"), is_rare=True)
    yield State("access of oneself", boss, f"/admin/people/{s.admin.person.pk}/", is_rare=True)
    yield State("merge of people", boss, f"/admin/people/{stranger}/merge/", is_rare=True)
    yield State("merge of people, refused", boss, f"/admin/people/{stranger}/merge/?into={stranger}", status=422)
    yield State("merge of people, looked at", boss, f"/admin/people/{s.owner.person.pk}/merge/?into={stranger}")


def ticket_states(s: Scene) -> Iterator[State]:
    """Those of a ticket's page and of what leads on from it."""
    agent, one = "agent", "/admin/tickets/{0.ref}/".format
    here = one(s.world.here)
    for name, ticket in (
        ("waits for its requester", s.asked),
        ("is on hold, waits on a partner, has others merged into it", s.held),
        ("is solved", s.solved),
        ("is closed", s.closed),
        ("has very long words", s.long),
        ("has many words", s.many),
    ):
        is_rare = ticket not in {s.held, s.long}
        yield State(f"ticket that {name}", agent, one(ticket), is_rare=is_rare)
    yield State("ticket that is private", "insider", one(s.world.secret), is_rare=True)
    yield State("ticket as an auditor sees it", "auditor", here, is_rare=True)
    for button in ("Resolve", "Put on hold", "Ask the requester"):
        yield State(
            f"{button}, refused", agent, here, both(opened(button), pressed(button)), is_rare=button != "Resolve"
        )
    yield State(
        "escalation refused", agent, one(s.asked), both(opened("Escalate"), pressed("Escalate to Tier 2")), is_rare=True
    )
    yield State("reply refused", agent, here, pressed("Send reply"))
    yield State("note refused", agent, here, both(_note, pressed("Add internal note")))
    yield State("note, colleague suggested", agent, here, both(_note, _mention))
    yield State("preview of a reply", agent, here, _preview, is_rare=True)
    yield State("all that can be opened", agent, here, _open_all)
    yield State("all that can be opened, on hold", agent, one(s.held), _open_all, is_rare=True)
    for name in ("links", "sub-tasks", "watchers", "time", "tags"):
        yield State(f"{name}, refused", agent, here, _refuse_part(name), is_rare=name != "links")
    yield State("merge refused", agent, f"{here}merge/?into={s.world.here.ref}", status=422)
    yield State("merge looked at", agent, f"{one(s.asked)}merge/?into={s.many.ref}", is_rare=True)
    yield State("merge with somebody who would read more", agent, f"{here}merge/?into={s.long.ref}")
    yield State("message changed, refused", agent, s.newest_words_of_desk(s.many), refused())
    yield State("time that was spent", agent, f"{here}time/", is_rare=True)
    yield State("organisation for which it is", agent, f"{here}organization/", is_rare=True)
    yield State("policy chosen by hand", "team_lead", f"{here}policy/", is_rare=True)


def opened_menu(page: Page) -> None:
    """The menu of who one is, and the navigation where there is little room."""
    page.locator(".desk-me summary").click()


def _filters(page: Page) -> None:
    page.get_by_text("Add filter").click()
    page.get_by_label("Order").wait_for()


def _filter_by_name(page: Page) -> None:
    _filters(page)
    _type_ahead(page, "Add by name", "a")


def _export(page: Page) -> None:
    page.get_by_label("Export this list").click()


def _choose(page: Page) -> None:
    for box in page.locator("main input[name=ticket]").all()[:3]:
        box.check()


def _peek(page: Page) -> None:
    page.keyboard.press("j")
    page.keyboard.press("Space")
    page.locator("#peek h2, #peek-title").first.wait_for()


def _keys(page: Page) -> None:
    page.keyboard.press("?")
    page.get_by_role("dialog").wait_for()


def _bulk_refused(page: Page) -> None:
    _choose(page)
    typed("Escalate")(page)
    refused("form[action$='/bulk/']")(page)


def _bulk_done(page: Page) -> None:
    _choose(page)
    typed("Escalate")(page)
    page.locator("main textarea, main input[type=text]").first.fill("They know more.")
    with page.expect_navigation():
        page.locator("main form [type=submit]").first.click()


def _second_step(page: Page) -> None:
    page.get_by_label("In a few words").fill("No paper")
    form = page.locator("main form[enctype]").element_handle()
    with page.expect_navigation():
        page.evaluate("form => { form.insertAdjacentHTML('beforeend', '<input name=look>'); form.submit() }", form)


def _type_ahead(page: Page, label: str, words: str) -> None:
    page.get_by_role("combobox", name=label).first.click()
    page.keyboard.type(words)
    page.get_by_role("option").first.wait_for()
    page.keyboard.press("ArrowDown")


def _suggest(label: str) -> Then:
    return lambda page: _type_ahead(page, label, "o")


def _note(page: Page) -> None:
    page.locator(".tab-note").click()


def _mention(page: Page) -> None:
    page.locator(".compose-note textarea").press_sequentially("@a")
    page.get_by_role("option").first.wait_for()


def _preview(page: Page) -> None:
    page.locator(".compose-reply textarea").fill("So **be** it.")
    page.locator(".compose-reply [data-look=preview]").click()
    page.locator(".compose-reply .preview strong").wait_for()


def _open_all(page: Page) -> None:
    page.evaluate("document.querySelectorAll('main details').forEach(one => one.open = true)")
    page.wait_for_load_state("networkidle")


def _refuse_part(name: str) -> Then:
    def send(page: Page) -> None:
        _open_all(page)
        page.evaluate(
            """name => {
              const form = [...document.querySelectorAll("main form")].find(one => one.action.includes(`/${name}/`)
                && one.querySelector("input:not([type=hidden])"));
              form.noValidate = true;
              form.requestSubmit();
            }""",
            name,
        )
        page.locator("main .field-error, main [role=alert], main .errors, main .invalid-feedback").first.wait_for()

    return send
