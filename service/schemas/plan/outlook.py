"""An outlook on the wire: an assumption about future prices, and its conversion to the domain."""

from datetime import date, timedelta
from typing import Annotated, Literal

import msgspec

from forecasts.draws import Pert
from forecasts.errors import Findings
from forecasts.prices.outlooks.course import Course, OpenWindow, Window
from forecasts.prices.outlooks.courses.exponential import Exponential
from forecasts.prices.outlooks.courses.history import History
from forecasts.prices.outlooks.courses.hold import Hold, Scheduled
from forecasts.prices.outlooks.courses.pass_through import DEFAULT_PASS_THROUGH, PassThrough
from forecasts.prices.outlooks.courses.planning_haircut import DEFAULT_HAIRCUT, PlanningHaircut
from forecasts.prices.outlooks.courses.projected_cut import DEFAULT_CUT, ProjectedCut
from forecasts.prices.outlooks.courses.successor import Successor
from forecasts.prices.outlooks.outlook import Outlook
from forecasts.timeline import Month
from service.schemas import meaning
from service.schemas.pricing.price import Meter
from service.schemas.wire import Label, PertIn, Wire

OutlookName = Literal[
    "hold",
    "scheduled",
    "projected_cut",
    "planning_haircut",
    "history",
    "exponential",
    "pass_through",
    "successor",
]

# Beside the provider, model and tier that it covers, each kind takes these fields and no other.
_TAKES = {
    "hold": {"scheduled_steps"},
    "scheduled": set[str](),
    "projected_cut": {"window", "probability", "size", "meters", "scheduled_steps"},
    "planning_haircut": {"from_", "size", "meters", "scheduled_steps"},
    "history": {"window", "series", "meters", "scheduled_steps"},
    "exponential": {"window", "decay_per_year", "meters", "scheduled_steps"},
    "pass_through": {"window", "probability", "speedup", "pass_through_fraction", "meters", "scheduled_steps"},
    "successor": {"from_", "to_model", "probability", "scheduled_steps"},
}
_GREATEST_RISE = -10.0
_GREATEST_DECAY = 0.99
_LEAST_SPEEDUP, _GREATEST_SPEEDUP = 0.1, 100.0


