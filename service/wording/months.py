"""What months are called."""

_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")


def month_name(month: str) -> str:
    """`2027-01` as `Jan 2027`."""
    year, _, index = month.partition("-")
    return f"{_MONTHS[int(index[:2]) - 1]} {year}"
