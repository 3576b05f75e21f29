"""A plan on the wire: the whole estate as one document. A forecast's input snapshot has the same shape."""

from collections.abc import Iterable
from datetime import date, datetime
from typing import Annotated

import msgspec

from forecasts.catalog.windows import load_utc_windows
from forecasts.checks import check_plan, check_references
from forecasts.errors import Findings
from forecasts.plan import Plan
from forecasts.timeline import Timeline
from service.schemas.decoders.measurement import known_by, measured_points
from service.schemas.fleet.fleet import FleetIn
from service.schemas.plan.terms import TermsIn
from service.schemas.pricing.price import PriceIn, check_overlaps
from service.schemas.usage.actual import ActualIn
from service.schemas.wire import Name
from service.schemas.workload.workload import WorkloadIn


class PlanIn(TermsIn, kw_only=True, frozen=True):
    name: Name = "default"
    prices: Annotated[list[PriceIn], msgspec.Meta(max_length=200_000)] = []
    fleets: Annotated[list[FleetIn], msgspec.Meta(max_length=1000)] = []
    workloads: Annotated[list[WorkloadIn], msgspec.Meta(max_length=10_000)] = []
    actuals: Annotated[list[ActualIn], msgspec.Meta(max_length=500_000)] = []

    def to_plan(self, *, now: datetime, at: str = "", known_prices: Iterable[PriceIn] = ()) -> Plan:
        """The domain value of the whole document; raises InvalidInput with every problem found.

        `known_prices` are rows from the price book beside the document's own.
        """
        findings = Findings()
        self.check(findings, at)
        as_of: date = self.resolve_as_of(findings, at, now.date())
        fiscal_start = self.fiscal_year_start_month if 1 <= self.fiscal_year_start_month <= 12 else 1
        timeline: Timeline = self.resolve_horizon(as_of).to_timeline(
            findings, f"{at}/horizon", self.calendar, fiscal_start
        )
        own = tuple(row.to_price(findings, f"{at}/prices/{index}", now=now) for index, row in enumerate(self.prices))
        check_overlaps(own, findings, f"{at}/prices")
        known = tuple(
            row.to_price(findings, f"{at}/known_prices/{index}", now=now) for index, row in enumerate(known_prices)
        )
        plan = Plan(
            currency=self.currency,
            exchange_rates=tuple(
                rate.to_exchange_rate(findings, f"{at}/exchange_rates/{index}")
                for index, rate in enumerate(self.exchange_rates)
            ),
            timeline=timeline,
            as_of=as_of,
            seed=self.seed,
            draws=self.draws,
            confidence=self.confidence,
            budget_basis=self.budget_basis,
            correlations=self.correlations.to_correlations(findings, f"{at}/correlations"),
            outlooks=self.to_outlooks(findings, at, as_of),
            # Later rows win where nothing else decides: a plan knows its own prices better than the catalogue.
            prices=known + own,
            # Of equal definitions the first counts, and a plan knows its provider better than the catalogue.
            utc_windows=(*self.to_utc_windows(findings, at), *load_utc_windows()),
            contracts=self.to_contracts(findings, at, as_of),
            fleets=tuple(
                fleet.to_fleet(findings, f"{at}/fleets/{index}", plan_currency=self.currency, as_of=as_of)
                for index, fleet in enumerate(self.fleets)
            ),
            workloads=tuple(
                workload.to_workload(findings, f"{at}/workloads/{index}")
                for index, workload in enumerate(self.workloads)
            ),
            actuals=tuple(row.to_actual(findings, f"{at}/actuals/{index}") for index, row in enumerate(self.actuals)),
            measurements=measured_points(self.measurements, findings, f"{at}/measurements"),
        )
        self._check_repetitions(findings, at)
        known_plan = known_by(as_of, plan)
        # Pointers count all that was declared, so names are checked before anything is left out.
        if findings.problems or known_plan is not plan:
            check_references(plan, findings, at)
            findings.end()
        check_plan(known_plan, findings, at)
        findings.end()
        return known_plan

    def _check_repetitions(self, findings: Findings, at: str) -> None:
        declared = {
            "fleets": [(fleet.name, "name") for fleet in self.fleets],
            "contracts": [(contract.named, "name") for contract in self.contracts],
            "workloads": [(workload.name, "name") for workload in self.workloads],
            "exchange_rates": [
                (f"{rate.currency} per {rate.per} from {rate.from_}", "from") for rate in self.exchange_rates
            ],
        }
        for kind, names in declared.items():
            seen: set[str] = set()
            for index, (name, field) in enumerate(names):
                if name in seen:
                    findings.add(f"{at}/{kind}/{index}/{field}", f"{name!r} is declared twice")
                seen.add(name)


def plan_of(terms: TermsIn, *, workloads: list[WorkloadIn], fleets: list[FleetIn]) -> PlanIn:
    """The plan that forecasts stored workloads and the fleets they use under the given terms."""
    return PlanIn(
        **{name: getattr(terms, name) for name in TermsIn.__struct_fields__}, workloads=workloads, fleets=fleets
    )
