"""The part of a fleet's form that says what it costs: every field of every kind of cost, and single amounts."""

from typing import Any, get_args

from forecasts.fleet.costs.terms import Convention, DepreciationMethod, ProductionUnit
from service.web.forms.parts import Choose, Field, Group, Items, Option, Part
from service.web.forms.workload import named

_DAY = "As 2027-01-31."


def _dated_or_single(name: str, label: str, single: str, dated: str) -> Choose:
    """One rate for all time, or rates from days on."""
    listed = dated.rpartition("/")[2]
    return Choose(
        name=name,
        label=label,
        choices=(("single", "one rate"), ("dated", "rates from days on")),
        of="/cost",
        chosen=lambda cost: "dated" if isinstance(cost, dict) and cost.get(listed) else "single",
        options=(
            Option(codes=("single",), parts=(Field(at=single, label="Rate a node-hour", kind="decimal"),)),
            Option(
                codes=("dated",),
                parts=(
                    Items(
                        at=dated,
                        legend="Rates",
                        item="Rate",
                        add="Add a rate",
                        parts=(
                            Field(at="/from", label="From day", required=True, help=_DAY),
                            Field(at="/rate_per_node_hour", label="Rate a node-hour", kind="decimal", required=True),
                        ),
                    ),
                ),
            ),
        ),
    )


_RENTED = (_dated_or_single("rates", "Rate", "/cost/rate_per_node_hour", "/cost/rates"),)

_COMMITTED: tuple[Part, ...] = (
    Items(
        at="/cost/commitments",
        legend="Commitments",
        item="Commitment",
        add="Add a commitment",
        parts=(
            Field(at="/nodes", label="Nodes", kind="integer", required=True),
            Field(at="/rate_per_node_hour", label="Rate a node-hour", kind="decimal", required=True),
            Field(at="/starts", label="First day", required=True, help=_DAY),
            Field(at="/ends", label="Last day", required=True, help=_DAY),
            Field(at="/upfront", label="Upfront amount", kind="decimal", default="0", help="For all its nodes."),
            Field(at="/invoiced", label="Invoiced", help="The day; empty is the first one."),
        ),
    ),
    _dated_or_single(
        "on-demand", "Rate on demand", "/cost/on_demand_rate_per_node_hour", "/cost/on_demand_rates"
    ),
)  # fmt: skip


def _disposal(at: str) -> Group:
    return Group(
        legend="Sale or scrapping",
        at=at,
        optional=True,
        rare=True,
        parts=(
            Field(at=f"{at}/on", label="Day", help=_DAY),
            Field(at=f"{at}/proceeds_per_node", label="Proceeds a node", kind="decimal", default="0"),
        ),
    )


_PURCHASE = (
    Field(at="/cost/purchase_price_per_node", label="Purchase price a node", kind="decimal", required=True),
    Field(at="/cost/purchased", label="Purchased", required=True, help=_DAY),
    Field(at="/cost/in_service", label="In service", required=True, help=_DAY),
    _disposal("/cost/disposal"),
)

_TRANCHES = Items(
    at="/cost/tranches",
    legend="Tranches",
    item="Tranche",
    add="Add a tranche",
    parts=(
        Field(at="/name", label="Name"),
        Field(at="/nodes", label="Nodes", kind="integer", required=True),
        Field(at="/purchase_price_per_node", label="Purchase price a node", kind="decimal", required=True),
        Field(at="/purchased", label="Purchased", required=True, help=_DAY),
        Field(at="/in_service", label="In service", required=True, help=_DAY),
        Field(at="/useful_life_months", label="Useful life in months", kind="integer", help="Empty is as below."),
        Field(at="/residual_fraction", label="Residual value", kind="decimal", help="Empty is as below."),
        _disposal("/disposal"),
    ),
)

_METHOD = Choose(
    name="method",
    label="Depreciation",
    at="/cost/method",
    default="straight_line",
    choices=named(get_args(DepreciationMethod)),
    options=(
        Option(
            codes=("declining_balance",),
            parts=(
                Field(
                    at="/cost/declining_balance_factor", label="Factor", kind="number", default="2",
                    help="2 is double-declining.",
                ),
            ),
        ),
        Option(
            codes=("units_of_production",),
            parts=(
                Group(
                    legend="Production of one node",
                    at="/cost/production",
                    parts=(
                        Field(
                            at="/cost/production/unit", label="Unit", kind="choice", required=True,
                            choices=named(get_args(ProductionUnit)), default="output_tokens",
                        ),
                        Field(
                            at="/cost/production/total_per_node", label="In its life", kind="number", required=True
                        ),
                        Field(
                            at="/cost/production/before_horizon_per_node", label="Before the forecast", kind="number"
                        ),
                    ),
                ),
            ),
        ),
    ),
)  # fmt: skip


