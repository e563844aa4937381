"""Words with values in them, still open for who did it."""


def fill(words: str, **values: object) -> str:
    """The words with these values in them; `%(who)s` stays, and what a value says is taken as it stands."""
    return words % {
        "who": "%(who)s",
        **{name: str(value).replace("%", "%%") for name, value in values.items()},
    }
