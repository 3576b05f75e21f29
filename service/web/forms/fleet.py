"""The form of a fleet: every field of `FleetIn`."""

from collections.abc import Callable

from forecasts.catalog.accelerators import load_accelerators
from forecasts.catalog.benchmarks import load_benchmarks
from forecasts.catalog.decoders import DecoderPreset, Range, load_decoders
from forecasts.speculation.decoder import BASES, HEADLINE, MEASURED
from forecasts.speculation.gains.chain import is_constant
from service.web.forms.fleet_cost import COST, ONE_OFFS
from service.web.forms.parts import Choices, Choose, Field, Group, Note, Option, Part
from service.web.forms.workload import model_fields, named, range_or_number

_ANY = "any"
_BENCHMARK = "/throughput/benchmark"


def _measured(name: str) -> tuple[str, ...]:
    return tuple(sorted({str(getattr(row, name)) for row in load_benchmarks()}))


def _stands_alone() -> Choices:
    """Decoders that a throughput can be measured with and a speedup be over."""
    return tuple((one.preset, one.preset) for one in load_decoders() if one.preset not in (HEADLINE, MEASURED))


_ABOUT = Group(
    legend="What it is",
    parts=(
        Field(at="/name", label="Name", required=True),
        Field(
            at="/serves", label="Serves the model", required=True, suggestions="served",
            help="As deepseek-v4-pro; the catalogue may know its size.",
        ),
        Field(
            at="/accelerator", label="Accelerator", kind="choice", required=True,
            choices=tuple((one.name, f"{one.name} ({one.memory_gb:g} GB)") for one in load_accelerators()),
        ),
        Field(at="/gpus_per_node", label="GPUs a node", kind="integer", default="8"),
        Field(at="/nodes", label="Nodes", kind="integer", required=True, help="Before any policy; spares are beside."),
        Field(at="/cost_center", label="Cost centre"),
        Field(at="/currency", label="Currency", default="USD", help="Of its costs."),
        Field(
            at="/gl_accounts", label="GL accounts", kind="pairs",
            help="One kind of cost a line, as rental: 6420; other is for the rest.",
        ),
    ),
)  # fmt: skip

_DECLARED = (
    Field(at="/throughput/output_tokens_per_second", label="Output tokens per second", kind="number", required=True),
    Field(
        at="/throughput/input_tokens_per_second", label="Input tokens per second", kind="number",
        help="Empty: input takes no time of its own.",
    ),
    Field(at="/throughput/engines_per_node", label="Engines a node", kind="integer", default="1"),
    Field(
        at="/throughput/measured_with", label="Measured with", kind="choice", choices=_stands_alone(), required=True,
        default="none", help="The decoder that ran while it was measured.",
    ),
    Field(at="/throughput/input_includes_cached", label="The input rate counts cached input", kind="flag"),
    Field(at="/throughput/combined", label="The output rate was measured with prefill included", kind="flag"),
)  # fmt: skip

_BY_BENCHMARK = (
    Group(
        legend="Benchmark series",
        at=_BENCHMARK,
        help="A packaged series; its rows are the evidence. Empty is any that was measured.",
        parts=(
            Field(at=f"{_BENCHMARK}/model", label="Model", suggestions="measured", help="Empty: what it serves."),
            Field(
                at=f"{_BENCHMARK}/engine", label="Engine", kind="choice", choices=named(_measured("engine")), blank=_ANY
            ),
            Field(
                at=f"{_BENCHMARK}/precision", label="Precision", kind="choice", choices=named(_measured("precision")),
                blank=_ANY,
            ),
            Field(
                at=f"{_BENCHMARK}/spec_decode", label="Decoder", kind="choice",
                choices=named(_measured("spec_decode")), default="none", blank=_ANY, null=True,
            ),
            Field(
                at=f"{_BENCHMARK}/serving", label="Deployment", kind="choice", choices=named(_measured("serving")),
                default="aggregated", blank=_ANY, null=True,
            ),
            Field(at=f"{_BENCHMARK}/input_tokens", label="Input tokens", kind="integer"),
            Field(at=f"{_BENCHMARK}/output_tokens", label="Output tokens", kind="integer"),
        ),
    ),
)  # fmt: skip

_THROUGHPUT = Group(
    legend="Throughput of a node",
    at="/throughput",
    parts=(
        Choose(
            name="throughput",
            label="Known by",
            choices=(("declared", "rates of one's own"), ("benchmark", "a packaged benchmark")),
            of=_BENCHMARK,
            chosen=lambda value: "declared" if value is None else "benchmark",
            options=(
                Option(codes=("declared",), parts=_DECLARED),
                Option(codes=("benchmark",), parts=_BY_BENCHMARK),
            ),
        ),
        Field(
            at="/throughput/concurrency_per_node", label="Requests at once a node", kind="number",
            help="At which the rates hold; decoders gain less at more.",
        ),
    ),
)  # fmt: skip

_LEAST_MOST = (
    Field(at="/scaling/min_nodes", label="At least", kind="integer", default="0"),
    Field(at="/scaling/max_nodes", label="At most", kind="integer"),
)

