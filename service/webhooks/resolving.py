"""Names to addresses for `connecting.py`, in threads of their own: silent name servers hold up no other work."""

import asyncio
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import Final

from service.webhooks.addresses import Resolve

# The resolver of a machine waits for silent name servers, half a minute and more, and cannot be told to stop.
_THREADS: Final = 128


class Resolver:
    """Look-ups of one event loop: one at a time of each host, which everybody who asks meanwhile shares.

    However many connections a host is asked for, it holds one thread; so does a host whose name servers are silent.
    """

    def __init__(self, resolve: Resolve) -> None:
        self._resolve = resolve
        self._threads = ThreadPoolExecutor(_THREADS, thread_name_prefix="resolve")
        self._asking: dict[tuple[str, int], asyncio.Future[Sequence[str]]] = {}

    async def addresses(self, host: str, port: int) -> Sequence[str]:
        """Every address of a host as text; raises what `resolve` does. Whoever gives up leaves it to the others."""
        target = (host, port)
        asking = self._asking.get(target)
        if asking is None:
            asking = asyncio.get_running_loop().run_in_executor(self._threads, self._resolve, host, port)
            self._asking[target] = asking
            asking.add_done_callback(lambda done: self._forget(target, done))
        return await asyncio.shield(asking)

    def close(self) -> None:
        """Waits for nobody: a look-up that still runs ends in its thread, unheard."""
        for asking in tuple(self._asking.values()):
            asking.cancel()
        self._threads.shutdown(wait=False, cancel_futures=True)

    def _forget(self, target: tuple[str, int], done: asyncio.Future[Sequence[str]]) -> None:
        del self._asking[target]
        if not done.cancelled():
            # Looked at, since those who asked may all have given up.
            done.exception()
