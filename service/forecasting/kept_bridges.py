"""Bridges that were asked for lately: a page asks for one three times at once, as a picture, to draw and to read."""

from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass, field
from threading import Lock
from uuid import UUID

from service.schemas.explained.bridge import BridgeOut

# One of a large forecast takes up about a megabyte.
_MOST_KEPT = 32

Ids = tuple[UUID, UUID]


@dataclass(eq=False)
class _Kept:
    lock: Lock = field(default_factory=Lock)
    bridge: BridgeOut | None = None


class KeptBridges:
    """Finished forecasts never change, so neither does a bridge; whoever asks must have been let see both of them."""

    def __init__(self, most: int = _MOST_KEPT) -> None:
        self._most = most
        self._kept: OrderedDict[Ids, _Kept] = OrderedDict()
        self._lock = Lock()

    def between(self, ids: Ids, work_out: Callable[[], BridgeOut]) -> BridgeOut:
        """The bridge from the first forecast to the second; those who ask meanwhile wait for the one who works it out.

        What `work_out` raises is raised, and not kept.
        """
        with self._lock:
            kept = self._kept.setdefault(ids, _Kept())
            self._kept.move_to_end(ids)
            while len(self._kept) > self._most:
                self._kept.popitem(last=False)
        with kept.lock:
            if kept.bridge is None:
                kept.bridge = work_out()
            return kept.bridge
