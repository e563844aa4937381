"""The network that somebody comes from: as much of an address as one house or one line has."""

from ipaddress import IPv6Address, ip_address, ip_network
from typing import Final

_OF_FOUR: Final = 24
_OF_SIX: Final = 56


def network_of(address: str) -> str:
    """The network of an address; what is no address is a network of its own."""
    try:
        found = ip_address(address.strip())
    except ValueError:
        return "unknown"
    if isinstance(found, IPv6Address) and found.ipv4_mapped is not None:
        found = found.ipv4_mapped
    return str(ip_network((found, _OF_FOUR if found.version == 4 else _OF_SIX), strict=False))