class OutlookIn(Wire, kw_only=True, frozen=True):
    """The first outlook that covers a route decides about it. Fields that the kind does not take are refused."""

    provider: Label = "*"
    model: Label = "*"
    service_tier: Label = "*"
    outlook: OutlookName
    window: tuple[str, str | None] | None = None
    from_: str | None = msgspec.field(name="from", default=None)
    probability: float = 1.0
    size: PertIn | float | None = None
    decay_per_year: PertIn | float | None = None
    speedup: PertIn | float | None = None
    pass_through_fraction: PertIn | float | None = None
    series: Literal["models", "tiers"] | None = None
    to_model: Label | None = None
    meters: Annotated[tuple[Meter, ...], msgspec.Meta(min_length=1)] | None = None
    scheduled_steps: bool = True

    def to_outlook(self, findings: Findings, at: str, as_of: date) -> Outlook:
        self._refuse_foreign_fields(findings, at)
        return Outlook(
            provider=self.provider,
            model=self.model,
            service_tier=self.service_tier,
            course=self._course(findings, at, as_of),
            meters=None if self.outlook == "successor" else self.meters or ("output",),
            scheduled_steps=self.scheduled_steps,
        )

    def _course(self, findings: Findings, at: str, as_of: date) -> Course:
        match self.outlook:
            case "hold":
                return Hold()
            case "scheduled":
                return Scheduled()
            case "projected_cut":
                return ProjectedCut(
                    window=self._window(findings, at, as_of),
                    probability=self._probability(findings, at),
                    size=self._range(findings, at, "size", _GREATEST_RISE, 1.0, DEFAULT_CUT),
                )
            case "planning_haircut":
                return PlanningHaircut(
                    starts=self._starts(findings, at) or a_year_after(as_of)[0],
                    size=self._range(findings, at, "size", _GREATEST_RISE, 1.0, DEFAULT_HAIRCUT),
                )
            case "history":
                return History(series=self.series or "models", window=self._open_window(findings, at))
            case "exponential":
                return Exponential(
                    window=self._open_window(findings, at) or (a_year_after(as_of)[0], None),
                    decay_per_year=self._range(findings, at, "decay_per_year", _GREATEST_RISE, _GREATEST_DECAY),
                )
            case "pass_through":
                return PassThrough(
                    window=self._window(findings, at, as_of),
                    speedup=self._range(findings, at, "speedup", _LEAST_SPEEDUP, _GREATEST_SPEEDUP),
                    pass_through_fraction=self._range(
                        findings, at, "pass_through_fraction", 0.0, 1.0, DEFAULT_PASS_THROUGH
                    ),
                    probability=self._probability(findings, at),
                )
            case "successor":
                return self._successor(findings, at, as_of)

    def _successor(self, findings: Findings, at: str, as_of: date) -> Course:
        provider = model = ""
        if self.to_model is None:
            findings.add(f"{at}/to_model", "successor needs it: the model to migrate to, written as provider/model")
        else:
            following = meaning.api_route(findings, f"{at}/to_model", self.to_model)
            provider, model = following.provider, following.model
        starts = self._starts(findings, at)
        if starts is None:
            findings.add(f"{at}/from", "successor needs it: the day of the migration, such as 2027-04-01")
        return Successor(
            provider=provider, model=model, starts=starts or as_of, probability=self._probability(findings, at)
        )

    def _refuse_foreign_fields(self, findings: Findings, at: str) -> None:
        optional = set[str]().union(*_TAKES.values())
        for field in msgspec.structs.fields(self):
            given = getattr(self, field.name) != field.default
            if field.name in optional and given and field.name not in _TAKES[self.outlook]:
                takers = ", ".join(name for name, fields in _TAKES.items() if field.name in fields)
                findings.add(f"{at}/{field.encode_name}", f"{self.outlook} does not take it; it belongs to {takers}")

    def _probability(self, findings: Findings, at: str) -> float:
        return meaning.fraction(findings, f"{at}/probability", self.probability)

    def _window(self, findings: Findings, at: str, as_of: date) -> Window:
        """A window with both ends, by default the year after `as_of`."""
        opens, closes = self._open_window(findings, at) or a_year_after(as_of)
        if closes is None:
            findings.add(f"{at}/window/1", f"must be a date: {self.outlook} happens at some day of its window")
        return opens, closes or opens + timedelta(days=1)

    def _open_window(self, findings: Findings, at: str) -> OpenWindow | None:
        if self.window is None:
            return None
        opens = meaning.day(findings, f"{at}/window/0", self.window[0])
        closes = None if self.window[1] is None else meaning.day(findings, f"{at}/window/1", self.window[1])
        if closes is not None and closes <= opens:
            findings.add(f"{at}/window/1", "must be later than the window's start")
        return opens, closes

    def _starts(self, findings: Findings, at: str) -> date | None:
        return None if self.from_ is None else meaning.day(findings, f"{at}/from", self.from_)

    def _range(
        self, findings: Findings, at: str, name: str, low: float, high: float, default: Pert | None = None
    ) -> Pert:
        """A field's range inside bounds; without a default it must be given."""
        value: PertIn | float | None = getattr(self, name)
        if value is not None:
            return meaning.pert(findings, f"{at}/{name}", value, low, high)
        if default is None:
            findings.add(f"{at}/{name}", f"{self.outlook} needs it: a number, or a range of low, mode and high")
        return default or Pert.certain(high)


def default_outlook(as_of: date) -> Outlook:
    """What a plan without outlooks assumes: one projected cut for every provider in the year after `as_of`."""
    return Outlook(course=ProjectedCut(window=a_year_after(as_of)))


def a_year_after(day: date) -> Window:
    """The first twelve months after a day: the default window of a provider's one cut."""
    first = Month.of(day + timedelta(days=1)) if (day + timedelta(days=1)).day == 1 else Month.of(day).plus(1)
    return first.first_day, first.plus(12).first_day
