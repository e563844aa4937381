"""Whom a note mentions: `@` and a name, or what stands before the @ of somebody's address."""

import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Final

# Enough for every name; what is written after it is no part of one.
_MOST_WORDS: Final = 5
MAX_MENTIONS: Final = 20
_CODE: Final = re.compile(r"```.*?(?:```|\Z)|`[^`\n]*`", re.DOTALL)
# Not in the middle of an address.
_MENTION: Final = re.compile(r"(?<![\w.@+-])@(\w[^\n@`]{0,120})")
_WORD: Final = re.compile(r"[^\s,;:!?()\[\]{}<>\"“”„]+")


def spoken(text: str) -> list[tuple[str, ...]]:
    """For each mention what it may mean, the longest first, in lower case; code mentions nobody."""
    found = []
    for match in _MENTION.finditer(_CODE.sub(" ", text)):
        words = [word.group() for word in _leading(match.group(1))]
        phrases = [" ".join(words[:count]) for count in range(len(words), 0, -1)]
        # The end of a sentence is no part of a name, but a name may end with a dot.
        readings = [reading.lower() for phrase in phrases for reading in (phrase, phrase.rstrip(".'’-"))]
        found.append(tuple(dict.fromkeys(filter(None, readings))))
    return [one for one in dict.fromkeys(found) if one][:MAX_MENTIONS]


def _leading(text: str) -> Iterable[re.Match[str]]:
    """The first words, up to a sign that no name has in it."""
    end = 0
    for count, match in enumerate(_WORD.finditer(text)):
        if count == _MOST_WORDS or text[end : match.start()].strip():
            return
        end = match.end()
        yield match


def meant(mentions: Sequence[Sequence[str]], known: Mapping[str, Iterable[int]]) -> list[int]:
    """The ids of who is meant: `known` are people by their names and handles in lower case, the longest that fits."""
    ids: dict[int, None] = {}
    for phrases in mentions:
        fits = next((phrase for phrase in phrases if phrase in known), None)
        if fits is not None:
            ids.update(dict.fromkeys(known[fits]))
    return list(ids)