_SCALING = Group(
    legend="How nodes follow demand",
    at="/scaling",
    parts=(
        Choose(
            name="policy",
            label="Policy",
            at="/scaling/policy",
            default="fixed",
            choices=(
                ("fixed", "fixed: the nodes above"),
                ("monthly", "monthly: ordered ahead"),
                ("hourly", "hourly: as each hour needs"),
            ),
            options=(
                Option(
                    codes=("monthly",),
                    parts=(
                        *_LEAST_MOST,
                        Field(at="/scaling/lead_time_months", label="Lead time in months", kind="integer", default="1"),
                        Field(
                            at="/scaling/hysteresis_fraction", label="Hysteresis", kind="number", default="0",
                            help="How much higher demand would have to be for nodes to be kept.",
                        ),
                    ),
                ),
                Option(codes=("hourly",), parts=_LEAST_MOST),
            ),
        ),
        Field(at="/scaling/spare_nodes", label="Spare nodes", kind="integer", default="0"),
        Field(
            at="/target_utilization_fraction", label="Target utilisation", kind="number", default="1",
            help="The fraction of a node's hours that planned load may fill.",
        ),
        Field(
            at="/burst_factor", label="Burst factor", kind="number", default="1",
            help="Demand within an hour over the hour's mean.",
        ),
    ),
)  # fmt: skip

_OVERFLOW = Group(
    legend="Overflow",
    at="/overflow_to",
    help="The API route for what the fleet cannot serve; without one it is unserved.",
    optional=True,
    rare=True,
    parts=model_fields("/overflow_to"),
)

_SIZE = Group(
    legend="Size of the model",
    help="Only where the catalogue does not know it, or knows it for another precision.",
    rare=True,
    parts=(
        Field(at="/replica/weights_gb", label="Weights in GB", kind="number"),
        Field(at="/replica/kv_bytes_per_token", label="KV cache bytes a token", kind="number"),
        Group(
            legend="Parameters",
            at="/model_size",
            optional=True,
            parts=(
                Field(at="/model_size/total_params_b", label="All, in billions", kind="number"),
                Field(at="/model_size/active_params_b", label="Used by one token, in billions", kind="number"),
                Field(
                    at="/model_size/wide_expert_parallel", label="Experts are spread over many nodes", kind="flag"
                ),
            ),
        ),
    ),
)  # fmt: skip


def _range(values: Range) -> str:
    return f"{values.low:g} to {values.high:g}, most likely {values.mode:g}"


def _known_of(preset: DecoderPreset) -> Note:
    said = [preset.title]
    if preset.first_acceptance is not None:
        said.append(f"acceptance of the first draft token {_range(preset.first_acceptance)}")
    if preset.speedup is not None and preset.speedup.low != preset.speedup.high:
        said.append(f"speedup over {preset.speedup_over} {_range(preset.speedup)}")
    if preset.model_families:
        said.append(f"exists for {', '.join(preset.model_families)} alone")
    return Note(text="; ".join(said) + ".")


_SPEEDUP = (
    range_or_number("speedup", "Speedup", "/decoder/speedup", "A ratio: 1.4 is 40 % more throughput."),
)  # fmt: skip
_OVER = Field(
    at="/decoder/speedup_over", label="Over", kind="choice", choices=_stands_alone(), required=True, default="none"
)
_BASIS = Field(
    at="/decoder/basis", label="Basis of the gain", kind="choice", choices=named(BASES), blank="as the workloads need"
)
_DRAFT = (
    Field(at="/decoder/num_speculative_tokens", label="Draft length", kind="integer", help="Empty: the preset's own."),
    Field(at="/decoder/draft_params_b", label="Size of the draft in billions", kind="number"),
    Group(
        legend="Acceptance as measured",
        at="/decoder/acceptance",
        help="One of the three figures that engines report.",
        optional=True,
        rare=True,
        parts=(
            Field(at="/decoder/acceptance/rate", label="Rate", kind="number", help="Of all draft tokens, a fraction."),
            Field(at="/decoder/acceptance/length", label="Length", kind="number", help="Tokens a step."),
            Field(
                at="/decoder/acceptance/by_position", label="By position", kind="numbers",
                help="The fraction of steps that kept draft token 1, 2, ...",
            ),
            Field(
                at="/decoder/acceptance/length_includes_bonus", label="The length has the step's own token in it",
                kind="flag", default="true",
            ),
        ),
    ),
)  # fmt: skip


def _presets(parts: tuple[Part, ...], takes: Callable[[DecoderPreset], bool]) -> Option:
    """What some presets take; for the others it has no meaning and would be refused."""
    return Option(codes=tuple(one.preset for one in load_decoders() if takes(one)), parts=parts)


_DECODER = Group(
    legend="Decoder",
    at="/decoder",
    parts=(
        Choose(
            name="preset",
            label="Preset",
            at="/decoder/preset",
            default="none",
            choices=tuple((one.preset, one.preset) for one in load_decoders()),
            options=(
                *(Option(codes=(one.preset,), parts=(_known_of(one),)) for one in load_decoders()),
                _presets(_SPEEDUP, lambda preset: preset.preset == HEADLINE),
                _presets((_OVER,), lambda preset: preset.preset in (HEADLINE, MEASURED)),
                _presets(_DRAFT, lambda preset: preset.first_acceptance is not None),
                _presets((_BASIS,), lambda preset: not is_constant(preset.preset)),
            ),
        ),
        Field(at="/decoder/from", label="From month", help="As 2027-03; empty is from the start."),
    ),
)

FLEET_FORM: tuple[Part, ...] = (
    _ABOUT, _THROUGHPUT, _SCALING, COST, _DECODER, _OVERFLOW, _SIZE, ONE_OFFS,
)  # fmt: skip
