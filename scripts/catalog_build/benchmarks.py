"""Builds the measured serving throughput of one model on one accelerator, and lists what cannot be used and why."""

import calendar
import math
import re

from catalog_build.tables import Row

COLUMNS = (
    "model",
    "accelerator",
    "accelerator_basis",
    "engine",
    "serving",
    "precision",
    "spec_decode",
    "input_tokens",
    "output_tokens",
    "gpus",
    "prefill_gpus",
    "decode_gpus",
    "concurrency",
    "total_tokens_per_second_per_gpu",
    "output_tokens_per_second_per_gpu",
    "output_basis",
    "tokens_per_second_per_user",
    "measured_on",
    "date_basis",
    "quoted_usd_per_gpu_hour",
    "quoted_usd_per_mtok",
    "grade",
    "source",
    "note",
)
REMAINDER_COLUMNS = (
    "source",
    "date",
    "model",
    "hardware",
    "gpus",
    "engine",
    "precision",
    "spec_decode",
    "input_len",
    "output_len",
    "concurrency",
    "tok_s_total_per_gpu",
    "output_tok_s_per_gpu",
    "tok_s_per_user",
    "usd_per_gpu_hour",
    "usd_per_mtok",
    "usd_basis",
    "official",
    "note",
    "why",
)
_SPLIT = re.compile(r"disagg (\d+) prefill \+ (\d+) decode GPUs; output per decode GPU")
_GRADES = {"yes": "official", "no": "third party", "vendor": "vendor", "mlperf": "mlperf"}
# Output over total must be what the lengths say; measured runs scatter by less than this.
_SHARE_TOLERANCE = 0.03
# A run cannot yield more than its requests do at their speed; below this share the counts contradict each other.
_LEAST_BUSY = 0.75


class _Unusable(Exception):  # noqa: N818 - it says what the row is.
    """Why a row stays out of the table."""


def build_benchmarks(
    rows: list[Row], engines: list[Row], models: list[Row], accelerators: list[Row]
) -> tuple[list[Row], list[Row]]:
    """Usable rows and the remainder; together they are all rows."""
    names = (
        {row["label"]: row for row in engines},
        {row["label"]: row["model"] for row in models},
        {row["gpu"]: row for row in accelerators},
    )
    usable: list[Row] = []
    remainder: list[Row] = []
    for row in rows:
        try:
            usable.append(_benchmark(row, *names))
        except _Unusable as unusable:
            remainder.append(row | {"why": str(unusable)})
    usable.sort(key=_order)
    remainder.sort(key=lambda row: tuple(row[column] for column in REMAINDER_COLUMNS))
    return usable, remainder


def _order(row: Row) -> tuple[object, ...]:
    names = tuple(row[column] for column in COLUMNS[: COLUMNS.index("input_tokens")])
    sizes = tuple(float(row[column]) for column in ("input_tokens", "output_tokens", "gpus", "concurrency"))
    return (*names, *sizes, *row.values())


def _benchmark(row: Row, engines: dict[str, Row], models: dict[str, str], accelerators: dict[str, Row]) -> Row:
    if not (row["input_len"] and row["output_len"] and row["concurrency"] and row["tok_s_total_per_gpu"]):
        missing = [
            what
            for what, column in (
                ("lengths", "input_len"),
                ("lengths", "output_len"),
                ("concurrency", "concurrency"),
                ("total throughput", "tok_s_total_per_gpu"),
            )
            if not row[column]
        ]
        raise _Unusable(f"states no {' and no '.join(dict.fromkeys(missing))}")
    accelerator = accelerators.get(row["hardware"].upper())
    model, engine = models.get(row["model"]), engines.get(row["engine"])
    if accelerator is None or model is None or engine is None:
        raise _Unusable("its label does not say which accelerator, model or engine it is")
    gpus = row["gpus"] or engine["gpus"]
    if not gpus:
        raise _Unusable("states no number of GPUs")
    output, basis, split = _output(row)
    gpus, gpus_note = _counted_gpus(row, int(gpus), output, disaggregated=engine["serving"] == "disaggregated")
    return {
        "model": model,
        "accelerator": accelerator["accelerator"],
        "accelerator_basis": accelerator["accelerator_basis"],
        "engine": engine["engine"],
        "serving": engine["serving"],
        "precision": row["precision"] or engine["precision"],
        "spec_decode": row["spec_decode"] or "not stated",
        "input_tokens": row["input_len"],
        "output_tokens": row["output_len"],
        "gpus": str(gpus),
        "prefill_gpus": split[0],
        "decode_gpus": split[1],
        "concurrency": row["concurrency"],
        "total_tokens_per_second_per_gpu": row["tok_s_total_per_gpu"],
        "output_tokens_per_second_per_gpu": f"{output:.2f}",
        "output_basis": basis,
        "tokens_per_second_per_user": row["tok_s_per_user"],
        "measured_on": engine["measured_on"] or _last_day(row["date"]),
        "date_basis": _date_basis(row, engine),
        "quoted_usd_per_gpu_hour": row["usd_per_gpu_hour"],
        "quoted_usd_per_mtok": row["usd_per_mtok"] if _is_of_total_tokens(row) else "",
        "grade": _GRADES[row["official"]],
        "source": row["source"],
        "note": "; ".join(part for part in (_SPLIT.sub("", row["note"]), engine["note"], gpus_note) if part),
    }


