"""The client against the service itself: what is lost on the way happens once, what is written is whole."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest

from tests.service.routes.api import Api, fleet, workload
from tests.service.routes.budgets import forecast
from tokencast.client import Client, Conflict, Refused, Stale


class ToTheApplication(httpx.BaseTransport):
    """Carries requests to the application under test, and loses the first answers on the way back."""

    def __init__(self, carrier: httpx.BaseTransport, *, lost: int) -> None:
        self._carrier, self._lost = carrier, lost

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        answer = self._carrier.handle_request(request)
        if self._lost:
            self._lost -= 1
            answer.close()
            raise httpx.RemoteProtocolError("the server disconnected")
        return answer


class BreaksOff(httpx.SyncByteStream):
    def __init__(self, first: bytes) -> None:
        self._first = first

    def __iter__(self) -> Iterator[bytes]:
        yield self._first
        raise httpx.ReadError("the connection was reset")


def client_of(api: Api, *, lost: int = 0) -> Client:
    transport = ToTheApplication(api.client._transport, lost=lost)
    return Client("http://service", api.secret, transport=transport, sleep=lambda _: None)


def test_a_post_whose_answers_were_lost_happened_once(api: Api) -> None:
    with client_of(api, lost=2) as client:
        made = client.workloads.create(declared())
    assert [one["id"] for one in api.get("/v1/workloads").json()["items"]] == [made["id"]]


def test_a_key_whose_secret_was_lost_is_revoked_and_another_one_made(api: Api) -> None:
    with client_of(api, lost=1) as client:
        made = client.keys.create("ci", ["read"])
        listed = {one["id"]: one["revoked_at"] for one in client.keys.each() if one["name"] == "ci"}
    assert len(listed) == 2
    assert [key_id for key_id, revoked_at in listed.items() if revoked_at is None] == [made["key"]["id"]]
    assert made["secret"] is not None
    opened = api("GET", "/v1/workloads", headers={"Authorization": f"Bearer {made['secret']}"})
    assert opened.status_code == 200


def test_a_change_is_made_to_what_was_read_and_to_nothing_else(api: Api) -> None:
    with client_of(api) as client:
        held = client.workloads.create(declared())
        changed = client.workloads.replace(held, declared(cost_center="4100"))
        assert (changed["version"], changed["cost_center"]) == (2, "4100")
        with pytest.raises(Stale):
            client.workloads.replace(held, declared(cost_center="4200"))
        with pytest.raises(Stale):
            client.workloads.delete(held)
        client.workloads.delete(changed)
        assert list(client.workloads.each()) == []


def test_bad_fields_are_told_by_their_pointers(api: Api) -> None:
    with client_of(api) as client, pytest.raises(Refused) as caught:
        client.workloads.create(declared(task="poetry", temperature="hot"))
    assert {one.pointer for one in caught.value.problems} == {"/task", "/temperature"}
    with client_of(api) as client, pytest.raises(Refused) as caught:
        list(client.budgets.each(status="lost"))
    assert [one.parameter for one in caught.value.problems] == ["status"]


def test_every_item_of_many_pages_comes_once(api: Api) -> None:
    with client_of(api) as client:
        for number in range(105):
            client.fleets.create(fleet(f"pool {number}"))  # type: ignore[arg-type]
        names = [one["name"] for one in client.fleets.each()]
        assert sorted(names) == sorted(f"pool {number}" for number in range(105))
        with pytest.raises(Conflict):
            client.fleets.create(fleet("pool 7"))  # type: ignore[arg-type]


def test_a_forecast_is_followed_to_its_end_and_exported(api: Api, tmp_path: Path) -> None:
    forecast_id = forecast(api)
    with client_of(api) as client:
        states = list(client.forecasts.follow(forecast_id))
        assert [state["status"] for state in states] == ["succeeded"]
        found = client.forecasts.wait(forecast_id)
        lines = list(client.forecasts.lines(forecast_id))
        assert lines == found["lines"]
        size = client.exports.write(forecast_id, tmp_path / "load.csv", "csv-tall")
    expected = api.get(f"/v1/forecasts/{forecast_id}/export?format=csv-tall").content
    assert (tmp_path / "load.csv").read_bytes() == expected
    assert size == len(expected)


def test_an_export_that_breaks_off_leaves_the_old_file(tmp_path: Path) -> None:
    path = tmp_path / "load.csv"
    path.write_text("last month's")
    transport = httpx.MockTransport(lambda _: httpx.Response(200, stream=BreaksOff(b"half a")))
    with Client("http://service", "key", transport=transport) as client, pytest.raises(Exception, match="reset"):
        client.exports.write("r1", path, "csv-wide")
    assert path.read_text() == "last month's"
    assert list(tmp_path.iterdir()) == [path]


def test_a_refused_export_leaves_no_file(api: Api, tmp_path: Path) -> None:
    with client_of(api) as client, pytest.raises(Refused, match="must be one of"):
        client.exports.write(forecast(api), tmp_path / "load.docx", "docx")
    assert list(tmp_path.iterdir()) == []


def test_a_budget_is_moved_only_as_it_was_read(api: Api) -> None:
    forecast_id = forecast(api)
    with client_of(api) as client:
        draft = client.budgets.create({"name": "fy27", "forecast_id": forecast_id})
        override = client.overrides.add(draft["id"], {"month": "2027-02", "amount": "1", "reason": "a pilot ends"})
        with pytest.raises(Stale):
            client.budgets.submit(draft, "ready")
        client.overrides.withdraw(draft["id"], override["id"])
        submitted = client.budgets.submit(client.budgets.get(draft["id"]), "ready")
        approved = client.budgets.approve(submitted, "agreed")
        assert (approved["status"], approved["amount"]) == ("approved", draft["amount"])
        watched = client.thresholds.add(draft["id"], {"fraction": "0.9"})
        assert watched in client.thresholds.all_of(draft["id"])
        client.thresholds.remove(draft["id"], watched["id"])
        assert watched not in client.thresholds.all_of(draft["id"])


def declared(**changes: Any) -> Any:
    return workload(**changes)
