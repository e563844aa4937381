"""Mail domains are compared in one spelling, and nobody's organisation is one where anybody gets an address."""

import pytest

from helpdesk.domain.mail_domains import PUBLIC, checked, domain_of, normal
from helpdesk.errors import DomainError


@pytest.mark.parametrize(
    ("typed", "stored"),
    [
        ("Example.ORG", "example.org"),
        (" @example.org. ", "example.org"),
        ("mail.example.org", "mail.example.org"),
        ("müller.example", "xn--mller-kva.example"),
        ("MÜLLER.example", "xn--mller-kva.example"),
        ("xn--MLLER-kva.example", "xn--mller-kva.example"),
        ("例え。example", "xn--r8jz45g.example"),
    ],
)
def test_domain_has_one_spelling(typed: str, stored: str) -> None:
    assert normal(typed) == stored
    assert domain_of(f"ada@{typed.strip(' @.')}") == stored


@pytest.mark.parametrize(
    "typed",
    [
        "",
        "localhost",
        "example",
        "exa mple.org",
        "a..org",
        ".org",
        "-a.org",
        "a@b.org",
        "*.org",
        "1.2.3.4",
        "a" * 64 + ".de",
    ],
)
def test_what_is_no_domain_is_refused(typed: str) -> None:
    with pytest.raises(DomainError, match="Write a domain like"):
        checked(typed)


@pytest.mark.parametrize("typed", ["gmail.com", "GMX.de", "@outlook.com"])
def test_public_domain_is_refused(typed: str) -> None:
    with pytest.raises(DomainError, match="Anybody gets an address at"):
        checked(typed)


def test_public_domains_are_written_as_they_are_compared() -> None:
    assert {normal(domain) for domain in PUBLIC} == PUBLIC


@pytest.mark.parametrize("address", ["ada", "@example.org", "ada@", ""])
def test_what_is_no_address_has_no_domain(address: str) -> None:
    assert domain_of(address) == ""


def test_quoted_address_has_the_domain_after_its_last_at() -> None:
    assert domain_of('"ada@customer.example"@evil.example') == "evil.example"