def _last_day(text: str) -> str:
    """A day, or the last one of a month: by then the figure was known."""
    if len(text) != len("2026-07"):
        return text
    year, month = map(int, text.split("-"))
    return f"{text}-{calendar.monthrange(year, month)[1]:02d}"


def _date_basis(row: Row, engine: Row) -> str:
    if engine["measured_on"]:
        return "measured"
    if len(row["date"]) == len("2026-07"):
        return "month"
    return "published" if "blog" in row["source"] else "measured"


def _output(row: Row) -> tuple[float, str, tuple[str, str]]:
    """Output tokens per second over all GPUs, what it rests on, and the split of a disaggregated run.

    A disaggregated row counts its output per decode GPU and its total per GPU of either kind.
    """
    total = float(row["tok_s_total_per_gpu"])
    share = float(row["output_len"]) / (float(row["input_len"]) + float(row["output_len"]))
    split = _SPLIT.match(row["note"])
    halves = (split[1], split[2]) if split else ("", "")
    if not row["output_tok_s_per_gpu"]:
        return total * share, "total times the share of output in the lengths", halves
    output, basis = float(row["output_tok_s_per_gpu"]), "measured"
    if split:
        prefill, decode = int(split[1]), int(split[2])
        output, basis = output * decode / (prefill + decode), "measured per decode GPU, spread over all GPUs"
    if abs(output / total / share - 1.0) > _SHARE_TOLERANCE:
        raise _Unusable("its output, its total and its split into prefill and decode GPUs contradict each other")
    return output, basis, halves


def _counted_gpus(row: Row, gpus: int, output: float, *, disaggregated: bool) -> tuple[int, str]:
    """The GPUs of the run. Some sources multiply two ways of splitting the same GPUs: their 64 are 8.

    Concurrency x speed of a user is what a run yields at most, so it tells the number of GPUs that are behind it.
    """
    if not row["tok_s_per_user"]:
        return gpus, ""
    yields = float(row["concurrency"]) * float(row["tok_s_per_user"])
    if yields >= _LEAST_BUSY * output * gpus:
        return gpus, ""
    root = math.isqrt(gpus)
    if not disaggregated and root * root == gpus and yields >= _LEAST_BUSY * output * root:
        return root, f"{gpus} GPUs stated; concurrency and speed say {root}"
    raise _Unusable("yields more than its requests at their speed on the GPUs it states")


def _is_of_total_tokens(row: Row) -> bool:
    """Whether a quoted price divides by all tokens: it then equals the rate over the total, to its last digit."""
    if not (row["usd_per_mtok"] and row["usd_per_gpu_hour"]):
        return False
    quoted = float(row["usd_per_mtok"])
    exact = float(row["usd_per_gpu_hour"]) / (0.0036 * float(row["tok_s_total_per_gpu"]))
    digits = len(row["usd_per_mtok"].partition(".")[2])
    return abs(exact - quoted) <= 0.75 * 10.0**-digits + 0.01 * quoted
