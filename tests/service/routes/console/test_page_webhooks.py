"""The pages of webhooks: endpoints without their secrets, deliveries with their attempts, dead letters."""

from html import unescape
from typing import Any
from uuid import UUID

import msgspec
import pytest

from service.store.ids import new_id
from service.store.webhooks import deliveries
from service.store.webhooks.deliveries import NewDelivery
from tests.service.routes.api import NOBODY, NOW, Api

# Public and routed nowhere; nothing here sends to it.
URL = "https://192.88.99.1/hooks"
SCRIPT = "<script>alert(1)</script>"


def _page(api: Api, path: str) -> str:
    answer = api.get(path)
    assert answer.status_code == 200, answer.text
    return str(answer.text)


def _made(api: Api, **declared: Any) -> dict[str, Any]:
    answer = api.post("/v1/webhooks", json={"url": URL, **declared})
    assert answer.status_code == 201, answer.text
    return dict(answer.json())


def _switched(api: Api, webhook: dict[str, Any], page: str) -> Any:
    """The answer to what the page's button would send to switch the endpoint on or off."""
    button = page.partition(f'data-send="PUT /v1/webhooks/{webhook["id"]}"')[2].partition(">")[0]
    body, version = (button.partition(f'{name}="')[2].partition('"')[0] for name in ("data-body", "data-version"))
    sent = msgspec.json.decode(unescape(body))
    return api("PUT", f"/v1/webhooks/{webhook['id']}", json=sent, headers={"If-Match": f'"{version}"'})


def test_without_endpoints_the_page_says_what_one_is_for(api: Api) -> None:
    page = _page(api, "/webhooks")
    assert "Nobody is told yet" in page
    assert 'data-form="POST /v1/webhooks" data-then="show" data-secret="secret"' in page
    reader = _page(api.with_scopes("read", "write"), "/webhooks")
    assert "Who holds the scope admin can add one" in reader
    assert "data-form" not in reader
    assert "There are none" in _page(api, "/webhooks/dead-letters")


def test_an_endpoint_is_shown_without_its_secret(api: Api) -> None:
    made = _made(api, description=SCRIPT, events=["forecast.failed"], envelope="cloudevents")
    for path in ("/webhooks", f"/webhooks/{made['webhook']['id']}"):
        page = _page(api, path)
        assert made["secret"] not in page
        assert SCRIPT not in page
        assert "&lt;script&gt;" in page
    assert '<input type="checkbox" value="forecast.failed" checked>' in page
    assert '<option value="cloudevents" selected>' in page


def test_the_button_switches_an_endpoint_off_and_on_with_all_else_kept(api: Api) -> None:
    webhook = _made(api, description='a "quoted" name', events=["price.changed"])["webhook"]
    path = f"/webhooks/{webhook['id']}"
    off = _switched(api, webhook, _page(api, path))
    assert off.status_code == 200, off.text
    assert (off.json()["enabled"], off.json()["description"]) == (False, 'a "quoted" name')
    page = _page(api, path)
    assert "its owner disabled it" in page
    assert "/test" not in page
    on = _switched(api, webhook, page).json()
    assert (on["enabled"], on["events"]) == (True, ["price.changed"])


def test_a_test_is_a_delivery_that_waits_and_shows_what_it_sends(api: Api) -> None:
    webhook = _made(api)["webhook"]
    delivery = api.post(f"/v1/webhooks/{webhook['id']}/test").json()
    listed = _page(api, f"/webhooks/{webhook['id']}?status=pending")
    assert f'href="/webhooks/deliveries/{delivery["id"]}"' in listed
    assert "/replay" not in listed
    assert "No delivery is in this state" in _page(api, f"/webhooks/{webhook['id']}?status=dead")
    page = _page(api, f"/webhooks/deliveries/{delivery['id']}")
    assert delivery["message_id"] in page
    assert "webhook.test" in page
    assert "None yet." in page


def _waiting(api: Api, webhook: dict[str, Any], subject: str, count: int = 1) -> list[str]:
    """Deliveries on one subject that nobody sends, the first first."""
    wanted = {"workspace_id": api.workspace_id, "endpoint_id": UUID(webhook["id"]), "subject": subject}
    rest = {"event": "price.changed", "content_type": "application/json", "body": b"{}"}
    with api.database.tenant(api.workspace_id) as session:
        return [
            str(deliveries.add(session, NewDelivery(**wanted, **rest, event_id=new_id()), now=NOW).id)
            for _ in range(count)
        ]


