"""Files of dated prices: the columns of the packaged history or tiers, and one problem for each place that is wrong."""

from pathlib import Path

import numpy as np
import pytest

from forecasts.backtest.prices.reading import read_prices
from forecasts.catalog.price_series import flat_week_peak_share, load_series
from forecasts.errors import InvalidInput

SOURCES = Path(__file__).resolve().parents[4] / "forecasts" / "catalog" / "sources"
HEADER = "provider,model,effective_from,output_usd_per_mtok,observed_until"
TIERS = "tier,effective_from,output_usd_per_mtok"


def read(text: str) -> object:
    return read_prices(text, peak_share=flat_week_peak_share)


def found(text: str) -> list[tuple[str, str]]:
    with pytest.raises(InvalidInput) as invalid:
        read(text)
    return [(problem.pointer, problem.detail) for problem in invalid.value.problems]


def test_the_packaged_sources_read_as_the_packaged_series() -> None:
    """But for the two models with a row for a mere change of status, whose repeated rate changes nothing."""
    file = read_prices((SOURCES / "price_history.csv").read_text(encoding="utf-8"), peak_share=flat_week_peak_share)
    packaged = {(one.provider, one.name): one for one in load_series("models")}
    assert {(one.provider, one.name) for one in file.models} == set(packaged)
    for one in file.models:
        other = packaged[one.provider, one.name]
        assert one.kind == other.kind
        assert one.observed_until == other.observed_until
        changes = other.changes_by(np.inf) | (np.arange(other.rates.size) == 0)
        own_changes = one.changes_by(np.inf) | (np.arange(one.rates.size) == 0)
        np.testing.assert_allclose(one.rates[own_changes], other.rates[changes], rtol=1e-12)

    tiers = read_prices((SOURCES / "successor_tiers.csv").read_text(encoding="utf-8"), peak_share=flat_week_peak_share)
    assert [one.rates.tolist() for one in sorted(tiers.tiers, key=lambda one: (one.provider, one.name))] == [
        one.rates.tolist() for one in sorted(load_series("tiers"), key=lambda one: (one.provider, one.name))
    ]


def test_rows_without_a_price_and_of_hosts_are_left_out() -> None:
    file = read_prices(
        f"{HEADER},scope\nn,m,2024-01-01,2,2026-11,first_party\nn,m,2025-01-01,,2026-11,first_party\nh,m,x,y,z,host\n",
        peak_share=flat_week_peak_share,
    )
    assert [(one.provider, one.rates.tolist()) for one in file.models] == [("n", [2.0])]


def test_every_bad_cell_is_named_by_row_and_column() -> None:
    rows = ["n,m,2024-13-01,2,2026-11-15", "n,,2024-01-01,-2,soon", "n,m", "n,o,2024-01-01,nan,2026-11-15"]
    assert found("\n".join([HEADER, *rows])) == [
        ("/2", "line 4: has another number of cells than the header"),
        ("/0/effective_from", "line 2: '2024-13-01' is not a date such as 2026-11-15"),
        ("/1/model", "line 3: must not be empty"),
        ("/1/observed_until", "line 3: 'soon' is not a date such as 2026-11-15"),
        ("/1/output_usd_per_mtok", "line 3: '-2' is not an amount of 0 or more"),
        ("/3/output_usd_per_mtok", "line 5: 'nan' is not an amount of 0 or more"),
    ]


def test_a_price_given_twice_and_an_unknown_kind_are_refused() -> None:
    text = f"{HEADER},kind\nn,m,2024-01-01,2,2026-11-15,sku\nn,m,2024-01-01,3,2026-11-15,thing\n"
    assert [pointer for pointer, _ in found(text)] == ["/1/kind", "/1/effective_from"]
    assert [pointer for pointer, _ in found(f"{TIERS}\nflagship,2024-01-01,2\n")] == ["/0/tier"]


@pytest.mark.parametrize("text", ["", "a,b\n1,2\n", "tier,model\nx|y,z\n", '"provider'])
def test_a_file_of_another_kind_is_refused_whole(text: str) -> None:
    [(pointer, detail)] = found(text)
    assert pointer == ""
    assert "header lacks" in detail or "line 1" in detail
