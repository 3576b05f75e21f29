"""`tokencast keys` against the running service."""

import json

from tests.service.cli.conftest import ROOT, Invoke


def test_a_key_opens_what_its_scopes_say_until_it_is_revoked(invoke: Invoke) -> None:
    made = invoke("keys", "create", "reader", "--scope", "read", "--json")
    assert made.exit_code == 0, made.stderr
    answer = json.loads(made.stdout)
    key, secret = answer["key"], answer["secret"]
    assert key["scopes"] == ["read"]
    refused = invoke("apply", ROOT / "examples/article.yaml", TOKENCAST_API_KEY=secret)
    assert (refused.exit_code, "403" in refused.stderr) == (1, True)
    assert invoke("keys", "revoke", key["id"]).stdout == f"revoked reader ({key['id']})\n"
    listed = {one["id"]: one for one in json.loads(invoke("keys", "list", "--json").stdout)["items"]}
    assert listed[key["id"]]["revoked_at"] is not None
    refused = invoke("apply", ROOT / "examples/article.yaml", TOKENCAST_API_KEY=secret)
    assert (refused.exit_code, "401" in refused.stderr) == (1, True)


def test_the_secret_alone_goes_to_standard_output_and_is_listed_nowhere(invoke: Invoke) -> None:
    made = invoke("keys", "create", "shown once", "--scope", "read", "--scope", "admin")
    secret = made.stdout.removesuffix("\n")
    assert secret.startswith("tck_")
    assert secret not in made.stderr
    with_it = invoke("keys", "list", TOKENCAST_API_KEY=secret)
    assert with_it.exit_code == 0
    assert "shown once" in " ".join(with_it.stdout.split())
    assert secret not in with_it.stdout
    assert secret not in invoke("keys", "list", "--json").stdout


def test_more_keys_than_a_page_are_all_listed(invoke: Invoke) -> None:
    before = len(json.loads(invoke("keys", "list", "--json").stdout)["items"])
    for number in range(3):
        invoke("keys", "create", f"one of many {number}")
    after = json.loads(invoke("keys", "list", "--json").stdout)["items"]
    assert len(after) == before + 3
    assert after[-1]["scopes"] == ["read", "write"]


def test_a_deployments_first_key_is_made_in_the_database(invoke: Invoke, database_url: str) -> None:
    words = ("keys", "create", "first", "--in-database", "default", "--scope", "admin", "--json")
    made = invoke(*words, TOKENCAST_DATABASE_URL=database_url)
    assert made.exit_code == 0, made.stderr
    assert json.loads(made.stdout)["key"]["scopes"] == ["admin"]
    assert invoke(*words).exit_code == 2
    assert invoke(*words, TOKENCAST_DATABASE_URL="mysql://x").exit_code == 2
    assert invoke(*words, TOKENCAST_DATABASE_URL="postgresql://x:y@127.0.0.1:1/z").exit_code == 1
