"""Server-sent events, as far as the service sends them."""

from collections.abc import Iterable, Iterator


def data_of_events(lines: Iterable[str]) -> Iterator[tuple[str | None, str]]:
    """The id and the data of each event. An event that the stream breaks off in is not one."""
    event_id: str | None = None
    data: list[str] = []
    for line in lines:
        name, _, value = line.partition(":")
        value = value.removeprefix(" ")
        if name == "id":
            event_id = value
        elif name == "data":
            data.append(value)
        elif not line and data:
            yield event_id, "\n".join(data)
            data = []
