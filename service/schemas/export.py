"""How an export of a forecast is asked for."""

from typing import Annotated

import msgspec

from forecasts.errors import Problem
from service.exports.profile import ExportProfile
from service.exports.registry import CHOICES, FORMATS
from service.exports.source import Basis, Choices
from service.refusals import BadParameters
from service.schemas.wire import Name

_BILLED: tuple[Basis, ...] = ("billed",)
_EFFECTIVE: tuple[Basis, ...] = ("effective",)
_BASES = ("billed", "effective", "both")

# Checked by hand, so that the refusal can say what there is.
FormatName = Annotated[str, msgspec.Meta(max_length=40, extra_json_schema={"enum": sorted(FORMATS)})]
BasisName = Annotated[str, msgspec.Meta(max_length=40, extra_json_schema={"enum": list(_BASES)})]


class ExportQuery(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """`basis` is the budget's own unless given; `profile` names one of the workspace's export profiles."""

    format: FormatName = "csv-tall"
    basis: BasisName | None = None
    contingency: bool | None = None
    profile: Name | None = None

    def check(self) -> None:
        """Raises BadParameters for a format that there is not, and for what means nothing to the one that there is."""
        problems = []
        if self.format not in FORMATS:
            detail = f"must be one of {', '.join(sorted(FORMATS))}, not {self.format!r}"
            problems.append(Problem(pointer="/format", detail=detail))
        takes = FORMATS[self.format].takes if self.format in FORMATS else CHOICES
        problems += [
            Problem(pointer=f"/{name}", detail=f"means nothing to {self.format}: leave it out")
            for name in ("basis", "contingency", "profile")
            if getattr(self, name) is not None and name not in takes
        ]
        if self.basis is not None and "basis" in takes:
            accepted = _BASES if "both" in takes else _BASES[:2]
            if self.basis not in accepted:
                detail = f"must be one of {', '.join(accepted)}, not {self.basis!r}"
                problems.append(Problem(pointer="/basis", detail=detail))
        if problems:
            raise BadParameters(tuple(problems))

    def to_choices(self, budget_basis: Basis, profile: ExportProfile) -> Choices:
        """The choices of a query that was checked; raises BadParameters for a contingency of the other basis."""
        bases = {"billed": _BILLED, "effective": _EFFECTIVE, "both": _BILLED + _EFFECTIVE, None: (budget_basis,)}
        if self.contingency and budget_basis not in bases[self.basis]:
            detail = f"is of {budget_basis} cost, as the budget is: leave out basis, or ask for {budget_basis}"
            raise BadParameters((Problem(pointer="/contingency", detail=detail),))
        return Choices(bases=bases[self.basis], contingency=bool(self.contingency), profile=profile)
