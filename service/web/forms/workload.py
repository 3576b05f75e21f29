"""The form of a workload: every field of `WorkloadIn`."""

from typing import Any, get_args

from forecasts.catalog.profiles import hourly_profile_names
from service.schemas.workload.workload import OtherMeter, ServiceTier, Task
from service.web.formatting import words
from service.web.forms.parts import Choices, Choose, Field, Group, Items, Option, Part

_LENGTHS = "/demand/output_tokens_per_request"
_GROWTH = "/demand/monthly_growth"
_PROFILE = "/demand/hourly_profile"


def named(codes: tuple[str, ...]) -> Choices:
    """Codes to choose from, each in words."""
    return tuple((code, words(code)) for code in codes)


def service_tier(at: str) -> Field:
    return Field(
        at=at, label="Service tier", kind="choice", choices=named(get_args(ServiceTier)), required=True,
        default="standard",
    )  # fmt: skip


def model_fields(at: str, *, required: bool = False) -> tuple[Part, ...]:
    """A provider's model with its service tier and region."""
    return (
        Field(at=f"{at}/model", label="Model", suggestions="models", required=required, help="As provider/model."),
        service_tier(f"{at}/service_tier"),
        Field(at=f"{at}/region", label="Region", help="Only where the provider has prices of its own there."),
    )


def range_or_number(name: str, label: str, at: str, help: str) -> Choose:  # noqa: A002 - the word of the form.
    """A number, or a range of low, most likely and high."""
    return Choose(
        name=name,
        label=f"{label}, given as",
        choices=(("number", "one number"), ("range", "a range")),
        of=at,
        chosen=lambda value: "range" if isinstance(value, dict) else "number",
        help=help,
        options=(
            Option(codes=("number",), parts=(Field(at=at, label=label, kind="number"),)),
            Option(
                codes=("range",),
                parts=(
                    Group(
                        legend=f"{label}: range",
                        at=at,
                        parts=(
                            Field(at=f"{at}/low", label="Low", kind="number", required=True),
                            Field(at=f"{at}/mode", label="Most likely", kind="number", required=True),
                            Field(at=f"{at}/high", label="High", kind="number", required=True),
                        ),
                    ),
                ),
            ),
        ),
    )


def _profile_kind(value: Any) -> str:
    return "peak" if isinstance(value, dict) else "weights" if isinstance(value, list) else "packaged"


_TARGET = Choose(
    name="target",
    label="Goes to",
    choices=(("model", "a provider's model"), ("fleet", "a fleet")),
    of="",
    chosen=lambda share: "fleet" if isinstance(share, dict) and share.get("fleet") else "model",
    options=(
        Option(codes=("model",), parts=model_fields("", required=True)),
        Option(
            codes=("fleet",),
            parts=(Field(at="/fleet", label="Fleet", suggestions="fleets", required=True, help="By its name."),),
        ),
    ),
)

ROUTES = Items(
    at="/routes",
    legend="Routes",
    item="Step",
    add="Add a step",
    help="Where requests go. Each step holds until the next one; the first holds from the start.",
    parts=(
        Field(at="/from", label="From month", help="As 2027-03; empty for the first step."),
        Items(
            at="/to",
            legend="Shares",
            item="Share",
            add="Add a share",
            help="They add to 1.",
            parts=(
                Field(at="/share", label="Share of requests", kind="number", required=True, help="0 to 1."),
                _TARGET,
            ),
        ),
    ),
)

_ABOUT = Group(
    legend="What it is",
    parts=(
        Field(at="/name", label="Name", required=True),
        Field(
            at="/task", label="Task", kind="choice", choices=named(get_args(Task)), required=True, default="chat",
            help="Acceptance of draft tokens differs by task.",
        ),
        Field(at="/cost_center", label="Cost centre"),
        Field(at="/gl_account", label="GL account"),
        Field(at="/temperature", label="Temperature", kind="number", help="0 to 5; sampling lowers acceptance."),
        Field(at="/top_p", label="Top p", kind="number", help="0 to 1."),
        Field(
            at="/min_tokens_per_second_per_user", label="Speed that a user needs", kind="number",
            help="Tokens per second, at least.",
        ),
    ),
)  # fmt: skip

_DEMAND = Group(
    legend="Demand",
    at="/demand",
    parts=(
        Field(
            at="/demand/base_month", label="Base month", required=True,
            help="The month that the volume describes, as 2027-01; growth counts from it.",
        ),
        Field(at="/demand/requests_per_month", label="Requests a month", kind="number", required=True),
        Field(at="/demand/input_tokens_per_request", label="Input tokens a request", kind="number", default="0"),
        Group(
            legend="Output tokens a request",
            at=_LENGTHS,
            optional=True,
            parts=(
                Field(at=f"{_LENGTHS}/mean", label="Mean", kind="number", help="Of all requests."),
                Field(at=f"{_LENGTHS}/p50", label="Median", kind="number"),
                Field(at=f"{_LENGTHS}/p90", label="P90", kind="number"),
                Field(
                    at=f"{_LENGTHS}/histogram", label="Histogram", kind="rows",
                    help="Instead of the mean: one range a line as from, to, share. The shares add to 1.",
                ),
            ),
        ),
    ),
)  # fmt: skip

