"""Workloads: what a team declares it will ask of models."""

from collections.abc import Iterator

from tokencast.client.resources.resource import Resource, at
from tokencast.client.shapes.forecasts import ForecastTermsIn, WorkloadForecast
from tokencast.client.shapes.workloads import WorkloadIn, WorkloadOut
from tokencast.client.versions import Held, if_match
from tokencast.client.waiting import prefer_wait


class Workloads(Resource):
    def create(self, workload: WorkloadIn, *, idempotency_key: str | None = None) -> WorkloadOut:
        return self._connection.post(at("workloads"), WorkloadOut, workload, idempotency_key=idempotency_key)

    def create_and_forecast(
        self,
        workload: WorkloadIn,
        terms: ForecastTermsIn | None = None,
        *,
        wait_seconds: int | None = None,
        idempotency_key: str | None = None,
    ) -> WorkloadForecast:
        """The workload with its forecast, finished if that takes no longer than `wait_seconds` (60 at most)."""
        return self._connection.post(
            at("workloads"),
            WorkloadForecast,
            {**workload, "forecast": terms or {}},
            headers=prefer_wait(wait_seconds),
            idempotency_key=idempotency_key,
        )

    def each(self, *, name: str | None = None) -> Iterator[WorkloadOut]:
        return self._connection.pages(at("workloads"), WorkloadOut, {"name": name})

    def get(self, workload_id: str) -> WorkloadOut:
        return self._connection.get(at("workloads", workload_id), WorkloadOut)

    def replace(self, held: Held, workload: WorkloadIn) -> WorkloadOut:
        """Raises Stale where the workload is no longer as it was read."""
        return self._connection.put(
            at("workloads", held["id"]), WorkloadOut, workload, headers=if_match(held["version"])
        )

    def delete(self, held: Held) -> None:
        self._connection.delete(at("workloads", held["id"]), headers=if_match(held["version"]))
