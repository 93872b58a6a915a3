"""`structgen report`."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

import structgen
from structgen.cli import main

TEXT = "Rechnung\fAda: 1.234,50"
DATA = {"name": "Ada", "total": 1234.5}
EVIDENCE = {at: each.to_json() for at, each in structgen.ground(DATA, None, TEXT).items()}
PROBLEM = {"type": "https://x/unsatisfied", "title": "Unsatisfied", "status": 422, "detail": "no object in 3 attempts"}  # fmt: skip


@pytest.fixture
def source(tmp_path: Path) -> str:
    path = tmp_path / "source.txt"
    path.write_text(TEXT)
    return str(path)


def run(*arguments: str, given: str = "") -> Any:
    return CliRunner().invoke(main, ["report", *arguments], input=given)


def documents(html: str) -> list[dict[str, Any]]:
    found = re.findall(r'<script type="application/json" id="document-\d+">(.*?)</script>', html, re.DOTALL)
    return [json.loads(text) for text in found]


@pytest.mark.parametrize(
    "value",
    [
        pytest.param(DATA, id="any-object"),
        pytest.param({"data": DATA, "evidence": EVIDENCE}, id="extraction-with-evidence"),
        pytest.param({"status": "completed", "data": DATA, "schema": {"hash": "h"}}, id="full-without-evidence"),
        pytest.param({"data": DATA, "document": TEXT, "id": 7}, id="object-with-its-document"),
    ],
)  # fmt: skip
def test_a_result_is_shown_with_its_evidence(value: Any, source: str, tmp_path: Path) -> None:
    """What a row lacks is looked for in the text."""
    out = tmp_path / "report.html"
    done = run("--source", source, "-o", str(out), given=json.dumps(value))
    assert (done.exit_code, done.output) == (0, "")
    html = out.read_text()
    assert html.startswith("<!doctype html>")
    [shown] = documents(html)
    assert shown["text"] == TEXT
    assert [(leaf["pointer"], leaf["value"], leaf["start"], leaf["kind"]) for leaf in shown["leaves"]] == [
        (at, json.dumps(DATA[at[1:]]), each["start"], each["kind"]) for at, each in EVIDENCE.items()
    ]
    assert "pages" not in shown


@pytest.mark.parametrize("value", [{"data": "Ada"}, {"data": "Ada", "id": "Rechnung"}, ["Ada"], "Ada"])
def test_an_object_with_a_member_of_that_name_is_no_row(value: Any, source: str) -> None:
    """Any JSON value can be shown."""
    [shown] = documents(run("--source", source, given=json.dumps(value)).stdout)
    expected = list(structgen.ground(value, None, TEXT))
    assert [leaf["pointer"] for leaf in shown["leaves"]] == expected


def test_pages_are_those_of_the_evidence_or_of_the_option(source: str) -> None:
    """Form feeds separate them."""
    paged = {at: {**each, "page": 2} for at, each in EVIDENCE.items()}
    by_evidence = run("--source", source, given=json.dumps({"data": DATA, "evidence": paged}))
    by_option = run("--source", source, "--pages", given=json.dumps(DATA))
    for done in (by_evidence, by_option):
        [shown] = documents(done.stdout)
        assert (shown["pages"], shown["leaves"][0]["page"]) == ([0, 9], 2)


def test_rows_name_their_sources(source: str, tmp_path: Path) -> None:
    """Failures are shown with their reason."""
    rows = [
        {"source": source, "schema_hash": "h", "data": DATA, "evidence": EVIDENCE},
        {"source": source, **PROBLEM},
        {"source": source, "schema_hash": "h", "data": None, "error": {"type": "t", "detail": "too long"}},
        None,
        {"data": {"a": "Rechnung"}, "document": "Rechnung 7", "id": "seven"},
    ]
    path = tmp_path / "rows.jsonl"
    path.write_text("\n".join(map(json.dumps, rows)) + "\n\n")
    done = run(str(path))
    assert (done.exit_code, done.stderr) == (0, "")
    shown = documents(done.stdout)
    assert [(each["id"], each.get("problem"), each["text"] != "") for each in shown] == [
        (source, None, True),
        (source, "no object in 3 attempts", True),
        (source, "too long", True),
        (f"{path}:4", "no valid object", False),
        ("seven", None, True),
    ]


def test_the_schema_helps_to_find_values(source: str) -> None:
    """Choices are found by their wording."""
    schema = {"properties": {"paid": {"type": "boolean", "description": "whether Ada is named"}}}
    done = run("--source", source, "-s", json.dumps(schema), given='{"paid": true}')
    assert documents(done.stdout)[0]["leaves"][0]["pointer"] == "/paid"


@pytest.mark.parametrize(
    ("arguments", "given", "message"),
    [
        pytest.param(["--source", "-"], "1", "can be given only once", id="standard-input-twice"),
        pytest.param([], '{"a": 1}', "give its file with --source", id="no-text"),
        pytest.param([], '{"source": "/nowhere", "schema_hash": "h", "data": 1}', "is no file here: give the text with --source", id="no-file"),
        pytest.param(["--source", "SOURCE"], '{"a": ', "stdin: ", id="no-json"),
        pytest.param(["--source", "SOURCE"], "1\n{\n", "stdin:2: ", id="no-json-line"),
        pytest.param(["--source", "SOURCE"], '{"data": 1, "evidence": [1]}', "stdin: `evidence` is not as structgen prints it", id="no-evidence"),
        pytest.param(
            ["--source", "SOURCE"],
            '{"data": 1, "evidence": {"": {"kind": "exact", "candidates": 1, "start": 5, "end": 500}}}',
            "the text has 22 characters: give the text of the extraction with --source",
            id="another-text",
        ),
    ],
)  # fmt: skip
def test_errors_say_what_to_do(arguments: list[str], given: str, message: str, source: str) -> None:
    """The line and the flag are named."""
    done = run(*[source if each == "SOURCE" else each for each in arguments], given=given)
    assert done.exit_code == 2
    assert message in done.stderr.replace("\\n", " ")
