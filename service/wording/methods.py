"""How a line of a budget was computed, told to people who hold the line and not the documentation."""

_METHODS = {
    "metered_usage": (
        "The workload's requests on this route in the month, times the units of this meter in a request.",
        "Each part of the month takes the price row that is in force in it: a negotiated rate before a list price, the "
        "band of the prompt's size, and peak and off-peak rates by the hours of the workload's own traffic.",
        "Discounts and locks of contracts come after that, then what the outlook multiplies the rate by. It is worked "
        "out on every draw, and the line is the mean.",
    ),
    "fleet_cost": (
        "Nodes cost what they cost whether they are busy or not. A workload bears its part of the node-hours that are "
        "paid for; idle hours are a line of the fleet's own.",
        "Billed is what is invoiced in the month, effective what accrues in it: depreciation and amortization instead "
        "of purchases and upfront amounts. The fleet is run on every draw, and the line is the mean.",
    ),
    "contract_settlement": (
        "What a contract settles over all usage under it belongs to no single workload: volume tiers, the shortfall "
        "of a committed spend, and credits.",
        "It is settled on every draw by the spend of that draw, and the line is the mean.",
    ),
    "recorded_cost": (
        "The month has ended, and this is what was recorded of it: nothing was forecast for it, and it is the same "
        "on every draw and under every outlook.",
    ),
}


def method_sentences(name: str) -> tuple[str, ...]:
    """Paragraphs about a method of a line's trace; none about a method that is not known here."""
    return _METHODS.get(name, ())
