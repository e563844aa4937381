"""Markdown that people typed becomes HTML that can do nothing but be read."""

import html
import re
from functools import lru_cache
from typing import Final

import nh3
from markdown_it import MarkdownIt

_TAGS: Final = {
    "p", "br", "hr", "em", "strong", "del", "s", "code", "pre", "blockquote", "ul", "ol", "li", "a",
    "h1", "h2", "h3", "h4", "h5", "h6", "table", "thead", "tbody", "tr", "th", "td",
}  # fmt: skip
_ATTRIBUTES: Final = {"a": {"href", "title"}, "ol": {"start"}}
_SCHEMES: Final = {"http", "https", "mailto", "tel"}

# A single line break stays one: people write letters here, not Markdown.
_markdown: Final = MarkdownIt("commonmark", {"html": False, "breaks": True, "linkify": False}).enable(
    ["table", "strikethrough"]
)
# Pictures from elsewhere would tell their host who reads the ticket, and when.
_markdown.disable("image")


# What costs the parser time. A text with more of them is a log or an attack, and is shown as it was typed.
_MARKS: Final = re.compile(r"[^\w\s]|[_\n]")
_MOST_MARKS: Final = 3000

# What may mean something in Markdown or HTML: some marks anywhere, others only where a line begins.
_MAY_MARK: Final = re.compile(r"[*_`~\[\]<>&\\|#\0\r]|^\s*(?:[-+=]|\d+[.)])|^(?: {4}|\t)", re.MULTILINE)


# Characters that the parser, the cleaner or HTML itself treats apart from letters.
_APART: Final = re.compile(r"[\x00-\x09\x0b-\x1f\x7f-\xa0\ufffd]")


def to_html(text: str) -> str:
    """Safe HTML of a message; the cleaner decides what stays, whatever the Markdown parser let through."""
    if len(text) > _MOST_MARKS and sum(1 for _mark in _MARKS.finditer(text)) > _MOST_MARKS:
        return f"<pre>{html.escape(text)}</pre>"
    if not (_MAY_MARK.search(text) or _APART.search(text)):
        return _letter(text)
    return nh3.clean(
        _render(text),
        tags=_TAGS,
        attributes=_ATTRIBUTES,
        url_schemes=_SCHEMES,
        link_rel="noopener noreferrer nofollow ugc",
    )


def _letter(text: str) -> str:
    """What parser and cleaner make of a text without any marks, at a fortieth of their time: most messages are such."""
    paragraphs: list[list[str]] = [[]]
    for line in text.split("\n"):
        if words := line.strip(" "):
            paragraphs[-1].append(words)
        elif paragraphs[-1]:
            paragraphs.append([])
    return "".join(["<p>" + "<br>\n".join(lines) + "</p>\n" for lines in paragraphs if lines])


def _render(text: str) -> str:
    """HTML in which the writer's headings stand below those of the page that shows them."""
    tokens = _markdown.parse(text)
    for token in tokens:
        if token.type in {"heading_open", "heading_close"}:
            token.tag = f"h{min(int(token.tag[1]) + 2, 6)}"
    return str(_markdown.renderer.render(tokens, _markdown.options, {}))


@lru_cache(maxsize=2_000)
def first_words(text: str, limit: int = 120) -> str:
    """The beginning of a message as plain words on one line, for lists; the marks of Markdown are left out."""
    # Only the beginning is parsed, and only where it may hold marks: a list has many rows, and marks are few.
    plain = text[: limit * 8]
    if _MAY_MARK.search(plain):
        plain = html.unescape(nh3.clean(_markdown.render(plain), tags=set()))
    flat = " ".join(plain.split())
    return flat if len(flat) <= limit else flat[: limit - 1].rstrip(" .…") + "…"
