"""The price book: dated rows, what they cost, what they were and may become."""

from collections.abc import Iterator, Sequence
from typing import Literal, Unpack

from tokencast.client.looks import Look, query_of
from tokencast.client.resources.resource import Resource, at
from tokencast.client.shapes.price_imports import ImportOut
from tokencast.client.shapes.prices import (
    ConflictOut,
    CostIn,
    CostOut,
    PriceHistoryOut,
    PriceIn,
    PriceOut,
    PricesStored,
)


class Prices(Resource):
    def add(self, price: PriceIn, *, idempotency_key: str | None = None) -> PriceOut:
        """The stored row; where the same one is stored already, that one."""
        return self._connection.post(at("prices"), PriceOut, price, idempotency_key=idempotency_key)

    def add_all(self, prices: Sequence[PriceIn], *, idempotency_key: str | None = None) -> PricesStored:
        """Adds all rows or none; rows that are stored already are left alone."""
        return self._connection.post(at("prices"), PricesStored, list(prices), idempotency_key=idempotency_key)

    def import_file(
        self, file: bytes, format_: str, *, dry_run: bool = False, idempotency_key: str | None = None
    ) -> ImportOut:
        """What a file of prices changes; with `dry_run` what it would change."""
        return self._connection.post(
            at("prices", "imports"),
            ImportOut,
            file,
            query={"format": format_, "dry_run": dry_run},
            idempotency_key=idempotency_key,
        )

    def each(
        self,
        *,
        provider: str | None = None,
        model: str | None = None,
        meter: str | None = None,
        as_of: str | None = None,
        effective_at: str | None = None,
    ) -> Iterator[PriceOut]:
        """Own and packaged rows, as known at `as_of` and in force at `effective_at`."""
        query = {
            "provider": provider,
            "model": model,
            "meter": meter,
            "as_of": as_of,
            "effective_at": effective_at,
        }
        return self._connection.pages(at("prices"), PriceOut, query)

    def get(self, price_id: str) -> PriceOut:
        return self._connection.get(at("prices", price_id), PriceOut)

    def conflicts(
        self, *, provider: str | None = None, model: str | None = None, as_of: str | None = None
    ) -> Iterator[ConflictOut]:
        """Rows that contradict each other."""
        query = {"provider": provider, "model": model, "as_of": as_of}
        return self._connection.pages(at("prices", "conflicts"), ConflictOut, query)

    def cost(self, usage: CostIn) -> CostOut:
        """What some usage costs at the prices of a moment."""
        return self._connection.post(at("prices", "costs"), CostOut, usage)

    def history(
        self,
        model: str,
        *,
        as_of: str | None = None,
        outlook: str | None = None,
        months: int | None = None,
        service_tier: str | None = None,
    ) -> PriceHistoryOut:
        """The prices that a model had, and those that an outlook projects."""
        query = _history(model, as_of, outlook, months, service_tier)
        return self._connection.get(at("prices", "history"), PriceHistoryOut, query=query)

    def history_picture(
        self,
        model: str,
        kind: Literal["png", "svg"] = "svg",
        *,
        as_of: str | None = None,
        outlook: str | None = None,
        months: int | None = None,
        service_tier: str | None = None,
        **look: Unpack[Look],
    ) -> bytes:
        """The same as a picture."""
        query = {**_history(model, as_of, outlook, months, service_tier), **query_of(look)}
        return self._connection.read(at("prices", f"history.{kind}"), query=query)

    def history_chart(self, model: str, file: str = "history.json", **look: Unpack[Look]) -> bytes:
        """The same as the file that is named; its JSON is the definition that a page draws for itself."""
        return self._connection.read(at("prices", "history", "charts", file), query={"model": model, **query_of(look)})


def _history(
    model: str, as_of: str | None, outlook: str | None, months: int | None, service_tier: str | None
) -> dict[str, str | int | None]:
    return {"model": model, "as_of": as_of, "outlook": outlook, "months": months, "service_tier": service_tier}
