"""Recurrence rules for people: in words, and as the choices of a form."""

from dataclasses import dataclass
from datetime import datetime

from service.recurrence.rule import BadRule, Rule, parse_rule

FIRST_WEEKDAY = "FREQ=MONTHLY;BYDAY=MO,TU,WE,TH,FR;BYSETPOS=1"
LAST_WEEKDAY = "FREQ=MONTHLY;BYDAY=MO,TU,WE,TH,FR;BYSETPOS=-1"

WEEKDAYS = (
    ("MO", "Monday"),
    ("TU", "Tuesday"),
    ("WE", "Wednesday"),
    ("TH", "Thursday"),
    ("FR", "Friday"),
    ("SA", "Saturday"),
    ("SU", "Sunday"),
)
_NAMES = dict(WEEKDAYS)
_WORKING = ("MO", "TU", "WE", "TH", "FR")
_MONTHS = (
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
)
_ORDINALS = {1: "first", 2: "second", 3: "third", 4: "fourth", 5: "fifth", -1: "last", -2: "last but one"}
_UNITS = {"DAILY": "day", "WEEKLY": "week", "MONTHLY": "month", "YEARLY": "year"}


@dataclass(frozen=True, kw_only=True)
class RuleChoice:
    """How a form shows a rule: by one of its kinds with what that needs, or as `own` text."""

    kind: str
    day: int
    weekdays: tuple[str, ...]


def rule_choice(text: str) -> RuleChoice:
    """The kind whose fields say the same as the rule."""
    day = 1
    weekdays: tuple[str, ...] = ("MO",)
    kind = {FIRST_WEEKDAY: "first-weekday", LAST_WEEKDAY: "last-weekday"}.get(text, "own")
    head, _, rest = text.partition(";")
    if head == "FREQ=MONTHLY" and rest.startswith("BYMONTHDAY="):
        number = rest.removeprefix("BYMONTHDAY=")
        if number.isascii() and number.isdigit() and 1 <= int(number) <= 31:
            kind, day = "month-day", int(number)
    if head == "FREQ=WEEKLY" and rest.startswith("BYDAY="):
        named = tuple(rest.removeprefix("BYDAY=").split(","))
        if set(named) <= _NAMES.keys():
            kind, weekdays = "weekly", named
    return RuleChoice(kind=kind, day=day, weekdays=weekdays)


def rule_words(text: str, starts: str | None) -> str:
    """`on the first weekday of each month at 06:00`; a rule that has no words here is given as it is written."""
    try:
        rule = parse_rule(text)
        start = None if starts is None else datetime.fromisoformat(starts)
    except (BadRule, ValueError):
        return text
    said = _dates(rule, start)
    if said is None:
        return text
    at = "" if start is None else f" at {start:%H:%M}"
    return f"{said}{at}{_end(rule)}"


def _dates(rule: Rule, start: datetime | None) -> str | None:
    """On which days; None for combinations that people would not say in a few words."""
    numbers = dict(rule.numbers)
    if rule.frequency == "DAILY" and not rule.days and not numbers:
        return _every(rule)
    if rule.frequency == "WEEKLY" and not numbers:
        days = rule.days or (() if start is None else (WEEKDAYS[start.weekday()][0],))
        return f"{_every(rule)} on {_listed([_NAMES[day] for day in days])}" if days else _every(rule)
    if rule.frequency == "MONTHLY":
        on = _in_month(rule, numbers, start)
        return None if on is None else f"on {on} of {_every(rule).replace('every month', 'each month')}"
    if rule.frequency == "YEARLY" and set(numbers) <= {"BYMONTH", "BYMONTHDAY"} and not rule.days:
        months = numbers.get("BYMONTH") or (() if start is None else (start.month,))
        on = _in_month(rule, {name: held for name, held in numbers.items() if name == "BYMONTHDAY"}, start)
        named = [_MONTHS[month - 1] for month in months]
        return f"{_every(rule)} on {on} of {_listed(named)}" if named and on else None
    return None


def _in_month(rule: Rule, numbers: dict[str, tuple[int, ...]], start: datetime | None) -> str | None:
    if set(numbers) == {"BYMONTHDAY"} and not rule.days:
        return _listed([_day(number) for number in numbers["BYMONTHDAY"]])
    if not numbers and not rule.days:
        return None if start is None else _day(start.day)
    if set(numbers) == {"BYSETPOS"} and rule.days == _WORKING and len(numbers["BYSETPOS"]) == 1:
        [place] = numbers["BYSETPOS"]
        return f"the {_ORDINALS[place]} weekday" if place in _ORDINALS else None
    if not numbers and len(rule.days) == 1 and len(rule.days[0]) > len("MO"):
        place, name = int(rule.days[0][:-2]), _NAMES[rule.days[0][-2:]]
        return f"the {_ORDINALS[place]} {name}" if place in _ORDINALS else None
    return None


def _day(number: int) -> str:
    if number == -1:
        return "the last day"
    return f"day {number}" if number > 0 else f"day {-number} from the end"


def _every(rule: Rule) -> str:
    unit = _UNITS[rule.frequency]
    return f"every {unit}" if rule.interval == 1 else f"every {rule.interval} {unit}s"


def _end(rule: Rule) -> str:
    if rule.count is not None:
        return f", {rule.count} times"
    return "" if rule.until is None else f", until {rule.until:%Y-%m-%d}"


def _listed(words: list[str]) -> str:
    return words[0] if len(words) == 1 else f"{', '.join(words[:-1])} and {words[-1]}"
