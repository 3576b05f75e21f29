"""The routes of a workload in words, with what each step changes."""

from datetime import date
from decimal import Decimal
from typing import Any

from service.web.views.estate import fleets_of, models_of, targets_in_words
from service.web.views.migration import migration_plan

DOCUMENT: dict[str, Any] = {
    "routes": [
        {"from": None, "to": [{"model": "acme/large", "share": 1.0, "service_tier": "standard"}]},
        {
            "from": "2027-03-01",
            "to": [
                {"fleet": "pool", "share": 0.6},
                {"model": "acme/large", "share": 0.4, "service_tier": "batch", "region": "eu"},
            ],
        },
        {"from": "2028-01", "to": [{"fleet": "pool", "share": 0.125}, {"fleet": "gone", "share": 0.875}]},
    ],
    "compare_to": {"model": "acme/small", "service_tier": "standard"},
}
BY_MONTH = {date(2027, 2, 1): Decimal("100.00"), date(2027, 3, 1): Decimal("70.50"), date(2027, 12, 1): Decimal(1)}


def test_each_step_says_from_when_which_share_goes_where() -> None:
    start, march, later = migration_plan(DOCUMENT, {}, {"pool": "open-model"})
    assert (start.when, march.when, later.when) == ("From the start", "From Mar 2027", "From Jan 2028")
    assert [(one.share, one.kind, one.name, one.conditions) for one in march.targets] == [
        ("60 %", "fleet", "pool", "serves open-model"),
        ("40 %", "model", "acme/large", "batch tier, eu"),
    ]
    assert [(one.share, one.conditions) for one in later.targets] == [("12.5 %", "serves open-model"), ("87.5 %", "")]


def test_a_step_changes_the_cost_from_the_month_before_to_its_first_month() -> None:
    start, march, later = migration_plan(DOCUMENT, BY_MONTH, {})
    assert (march.before, march.after, march.change) == (Decimal("100.00"), Decimal("70.50"), Decimal("-29.50"))
    assert start.change is None
    assert (later.before, later.after, later.change) == (Decimal(1), None, None)


def test_models_are_named_once_with_each_tier_that_is_paid_and_those_compared_with() -> None:
    assert models_of(DOCUMENT) == [("acme/large", "standard"), ("acme/large", "batch"), ("acme/small", "standard")]
    assert fleets_of(DOCUMENT) == ["pool", "gone"]


def test_a_list_names_the_first_few_targets() -> None:
    many = {"routes": [{"to": [{"fleet": f"pool-{index}", "share": 0.2} for index in range(5)]}]}
    assert targets_in_words(DOCUMENT) == "acme/large, pool, gone"
    assert targets_in_words(many) == "pool-0, pool-1, pool-2 and 2 more"
