"""From where a request came: one network of a subscriber, through the proxies that are trusted."""

from __future__ import annotations

import ipaddress
from collections.abc import Iterable
from functools import lru_cache

from geoaddr.errors import InvalidInput, Said

REMEMBERED = 8192
MOST_CHARACTERS = 512
"""Of the end of ``X-Forwarded-For``: a dozen proxies."""

IPV6_PREFIX = 64
"""A subscriber has a whole network of this length, so single addresses in it are not told apart."""

Network = ipaddress.IPv4Network | ipaddress.IPv6Network
_Address = ipaddress.IPv4Address | ipaddress.IPv6Address


def networks(given: Iterable[str], field: str) -> tuple[Network, ...]:
    """Networks of proxies, ``10.0.0.0/8`` or single addresses. :raises InvalidInput: for what is none."""
    found = []
    for text in given:
        try:
            found.append(ipaddress.ip_network(text, strict=False))
        except ValueError:
            said = Said("not an IP address or network", "không phải địa chỉ hoặc mạng IP")
            raise InvalidInput(field, text, said) from None
    return tuple(found)


class Addresses:
    """Tells callers apart by their addresses.

    :param proxies: whose ``X-Forwarded-For`` is believed. It is read from its end, where the last proxy wrote,
        up to the first address that is none of theirs: what a caller wrote before that is not believed.
    """

    def __init__(self, proxies: tuple[Network, ...] = ()) -> None:
        self._proxies = proxies
        self._known = lru_cache(REMEMBERED)(self._of)

    def of(self, remote: str, forwarded: str) -> bytes:
        """The caller's network, as bytes that stand for it; of no address at all empty."""
        # What a caller wrote is remembered only as far as it may count, lest long headers fill the memory.
        if not self._proxies:
            forwarded = ""
        elif len(forwarded) > MOST_CHARACTERS:
            forwarded = forwarded[-MOST_CHARACTERS:].partition(",")[2]  # not the rest of an address that was cut
        return self._known(remote, forwarded)

    def _of(self, remote: str, forwarded: str) -> bytes:
        address = _address(remote)
        if address is not None and forwarded and self._trusted(address):
            for text in reversed(forwarded.split(",")):
                found = _address(text.strip())
                if found is None:
                    break
                address = found
                if not self._trusted(found):
                    break
        if address is None:
            return b""
        if address.version == 4:
            return address.packed
        return address.packed[: IPV6_PREFIX // 8]

    def _trusted(self, address: _Address) -> bool:
        return any(address in proxy for proxy in self._proxies)


def _address(text: str) -> _Address | None:
    try:
        found = ipaddress.ip_address(text.partition("%")[0])
    except ValueError:
        return None
    return found.ipv4_mapped or found if isinstance(found, ipaddress.IPv6Address) else found
