"""One workload on one fleet against one API route: what the two cost on the same draws."""

from dataclasses import dataclass

import numpy as np

from forecasts.fleet.fleet import Fleet
from forecasts.fleet.operation import FleetLoad, FleetOperation
from forecasts.timeline import FloatArray, Timeline


@dataclass(frozen=True, kw_only=True, eq=False)
class BreakEvenQuestion:
    """What both sides of a comparison share; `api_per_request` is the route's cost of a request, `[months, draws]`."""

    fleet: Fleet
    loads: list[FleetLoad]
    index: int
    timeline: Timeline
    exchange: FloatArray
    digits: int
    api_per_request: FloatArray

    @property
    def output_tokens(self) -> float:
        """Of one request."""
        return self.loads[self.index].workload.demand.output_tokens

    def served_requests(self, operation: FleetOperation) -> FloatArray:
        """Shape `[months, draws]`."""
        served: FloatArray = self.loads[self.index].requests * operation.served[self.index]
        return served

    def costs(self, operation: FleetOperation) -> tuple[FloatArray, FloatArray]:
        """The fleet's cost borne for the workload, and the route's of the same served requests, `[months, draws]`.

        The workload bears the fleet's whole effective cost, idle nodes and spares included, by its part of the work
        that is served.
        """
        shares = operation.shares
        work = np.sum(shares, axis=0)
        part = np.divide(shares[self.index], work, out=np.zeros(work.shape), where=work > 0.0)
        total = np.zeros(work.shape)
        for stream in operation.streams:
            total += stream.effective
        return total * part, self.served_requests(operation) * self.api_per_request