def _bought(value: Any) -> str:
    return "tranches" if isinstance(value, list) else "once"


_OWNED: tuple[Part, ...] = (
    Choose(
        name="purchase",
        label="Bought",
        choices=(("once", "all nodes at once"), ("tranches", "in tranches")),
        of="/cost/tranches",
        chosen=_bought,
        options=(Option(codes=("once",), parts=_PURCHASE), Option(codes=("tranches",), parts=(_TRANCHES,))),
    ),
    Field(at="/cost/useful_life_months", label="Useful life in months", kind="integer", required=True),
    Field(at="/cost/residual_fraction", label="Residual value", kind="decimal", default="0", help="A fraction."),
    Field(
        at="/cost/convention", label="First month", kind="choice", choices=named(get_args(Convention)), required=True,
        default="full_month",
    ),
    _METHOD,
    Group(
        legend="Nodes bought as demand grows",
        at="/cost/growth",
        help="Needed by the monthly policy, and by no other.",
        optional=True,
        rare=True,
        parts=(
            Field(at="/cost/growth/purchase_price_per_node", label="Purchase price a node", kind="decimal"),
            Field(at="/cost/growth/lead_time_months", label="Invoiced before service", kind="integer", help="Months."),
            Field(at="/cost/growth/useful_life_months", label="Useful life in months", kind="integer"),
            Field(at="/cost/growth/residual_fraction", label="Residual value", kind="decimal"),
        ),
    ),
)  # fmt: skip

_LEASED: tuple[Part, ...] = (
    Field(at="/cost/payment_per_node_month", label="Payment a node and month", kind="decimal", required=True),
    Field(at="/cost/starts", label="First day", required=True, help=_DAY),
    Field(at="/cost/ends", label="Last day", required=True, help=_DAY),
    Field(at="/cost/rent_free_months", label="Rent-free months", kind="integer", default="0"),
    Field(
        at="/cost/escalation_fraction_per_year", label="Rise a year", kind="decimal", default="0", help="A fraction."
    ),
)

_RUNNING = Group(
    legend="Running costs",
    rare=True,
    parts=(
        Field(at="/cost/hosting_per_node_year", label="Hosting a node and year", kind="decimal", default="0"),
        Field(at="/cost/licence_per_gpu_year", label="Licences a GPU and year", kind="decimal", default="0"),
        Field(at="/cost/operations_per_month", label="Operations a month", kind="decimal", default="0"),
        Field(at="/cost/electricity_per_kwh", label="Electricity a kWh", kind="decimal", default="0"),
        Field(at="/cost/power_kw_per_node", label="Power of a node in kW", kind="number", default="0"),
        Field(at="/cost/idle_power_fraction", label="Power when idle", kind="number", default="0", help="A fraction."),
        Field(at="/cost/pue", label="PUE", kind="number", default="1"),
    ),
)

COST = Group(
    legend="Cost",
    at="/cost",
    parts=(
        Choose(
            name="cost",
            label="Nodes are",
            at="/cost/kind",
            default="rented",
            choices=named(("rented", "committed", "owned", "leased")),
            options=(
                Option(codes=("rented",), parts=_RENTED),
                Option(codes=("committed",), parts=_COMMITTED),
                Option(codes=("owned",), parts=_OWNED),
                Option(codes=("leased",), parts=_LEASED),
            ),
        ),
        _RUNNING,
    ),
)

ONE_OFFS = Group(
    legend="Single amounts",
    rare=True,
    parts=(
        Items(
            at="/one_offs",
            legend="Amounts",
            item="Amount",
            add="Add an amount",
            parts=(
                Field(at="/month", label="Month", required=True, help="As 2027-03."),
                Field(at="/what", label="What", required=True),
                Field(at="/amount", label="Amount", kind="decimal"),
                Field(at="/gpu_hours", label="GPU-hours", kind="number", help="Of a training run."),
            ),
        ),
    ),
)
