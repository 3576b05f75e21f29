"""Builds the successor tiers: what the model that was current in a provider's tier cost, and since when."""

from collections import defaultdict

from catalog_build.tables import Row

COLUMNS = (
    "provider",
    "tier",
    "effective_from",
    "model",
    "input_usd_per_mtok",
    "output_usd_per_mtok",
    "observed_until",
    "source",
    "date_basis",
    "confidence",
    "note",
)
# The tier table calls one provider by another name than the price history.
PROVIDERS = {"moonshot": "moonshotai"}
JUDGEMENT = "which model succeeds which is a judgement"


def build_tiers(steps: list[Row], history: list[Row]) -> list[Row]:
    """Tier rows by provider, tier and start, each with the source of the price row that agrees with it, if any does."""
    prices: dict[tuple[str, str], list[Row]] = defaultdict(list)
    observed: dict[str, str] = {}
    for row in history:
        if row["scope"] == "first_party":
            prices[row["provider"], row["effective_from"]].append(row)
            observed[row["provider"]] = max(observed.get(row["provider"], ""), row["observed_until"])
    tiers = []
    for step in steps:
        named, tier = step["tier"].split("|")
        provider = PROVIDERS.get(named, named)
        agreeing = [
            row
            for row in prices[provider, step["effective_from"]]
            if row["output_usd_per_mtok"] and float(row["output_usd_per_mtok"]) == float(step["output_usd_per_mtok"])
        ]
        price = agreeing[0] if agreeing else {}
        tiers.append(
            {
                "provider": provider,
                "tier": tier,
                "effective_from": step["effective_from"],
                "model": step["model"],
                "input_usd_per_mtok": step["input_usd_per_mtok"],
                "output_usd_per_mtok": step["output_usd_per_mtok"],
                "observed_until": observed[provider],
                "source": price.get("source") or "compiled successor tiers",
                "date_basis": price.get("date_basis") or "compiled",
                "confidence": price.get("confidence") or "low",
                "note": JUDGEMENT,
            }
        )
    return sorted(tiers, key=lambda row: (row["provider"], row["tier"], row["effective_from"]))
