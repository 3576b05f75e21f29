"""Builds the output-length histograms: the measured bins, each with the trace it is from."""

from catalog_build.tables import Row

COLUMNS = ("trace", "tokens_from", "tokens_to", "share", "source", "date_basis")
SUMMARY_COLUMNS = (
    "trace",
    "requests",
    "mean_output",
    "p50_output",
    "p90_output",
    "p99_output",
    "mean_input",
    "cacheable_input_share",
    "source",
    "date_basis",
    "note",
)
SOURCES = {
    "azure2023_code": "Azure LLM inference trace 2023 (code)",
    "azure2023_conv": "Azure LLM inference trace 2023 (conversation)",
    "azure2024_conv_week": "Azure LLM inference trace 2024 (conversation)",
    "mooncake_conversation": "Mooncake trace (conversation)",
    "mooncake_synthetic": "Mooncake trace (synthetic)",
    "servegen_m-large": "ServeGen (Alibaba) production workload M-large",
    "servegen_m-mid": "ServeGen (Alibaba) production workload M-mid",
    "servegen_mm-image": "ServeGen (Alibaba) production workload mm-image",
    "inferencex_agentx_claude-opus-4-8": "sskim-ai/InferenceX_analysis source_model_workload_summary.csv",
}


def build_output_lengths(histogram: list[Row]) -> list[Row]:
    """Bins with a share; the empty ones are left out."""
    return [
        {
            "trace": row["trace"],
            "tokens_from": row["bin_lo"],
            "tokens_to": row["bin_hi"],
            "share": row["share"],
            "source": SOURCES[row["trace"]],
            "date_basis": "measured",
        }
        for row in histogram
        if float(row["share"]) > 0
    ]


def build_length_summaries(summary: list[Row]) -> list[Row]:
    return [
        {column: row[column] for column in SUMMARY_COLUMNS if column in row}
        | {
            "source": SOURCES[row["trace"]],
            "date_basis": "digitised" if "DIGITISED" in row["note"] else "measured",
        }
        for row in summary
    ]
