"""Files of usage are recorded whole or not at all, and say which cell is wrong."""

from typing import Any

from tests.service.routes.api import MODEL, Api, pointers, slug

HEADER = "period,workload,route,meter,quantity,billed,currency"
ROW = f"2027-01,chat,{MODEL},output,1200000,2.50,USD"


def _send(api: Api, content: str | bytes, query: str = "format=csv", **sent: Any) -> Any:
    return api.post(f"/v1/usage/imports?{query}", content=content, **sent)


def test_a_csv_file_is_recorded_once_however_often_it_is_sent(api: Api) -> None:
    file = "\ufeff" + "\r\n".join([HEADER, ROW, "", f"2027-02-03,chat,{MODEL},input,10,0.01,", ""])
    assert _send(api, file.encode()).json() == {"added": 2, "corrected": 0, "unchanged": 0}
    assert _send(api, file.encode()).json() == {"added": 0, "corrected": 0, "unchanged": 2}
    [first, second] = api.get("/v1/usage").json()["items"]
    assert (first["quantity"], first["billed"], first["effective"]) == ("1200000", "2.5", "2.5")
    assert (second["period"], second["currency"]) == ("2027-02-03", "USD")


def test_other_numbers_are_refused_unless_the_file_is_said_to_correct(api: Api) -> None:
    assert _send(api, f"{HEADER}\n{ROW}").status_code == 200
    other = f"{HEADER}\n{ROW.replace('2.50', '3')}"
    assert pointers(_send(api, other)) == ["/rows/0"]
    assert _send(api, other, "format=csv&replace=true").json() == {"added": 0, "corrected": 1, "unchanged": 0}


def test_every_bad_cell_is_named_and_nothing_is_recorded(api: Api) -> None:
    bad = f"{HEADER}\n{ROW}\n2027-13,chat,{MODEL},output,many,2.50,USD\n2027-01,chat\n2027-01,,{MODEL},output,-1,1,USD"
    assert pointers(_send(api, bad)) == ["/rows/1/quantity", "/rows/2"]
    meaning = f"{HEADER}\n{ROW}\n2027-13,chat,{MODEL},output,1,1,USD\n2027-01,,{MODEL},output,-1,1,USD"
    assert set(pointers(_send(api, meaning))) == {"/rows/1/period", "/rows/2/quantity", "/rows/2/workload"}
    assert api.get("/v1/usage").json()["items"] == []


def test_a_wrong_header_is_told_by_column(api: Api) -> None:
    answer = _send(api, "period,route,meter,quantity,bill\n")
    assert set(pointers(answer)) == {"/header/bill", "/header/billed"}
    assert "did you mean billed?" in answer.text


def test_a_json_file_is_what_the_api_takes(api: Api) -> None:
    row = {"period": "2027-01", "workload": "chat", "route": MODEL, "meter": "output", "quantity": "1", "billed": "1"}
    assert api.post("/v1/usage/imports?format=json", json={"rows": [row]}).json()["added"] == 1
    wrong = api.post("/v1/usage/imports?format=json", json={"rows": [{**row, "meter": 1}]})
    assert pointers(wrong) == ["/rows/0/meter"]
    assert slug(_send(api, "{", "format=json")) == "invalid-json"


def test_what_is_no_table_is_refused(api: Api) -> None:
    assert pointers(_send(api, b"\xff\xfe")) == [""]
    assert pointers(_send(api, HEADER)) == [""]
    assert slug(_send(api, "", "format=xml")) == "invalid-parameter"


def test_a_closed_month_takes_no_file(api: Api) -> None:
    assert _send(api, f"{HEADER}\n{ROW}").status_code == 200
    assert api.post("/v1/usage/months/2027-01/close").status_code == 200
    more = f"{HEADER}\n{ROW.replace('output', 'input')}"
    assert pointers(_send(api, more)) == ["/rows/0/period"]
