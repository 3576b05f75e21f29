"""The page of keys: for administrators, without any secret."""

from tests.service.routes.api import Api

SCRIPT = "<script>alert(1)</script>"


def _page(api: Api, path: str = "/keys") -> str:
    answer = api.get(path)
    assert answer.status_code == 200, answer.text
    return str(answer.text)


def test_an_administrator_sees_every_key_and_no_secret(api: Api) -> None:
    made = api.post("/v1/keys", json={"name": SCRIPT, "scopes": ["read", "approve"]}).json()
    page = _page(api)
    assert SCRIPT not in page
    assert "&lt;script&gt;" in page
    assert f"tck_{made['key']['prefix']}" in page
    assert made["secret"] not in page
    assert api.secret not in page
    assert "approve, read" in page
    assert f'data-send="POST /v1/keys/{made["key"]["id"]}/revoke"' in page


def test_a_revoked_key_stays_in_sight_and_cannot_be_revoked_again(api: Api) -> None:
    key = api.post("/v1/keys", json={"name": "ci", "scopes": ["read"]}).json()["key"]["id"]
    assert api.post(f"/v1/keys/{key}/revoke").status_code == 200
    page = _page(api)
    assert '<span class="badge revoked">revoked</span>' in page
    assert f"/v1/keys/{key}/revoke" not in page


def test_the_own_key_is_marked_and_its_revocation_warned_of(api: Api) -> None:
    page = _page(api)
    assert page.count("(yours)") == 1
    assert page.count("you will be signed out") == 1


def test_who_is_no_administrator_is_told_so_and_sees_no_key(api: Api) -> None:
    page = _page(api.with_scopes("read", "write", "approve"))
    assert "scope admin" in page
    assert "tck_" not in page
    assert "data-form" not in page


def test_keys_of_others_are_not_listed(api: Api, stranger: Api) -> None:
    made = api.post("/v1/keys", json={"name": "ci", "scopes": ["read"]}).json()["key"]
    assert made["prefix"] not in _page(stranger)


def test_a_long_list_goes_on_behind_its_cursor(api: Api) -> None:
    for number in range(3):
        assert api.post("/v1/keys", json={"name": f"key {number}", "scopes": ["read"]}).status_code == 201
    page = _page(api, "/keys?limit=2")
    assert "key 2" not in page
    rest = page.partition("cursor=")[2].partition('"')[0]
    assert "key 2" in _page(api, f"/keys?limit=2&cursor={rest}")
