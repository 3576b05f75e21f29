"""The container files are valid, hold no secret, and open nothing beyond this machine."""

import json
from importlib.resources import files
from typing import Any

import jsonschema
import pytest

from tests.service.local.container_files import ROOT, compose, dockerfile, interpolated, variables

OURS = ["migrate", "service", "worker", "deliverer", "scheduler"]
SECRETS = {"POSTGRES_PASSWORD", "TOKENCAST_DATABASE_PASSWORD", "TOKENCAST_REDIS_PASSWORD"}


def _services() -> dict[str, dict[str, Any]]:
    return dict(compose()["services"])


def test_the_compose_file_follows_the_compose_specification() -> None:
    schema = json.loads((files("check_jsonschema") / "builtin_schemas/vendor/compose-spec.json").read_text())
    validator = jsonschema.validators.validator_for(schema)(schema)
    assert [error.message for error in validator.iter_errors(compose())] == []
    broken = {**compose(), "services": {"worker": {"image": 7}}}
    assert list(validator.iter_errors(broken)), "the schema finds nothing wrong with anything"


def test_the_six_services_are_there() -> None:
    assert set(_services()) == {"db", "redis", *OURS}


def test_every_secret_comes_from_the_environment_and_has_no_default() -> None:
    text = (ROOT / "docker-compose.yml").read_text()
    used = variables(text)
    assert {name for name, _ in used if name.endswith("PASSWORD")} == SECRETS
    assert {rule for name, rule in used if name in SECRETS} == {":?"}
    for service in _services().values():
        for name, value in service.get("environment", {}).items():
            if "PASSWORD" in name or "URL" in name:
                assert variables(value), f"{name} is written out"
    with pytest.raises(KeyError, match="POSTGRES_PASSWORD"):
        interpolated(_services()["db"]["environment"]["POSTGRES_PASSWORD"], {})


def test_the_image_is_built_without_secrets_and_runs_as_an_ordinary_user() -> None:
    instructions = dockerfile()
    assert [i.text for i in instructions if i.name == "USER"] == ["10001:10001"]
    assert instructions[-1].name == "CMD"
    assert not [i for i in instructions if i.name in {"ARG", "ENV"} and "PASSWORD" in i.text.upper()]
    assert any(i.text == "pip install --require-hashes -r requirements.lock" for i in instructions)


def test_the_dockerfile_copies_only_what_is_let_through_and_exists() -> None:
    let_through = {line[1:] for line in (ROOT / ".dockerignore").read_text().splitlines() if line.startswith("!")}
    copied = {source for i in dockerfile() if i.name == "COPY" for source in i.words()[:-1]}
    assert copied == let_through
    assert [source for source in sorted(copied) if not (ROOT / source).exists()] == []


def test_no_container_of_ours_can_gain_rights_or_write_to_its_image() -> None:
    for name in OURS:
        service = _services()[name]
        assert service["cap_drop"] == ["ALL"], name
        assert service["security_opt"] == ["no-new-privileges:true"], name
        assert service["read_only"] is True, name
        assert "user" not in service, f"{name} overrides the image's own user"
    assert {_services()[name]["user"] for name in ("db", "redis")} == {"postgres", "valkey"}


def test_only_the_service_is_published_and_only_on_this_machine() -> None:
    published = {name: service["ports"] for name, service in _services().items() if "ports" in service}
    assert set(published) == {"service"}
    assert interpolated(published["service"][0], {}) == "127.0.0.1:8351:8351"


def test_the_worker_can_be_multiplied() -> None:
    worker = _services()["worker"]
    assert not {"container_name", "ports", "hostname"} & set(worker)


def test_everything_waits_for_what_it_needs() -> None:
    needs = {name: service.get("depends_on", {}) for name, service in _services().items()}
    healthy, done = {"condition": "service_healthy"}, {"condition": "service_completed_successfully"}
    assert needs["migrate"] == {"db": healthy}
    for name in ("service", "worker", "deliverer", "scheduler"):
        assert needs[name] == {"db": healthy, "redis": healthy, "migrate": done}, name


def test_whatever_stays_up_has_a_health_check() -> None:
    for name in ("db", "redis", "worker", "deliverer", "scheduler"):
        assert _services()[name]["healthcheck"]["test"], name
    assert "healthcheck" not in _services()["service"]
    assert any(i.name == "HEALTHCHECK" for i in dockerfile())


def test_data_live_in_named_volumes() -> None:
    mounted = {v.partition(":")[0]: name for name, service in _services().items() for v in service.get("volumes", [])}
    assert mounted == {"db-data": "db", "redis-data": "redis"}
    assert set(compose()["volumes"]) == set(mounted)
