"""Budgets for beancount."""

import re
from decimal import Decimal

import pytest

from service.exports.beancount import account_name
from service.exports.source import Basis
from tests.service.exports.sources import acme, by_hand, golden, mean, written

DIRECTIVE = re.compile(
    r'(\d{4}-\d\d-01) custom "budget" (Expenses(?::[A-Z0-9][A-Za-z0-9-]*)+) "monthly" (-?\d+\.\d\d) USD'
)


def test_a_file_is_the_one_it_was() -> None:
    assert written("beancount", by_hand(), contingency=True) == golden("budget.beancount")


@pytest.mark.parametrize("basis", ["billed", "effective"])
def test_directives_add_up_to_the_total_and_end_with_the_horizon(basis: Basis) -> None:
    comment, *lines = written("beancount", acme(), bases=(basis,)).decode().splitlines()
    assert comment.startswith("; ")
    found = [match.groups() for match in map(DIRECTIVE.fullmatch, lines) if match]
    assert len(found) == len(lines)
    assert sum(Decimal(amount) for _, _, amount in found) == mean(acme(), basis)
    # A budget holds until the next directive.
    accounts = {account for _, account, _ in found}
    assert {(account, amount) for day, account, amount in found if day == "2028-01-01"} == {
        (account, "0.00") for account in accounts
    }


@pytest.mark.parametrize(
    ("code", "name"),
    [
        ("6420", "Expenses:6420"),
        ("Expenses:AI:Inference", "Expenses:AI:Inference"),
        ("Assets:Prepaid", "Assets:Prepaid"),
        ("ai:inference cost", "Expenses:Ai:Inference-cost"),
        ('=x" 1', "Expenses:X-1"),
        ("::", "Expenses:Unnamed"),
    ],
)
def test_a_code_becomes_a_name_that_beancount_takes(code: str, name: str) -> None:
    assert account_name(code) == name
