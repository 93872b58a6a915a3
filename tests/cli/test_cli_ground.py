"""`structgen ground`, and the evidence of `structgen extract`."""

import json
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

import structgen
from structgen import json_text
from structgen.cli import main
from structgen.cli.rows import RowFormat, stamp_of

DATA = {"name": "Ada", "total": 1234.5}
SOURCE = "Rechnung\fAda: 1.234,50"


@pytest.fixture
def source(tmp_path: Path) -> str:
    """Write the source to a file, and return its path."""
    path = tmp_path / "source.txt"
    path.write_text(SOURCE)
    return str(path)


def run(*arguments: str, given: str = "") -> Any:
    return CliRunner().invoke(main, ["ground", *arguments], input=given)


def test_the_evidence_is_that_of_the_library(source: str) -> None:
    """One object gives one line; form feeds separate pages where asked."""
    found = run("--source", source, given=json.dumps(DATA))
    assert (found.exit_code, found.stderr) == (0, "")
    expected = {at: each.to_json() for at, each in structgen.ground(DATA, None, SOURCE).items()}
    assert json.loads(found.stdout) == {"evidence": expected, "leaves": 2, "grounded": 2}
    pages = json.loads(run("--source", source, "--pages", "--signals", given=json.dumps(DATA)).stdout)
    assert {at: each["page"] for at, each in pages["evidence"].items()} == {"/name": 2, "/total": 2}
    assert pages["evidence"]["/name"]["signals"]["kind_exact"] == 1


def test_lines_have_their_own_source_or_that_of_the_option(source: str) -> None:
    """A line that cannot be grounded is null, and sets the exit code."""
    lines = [
        {"data": DATA, "id": "a"},
        {"data": ["Bob"], "document": "by Bob"},
        {"name": "Ada"},
        {"data": 1, "document": 2},
    ]
    found = run("--lines", "--source", source, given="\n".join(map(json.dumps, lines)) + "\n\n{\n")
    rows = [json.loads(line) for line in found.stdout.splitlines()]
    assert [row and (row.get("id"), row["grounded"]) for row in rows] == [
        ("a", 2),
        (None, 1),
        None,
        None,
        None,
    ]
    assert found.exit_code == 2
    assert [f"stdin:{number}" in found.stderr for number in (3, 4, 6)] == [True] * 3


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ([], "Missing option '--source'"),
        (["--source", "-"], "can be given only once"),
        (["--lines", "-u", "http://127.0.0.1:1", "--signals"], "cannot be combined with --signals"),
    ],
)
def test_usage_errors_name_the_option(arguments: list[str], message: str) -> None:
    """What is missing or contradictory is said before anything is read."""
    found = run(*arguments, given="1")
    assert found.exit_code == 2
    assert message in found.stderr


def test_a_line_without_any_source_says_what_to_do() -> None:
    """The member and the option are named."""
    assert "add it, or give --source" in run("--lines", given='{"data": 1}').stderr


def test_the_pages_of_a_line_are_its_source() -> None:
    """The place has its page; a line with a document too, or with no texts as pages, says so."""
    rows = [
        {"data": ["Bob"], "pages": ["by Ada", "and Bob"]},
        {"data": ["Bob"], "pages": ["by Ada"], "document": "Bob"},
        {"data": ["Bob"], "pages": "Bob"},
    ]
    found = run("--lines", given="".join(f"{json_text.dumps(row)}\n" for row in rows))
    first, *others = (json_text.loads(line) for line in found.stdout.splitlines())
    place = first["evidence"]["/0"]
    assert (place["page"], place["start"], place["end"]) == (2, 11, 14)
    assert others == [None, None]
    assert "keep one of them" in found.stderr
    assert "the pages are not a list of texts" in found.stderr


BODY: dict[str, Any] = {
    "status": "completed",
    "data": DATA,
    "schema": {"hash": "h"},
    "evidence": {"/name": {}},
}


@pytest.mark.parametrize(
    ("form", "row"),
    [
        (RowFormat(full=False, with_source=False, accounts=("evidence",)), {"data": DATA, "evidence": BODY["evidence"]}),
        (
            RowFormat(full=False, with_source=True, accounts=("evidence",)),
            {"source": "f", "schema_hash": "h", "data": DATA, "evidence": BODY["evidence"]},
        ),
        (RowFormat(full=True, with_source=False, accounts=("evidence",)), {"source": "f", **BODY}),
    ],
    ids=["data", "source", "full"],
)  # fmt: skip
def test_rows_have_the_evidence_beside_the_data(form: RowFormat, row: Any) -> None:
    """A run without it is not resumed by one with it."""
    assert form.row("f", BODY) == row
    if "schema_hash" in row or "schema" in row:
        assert stamp_of(row) == form.stamp("h") != RowFormat(form.full, form.with_source).stamp("h")


def test_readings_need_evidence() -> None:
    """An option without an effect is refused."""
    found = CliRunner().invoke(main, ["extract", "-s", "invoice", "--readings", "2"], input="x")
    assert (found.exit_code, "--readings needs --evidence" in found.stderr) == (2, True)
