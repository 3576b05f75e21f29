"""How often an address may try to sign in: counted in the memory of one process, forgotten after a while."""

from collections import OrderedDict
from collections.abc import Callable
from ipaddress import IPv6Address, ip_address
from math import ceil
from threading import Lock
from time import monotonic

MOST_FAILURES = 10
WINDOW_SECONDS = 900.0
_MOST_ADDRESSES = 10_000
# Whoever has one address of a network like this has all of them.
_IPV6_NETWORK_BITS = 64


class Attempts:
    """Failures by address. An attempt counts as one from its beginning, so that many at once are not one too few.

    A key has 256 random bits and is never guessed; this keeps those who try from keeping the database busy.
    """

    def __init__(self, clock: Callable[[], float] = monotonic) -> None:
        self._clock = clock
        self._failures: OrderedDict[str, list[float]] = OrderedDict()
        self._lock = Lock()

    def begin(self, address: str) -> int | None:
        """None when the attempt may go on; else the seconds after which the next one may."""
        now, name = self._clock(), _network_of(address)
        with self._lock:
            recent = [moment for moment in self._failures.get(name, ()) if moment > now - WINDOW_SECONDS]
            if len(recent) >= MOST_FAILURES:
                return ceil(recent[0] + WINDOW_SECONDS - now)
            self._failures[name] = [*recent, now]
            self._failures.move_to_end(name)
            if len(self._failures) > _MOST_ADDRESSES:
                self._failures.popitem(last=False)
        return None

    def succeeded(self, address: str) -> None:
        """The attempt that was begun last was no failure."""
        with self._lock:
            if begun := self._failures.get(_network_of(address)):
                begun.pop()


def _network_of(address: str) -> str:
    try:
        found = ip_address(address)
    except ValueError:
        return address
    if isinstance(found, IPv6Address):
        return str(found.ipv4_mapped or int(found) >> (128 - _IPV6_NETWORK_BITS))
    return str(found)
