"""What is made of the names that strangers give their files, and what is told to be a program."""

import pytest

from helpdesk.domain.filenames import ending_of, is_blocked, is_program, listed_endings, safe_name

PE = b"MZ" + bytes(58) + (0x80).to_bytes(4, "little") + bytes(64) + b"PE\0\0"


@pytest.mark.parametrize(
    ("given", "shown"),
    [
        ("../../etc/passwd", "passwd"),
        ("/etc/../passwd", "passwd"),
        ("..\\..\\boot.ini", "boot.ini"),
        ("C:\\Users\\me\\a.png", "a.png"),
        ("a.png\0.exe", "a.png.exe"),
        ("a\r\nSet-Cookie: x=1.txt", "x=1.txt"),
        ("a\tb.txt", "a b.txt"),
        ("invoice\u202efdp.exe", "invoicefdp.exe"),
        ("a\u200b.e\u200dx\ufeffe", "a.exe"),
        ("a\u2066b\u2069.txt", "ab.txt"),
        ("invoice.pdf" + " " * 200 + ".exe", "invoice.pdf .exe"),
        ("invoice.pdf\u00a0\u2003\u3000.exe", "invoice.pdf .exe"),
        ("\u3164\u2800.txt", "txt"),
        ("\u202e", "file"),
        (" . . ", "file"),
        ("a.exe. . ", "a.exe"),
        ("a.txt::$DATA", "$DATA"),
        ("CON", "_CON"),
        ("nul.txt", "_nul.txt"),
        ("Com1.tar.gz", "_Com1.tar.gz"),
        ("lpt² .txt", "_lpt² .txt"),
        ("console.txt", "console.txt"),
        ('a<b>"c|d?e*.txt', "a_b__c_d_e_.txt"),
        (".htaccess", "htaccess"),
        ("e\u0301.txt", "\u00e9.txt"),
        ("a" * 10_000 + ".pdf", "a" * 146 + ".pdf"),
        ("x" * 10_000, "x" * 150),
        ("\u00e9" * 10_000 + ".pdf", "\u00e9" * 118 + ".pdf"),
        ("\U0001f4a5" * 500, "\U0001f4a5" * 60),
        ("a." + "b" * 10_000, "b" * 150),
        ("\ud800.txt", "txt"),
    ],
    ids=lambda name: ascii(name)[1:30],
)
def test_name_is_shown_and_saved_as_this(given: str, shown: str) -> None:
    assert safe_name(given) == shown
    assert safe_name(shown) == shown


@pytest.mark.parametrize(
    ("head", "program"),
    [
        (PE, True),
        (b"MZ-Report of the year, which is long enough to reach its second header or not " * 2, False),
        (b"MZ", False),
        (b"\x7fELF\x02\x01\x01", True),
        (b"\xcf\xfa\xed\xfe\x07", True),
        (b"\xca\xfe\xba\xbe\x00\x00\x00\x34", True),
        (b"L\x00\x00\x00\x01\x14\x02\x00\x00", True),
        (b"#!/bin/sh\nrm -rf /\n", False),
        (b"%PDF-1.4", False),
        (b"", False),
    ],
)
def test_programs_are_told_by_their_first_bytes(head: bytes, program: bool) -> None:
    assert is_program(head) is program


def test_lists_of_endings_are_read_however_they_are_written() -> None:
    assert listed_endings(" .exe, *.BAT;cmd\n\n ps1 ") == {"exe", "bat", "cmd", "ps1"}
    assert listed_endings(" , ") == frozenset()


def test_last_ending_counts() -> None:
    assert [ending_of(name) for name in ("a.pdf.EXE", "a.exe.pdf", "exe", "a.")] == ["exe", "pdf", "", ""]


@pytest.mark.parametrize(
    ("name", "head", "blocked", "allowed", "refused"),
    [
        ("a.exe", b"", {"exe"}, (), True),
        ("a.pdf", PE, {"exe"}, (), True),
        ("a.pdf", PE, {"bat"}, (), False),
        ("a.exe", PE, (), (), False),
        ("a.pdf", b"", (), {"pdf"}, False),
        ("a.txt", b"", (), {"pdf"}, True),
        ("a", b"", (), {"pdf"}, True),
        ("a.pdf", b"", {"pdf"}, {"pdf"}, True),
    ],
)
def test_lists_of_administrators_decide(
    name: str, head: bytes, blocked: set[str], allowed: set[str], refused: bool
) -> None:
    assert is_blocked(name, head, blocked=blocked, allowed=allowed) is refused
