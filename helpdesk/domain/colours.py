"""From one colour of a brand the shades that both rooms need, each readable on what it stands on.

Lightness is what readability depends on, so hue stays, and lightness moves until the contrast is there.
"""

import colorsys
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Final

# What people with weak sight need between text and ground (WCAG 2.2, 1.4.3).
READABLE: Final = 4.5
_HEX: Final = re.compile(r"\A#[0-9a-f]{6}\Z")
_STEPS: Final = 256

# The grounds and texts of `tokens.css` that a brand's shades meet.
LIGHT_GROUNDS: Final = ("#ffffff", "#f4f7f7")
DARK_GROUNDS: Final = ("#14191d", "#1d2429")
LIGHT_TEXTS: Final = ("#1f2933", "#52606d")
DARK_TEXTS: Final = ("#e6eaed", "#a9b4bd")


@dataclass(frozen=True, slots=True)
class Shades:
    """The tokens of one look: `accent` and `strong` are read on the grounds, `on_accent` on both of them."""

    accent: str
    strong: str
    ground: str
    on_accent: str


@dataclass(frozen=True, slots=True)
class Palette:
    """A brand in both looks, and the eleven steps that Unfold paints with."""

    light: Shades
    dark: Shades
    steps: Mapping[str, str]


def is_colour(text: str) -> bool:
    """Whether it is a colour as we write them: `#` and six small hexadecimal digits."""
    return bool(_HEX.match(text))


def contrast(one: str, other: str) -> float:
    """The contrast of two colours as WCAG counts it, from 1 to 21."""
    darker, lighter = sorted((_luminance(one), _luminance(other)))
    return (lighter + 0.05) / (darker + 0.05)


def palette(accent: str) -> Palette:
    """All shades of a brand's colour."""
    hue, lightness, saturation = _hls(accent)
    light, dark = _light(hue, lightness, saturation), _dark(hue, lightness, saturation)
    soft = min(saturation, 0.7)
    deep = _hls(light.accent)[1]
    pale = {"50": 0.965, "100": 0.91, "200": 0.84, "300": 0.75}
    below = {"800": 0.6, "900": 0.45, "950": 0.25}
    steps = {
        **{step: _colour(hue, level, soft) for step, level in pale.items()},
        "400": dark.strong,
        "500": dark.accent,
        "600": light.accent,
        "700": light.strong,
        **{step: _colour(hue, deep * part, saturation) for step, part in below.items()},
    }
    return Palette(light, dark, steps)


def _light(hue: float, lightness: float, saturation: float) -> Shades:
    ground = _colour(hue, 0.93, min(saturation, 0.5))
    accent = _moved(hue, lightness, saturation, 0.0, (*LIGHT_GROUNDS, ground))
    strong = _colour(hue, _hls(accent)[1] * 0.75, saturation)
    return Shades(accent, strong, ground, "#ffffff")


def _dark(hue: float, lightness: float, saturation: float) -> Shades:
    # What glows on paper glares on a dark ground.
    saturation = min(saturation, 0.65)
    ground = _colour(hue, 0.14, min(saturation, 0.4))
    on_accent = _colour(hue, 0.07, min(saturation, 0.4))
    accent = _moved(hue, max(lightness, 0.5), saturation, 1.0, (*DARK_GROUNDS, ground, on_accent))
    level = _hls(accent)[1]
    return Shades(accent, _colour(hue, level + (1 - level) * 0.4, saturation), ground, on_accent)


def _moved(hue: float, start: float, saturation: float, end: float, grounds: Iterable[str]) -> str:
    """The first colour on the way from the lightness `start` to `end` that is readable on all the grounds."""
    grounds = tuple(grounds)
    for step in range(_STEPS):
        colour = _colour(hue, start + (end - start) * step / _STEPS, saturation)
        if all(contrast(colour, ground) >= READABLE for ground in grounds):
            return colour
    return _colour(hue, end, saturation)


def _parts(colour: str) -> tuple[float, float, float]:
    red, green, blue = (int(colour[place : place + 2], 16) / 255 for place in (1, 3, 5))
    return red, green, blue


def _hls(colour: str) -> tuple[float, float, float]:
    return colorsys.rgb_to_hls(*_parts(colour))


def _colour(hue: float, lightness: float, saturation: float) -> str:
    return "#" + "".join(f"{round(part * 255):02x}" for part in colorsys.hls_to_rgb(hue, lightness, saturation))


def _luminance(colour: str) -> float:
    red, green, blue = (part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in _parts(colour))
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue
