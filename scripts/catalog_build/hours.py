"""Builds hour-of-week tables: the packaged demand profiles and the UTC windows of peak prices."""

import re
from pathlib import Path
from statistics import fmean

from catalog_build.tables import Row, read_rows

WEEKDAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
HOURS_PER_DAY = 24
HOURS_PER_WEEK = 168
PROFILE_COLUMNS = ("profile", "hour_of_week", "weight")
PROFILE_SOURCE_COLUMNS = (
    "profile",
    "source",
    "date_basis",
    "confidence",
    "hours_measured",
    "peak_to_mean",
    "peak_to_mean_unfolded",
    "note",
)
WINDOW_COLUMNS = (
    "provider",
    "model",
    "window",
    "starts",
    "hours_of_week",
    "rule",
    "source",
    "date_basis",
    "confidence",
    "note",
)
REQUEST_COLUMNS = ("requests", "requests_est", "avg_requests_per_hour")


def build_profiles(rules: list[Row], sources: Path) -> tuple[list[Row], list[Row]]:
    """Weights per profile and hour of the week (Monday 00:00 UTC first, mean 1), and a source row per profile."""
    weights: list[Row] = []
    about: list[Row] = []
    for rule in rules:
        measured = _measured(rule, sources)
        mean = fmean(measured)
        folded = [
            value / mean for value in fold_into_week(measured, WEEKDAYS.index(rule["weekday_of_first_row"] or "Mon"))
        ]
        weights += [
            {"profile": rule["profile"], "hour_of_week": str(hour), "weight": f"{weight:.6f}"}
            for hour, weight in enumerate(folded)
        ]
        about.append(
            {
                "profile": rule["profile"],
                "source": rule["source"],
                "date_basis": rule["date_basis"],
                "confidence": rule["confidence"],
                "hours_measured": str(len(measured)) if rule["file"] else "0",
                "peak_to_mean": f"{max(folded):.4f}",
                "peak_to_mean_unfolded": f"{max(measured) / mean:.4f}",
                "note": rule["note"],
            }
        )
    return weights, about


def _measured(rule: Row, sources: Path) -> list[float]:
    if not rule["file"]:
        return [1.0] * HOURS_PER_WEEK
    rows = [row for row in read_rows(sources / rule["file"]) if row.get("trace", rule["trace"]) == rule["trace"]]
    column = next(column for column in REQUEST_COLUMNS if column in rows[0])
    return [float(row[column]) for row in rows]


def fold_into_week(measured: list[float], weekday_of_first: int) -> list[float]:
    """The mean of each hour of the week; a single day is repeated over all seven."""
    if len(measured) == HOURS_PER_DAY:
        measured = measured * len(WEEKDAYS)
    if len(measured) % HOURS_PER_WEEK:
        raise ValueError(f"{len(measured)} hours are not whole weeks")
    hours: list[list[float]] = [[] for _ in range(HOURS_PER_WEEK)]
    for offset, value in enumerate(measured):
        hours[(weekday_of_first * HOURS_PER_DAY + offset) % HOURS_PER_WEEK].append(value)
    return [fmean(values) for values in hours]


def build_utc_windows(rules: list[Row]) -> list[Row]:
    """Each rule with its hours of the week spelled out as 168 digits, Monday 00:00 UTC first."""
    return [
        {
            "provider": rule["provider"],
            "model": rule["model"],
            "window": rule["window"],
            "starts": rule["starts"],
            "hours_of_week": hours_of_week(rule["weekdays"], rule["hours_utc"]),
            "rule": f"{rule['weekdays']} {rule['hours_utc']} UTC",
            "source": rule["source"],
            "date_basis": rule["date_basis"],
            "confidence": rule["confidence"],
            "note": rule["note"],
        }
        for rule in rules
    ]


def hours_of_week(weekdays: str, hours_utc: str) -> str:
    first, last = (WEEKDAYS.index(day) for day in weekdays.split("-"))
    covered: set[int] = set()
    for span in hours_utc.split(";"):
        match = re.fullmatch(r"(\d\d):00-(\d\d):00", span)
        if match is None:
            raise ValueError(f"not whole hours: {span}")
        covered |= set(range(int(match[1]), int(match[2])))
    return "".join(
        "1" if first <= day <= last and hour in covered else "0"
        for day in range(len(WEEKDAYS))
        for hour in range(HOURS_PER_DAY)
    )
