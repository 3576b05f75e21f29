"""Ctrl-C, SIGTERM and a closed terminal become one exception, raised once, so that everything unwinds in order."""

import contextlib
import signal
import threading
from collections.abc import Iterator
from types import FrameType

from service.local.supervisor import Supervisor

_STOPPING = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
_POLL_SECONDS = 0.2


class StopRequested(BaseException):
    """Somebody asked this process to end; derived from BaseException so that no `except Exception` swallows it."""


class StopSignals:
    """The first signal raises StopRequested in the main thread; those after it are ignored: it is stopping already."""

    def __init__(self) -> None:
        self._stopping = False
        self.failure: Exception | None = None

    def begin_stopping(self) -> None:
        """From here on no signal interrupts: what is being ended must be ended whole."""
        self._stopping = True

    def handle(self, _number: int, _frame: FrameType | None) -> None:
        """The signal handler; with a `failure` noted, it is the failure that is raised."""
        if not self._stopping:
            self._stopping = True
            raise self.failure or StopRequested()


@contextlib.contextmanager
def stop_signals() -> Iterator[StopSignals]:
    """Installs the handlers for the length of the block; only the main thread may do so."""
    signals = StopSignals()
    former = {number: signal.signal(number, signals.handle) for number in _STOPPING}
    try:
        yield signals
    finally:
        for number, handler in former.items():
            signal.signal(number, handler)


@contextlib.contextmanager
def children_watched(supervisor: Supervisor, signals: StopSignals) -> Iterator[None]:
    """While the block runs, the end of any child raises ChildFailedError in the main thread, even out of a wait."""
    done = threading.Event()
    main_thread = threading.get_ident()

    def watch() -> None:
        while not done.wait(_POLL_SECONDS):
            if failure := supervisor.failed_child():
                signals.failure = failure
                signal.pthread_kill(main_thread, signal.SIGTERM)
                return

    watcher = threading.Thread(target=watch, name="children-watched", daemon=True)
    watcher.start()
    try:
        yield
    finally:
        signals.begin_stopping()
        done.set()
        watcher.join()
