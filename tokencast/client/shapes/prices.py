"""Shapes of the API, of prices: written by `scripts/build_client_shapes.py`, not by hand."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal, NotRequired, TypedDict

if TYPE_CHECKING:
    from tokencast.client.shapes.plans import ExchangeRateIn
    from tokencast.client.shapes.workloads import PeakToMean


class ConflictOut(TypedDict):
    """Sources that state different rates for the same conditions and start: `used` is what a forecast takes.

    A conflict bears the id of the row that is used.
    """

    id: str
    used: PriceOut
    others: list[PriceOut]


class Conflicts(TypedDict):
    """A page of prices in conflict."""

    items: list[ConflictOut]
    next_cursor: str | None


ContractIn = TypedDict(
    "ContractIn",
    {
        "name": "NotRequired[str | None]",
        "provider": "str",
        "model": "NotRequired[str]",
        "from": "NotRequired[str | None]",
        "to": "NotRequired[str | None]",
        "currency": "NotRequired[str | None]",
        "discount_fraction": "NotRequired[str | None]",
        "meters": "NotRequired[list[Literal['audio_input', 'audio_output', 'cache_write', 'cache_write_1h', 'cache_write_5m', 'cached_audio_input', 'cached_input', 'image', 'image_input', 'image_output', 'input', 'output', 'reasoning_output', 'request', 'web_search']] | None]",
        "discounts": "NotRequired[list[DiscountIn]]",
        "price_lock_until": "NotRequired[str | None]",
        "price_lock": "NotRequired[Literal['ceiling', 'fixed']]",
        "committed_spend": "NotRequired[str | None]",
        "commitment_period": "NotRequired[Literal['month', 'term', 'year']]",
        "spent_before": "NotRequired[str | None]",
        "volume_meters": "NotRequired[list[Literal['audio_input', 'audio_output', 'cache_write', 'cache_write_1h', 'cache_write_5m', 'cached_audio_input', 'cached_input', 'image', 'image_input', 'image_output', 'input', 'output', 'reasoning_output', 'request', 'web_search']] | None]",
        "volume_tiers": "NotRequired[list[VolumeTierIn]]",
        "credits": "NotRequired[list[CreditIn]]",
        "cost_center": "NotRequired[str]",
        "gl_account": "NotRequired[str]",
    },
)
"""In force from `from` (the plan's `as_of` by default) up to `to`, days in UTC. Fractions are off list prices."""


class CostIn(TypedDict):
    """Units by meter of one model over a `month`, or over `[starts, ends)`, as the book was known by `as_of`."""

    model: str
    region: NotRequired[str | None]
    month: NotRequired[str | None]
    starts: NotRequired[str | None]
    ends: NotRequired[str | None]
    units: dict[str, str]
    service_tiers: NotRequired[dict[str, str] | None]
    prompt_bands: NotRequired[list[PromptBandIn]]
    hourly_profile: NotRequired[str | list[float] | PeakToMean]
    as_of: NotRequired[str | None]
    currency: NotRequired[str]
    exchange_rates: NotRequired[list[ExchangeRateIn]]
    utc_windows: NotRequired[list[UtcWindowIn]]
    contracts: NotRequired[list[ContractIn]]


class CostOut(TypedDict):
    """`amount` is rounded once, to the currency's coins; the parts add to it before that."""

    starts: str
    ends: str
    currency: str
    amount: str
    parts: list[CostPartOut]


class CostPartOut(TypedDict):
    """Units that one row priced. `cost` is what they came to under the contract, before any rounding to coins."""

    meter: str
    service_tier: str
    prompt_tokens: int
    units: str
    cost: str
    price_id: str
    rate: str
    rate_currency: str
    per_tokens: int
    utc_window: str | None
    source: str


CreditIn = TypedDict(
    "CreditIn",
    {
        "amount": "str",
        "from": "NotRequired[str | None]",
        "expires": "NotRequired[str | None]",
    },
)
"""An amount that pays for usage until it expires."""


class DiscountIn(TypedDict):
    """A discount on some meters."""

    fraction: str
    meters: NotRequired[
        list[
            Literal[
                "audio_input",
                "audio_output",
                "cache_write",
                "cache_write_1h",
                "cache_write_5m",
                "cached_audio_input",
                "cached_input",
                "image",
                "image_input",
                "image_output",
                "input",
                "output",
                "reasoning_output",
                "request",
                "web_search",
            ]
        ]
        | None
    ]


class KnownRateOut(TypedDict):
    """One row of the price book, in the fields that a history needs; `rate` is per `per_tokens`."""

    meter: str
    rate: str
    per_tokens: int
    effective_from: str
    effective_to: str | None
    recorded_at: str
    status: str
    utc_window: str | None
    source: str


class MeterProjectionOut(TypedDict):
    """Where an outlook takes the rate of one meter."""

    meter: str
    outlook: str
    months: list[ProjectedRateOut]


class PriceHistoryOut(TypedDict):
    """Rows of one model, service tier and prompt size, all in one currency and none recorded after `as_of`."""

    provider: str
    model: str
    currency: str
    as_of: str
    rows: list[KnownRateOut]
    projections: NotRequired[list[MeterProjectionOut]]


class PriceIn(TypedDict):
    """`rate` is per `per_tokens` of the meter's units: by default a million tokens, or one image, request or search."""

    provider: str
    model: str
    meter: Literal[
        "audio_input",
        "audio_output",
        "cache_write",
        "cache_write_1h",
        "cache_write_5m",
        "cached_audio_input",
        "cached_input",
        "image",
        "image_input",
        "image_output",
        "input",
        "output",
        "reasoning_output",
        "request",
        "web_search",
    ]
    rate: str
    currency: NotRequired[str]
    per_tokens: NotRequired[int | None]
    effective_from: str
    effective_to: NotRequired[str | None]
    recorded_at: NotRequired[str | None]
    status: NotRequired[Literal["cancelled", "list", "negotiated", "promotional", "scheduled"]]
    utc_window: NotRequired[Literal["off_peak", "peak"] | None]
    service_tier: NotRequired[Literal["batch", "flex", "priority", "standard"]]
    prompt_tokens_from: NotRequired[int]
    region: NotRequired[str | None]
    source: NotRequired[str]
    date_basis: NotRequired[str]
    confidence: NotRequired[str]


class PriceOut(TypedDict):
    """`packaged` rows come with the catalogue and are the same for every workspace.

    `end_recorded_at` is when the end became known: before it, the price was open-ended.
    """

    id: str
    packaged: bool
    provider: str
    model: str
    meter: str
    rate: str
    currency: str
    per_tokens: int
    effective_from: str
    effective_to: str | None
    recorded_at: str
    end_recorded_at: str | None
    status: str
    utc_window: str | None
    service_tier: str
    prompt_tokens_from: int
    region: str | None
    source: str
    date_basis: str
    confidence: str


class PricePage(TypedDict):
    """A page of price rows."""

    items: list[PriceOut]
    next_cursor: str | None


class PriceRowOut(TypedDict):
    """The price row behind a figure, by what tells it apart; `rate` is per `per_tokens`."""

    provider: str
    model: str
    meter: str
    rate: str
    currency: str
    per_tokens: int
    effective_from: str
    status: str
    service_tier: str
    utc_window: str | None
    source: str


class PricesStored(TypedDict):
    """How many rows were new, and how many said exactly what a stored row says."""

    inserted: int
    duplicates: int


class ProjectedRateOut(TypedDict):
    """The mean rate of a month over the draws and its quantiles, per million tokens."""

    month: str
    mean: str
    p10: str
    p50: str
    p90: str


class PromptBandIn(TypedDict):
    """The part of the usage that came with prompts of about so many tokens."""

    prompt_tokens: int
    share: str


class ProposalDecisionIn(TypedDict):
    """Which proposals: by `ids`, or all open ones of a model."""

    ids: NotRequired[list[str] | None]
    provider: NotRequired[str | None]
    model: NotRequired[str | None]


class ProposalDecisionOut(TypedDict):
    """How many proposals were decided, and how many new rows the book has of it."""

    decided: int
    inserted: int


class ProposalOut(TypedDict):
    """A price that a catalogue states, beside the row that was in force when it was proposed (`current_...`)."""

    id: str
    status: str
    format: str
    provider: str
    model: str
    meter: str
    rate: str
    currency: str
    per_tokens: int
    effective_from: str
    service_tier: str
    prompt_tokens_from: int
    source: str
    current_price_id: str | None
    current_rate: str | None
    current_per_tokens: int | None
    current_source: str | None
    created_at: str
    decided_at: str | None
    decided_by: str | None


class ProposalPage(TypedDict):
    """A page of proposals."""

    items: list[ProposalOut]
    next_cursor: str | None


UtcWindowIn = TypedDict(
    "UtcWindowIn",
    {
        "provider": "str",
        "model": "NotRequired[str]",
        "from": "str",
        "weekdays": "NotRequired[list[Literal['Fri', 'Mon', 'Sat', 'Sun', 'Thu', 'Tue', 'Wed']]]",
        "hours_utc": "list[str]",
        "holidays": "NotRequired[list[str]]",
    },
)
"""`hours_utc` of `weekdays` are peak from a day on, but for `holidays`: dates, or names of packaged calendars."""


class VolumeTierIn(TypedDict):
    """`fraction` off the part of a month's tokens above `from_tokens_per_month`."""

    from_tokens_per_month: str
    fraction: str
