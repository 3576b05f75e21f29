"""Checks that several tables share; what must hold whoever writes is a constraint of the table."""

from sqlalchemy import CheckConstraint


def one_of(column: str, values: tuple[str, ...]) -> str:
    return f"{column} IN ({', '.join(repr(value) for value in values)})"


def length(column: str, most: int, least: int = 1) -> CheckConstraint:
    return CheckConstraint(f"char_length({column}) BETWEEN {least} AND {most}", name=f"{column}_length")


def currency_code() -> CheckConstraint:
    return CheckConstraint("currency ~ '^[A-Z]{3}$'", name="currency_code")


def finite(column: str, least: str = "'-Infinity'") -> CheckConstraint:
    # NaN sorts above Infinity in Postgres, so "below Infinity" also refuses NaN.
    compare = ">" if "Infinity" in least else ">="
    return CheckConstraint(
        f"{column} {compare} {least}::numeric AND {column} < 'Infinity'::numeric", name=f"{column}_finite"
    )