_SHAPE = Group(
    legend="Growth and shape",
    parts=(
        range_or_number(
            "growth", "Growth a month", _GROWTH, "A fraction: 0.02 is 2 % more each month than in the one before."
        ),
        Field(
            at="/demand/noise_fraction", label="Noise", kind="number", default="0",
            help="How far a month is off its trend: a fraction, as a standard deviation.",
        ),
        Field(at="/demand/noise_autocorrelation", label="Noise that carries over", kind="number", default="0.6"),
        Field(
            at="/demand/seasonality", label="Seasonality", kind="numbers",
            help="Twelve factors from January on, with a mean of 1.",
        ),
        Choose(
            name="profile",
            label="Hours of the week",
            choices=(("packaged", "a packaged profile"), ("peak", "its peak alone"), ("weights", "weights")),
            of=_PROFILE,
            chosen=_profile_kind,
            help="Fleets are sized by the hour; API routes have peak and off-peak prices.",
            options=(
                Option(
                    codes=("packaged",),
                    parts=(
                        Field(
                            at=_PROFILE, label="Profile", kind="choice", choices=named(hourly_profile_names()),
                            required=True, default="flat",
                        ),
                    ),
                ),
                Option(
                    codes=("peak",),
                    parts=(
                        Field(
                            at=f"{_PROFILE}/peak_to_mean", label="Peak over mean", kind="number", required=True,
                            help="The busiest hour over the mean hour, 1 to 24.",
                        ),
                    ),
                ),
                Option(
                    codes=("weights",),
                    parts=(
                        Field(
                            at=_PROFILE, label="Weights", kind="numbers", required=True,
                            help="24 of a day or 168 of a week, Monday 00:00 UTC first.",
                        ),
                    ),
                ),
            ),
        ),
        Items(
            at="/demand/steps",
            legend="Steps of volume",
            item="Step of volume",
            add="Add a step of volume",
            help="A launch, a contract that ends: from a month on the volume is this factor of what it would be.",
            parts=(
                Field(at="/from", label="From month", required=True, help="As 2027-03."),
                Field(at="/factor", label="Factor", kind="number", required=True),
                Field(at="/why", label="Why"),
            ),
        ),
    ),
)  # fmt: skip

_CACHE = Group(
    legend="Prompt cache and reasoning",
    rare=True,
    parts=(
        Field(
            at="/demand/cached_input_fraction", label="Cached input", kind="number", default="0",
            help="The fraction of input tokens that is read from a cache.",
        ),
        Field(
            at="/demand/cache_write_fraction", label="Cache writes", kind="number", default="0",
            help="The fraction of input tokens that is written to one.",
        ),
        Field(
            at="/demand/long_lived_cache_write_fraction", label="Long-lived cache writes", kind="number", default="0",
            help="Of the cache writes, the fraction that is kept for an hour.",
        ),
        Field(
            at="/demand/reasoning_fraction", label="Reasoning", kind="number", default="0",
            help="The fraction of output tokens that is spent before the answer.",
        ),
    ),
)  # fmt: skip

_OTHER_UNITS = Group(
    legend="Audio, images and searches a request",
    at="/demand/other_units_per_request",
    rare=True,
    parts=tuple(
        Field(at=f"/demand/other_units_per_request/{meter}", label=words(meter).capitalize(), kind="number")
        for meter in get_args(OtherMeter)
    ),
)

_COMPARE = Group(
    legend="API route that its fleet is compared with",
    at="/compare_to",
    help="For break-even: from which volume on the fleet is cheaper.",
    optional=True,
    rare=True,
    parts=model_fields("/compare_to"),
)

_WAITING = Group(
    legend="People who wait for answers",
    at="/waiting",
    help="Reported beside the bill and in no total.",
    optional=True,
    rare=True,
    parts=(
        Field(at="/waiting/loaded_hourly_rate", label="Loaded hourly rate", kind="decimal"),
        Field(
            at="/waiting/people_waiting_fraction", label="Requests that somebody waits for", kind="number",
            help="A fraction of all.",
        ),
    ),
)  # fmt: skip

WORKLOAD_FORM: tuple[Part, ...] = (_ABOUT, _DEMAND, ROUTES, _SHAPE, _CACHE, _OTHER_UNITS, _COMPARE, _WAITING)


def shown_workload(document: dict[str, Any]) -> dict[str, Any]:
    """The document with its output tokens as an object, which is the shape that the form has fields for."""
    demand = document.get("demand") or {}
    tokens = demand.get("output_tokens_per_request")
    if not isinstance(tokens, (int, float)):
        return document
    return {**document, "demand": {**demand, "output_tokens_per_request": {"mean": tokens}}}
