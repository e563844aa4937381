"""Addresses that the desk calls for somebody: whatever leads inside, however it is written, is refused."""

import ipaddress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from helpdesk.domain.addresses import Fault, Rules, WrongAddress, is_open, read

RULES = Rules(ports=frozenset({80, 443, 8080, 8443}))
INSIDE = (
    # Itself, its neighbours, the keeper of keys of a cloud.
    "https://127.0.0.1/", "https://127.8.9.10/", "https://0.0.0.0/", "https://0.1.2.3/", "https://10.0.0.1/",
    "https://172.16.0.1/", "https://172.31.255.255/", "https://192.168.1.1/", "https://169.254.169.254/latest/",
    "https://100.64.0.1/", "https://100.127.255.254/", "https://192.0.0.8/", "https://192.88.99.1/",
    "https://198.18.0.1/", "https://192.0.2.1/", "https://198.51.100.1/", "https://203.0.113.1/", "https://224.0.0.1/",
    "https://240.0.0.1/", "https://255.255.255.255/", "https://168.63.129.16/machine/", "https://192.31.196.1/",
    "https://192.52.193.1/", "https://192.175.48.1/",
    # The same by the longer addresses.
    "https://[::1]/", "https://[::]/", "https://[fe80::1]/", "https://[fc00::1]/", "https://[fd00:ec2::254]/",
    "https://[ff02::1]/", "https://[::ffff:127.0.0.1]/", "https://[::ffff:a9fe:a9fe]/", "https://[::127.0.0.1]/",
    "https://[::ffff:0:127.0.0.1]/", "https://[64:ff9b::7f00:1]/", "https://[64:ff9b:1::a00:1]/",
    "https://[2002:7f00:1::]/", "https://[2001:0:7f00:1::]/", "https://[2001:db8::1]/", "https://[100::1]/",
    "https://[fec0::1]/", "https://[5f00::1]/", "https://[3fff::1]/", "https://[2620:4f:8000::1]/",
)  # fmt: skip
ODD = (
    "https://2130706433/", "https://0x7f000001/", "https://0x7f.0.0.1/", "https://0177.0.0.1/", "https://127.1/",
    "https://127.0.1/", "https://017700000001/", "https://127.0.0.1./", "https://127.0.0.01/", "https://1/",
    "https://0/", "https://0x/", "https://127.0.0.0x1/", "https://4294967295/", "https://[::1%25eth0]/",
    "https://[2606:4700::1111]evil.example/", "https://[2606:4700::1111].evil.example/", "https://[2606:4700::1111]8443/",
    "https://[2606:4700::1111]:443:443/", "https://evil.example[2606:4700::1111]/", "https://[[2606:4700::1111]]/",
    "https://[127.0.0.1]/", "https://[::1/", "https://[0:0:0:0:0:0:0:1/", "https://example.org./", "https://.example.org/",
    "https://exa mple.org/", "https://exam\tple.org/", "https://example.org\n/", "https://example.org\r\nX: y/",
    "https://１２７.0.0.1/", "https://127。0。0。1/", "https://ⓛocalhost/", "https://münchen.example/",
    "https://example.org\\@127.0.0.1/", "https://127.0.0.1\\.example.org/", "https://a_b.example/", "https://-a.example/",
    "https://%31%32%37.0.0.1/", "https://exam%00ple.org/", "https:///path", "https://", "https:example.org",
    "https:/example.org/", "//example.org/", "example.org", "",
)  # fmt: skip
OTHER = (
    ("http://example.org/", Fault.SCHEME), ("ftp://example.org/", Fault.SCHEME), ("file:///etc/passwd", Fault.SCHEME),
    ("gopher://example.org/", Fault.SCHEME), ("javascript:alert(1)", Fault.SCHEME),
    ("https://user@example.org/", Fault.USER), ("https://user:word@example.org/", Fault.USER),
    ("https://example.org@127.0.0.1/", Fault.USER), ("https://@example.org/", Fault.USER),
    ("https://example.org:22/", Fault.PORT), ("https://example.org:6379/", Fault.PORT),
    ("https://example.org:0/", Fault.PORT), ("https://example.org:/", Fault.PORT),
    ("https://example.org:99999/", Fault.FORM), ("https://example.org:port/", Fault.FORM),
    ("https://example.org/#part", Fault.FORM), (f"https://example.org/{'a' * 500}", Fault.FORM),
)  # fmt: skip


@pytest.mark.parametrize("text", [*INSIDE, *ODD])
def test_what_leads_inside_or_could_is_refused(text: str) -> None:
    with pytest.raises(WrongAddress):
        read(text, RULES)


@pytest.mark.parametrize(("text", "fault"), OTHER)
def test_what_is_no_plain_address_is_refused_for_its_fault(text: str, fault: Fault) -> None:
    with pytest.raises(WrongAddress) as refused:
        read(text, RULES)
    assert refused.value.fault is fault


def test_plain_address_is_taken_apart() -> None:
    target = read("https://hooks.example.org:8443/in/x?y=1&z=%20", RULES)
    assert (target.host, target.port, target.path, target.is_secure) == (
        "hooks.example.org", 8443, "/in/x?y=1&z=%20", True,
    )  # fmt: skip
    assert target.authority == "hooks.example.org:8443"
    assert read("https://Example.ORG", RULES).authority == "example.org"
    assert read("https://8.8.8.8/", RULES).host == "8.8.8.8"
    assert read("https://[2606:4700:4700::1111]/", RULES).authority == "[2606:4700:4700::1111]"
    assert read("https://[2606:4700:4700::1111]:8443/", RULES).authority == "[2606:4700:4700::1111]:8443"


def test_networks_that_are_let_in_are_called_and_nothing_beside_them() -> None:
    rules = Rules(RULES.ports, plain_http=True, networks=[ipaddress.ip_network("10.1.2.0/24")])
    assert read("http://10.1.2.3/", rules).port == 80
    for text in ("http://10.1.3.3/", "http://[::ffff:10.1.2.3]/", "http://167838211/"):
        with pytest.raises(WrongAddress):
            read(text, rules)


@given(st.ip_addresses())
def test_nothing_open_is_anything_but_global(ip: ipaddress.IPv4Address | ipaddress.IPv6Address) -> None:
    if is_open(ip):
        assert ip.is_global
        assert not any((ip.is_private, ip.is_loopback, ip.is_link_local, ip.is_multicast, ip.is_reserved))


@given(st.ip_addresses(v=4))
def test_no_longer_address_that_stands_for_a_short_one_is_open(ip: ipaddress.IPv4Address) -> None:
    """Mapped, compatible, translated, tunnelled: none of them, whether the short one is open or not."""
    number = int(ip)
    for base, shift in (("::ffff:0:0", 0), ("::", 0), ("64:ff9b::", 0), ("2002::", 80), ("2001::", 64), ("2001::", 0)):
        assert not is_open(ipaddress.IPv6Address(int(ipaddress.IPv6Address(base)) | number << shift))


@given(st.text(alphabet="htps:/@.[]%\\#?0123456789abcdefx-", max_size=40).map(lambda text: f"https://{text}"))
def test_whatever_is_written_is_taken_apart_or_refused(text: str) -> None:
    try:
        target = read(text, RULES)
    except WrongAddress:
        return
    assert target.port in RULES.ports
    assert target.path.startswith(("/", "?"))
    assert not set(target.host) & set("@/\\?#[] ")
