"""Whatever colour an administrator picks, everything that is painted with it can be read."""

from hypothesis import example, given
from hypothesis import strategies as st

from helpdesk.domain.colours import (
    DARK_GROUNDS,
    DARK_TEXTS,
    LIGHT_GROUNDS,
    LIGHT_TEXTS,
    READABLE,
    contrast,
    is_colour,
    palette,
)

COLOURS = st.integers(0, 0xFFFFFF).map(lambda number: f"#{number:06x}")


@given(COLOURS)
@example("#000000")
@example("#ffffff")
@example("#ffff00")
@example("#0000ff")
@example("#ff0000")
@example("#00ff00")
@example("#808080")
def test_every_pair_of_text_and_ground_is_readable(accent: str) -> None:
    shades = palette(accent)
    looks = ((shades.light, LIGHT_GROUNDS, LIGHT_TEXTS), (shades.dark, DARK_GROUNDS, DARK_TEXTS))
    pairs = [
        pair
        for look, grounds, texts in looks
        for pair in (
            *((colour, ground) for colour in (look.accent, look.strong) for ground in (*grounds, look.ground)),
            (look.on_accent, look.accent),
            (look.on_accent, look.strong),
            *((text, look.ground) for text in texts),
        )
    ]
    # Unfold writes white on 600, and 700 on its pale steps; on dark pages it writes in 500 and 400.
    pairs += [("#ffffff", shades.steps["600"]), *((shades.steps["700"], shades.steps[pale]) for pale in ("50", "100"))]
    pairs += [(shades.steps[step], ground) for step in ("400", "500") for ground in DARK_GROUNDS]
    assert [(one, other, contrast(one, other)) for one, other in pairs if contrast(one, other) < READABLE] == []
    assert all(is_colour(step) for step in shades.steps.values())


def test_colour_that_is_readable_already_stays_as_it_is() -> None:
    assert palette("#0f766e").light.accent == "#0f766e"
    assert palette("#7a1f5c").light.accent == "#7a1f5c"


def test_contrast_is_counted_as_the_guidelines_do() -> None:
    assert round(contrast("#000000", "#ffffff"), 2) == 21
    assert round(contrast("#767676", "#ffffff"), 2) == 4.54


def test_only_a_colour_is_one() -> None:
    for text in ("", "red", "#12345", "#1234567", "#12345g", "#123456\n", "0f766e", "#0F766E"):
        assert not is_colour(text)
