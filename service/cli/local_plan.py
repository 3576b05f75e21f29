"""A plan file as the domain reads it, with packaged prices: for commands that need no service."""

from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from service.cli.failures import BadInput

if TYPE_CHECKING:
    from forecasts.plan import Plan


def read_local_plan(path: Path, **changed: Any) -> "Plan":
    """The plan with the fields in `changed` replaced where they are not None; BadInput with every problem found."""
    from forecasts.errors import Findings, InvalidInput
    from service.cli.commands.plans import encoded, read_plan_file
    from service.forecasting.packaged_prices import packaged_prices
    from service.schemas.plan.plan import PlanIn
    from service.schemas.shape import BadShape, decode

    document: Mapping[str, Any] = read_plan_file(path)
    asked = {**document, **{name: value for name, value in changed.items() if value is not None}}
    now = datetime.now(UTC)
    try:
        plan = decode(encoded(asked), PlanIn)
        findings = Findings()
        as_of = plan.resolve_as_of(findings, "", now.date())
        findings.end()
        return plan.to_plan(now=now, known_prices=packaged_prices(plan, as_of))
    except (BadShape, InvalidInput) as error:
        raise BadInput(str(path), error.problems) from None
