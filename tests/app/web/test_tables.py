"""POST /api/table: a description, rows, and errors in words."""

import json

import pytest

from gruscope.settings import Settings
from tests.app.support import client


def ask(content: bytes, settings: Settings | None = None, **query):
    return client(settings).post("/api/table", content=content, params=query)


def test_the_first_question_describes_the_file():
    answer = ask(b"day,x\n2020-01-01,0.25\n2020-01-02,NA\n")
    assert answer.headers["content-type"] == "application/json"
    assert answer.json() == {
        "table": {
            "delimiter": "comma",
            "decimal": "point",
            "header": True,
            "rows": 2,
            "columns": [
                {"name": "day", "kind": "date", "missing": 0, "fault": "line 2: “2020-01-01”"},
                {"name": "x", "kind": "number", "missing": 1, "fault": ""},
            ],
            "preview": [["2020-01-01", "0.25"], ["2020-01-02", "NA"]],
            "doubts": [],
        }
    }


def test_the_second_returns_rows_exactly():
    values = [0.1, 1 / 3, -2.5e-9]
    content = "\n".join(f"{i},{value!r}" for i, value in enumerate(values)).encode()
    taken = ask(content, columns="1,0", start=1, count=2).json()["taken"]
    assert taken["rows"] == [[values[1], 1], [values[2], 2]]
    assert (taken["start"], taken["total"]) == (1, 3)
    assert taken["notes"] == ["Rows 2 to 3 of 3 are taken."]


def test_every_option_is_heard():
    query = {"delimiter": "semicolon", "decimal": "comma", "header": "false", "columns": "0"}
    query |= {"missing": "zero", "scale": "divide", "by": "2"}
    found = ask(b"0,5\nNA\n", **query).json()
    assert found["taken"]["rows"] == [[0.25], [0]]
    assert found["table"]["decimal"] == "comma"


def test_a_file_that_cannot_be_read_is_an_answer():
    answer = ask(b"\0\1")
    assert (answer.status_code, list(answer.json())) == (200, ["error"])
    answer = ask(b"1e7\n", columns="0").json()
    assert "got 1e+07" in answer["error"] and answer["table"]["rows"] == 1


@pytest.mark.parametrize(
    ("query", "field"),
    [
        ({"columns": "x"}, "columns.0"),
        ({"columns": "-1"}, "columns.0"),
        ({"columns": ""}, "columns.0"),
        ({"columns": ",".join(["0"] * 1025)}, "columns"),
        ({"delimiter": "&"}, "delimiter"),
        ({"missing": "guess"}, "missing"),
        ({"by": "0"}, "by"),
        ({"by": "nan"}, "by"),
        ({"start": "-1"}, "start"),
        ({"count": "0"}, "count"),
        ({"other": "1"}, "other"),
    ],
)
def test_a_wrong_query_is_refused(query, field):
    answer = ask(b"1\n", **query)
    assert (answer.status_code, answer.json()["code"]) == (422, "range")
    assert answer.json()["field"] == field


def test_a_file_over_the_limit_is_refused_with_the_limit():
    answer = ask(b"1" * 101, Settings(table_bytes=100))
    assert answer.status_code == 413
    assert "at most 100 bytes" in answer.json()["message"]


def test_places_are_given_back():
    with client(Settings(tables_at_once=1)) as session:
        for _ in range(3):
            assert session.post("/api/table", content=b"1\n").status_code == 200


def test_another_site_is_refused():
    headers = {"origin": "http://example.com"}
    assert client().post("/api/table", content=b"1\n", headers=headers).status_code == 403


def test_rows_fit_into_a_message():
    content = b"0.123456789012345\n" * 100
    taken = ask(content, Settings(message_bytes=4096 + 200), columns="0").json()["taken"]
    assert 0 < len(json.dumps(taken["rows"], separators=(",", ":"))) <= 220
    assert f"Rows 1 to {len(taken['rows'])} of 100 are taken." in taken["notes"]


def test_markup_is_only_text():
    found = ask(b"<b>,<i>\n1,2\n5,4\n")
    assert [column["name"] for column in found.json()["table"]["columns"]] == ["<b>", "<i>"]
