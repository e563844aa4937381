"""Addresses that somebody gives for the desk to call: only what lies in the open internet, written in one plain way.

Whoever may name an address that a server calls can otherwise reach what the server alone reaches: itself, its
neighbours, the keeper of its keys. So what is written is read strictly, in no way that another reader could take for
another place; and what a name leads to is looked at again each time, by `is_open`.
"""

import ipaddress
import re
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Final
from urllib.parse import urlsplit

Ip = ipaddress.IPv4Address | ipaddress.IPv6Address
Network = ipaddress.IPv4Network | ipaddress.IPv6Network

MAX_URL: Final = 500
# Visible ASCII without what browsers and libraries read in different ways: a backslash, quotes, angles.
_PLAIN: Final = re.compile(r'\A[!#-;=?-\[\]-~]+\Z')  # fmt: skip
_LABEL: Final = re.compile(r"\A(?!-)[a-z0-9-]{1,63}(?<!-)\Z")
# What some readers take for a number, and so for an address: 127.1, 0x7f.0.0.1, 0177.0.0.1, 2130706433.
_NUMBER: Final = re.compile(r"\A(?:[0-9]+|0x[0-9a-f]*)\Z")
_MAX_HOST: Final = 253
# A longer address stands in brackets, and its port alone may stand behind them.
_BRACKETED: Final = re.compile(r"\A\[[^\[\]]*\](?::[0-9]*)?\Z")

# What the library calls global, or once did, and leads elsewhere: relays of 6to4, translators, tunnels, documentation,
# nets that each network may keep for itself, and the servant of each machine in a cloud (168.63.129.16).
_SHUT_FOUR: Final = tuple(
    ipaddress.IPv4Network(one)
    for one in (
        "0.0.0.0/8",
        "100.64.0.0/10",
        "168.63.129.16/32",
        "192.0.0.0/24",
        "192.31.196.0/24",
        "192.52.193.0/24",
        "192.88.99.0/24",
        "192.175.48.0/24",
        "198.18.0.0/15",
        "224.0.0.0/3",
    )
)
_OPEN_SIX: Final = ipaddress.IPv6Network("2000::/3")
_SHUT_SIX: Final = tuple(
    ipaddress.IPv6Network(one) for one in ("2001::/23", "2001:db8::/32", "2002::/16", "2620:4f:8000::/48", "3fff::/20")
)


class Fault(StrEnum):
    """What is wrong with an address."""

    FORM = "form"
    SCHEME = "scheme"
    USER = "user"
    PORT = "port"
    HOST = "host"
    CLOSED = "closed"


class WrongAddress(Exception):
    """An address that is not called."""

    def __init__(self, fault: Fault) -> None:
        super().__init__(fault.value)
        self.fault = fault


@dataclass(frozen=True, slots=True)
class Rules:
    """What may be called: which ports, whether without TLS, and which networks beside the open internet."""

    ports: frozenset[int]
    plain_http: bool = False
    networks: Sequence[Network] = ()


@dataclass(frozen=True, slots=True)
class Target:
    """Where a call goes, taken apart."""

    host: str
    port: int
    path: str
    is_secure: bool

    @property
    def authority(self) -> str:
        """The host as a request names it."""
        host = f"[{self.host}]" if ":" in self.host else self.host
        return host if self.port == (443 if self.is_secure else 80) else f"{host}:{self.port}"


def read(text: str, rules: Rules) -> Target:
    """Take an address apart. Raises `WrongAddress` for what is not called, whatever its name leads to."""
    if len(text) > MAX_URL or not _PLAIN.match(text):
        raise WrongAddress(Fault.FORM)
    try:
        parts = urlsplit(text)
        port = parts.port
    except ValueError as error:
        raise WrongAddress(Fault.FORM) from error
    if parts.scheme != "https" and not (rules.plain_http and parts.scheme == "http"):
        raise WrongAddress(Fault.SCHEME)
    if "@" in parts.netloc:
        raise WrongAddress(Fault.USER)
    is_bracketed = "[" in parts.netloc or "]" in parts.netloc
    if (
        not text.startswith(f"{parts.scheme}://")
        or "#" in text
        or (is_bracketed and not _BRACKETED.match(parts.netloc))
    ):
        raise WrongAddress(Fault.FORM)
    is_secure = parts.scheme == "https"
    if port is None:
        port = 443 if is_secure else 80
    if port not in rules.ports or parts.netloc.endswith(":"):
        raise WrongAddress(Fault.PORT)
    host = _host(parts.hostname or "", rules, is_bracketed=is_bracketed)
    path = parts.path or "/"
    return Target(host, port, f"{path}?{parts.query}" if parts.query else path, is_secure)


def _host(host: str, rules: Rules, *, is_bracketed: bool) -> str:
    if is_bracketed:
        try:
            found: Ip = ipaddress.IPv6Address(host)
        except ValueError as error:
            raise WrongAddress(Fault.HOST) from error
    else:
        labels = host.split(".")
        if len(host) > _MAX_HOST or not all(_LABEL.match(label) for label in labels):
            raise WrongAddress(Fault.HOST)
        if not _NUMBER.match(labels[-1]):
            return host
        try:
            found = ipaddress.IPv4Address(host)
        except ValueError as error:
            raise WrongAddress(Fault.HOST) from error
    if not is_open(found, rules.networks):
        raise WrongAddress(Fault.CLOSED)
    return str(found)


def is_open(ip: Ip, networks: Sequence[Network] = ()) -> bool:
    """Whether an address lies in the open internet, or in one of these networks."""
    if any(ip in network for network in networks):
        return True
    if not ip.is_global or ip.is_multicast or ip.is_reserved or ip.is_unspecified or ip.is_loopback or ip.is_link_local:
        return False
    if isinstance(ip, ipaddress.IPv4Address):
        return not any(ip in network for network in _SHUT_FOUR)
    # Of what stands for an address of four bytes nothing lies in here, but for what is shut.
    return ip.scope_id is None and ip in _OPEN_SIX and not any(ip in network for network in _SHUT_SIX)