def test_what_waits_for_an_earlier_event_on_its_subject_leads_to_it(api: Api) -> None:
    webhook = _made(api)["webhook"]
    other = _made(api)["webhook"]
    first, second, third = _waiting(api, webhook, "price/1", 3)
    [alone], _ = _waiting(api, webhook, "price/2"), _waiting(api, other, "price/1")
    earlier = f'after <a href="/webhooks/deliveries/{first}">the earlier event</a>'
    assert _page(api, f"/webhooks/{webhook['id']}").count(earlier) == 2
    assert "the earlier event" not in _page(api, f"/webhooks/{other['id']}")
    for held in (second, third):
        assert earlier in _page(api, f"/webhooks/deliveries/{held}")
    for free in (first, alone):
        assert "the earlier event" not in _page(api, f"/webhooks/deliveries/{free}")


def test_what_was_buried_with_its_endpoint_can_be_replayed_once_that_is_enabled(api: Api) -> None:
    webhook, other = _made(api)["webhook"], _made(api, url=f"{URL}/2")["webhook"]
    path = f"/webhooks/{webhook['id']}"
    delivery = api.post(f"/v1/webhooks/{webhook['id']}/test").json()
    assert _switched(api, webhook, _page(api, path)).status_code == 200
    one = f'data-send="POST /v1/deliveries/{delivery["id"]}/replay"'
    every = 'data-send="POST /v1/webhooks/dead-letters/replay"'
    page = _page(api, "/webhooks/dead-letters")
    assert one not in page
    assert every not in page
    assert f'href="{path}">{URL}</a>' in page
    assert f'<a href="{path}">Enable the endpoint first</a>' in page
    assert f"/webhooks/{other['id']}" not in page
    shown = _page(api, f"/webhooks/deliveries/{delivery['id']}")
    assert one not in shown
    assert "Enable the endpoint first" in shown
    assert one not in _page(api, path)
    assert _switched(api, webhook, _page(api, path)).status_code == 200
    page = _page(api, "/webhooks/dead-letters")
    assert one in page
    assert every in page
    assert one in _page(api, f"/webhooks/deliveries/{delivery['id']}")
    assert "data-send" not in _page(api.with_scopes("read"), "/webhooks/dead-letters")


def test_how_many_were_replayed_is_told_on_the_page_after(api: Api) -> None:
    asked = 'data-then="/webhooks/dead-letters?replayed={replayed}"'
    webhook = _made(api)["webhook"]
    api.post(f"/v1/webhooks/{webhook['id']}/test")
    _switched(api, webhook, _page(api, f"/webhooks/{webhook['id']}"))
    _switched(api, webhook, _page(api, f"/webhooks/{webhook['id']}"))
    assert asked in _page(api, "/webhooks/dead-letters")
    replayed = api.post("/v1/webhooks/dead-letters/replay", json={}).json()["replayed"]
    assert "1 dead letter is being sent again" in _page(api, f"/webhooks/dead-letters?replayed={replayed}")
    assert "2 dead letters are being sent again" in _page(api, "/webhooks/dead-letters?replayed=2")
    assert api.get("/webhooks/dead-letters?replayed=<b>").status_code == 400


@pytest.mark.parametrize("path", [f"/webhooks/{NOBODY}", "/webhooks/nonsense", f"/webhooks/deliveries/{NOBODY}"])
def test_what_is_not_there_is_not_found(api: Api, path: str) -> None:
    assert api.get(path).status_code == 404


def test_an_endpoint_of_others_looks_as_if_it_were_not_there(api: Api, stranger: Api) -> None:
    webhook = _made(api)["webhook"]
    delivery = api.post(f"/v1/webhooks/{webhook['id']}/test").json()
    assert stranger.get(f"/webhooks/{webhook['id']}").status_code == 404
    assert stranger.get(f"/webhooks/deliveries/{delivery['id']}").status_code == 404
    assert webhook["id"] not in _page(stranger, "/webhooks")
