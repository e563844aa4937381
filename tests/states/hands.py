"""What somebody does on a page to bring it into a state."""

from typing import Final

from django.template.loader import render_to_string
from playwright.sync_api import Page

from tests.states.seeing import Then

# Every field for words is emptied, or filled with `junk`; the browser's own checks are passed by, as programs do it.
_SEND: Final = """([form, junk]) => {
  const others = "[type=hidden], [type=checkbox], [type=radio], [type=file], [type=submit]";
  for (const field of form.elements) {
    if (field.matches(`textarea, input:not(${others})`)) {
      field.value = ["date", "time", "number", "datetime-local"].includes(field.type) ? "" : junk;
    }
  }
  const button = form.querySelector("[type=submit][name]:not([formaction])");
  if (button) {
    const pressed = { type: "hidden", name: button.name, value: button.value };
    form.append(Object.assign(document.createElement("input"), pressed));
  }
  HTMLFormElement.prototype.submit.call(form);
}"""


def refused(form: str = "main form[method=post]", junk: str = "", status: int = 422) -> Then:
    """Send a form with nothing in it, or with `junk` in every field for words."""

    def send(page: Page) -> None:
        handle = page.locator(form).first.element_handle()
        with page.expect_navigation() as came:
            page.evaluate(_SEND, [handle, junk])
        answer = came.value
        assert answer is not None
        assert answer.status == status, f"the form was answered with {answer.status}"

    return send


def both(first: Then, second: Then) -> Then:
    """One after the other."""

    def do(page: Page) -> None:
        first(page)
        second(page)

    return do


def opened(*names: str) -> Then:
    """Open what stands behind these words."""

    def unfold(page: Page) -> None:
        for name in names:
            page.locator("main summary", has_text=name).first.click()

    return unfold


def picked(*names: str) -> Then:
    """Tick boxes."""

    def tick(page: Page) -> None:
        for name in names:
            page.get_by_label(name).first.check()

    return tick


def typed(button: str, **fields: str) -> Then:
    """Press a button of the page that comes back with an answer."""

    def press(page: Page) -> None:
        for label, words in fields.items():
            page.get_by_label(label).first.fill(words)
        with page.expect_navigation():
            page.get_by_role("button", name=button).first.click()

    return press


def filled(where: str, label: str, words: str) -> Then:
    """Begin to write on another page, which keeps it, and come back."""

    def write(page: Page) -> None:
        here = page.url
        page.goto(where)
        page.get_by_label(label).fill(words)
        page.get_by_text("Saved as a draft").wait_for()
        page.goto(here)

    return write


def failure(name: str) -> Then:
    """The page of a failure, as the server would answer with it."""

    def fail(page: Page) -> None:
        page.route("**/failed/", lambda route: route.fulfill(body=render_to_string(f"{name}.html"), status=200))
        page.goto("/failed/")

    return fail


def pressed(button: str) -> Then:
    """Press a button whose answer a script puts into the page: it is refused."""

    def press(page: Page) -> None:
        page.get_by_role("button", name=button, exact=True).first.click()
        page.get_by_role("alert").first.wait_for()

    return press
