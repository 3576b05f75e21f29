"""Whether what a workload or fleet names exists: fleets of the workspace, models with a price."""

from collections.abc import Iterable
from uuid import UUID

from sqlalchemy import Connection

from forecasts.errors import Findings
from service.schemas.fleet.fleet import FleetIn
from service.schemas.workload.workload import WorkloadIn
from service.store import fleets
from service.store.database import workspace_of
from service.store.price_look_up import priced_models

Pair = tuple[str, str]

_MOST_REMEMBERED = 10_000


class PricedModels:
    """Remembers which models have a price: prices are never taken away, so what is true once stays true."""

    def __init__(self) -> None:
        self._remembered: dict[UUID, set[Pair]] = {}

    def among(self, session: Connection, models: Iterable[Pair]) -> set[Pair]:
        """Those of the models that have any price that this workspace can see."""
        wanted = set(models)
        known = self._remembered.setdefault(workspace_of(session), set())
        unsure = wanted - known
        if not unsure:
            return wanted
        found = priced_models(session, unsure)
        if len(known) >= _MOST_REMEMBERED:
            known.clear()
        known |= found
        # Not read back from what is remembered: another thread may just have cleared it.
        return (wanted - unsure) | found


def check_workload(session: Connection, sent: WorkloadIn, priced: PricedModels) -> None:
    """Raises InvalidInput with a pointer to each fleet or model that is unknown."""
    findings = Findings()
    named_fleets: dict[str, str] = {}
    named_models: dict[str, str] = {}
    for set_index, route_set in enumerate(sent.routes):
        for index, share in enumerate(route_set.to):
            at = f"/routes/{set_index}/to/{index}"
            if share.fleet is not None:
                named_fleets[f"{at}/fleet"] = share.fleet
            elif share.model is not None:
                named_models[f"{at}/model"] = share.model
    if sent.compare_to is not None:
        named_models["/compare_to/model"] = sent.compare_to.model
    if named_fleets:
        known = fleets.find_by_names(session, named_fleets.values())
        for pointer, name in named_fleets.items():
            findings.require(holds=name in known, pointer=pointer, detail=f"{name!r} is no fleet of this workspace")
    _check_models(session, named_models, priced, findings)
    findings.end()


def check_fleet(session: Connection, sent: FleetIn, priced: PricedModels) -> None:
    """Raises InvalidInput when the model that overflow goes to is unknown."""
    findings = Findings()
    if sent.overflow_to is not None:
        _check_models(session, {"/overflow_to/model": sent.overflow_to.model}, priced, findings)
    findings.end()


def _check_models(session: Connection, named: dict[str, str], priced: PricedModels, findings: Findings) -> None:
    if not named:
        return
    pairs = {name: (name.partition("/")[0], name.partition("/")[2]) for name in named.values()}
    known = priced.among(session, pairs.values())
    for pointer, name in named.items():
        findings.require(holds=pairs[name] in known, pointer=pointer, detail=f"{name!r} is a model without any price")
