#!/usr/bin/env python3
"""Records the examples of the OpenAPI document from the running service: `python -m scripts.record_examples`."""

from pathlib import Path

import msgspec

from tests.servers import real_servers
from tests.service.routes.api import settings_for
from tests.service.routes.story.estate import tell_estate
from tests.service.routes.story.recorder import recorder, steady
from tests.service.routes.story.year import tell_year

EXAMPLES = Path(__file__).parents[1] / "service" / "protocol" / "openapi" / "examples.json"


def main() -> None:
    with (
        real_servers() as servers,
        servers.migrated_database() as database_url,
        recorder(settings_for(database_url, servers.redis_url)) as story,
    ):
        tell_year(story, tell_estate(story))
    recorded = msgspec.json.encode(steady(story.examples))
    EXAMPLES.write_bytes(msgspec.json.format(recorded, indent=1) + b"\n")


if __name__ == "__main__":
    main()
