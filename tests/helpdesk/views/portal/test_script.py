"""What somebody types is shown to others as text, wherever it comes out."""

from html.parser import HTMLParser
from io import BytesIO

import pytest
from django.utils import timezone

from helpdesk.actions.conversation import reply
from helpdesk.choices import Channel
from helpdesk.models import Ticket
from tests.factories import CategoryFactory, TierFactory, actor
from tests.helpdesk.views.portal.conftest import hidden

pytestmark = pytest.mark.django_db

ATTACKS = [
    "<script>alert(1)</script>",
    '"><img src=x onerror=alert(1)>',
    "</textarea></title><svg onload=alert(1)>",
    "[click](javascript:alert(1))",
    '<a href="javascript:alert(1)">x</a>',
    "![](https://evil.example/pixel.png)",
    '<div x-data="{}" x-init="alert(1)" hx-get="/" @click="alert(1)">x</div>',
    "{{ request.user.password }}{% debug %}",
    "<style>*{display:none}</style><iframe src=//evil.example></iframe>",
]


class Looker(HTMLParser):
    """Finds what could act on a page."""

    def __init__(self):
        super().__init__()
        self.found = []

    def handle_starttag(self, tag, attrs):
        given = dict(attrs)
        # Our own signs, and our own scripts from our own files, which no words can make.
        if (tag, given.get("class")) == ("svg", "icon") and given.keys() <= {"class", "aria-hidden", "focusable"}:
            return
        if tag == "script" and given.keys() <= {"src", "defer"} and (given.get("src") or "").startswith("/static/"):
            return
        if tag in {"script", "iframe", "object", "embed", "style", "svg", "img", "base"}:
            self.found.append(tag)
        for name, value in attrs:
            acts = name.startswith(("on", "x-on", "x-data", "x-init", "@", "hx-get", "hx-post", "data-hx", "style"))
            if acts or (name in {"href", "src", "action"} and (value or "").strip().lower().startswith("javascript:")):
                self.found.append(f"{tag} {name}={value}")
            if name == "src":
                self.found.append(f"{tag} src={value}")


def what_acts(response):
    looker = Looker()
    looker.feed(response.content.decode())
    return looker.found


@pytest.mark.parametrize("attack", ATTACKS)
def test_script_does_nothing_on_any_page(as_ada, ada, mara, category, attack):
    TierFactory.create(level=1)
    ada.name = mara.name = category.name = category.description = attack[:80]
    for row in (ada, mara, category):
        row.save()
    file = BytesIO(b"x")
    file.name = f"{attack.replace('/', '')}.txt"
    typed = {"category": "printing", "subject": attack, "text": attack}

    refused = as_ada.post("/tickets/new/printing/", {**typed, "subject": attack * 10, "files": file})
    assert refused.status_code == 422
    assert what_acts(refused) == []
    kept = {**typed, "kept": hidden(refused, "kept")}
    as_ada.post("/tickets/new/printing/", {**kept, "change": "1"})
    # The draft comes back on the form and, beside a second topic, is told on the list of topics.
    assert what_acts(as_ada.get("/tickets/new/printing/")) == []
    CategoryFactory.create(queue=category.queue, name=f"{attack[:70]} 2")
    assert what_acts(as_ada.get("/tickets/new/")) == []
    as_ada.post("/tickets/new/printing/", kept)
    ticket = Ticket.objects.get()
    reply(ticket=ticket, body=attack, by=actor(mara, Channel.DESK), now=timezone.now())
    path = f"/tickets/{ticket.ref}/"
    for response in (
        as_ada.get(path),
        as_ada.get("/tickets/"),
        as_ada.get("/"),
        as_ada.get("/tickets/new/printing/"),
        as_ada.get(f"{path}received/"),
        as_ada.post(f"{path}reply/", {"text": attack, "seen_message": "0"}),
        as_ada.get("/tickets/", {"before": attack}),
        as_ada.get("/accounts/login/", {"next": attack}),
    ):
        assert what_acts(response) == []


def test_what_people_wrote_stands_where_no_script_looks_for_orders(as_ada, ticket):
    html = as_ada.get(f"/tickets/{ticket.ref}/").content.decode()
    assert '<div class="words" x-ignore hx-disable>' in html


def test_policy_of_every_page_is_the_strict_one(as_ada, client_of, ticket):
    for client in (as_ada, client_of()):
        for path in ("/", "/tickets/", f"/tickets/{ticket.ref}/", "/accounts/login/", "/nowhere/"):
            policy = client.get(path)["Content-Security-Policy"]
            assert policy.startswith("default-src 'self';")
            assert "unsafe" not in policy
