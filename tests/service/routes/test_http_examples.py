"""The examples of the OpenAPI document, told to the running service again: it takes each body and answers as shown."""

from service.protocol.openapi.examples import Example, load_examples
from tests.servers import RealServers
from tests.service.routes.api import settings_for
from tests.service.routes.story.estate import tell_estate
from tests.service.routes.story.recorder import recorder, steady
from tests.service.routes.story.year import tell_year


def test_the_service_answers_as_the_examples_say(servers: RealServers, module_database_url: str) -> None:
    with recorder(settings_for(module_database_url, servers.redis_url)) as story:
        tell_year(story, tell_estate(story))
    told, kept = ([_outline(one) for one in examples] for examples in (steady(story.examples), load_examples()))
    assert told == kept, "run python -m scripts.record_examples"


def test_a_recording_is_the_same_whenever_it_is_made(servers: RealServers) -> None:
    recordings = []
    for _ in range(2):
        with (
            servers.migrated_database() as database_url,
            recorder(settings_for(database_url, servers.redis_url)) as story,
        ):
            tell_estate(story)
        recordings.append(steady(story.examples))
    assert recordings[0] == recordings[1]


def _outline(one: Example) -> tuple[object, ...]:
    """All of an example but the values of its answer, which change with prices and formulas."""
    return one.operation, one.name, one.summary, one.body, one.status, _shape(one.answer)


def _shape(value: object) -> object:
    """A JSON value with nothing left of it but the names of its fields."""
    if isinstance(value, dict):
        return {name: _shape(part) for name, part in value.items()}
    if isinstance(value, list):
        return [_shape(part) for part in value]
    return None
