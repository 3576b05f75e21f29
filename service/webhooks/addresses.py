"""Where events may go: public addresses, and the private networks that whoever runs the service allows."""

import contextlib
import socket
import threading
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address, ip_network
from typing import Final
from urllib.parse import SplitResult, urlsplit

Address = IPv4Address | IPv6Address
Network = IPv4Network | IPv6Network
Resolve = Callable[[str, int], Sequence[str]]
"""Every address of a host as text; raises OSError."""

MOST_CHARACTERS: Final = 2000
_PORTS: Final = {"https": 443, "http": 80}
# Prefixes behind which a translator reaches the IPv4 address in the last four bytes (RFC 6052, RFC 4291 2.5.5.1).
_TRANSLATED: Final = (IPv6Network("64:ff9b::/96"), IPv6Network("::/96"))
# What IANA's registries of special addresses (RFC 6890) do not call globally reachable, or call deprecated. Python has
# most of these in lists of its own, which differ from patch to patch; what is refused must not.
_SPECIAL: Final = tuple(
    map(
        ip_network,
        (
            "0.0.0.0/8",
            "10.0.0.0/8",
            "100.64.0.0/10",
            "127.0.0.0/8",
            "169.254.0.0/16",
            "172.16.0.0/12",
            "192.0.0.0/24",
            "192.0.2.0/24",
            "192.88.99.0/24",
            "192.168.0.0/16",
            "198.18.0.0/15",
            "198.51.100.0/24",
            "203.0.113.0/24",
            "224.0.0.0/4",
            "240.0.0.0/4",
            "::/8",
            "64:ff9b:1::/48",
            "100::/64",
            "100:0:0:1::/64",
            "2001::/23",
            "2001:db8::/32",
            "3fff::/20",
            "5f00::/16",
            "fc00::/7",
            "fe80::/10",
            "fec0::/10",
            "ff00::/8",
        ),
    )
)
_SECONDS_TO_RESOLVE: Final = 3.0


class AddressRefused(Exception):  # noqa: N818 - it says what was done with the address.
    """An address that no event is sent to; the text says why, for whoever declared it."""


@dataclass(frozen=True, kw_only=True)
class Target:
    """A declared address in its parts."""

    scheme: str
    host: str
    port: int


@dataclass(frozen=True, kw_only=True)
class AddressRule:
    """`allowed` are networks that may be private; without any, events leave for public addresses alone."""

    allowed: tuple[Network, ...] = ()

    def target(self, url: str) -> Target:
        """The parts of an address that can be one; raises AddressRefused."""
        parts = _split(url)
        if parts.scheme not in _PORTS:
            raise AddressRefused("must begin with https://")
        if parts.scheme == "http" and not self.allowed:
            raise AddressRefused("must begin with https://: this service sends nothing unencrypted")
        if parts.username is not None or parts.password is not None:
            raise AddressRefused("must not hold a user name or a password: lists show the address")
        if parts.fragment or "#" in url:
            raise AddressRefused("must not have a fragment (#): no server gets to see one")
        return Target(scheme=parts.scheme, host=_host(parts), port=_port(parts))

    def check(self, target: Target, addresses: Iterable[str]) -> list[str]:
        """The addresses of the target's host, where events may go to all of them; raises AddressRefused."""
        found = list(dict.fromkeys(addresses))
        for text in found:
            if not self.permits(text):
                raise AddressRefused(
                    f"leads to {text}, which is no public address; whoever runs this service can allow its network "
                    "with TOKENCAST_WEBHOOK_ALLOWED_NETWORKS"
                )
            if target.scheme == "http" and not self._is_allowed(_meant(ip_address(text))):
                raise AddressRefused("must begin with https://: only allowed networks are sent to unencrypted")
        if not found:
            raise AddressRefused("leads to no address")
        return found

    def permits(self, text: str) -> bool:
        """Whether events may go to this address."""
        if "%" in text:
            return False
        address = _meant(ip_address(text))
        return self._is_allowed(address) or _is_public(address)

    def _is_allowed(self, address: Address) -> bool:
        return _is_in(address, self.allowed)


def refuse_private(rule: AddressRule, url: str, resolve: Resolve | None = None) -> None:
    """Raises AddressRefused for an address that leads, by what names mean now, where no event may go.

    A name that cannot be resolved in time is no refusal: every attempt asks again, and goes nowhere unasked.
    """
    target = rule.target(url)
    addresses = _resolved_in_time(resolve or system_resolve, target)
    if addresses:
        rule.check(target, addresses)


def system_resolve(host: str, port: int) -> list[str]:
    """Every address of a host by the machine's own resolver; raises OSError."""
    return [str(info[4][0]) for info in socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)]


def _resolved_in_time(resolve: Resolve, target: Target) -> Sequence[str]:
    found: list[str] = []

    def ask() -> None:
        with contextlib.suppress(OSError, UnicodeError):
            found.extend(resolve(target.host, target.port))

    # The resolver knows no deadline, and a request must have one.
    asking = threading.Thread(target=ask, name="resolve", daemon=True)
    asking.start()
    asking.join(_SECONDS_TO_RESOLVE)
    return tuple(found) if not asking.is_alive() else ()


def _split(url: str) -> SplitResult:
    if len(url) > MOST_CHARACTERS:
        raise AddressRefused(f"must have at most {MOST_CHARACTERS} characters")
    if not url.isascii() or any(character <= " " or character in '\\"<>^`{|}\x7f' for character in url):
        raise AddressRefused("must be an address in ASCII without spaces, such as https://example.com/hooks")
    try:
        parts = urlsplit(url)
        parts.port  # noqa: B018 - reading it is what raises
    except ValueError:
        raise AddressRefused("is no address such as https://example.com/hooks") from None
    return parts


def _host(parts: SplitResult) -> str:
    host = parts.hostname or ""
    if not host or len(host) > 253 or "%" in host:
        raise AddressRefused("must name a host, such as https://example.com/hooks")
    return host


def _port(parts: SplitResult) -> int:
    port = _PORTS[parts.scheme] if parts.port is None else parts.port
    if port == 0:
        raise AddressRefused("must have a port from 1 to 65535")
    return port


def _meant(address: Address) -> Address:
    """The IPv4 address behind an IPv6 one that only carries it: what is refused as itself is refused in disguise."""
    if isinstance(address, IPv4Address) or address.is_loopback:
        return address
    if address.ipv4_mapped is not None:
        return address.ipv4_mapped
    if address.sixtofour is not None:
        return address.sixtofour
    if address.teredo is not None:
        return address.teredo[1]
    if any(address in network for network in _TRANSLATED):
        return IPv4Address(int(address) & 0xFFFF_FFFF)
    return address


def _is_public(address: Address) -> bool:
    odd = address.is_multicast or address.is_reserved or address.is_unspecified or address.is_loopback
    local = address.is_link_local or address.is_private or (isinstance(address, IPv6Address) and address.is_site_local)
    return address.is_global and not odd and not local and not _is_in(address, _SPECIAL)


def _is_in(address: Address, networks: Iterable[Network]) -> bool:
    return any(address.version == network.version and address in network for network in networks)
