"""What a line's route says of who is paid."""

import pytest

from forecasts.route_names import contract_of_route, fleet_of_route, provider_of_route


@pytest.mark.parametrize(
    ("route", "fleet", "contract", "provider"),
    [
        ("deepseek/deepseek-v4-pro", None, None, "deepseek"),
        ("openai/gpt-5#batch", None, None, "openai"),
        ("fleet:a/b", "a/b", None, None),
        ("contract:frame", None, "frame", "north"),
        ("contract:gone", None, "gone", None),
        ("", None, None, None),
    ],
)
def test_a_route_is_a_fleets_a_contracts_or_a_models(
    route: str, fleet: str | None, contract: str | None, provider: str | None
) -> None:
    assert fleet_of_route(route) == fleet
    assert contract_of_route(route) == contract
    assert provider_of_route(route, {"frame": "north"}) == provider
