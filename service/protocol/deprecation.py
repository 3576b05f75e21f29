"""Operations that are to go: since when, until when, and what takes their place; said in every answer they give."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from email.utils import format_datetime

# What docs/api.md promises to whoever depends on an operation.
LEAST_NOTICE = timedelta(days=180)

_ABOUT = "/reference"


@dataclass(frozen=True, kw_only=True)
class Deprecated:
    """`since` and `sunset` are days in UTC; `replaced_by` is the path of what to use in its place, if there is any."""

    since: date
    sunset: date
    replaced_by: str | None = None

    def __post_init__(self) -> None:
        if self.sunset - self.since < LEAST_NOTICE:
            raise ValueError(f"{LEAST_NOTICE.days} days of notice are promised, not {(self.sunset - self.since).days}")

    def headers(self, operation_id: str) -> tuple[tuple[str, str], ...]:
        """Deprecation (RFC 9745), Sunset (RFC 8594) and where to read on, beside whatever Link the answer has."""
        about = f"{_ABOUT}#{operation_id}"
        links = [f'<{about}>; rel="deprecation"; type="text/html"', f'<{about}>; rel="sunset"; type="text/html"']
        if self.replaced_by is not None:
            links.append(f'<{self.replaced_by}>; rel="successor-version"')
        return (
            ("Deprecation", f"@{int(_midnight(self.since).timestamp())}"),
            ("Sunset", format_datetime(_midnight(self.sunset), usegmt=True)),
            *(("Link", link) for link in links),
        )

    def words(self) -> str:
        instead = f"; use `{self.replaced_by}` in its place" if self.replaced_by else ""
        return f"**Deprecated** since {self.since}, gone after {self.sunset}{instead}."


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time(), tzinfo=UTC)
