"""What tests of filing a ticket fill in."""

from io import BytesIO

FORM = "/tickets/new/printing/"
TYPED = {"subject": "No ink", "text": "It says that there is none."}


def upload(name: str = "ink.txt", content: bytes = b"no ink at all") -> BytesIO:
    """A file as a browser sends it."""
    file = BytesIO(content)
    file.name = name
    return file
