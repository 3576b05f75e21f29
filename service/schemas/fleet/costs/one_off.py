"""A fleet's single amounts, on the wire."""

from forecasts.errors import Findings
from forecasts.fleet.costs.terms import OneOff
from service.schemas import meaning
from service.schemas.wire import Amount, Text, Wire

MAX_GPU_HOURS = 1e9


class OneOffIn(Wire, kw_only=True, frozen=True):
    """With `gpu_hours` a training run, whose amount a fleet hired by the hour can work out."""

    month: str
    amount: Amount | None = None
    what: Text
    gpu_hours: float | None = None

    def to_one_off(self, findings: Findings, at: str, *, hired: bool) -> OneOff:
        if self.gpu_hours is not None:
            meaning.bounded(findings, f"{at}/gpu_hours", self.gpu_hours, 0.0, MAX_GPU_HOURS)
        if self.amount is None and (self.gpu_hours is None or not hired):
            findings.add(
                f"{at}/amount", "is needed: only gpu_hours on a rented or committed fleet have a price of their own"
            )
        return OneOff(
            month=meaning.month(findings, f"{at}/month", self.month),
            amount=None if self.amount is None else meaning.amount(findings, f"{at}/amount", self.amount),
            what=self.what,
            gpu_hours=self.gpu_hours,
        )
