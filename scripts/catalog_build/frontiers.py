"""Builds the measured frontiers: the corners of the curves that a paper drew, each curve with its figure."""

from catalog_build.tables import Row

COLUMNS = ("model", "method", "curve", "x", "output_tokens_per_second_per_gpu", "source", "date_basis")
CURVES = {"tokens_per_second_per_user": "by_speed", "concurrency_per_gpu": "by_concurrency"}
SOURCE = "DeepSeek, DSpark paper (DeepSpec repository), {figure}"


def build_frontiers(points: list[Row]) -> list[Row]:
    """The curves of throughput; what else the figures show stays in the source."""
    return [
        {
            "model": row["model"],
            "method": row["method"],
            "curve": CURVES[row["x_name"]],
            "x": row["x"],
            "output_tokens_per_second_per_gpu": row["y"],
            "source": SOURCE.format(figure=row["figure"]),
            "date_basis": "digitised",
        }
        for row in points
        if row["y_name"] == "output_tokens_per_second_per_gpu"
    ]
