"""The README's example is what the service answers."""

import json
import re
from pathlib import Path

from tests.service.routes.api import Api

README = (Path(__file__).parents[3] / "README.md").read_text()


def test_the_budget_in_the_readme_is_the_answer_to_its_post(api: Api) -> None:
    posted = re.search(r"<<'JSON'\n(.*?)\nJSON\n", README, re.DOTALL)
    promised = re.search(r"```json\n(.*?)\n```", README, re.DOTALL)
    assert posted is not None
    assert promised is not None
    accepted = api.post("/v1/workloads", json=json.loads(posted[1]))
    forecast_id = accepted.json()["forecast"]["id"]
    api.work(forecast_id)
    assert api.get(f"/v1/forecasts/{forecast_id}").json()["total"] == json.loads(promised[1])
