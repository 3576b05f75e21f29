"""The process that outlives the supervisor: when the supervisor is gone, however it went, it ends what that started.

Its standard input is a pipe from the supervisor that carries the current list of children, one JSON line each time it
changes. The kernel closes the pipe when the supervisor dies, even by SIGKILL; a parent-death signal would not do,
because it is lost when a child changes its credentials and never reaches grandchildren. An optional argument
names a temporary folder to remove at the end.
"""

import shutil
import signal
import sys

from service.local.processes import ChildRecord, decode_records, end_children

GRACE_SECONDS = 8.0


def main() -> None:
    """Reads until the pipe closes, then ends the children that the last whole line names."""
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, signal.SIG_IGN)
    records: list[ChildRecord] = []
    for line in sys.stdin:
        if line.endswith("\n"):
            records = decode_records(line)
    end_children(records, grace_seconds=GRACE_SECONDS)
    if len(sys.argv) > 1:
        shutil.rmtree(sys.argv[1], ignore_errors=True)


if __name__ == "__main__":
    main()
