"""A bridge is worked out once, by whoever asks first, and forgotten when others were asked for since."""

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from uuid import UUID

import pytest

from forecasts.errors import Findings, InvalidInput
from service.forecasting.kept_bridges import KeptBridges
from service.schemas.explained.bridge import AmountsOut, BridgeEndOut, BridgeOut

ONE, TWO, THREE = UUID(int=1), UUID(int=2), UUID(int=3)


class WorkedOut:
    """Counts how often the bridge was worked out."""

    def __init__(self) -> None:
        self.times = 0

    def __call__(self) -> BridgeOut:
        self.times += 1
        end = BridgeEndOut(id=None, as_of="2026-11-23", first_month="2027-01", months=12, model_version="1")
        amounts = AmountsOut(effective="0.00", billed="0.00")
        nothing = dict.fromkeys(("parts", "sentences", "annual", "monthly", "workloads", "fleets"), ())
        return BridgeOut(
            before=amounts,
            after=amounts,
            from_=end,
            to=end,
            currency="USD",
            basis="effective",
            contracts=(),
            cost_centers=(),
            **nothing,
        )


def test_those_who_ask_at_once_share_one_bridge() -> None:
    kept, work_out, together = KeptBridges(), WorkedOut(), Barrier(4)

    def ask(_: int) -> BridgeOut:
        together.wait()
        return kept.between((ONE, TWO), work_out)

    with ThreadPoolExecutor(4) as threads:
        found = list(threads.map(ask, range(4)))
    assert work_out.times == 1
    assert all(one is found[0] for one in found)


def test_a_bridge_has_a_direction() -> None:
    kept, work_out = KeptBridges(), WorkedOut()
    assert kept.between((ONE, TWO), work_out) is not kept.between((TWO, ONE), work_out)


def test_the_one_that_nobody_asked_for_longest_is_forgotten() -> None:
    kept, work_out = KeptBridges(most=2), WorkedOut()
    for ids in ((ONE, TWO), (ONE, THREE), (ONE, TWO), (TWO, THREE), (ONE, TWO)):
        kept.between(ids, work_out)
    assert work_out.times == 3
    kept.between((ONE, THREE), work_out)
    assert work_out.times == 4


def test_a_refusal_is_not_kept() -> None:
    kept, work_out = KeptBridges(), WorkedOut()

    def refuse() -> BridgeOut:
        findings = Findings()
        findings.add(pointer="/from", detail="is in another currency")
        findings.end()
        raise AssertionError

    with pytest.raises(InvalidInput):
        kept.between((ONE, TWO), refuse)
    kept.between((ONE, TWO), work_out)
    assert work_out.times == 1
