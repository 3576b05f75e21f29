"""Run as a program by the tests: one round of delivery that kills itself around one of its commits.

Arguments: the database, `before` or `after`, and which commit of the delivering role, counted from 1. It ends with 0
where the round was over before that.
"""

import os
import signal
import sys
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import Connection, Engine, event

from service.store.database import DELIVERY_ROLE, connect
from service.webhooks.sending import Sender
from tests.workers.receivers import LOOPBACK
from workers.delivering import deliver_due


def main(database_url: str, moment: str, number: int) -> None:
    commits = 0

    def note(connection: Connection, _cursor: Any, statement: str, *_: Any) -> None:
        if statement.startswith("BEGIN"):
            connection.info["delivers"] = DELIVERY_ROLE in statement

    def commit(connection: Connection) -> None:
        nonlocal commits
        commits += bool(connection.info.get("delivers"))
        if commits == number:
            if moment == "after":
                driver = connection.connection.dbapi_connection
                assert driver is not None
                driver.commit()
            os.kill(os.getpid(), signal.SIGKILL)

    event.listen(Engine, "before_cursor_execute", note)
    event.listen(Engine, "commit", commit)
    database = connect(database_url, 3)
    deliver_due(
        database,
        lambda: Sender(LOOPBACK, seconds_to_answer=5),
        clock=lambda: datetime.now(UTC),
        lease_seconds=30,
    )
    database.dispose()


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2], int(sys.argv[3]))
