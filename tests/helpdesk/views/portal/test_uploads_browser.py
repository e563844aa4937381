"""Files by picker, drop and paste, as a browser sends them while somebody still writes."""

import re

import pytest
from playwright.sync_api import expect

from helpdesk.models import Attachment, Ticket
from tests.browser import PHONE, assert_accessible
from tests.factories import TierFactory

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

GIVE = """([kind, target, files, text]) => {
  const data = new DataTransfer();
  for (const [name, type, body] of files) {
    data.items.add(new File([body], name, { type: type }));
  }
  if (text) {
    data.setData("text/plain", text);
  }
  const given = { bubbles: true, cancelable: true };
  const event = kind === "drop"
    ? new DragEvent("drop", { ...given, dataTransfer: data })
    : new ClipboardEvent("paste", { ...given, clipboardData: data });
  return document.querySelector(target).dispatchEvent(event);
}"""
LARGE = 1 << 20


def give(page, kind, *files, target="#id_text", text=""):
    """Drop or paste files; whether the page left the rest to the browser."""
    return page.evaluate(GIVE, [kind, target, [list(file) for file in files], text])


def file(name, content=b"x"):
    return {"name": name, "mimeType": "text/plain", "buffer": content}


@pytest.fixture
def form(browse, ada, category):
    """The form for a new ticket, filled in but for its files."""
    TierFactory.create(level=1)

    def open_form(**look):
        page = browse(ada, **look)
        page.goto("/tickets/new/printing/")
        page.get_by_label("In a few words").fill("No ink")
        page.get_by_label("What happened?").fill("It says that there is none.")
        return page

    return open_form


def rows(page):
    return page.get_by_role("list", name="What you have added").get_by_role("listitem")


def test_files_come_by_picker_drop_and_paste_and_can_be_removed(form):
    page = form()
    page.get_by_label("Files").set_input_files([file("picked.txt")])
    expect(page.get_by_text("picked.txt is added.")).to_be_visible()
    assert give(page, "drop", ["<b>dropped.txt", "text/plain", "y"]) is False
    expect(rows(page).filter(has_text="<b>dropped.txt").get_by_role("button", name="Remove")).to_be_visible()
    assert give(page, "paste", ["image.png", "image/png", "z"]) is False
    expect(page.get_by_text("Picture 1.png is added.")).to_be_visible()
    # What has words is pasted as words, and a file beside the form does not replace the page.
    assert give(page, "paste", ["image.png", "image/png", "z"], text="cells") is True
    assert give(page, "drop", ["lost.txt", "text/plain", "y"], target="h1") is False
    expect(rows(page)).to_have_count(3)
    assert_accessible(page)
    page.get_by_role("button", name="Remove picked.txt").press("Enter")
    expect(page.get_by_role("button", name=re.compile("Remove.*dropped"))).to_be_focused()
    page.get_by_role("button", name="Send").click()
    page.wait_for_url("**/tickets/WD-*/received/")
    assert [one.name for one in Attachment.objects.all()] == ["_b_dropped.txt", "Picture 1.png"]


def test_upload_that_breaks_is_told_tried_again_and_waited_for(form):
    page = form(width=PHONE, dark=True)
    tries = []

    def fail_once(route):
        tries.append(route)
        if len(tries) == 1:
            route.abort()
        # The second one stays on its way until the test lets it go.

    page.route("**/uploads/", fail_once)
    page.get_by_label("Files").set_input_files([file("log.txt", b"x" * 5000)])
    expect(rows(page).get_by_text("It did not arrive: the connection broke.")).to_be_visible()
    assert_accessible(page)
    page.get_by_role("button", name="Send").click()
    expect(page.get_by_role("button", name="Try again log.txt")).to_be_focused()
    expect(page.get_by_text("Not every file is added.")).to_be_visible()
    page.get_by_role("button", name="Try again log.txt").click()
    expect(page.get_by_role("progressbar", name="log.txt")).to_be_visible()
    assert_accessible(page)
    page.get_by_role("button", name="Send").click()
    expect(page.get_by_text("Your files are still on their way.")).to_be_visible()
    expect(page.get_by_role("button", name="Sending …")).to_be_visible()
    assert not Ticket.objects.exists()
    tries[1].continue_()
    page.wait_for_url("**/tickets/WD-*/received/")
    assert Attachment.objects.get().name == "log.txt"


def test_files_that_cannot_go_are_refused_before_they_are_sent(form, settings_of_desk):
    settings_of_desk(max_file_mb=1, max_files=2)
    page = form()
    page.get_by_label("Files").set_input_files(
        [file("large.txt", b"x" * (2 * LARGE)), file("empty.txt", b""), *(file(f"{n}.txt") for n in range(3))]
    )
    expect(rows(page).filter(has_text="large.txt").get_by_text("It is 2 MB; the limit is 1 MB.")).to_be_visible()
    expect(rows(page).filter(has_text="empty.txt").get_by_text("It is empty.")).to_be_visible()
    expect(rows(page).filter(has_text="2.txt").get_by_text("one message takes 2 files")).to_be_visible()
    expect(page.get_by_role("button", name="Try again", exact=False)).to_have_count(0)
    # What may go has arrived; nothing is on its way when the test ends.
    expect(page.locator(".file[data-state=done]")).to_have_count(2)


def test_upload_on_its_way_can_be_cancelled(form):
    page = form()
    page.route("**/uploads/", lambda _route: None)
    page.get_by_label("Files").set_input_files([file("long.txt")])
    page.get_by_role("button", name="Cancel long.txt").click()
    expect(rows(page)).to_have_count(0)
    expect(page.get_by_label("Files")).to_be_focused()
    page.get_by_role("button", name="Send").click()
    page.wait_for_url("**/tickets/WD-*/received/")
    assert not Attachment.objects.exists()
