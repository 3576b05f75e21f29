"""Recorded usage: what was used and paid, month by month."""

from collections.abc import Iterator, Sequence
from typing import Literal

from tokencast.client.resources.resource import Resource, at
from tokencast.client.shapes.usage import UsageBatch, UsageIn, UsageMonthOut, UsageOut, UsageRecorded


class Usage(Resource):
    def record(
        self, rows: Sequence[UsageIn], *, replace: bool = False, idempotency_key: str | None = None
    ) -> UsageRecorded:
        """Records all rows or none; with `replace` they correct what was recorded of the same things before."""
        batch: UsageBatch = {"rows": list(rows), "replace": replace}
        return self._connection.post(at("usage"), UsageRecorded, batch, idempotency_key=idempotency_key)

    def import_file(
        self, file: bytes, format_: Literal["csv", "json"], *, replace: bool = False, idempotency_key: str | None = None
    ) -> UsageRecorded:
        """Records a file of usage, whole or not at all; `replace` is for CSV, a JSON file says so itself."""
        query = {"format": format_, "replace": replace}
        return self._connection.post(
            at("usage", "imports"), UsageRecorded, file, query=query, idempotency_key=idempotency_key
        )

    def each(self, *, month: str | None = None, workload: str | None = None) -> Iterator[UsageOut]:
        return self._connection.pages(at("usage"), UsageOut, {"month": month, "workload": workload})

    def months(self) -> list[UsageMonthOut]:
        """The months of which anything is recorded, and which of them are closed."""
        return self._connection.items(at("usage", "months"), UsageMonthOut)

    def close(self, month: str) -> UsageMonthOut:
        """From here on nothing is recorded or corrected in the month (needs the scope approve)."""
        return self._connection.post(at("usage", "months", month, "close"), UsageMonthOut)

    def reopen(self, month: str) -> UsageMonthOut:
        return self._connection.post(at("usage", "months", month, "reopen"), UsageMonthOut)
