"""Hardware is compared for a plan that is sent along, or for a workload that is stored."""

from typing import Any

from tests.service.routes.api import Api, fleet, pointers, slug, workload

PATH = "/v1/comparisons/fleets"
R1 = {"model": "deepseek-r1-0528"}


def agents(**changes: Any) -> dict[str, Any]:
    demand = {
        "base_month": "2027-01",
        "requests_per_month": 50_000_000,
        "input_tokens_per_request": 8192,
        "output_tokens_per_request": 1024,
    }
    return workload("agents", **({"demand": demand} | changes))


def plan(**changes: Any) -> dict[str, Any]:
    return {"workloads": [agents()], "as_of": "2026-11-23", "draws": 64, **changes}


def test_a_plan_that_is_sent_along_is_compared_and_not_stored(api: Api) -> None:
    answer = api.post(PATH, json={"plan": plan(), "workload": "agents", **R1})
    assert answer.status_code == 200, answer.text
    document = answer.json()
    assert len(document["options"]) + len(document["without_evidence"]) == 9
    served = [float(one["usd_per_mtok_served"]) for one in document["options"]]
    assert served == sorted(served)
    assert api.get("/v1/workloads").json()["items"] == []


def test_a_stored_workload_is_compared_by_its_name_with_its_fleets_target(api: Api) -> None:
    assert api.post("/v1/fleets", json=fleet(target_utilization_fraction=0.5)).status_code == 201
    routes = [{"to": [{"fleet": "h100-pool", "share": 1.0}]}]
    assert api.post("/v1/workloads", json=agents(routes=routes)).status_code == 201
    document = api.post(PATH, json={"workload": "agents", "as_of": "2026-11-23", **R1}).json()
    assert document["workload"]["target_utilization_fraction"] == 0.5
    assert document["as_of"] == "2026-11-23"
    assert {one["accelerator"] for one in document["options"]} >= {"h200-sxm-141gb", "b200-180gb", "mi355x-288gb"}
    assert all(one["utilization_fraction"] <= 0.5 for one in document["options"])


def test_reading_is_enough_to_compare(api: Api) -> None:
    reader = api.with_scopes("read")
    assert reader.post(PATH, json={"plan": plan(), "workload": "agents"}).status_code == 200


def test_an_unknown_workload_is_told_with_those_there_are(api: Api) -> None:
    in_plan = api.post(PATH, json={"plan": plan(), "workload": "nobody's"})
    assert (in_plan.status_code, slug(in_plan), pointers(in_plan)) == (422, "invalid-input", ["/workload"])
    assert "there are agents" in in_plan.json()["errors"][0]["detail"]
    stored = api.post(PATH, json={"workload": "nobody's"})
    assert (stored.status_code, pointers(stored)) == (422, ["/workload"])


def test_another_workspace_s_workload_is_unknown(api: Api, stranger: Api) -> None:
    assert api.post("/v1/workloads", json=agents()).status_code == 201
    assert pointers(stranger.post(PATH, json={"workload": "agents"})) == ["/workload"]


def test_each_unknown_choice_and_each_problem_of_the_plan_has_its_pointer(api: Api) -> None:
    chosen = {"tier": "free", "model": "x", "accelerators": ["b200-180gb", "abacus"]}
    answer = api.post(PATH, json={"plan": plan(), "workload": "agents", **chosen})
    assert (answer.status_code, sorted(pointers(answer))) == (422, ["/accelerators/1", "/model", "/tier"])
    answer = api.post(PATH, json={"plan": plan(workloads=[agents(top_p=3)]), "workload": "agents"})
    assert (answer.status_code, pointers(answer)) == (422, ["/plan/workloads/0/top_p"])
    answer = api.post(PATH, json={"plan": plan(), "workload": "agents", "as_of": "soon"})
    assert (answer.status_code, pointers(answer)) == (422, ["/as_of"])
    answer = api.post(PATH, json={"plan": plan(as_of="soon"), "workload": "agents"})
    assert (answer.status_code, pointers(answer)) == (422, ["/plan/as_of"])
    answer = api.post(PATH, json={"workload": "agents", "as_of": "soon"})
    assert answer.status_code == 422


def test_a_fleet_stored_with_a_benchmark_comes_back_as_it_was_sent(api: Api) -> None:
    named = {"benchmark": {"model": "deepseek-r1-0528", "precision": "fp8"}, "concurrency_per_node": 64}
    made = api.post("/v1/fleets", json=fleet(accelerator="h200-sxm-141gb", throughput=named))
    assert made.status_code == 201, made.text
    stored = api.get(made.headers["location"]).json()["throughput"]
    assert stored["benchmark"]["precision"] == "fp8"
    assert stored["output_tokens_per_second"] is None
    unknown = fleet(throughput={"benchmark": {"model": "nobody's"}})
    assert pointers(api.post("/v1/fleets", json=unknown)) == ["/throughput/benchmark/model"]


def test_a_comparison_with_a_key_is_answered_again_as_it_was(api: Api) -> None:
    keyed = {"headers": {"Idempotency-Key": "compare-1"}}
    first = api.post(PATH, json={"plan": plan(), "workload": "agents"}, **keyed)
    again = api.post(PATH, json={"plan": plan(), "workload": "agents"}, **keyed)
    assert (again.status_code, again.headers["idempotent-replayed"]) == (200, "true")
    assert again.json() == first.json()
    assert slug(api.post(PATH, json={"plan": plan(seed=2), "workload": "agents"}, **keyed)) == "idempotency-key-reused"
