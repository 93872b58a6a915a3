"""Rows without an item, named on the command line by their lines and first words."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from structgen.cli import console, main, shortfall
from structgen.cli.errors import hint, problem
from structgen.cli.journal import JournaledRows
from structgen.cli.progress import segment_progress
from structgen.cli.rows import RowFormat, stamp_of
from structgen.errors import Incomplete
from structgen.types import Coverage, Progress, Span, Usage

TEXT = "Date Sum\n01.02. 10.00\n02.02. 20.00\n" + "x" * 80 + "\n"
BODY = {"schema": {"hash": "f0"}, "data": [], "status": "completed"}


def lacking(*rows: str, expected: int | None = 4) -> Coverage:
    spans = tuple(Span(TEXT.index(row), TEXT.index(row) + len(row)) for row in rows)
    return Coverage(expected, 3, spans, "table", True)


def test_rows_are_named_by_line_and_text() -> None:
    """A row that begins with its line break counts by its text; a long one is cut."""
    rows = shortfall.shortfalls({"": lacking("\n02.02. 20.00"), "/b": lacking()}, TEXT)
    assert rows == {"": "1 row of 4 has no item: line 3 (02.02. 20.00)"}
    long = shortfall.shortfalls({"/b": lacking("x" * 80, expected=None)}, TEXT)
    assert long == {"/b": f"1 row has no item: line 4 ({'x' * 60}…)"}


def test_only_some_of_many_are_named() -> None:
    """The others are counted."""
    coverage = Coverage(2000, 0, tuple(Span(0, 4) for _ in range(1003)))
    assert shortfall.shortfalls({"": coverage}, TEXT)[""] == (
        "1003 rows of 2,000 have no item: line 1 (Date), line 1 (Date), line 1 (Date) and 1,000 more"
    )


def test_without_a_text_they_are_named_by_characters() -> None:
    """So are rows beyond the end of the text."""
    assert "characters 4 to 9" in shortfall.shortfalls({"": Coverage(1, 0, (Span(4, 9),))}, None)[""]
    assert "characters 4 to 9" in shortfall.shortfalls({"": Coverage(1, 0, (Span(4, 9),))}, "abc")[""]


def test_an_error_names_them_and_the_option() -> None:
    """An error without coverage stays what it is."""
    error = Incomplete("the list lacks rows", (), Usage(), [], "", {"": lacking("02.02. 20.00")})
    named = shortfall.with_rows(error, TEXT)
    assert str(named) == "the list lacks rows; /: 1 row of 4 has no item: line 3 (02.02. 20.00)"
    assert (named.exit_code, hint(named)) == (
        1,
        "print what was read, and its coverage, with --on-shortfall report",
    )
    assert problem(named)["coverage"] == {"": lacking("02.02. 20.00").to_json()}
    cut = Incomplete("cut: raise max_tokens", (), Usage(), [], "")
    assert shortfall.with_rows(cut, TEXT) is cut
    assert hint(cut) == "allow more tokens with --max-tokens"


@pytest.mark.parametrize(
    ("accounts", "row", "stamp"),
    [
        ((), [], "data:f0"),
        (("coverage",), {"data": [], "coverage": {}}, "data with coverage:f0"),
        (
            ("evidence", "absent"),
            {"data": [], "evidence": None, "absent": []},
            "data with evidence, absent:f0",
        ),
    ],
)
def test_accounts_stand_beside_the_object(accounts: tuple[str, ...], row: object, stamp: str) -> None:
    """They belong to the stamp of a row, so that a run resumes rows of one shape only."""
    rows = RowFormat(False, False, accounts)
    assert (rows.row("", BODY), rows.stamp("f0")) == (row, stamp)
    sourced = RowFormat(False, True, accounts)
    assert stamp_of(sourced.row("a.txt", BODY)) == sourced.stamp("f0")
    full = RowFormat(True, True, tuple(name for name in accounts if name != "evidence"))
    assert stamp_of(full.row("a.txt", {**BODY, "coverage": {}})) == full.stamp("f0")


SHORT = {**BODY, "coverage": {"": lacking("02.02. 20.00").to_json()}}
ABSENT = {**BODY, "absent": ["/total"]}


@pytest.mark.parametrize(
    ("body", "accounts", "kept"),
    [
        pytest.param({**BODY, "coverage": {"": lacking().to_json()}}, (), True, id="whole"),
        pytest.param(SHORT, (), False, id="short"),
        pytest.param(SHORT, ("coverage",), True, id="short-and-reported"),
        pytest.param(ABSENT, (), False, id="absent"),
        pytest.param(ABSENT, ("coverage",), False, id="absent-and-only-shortfalls-reported"),
        pytest.param({**SHORT, **ABSENT}, ("coverage", "absent"), True, id="both-and-both-reported"),
    ],
)
def test_a_run_keeps_only_whole_results_that_it_would_write(
    tmp_path: Path, body: dict[str, Any], accounts: tuple[str, ...], kept: bool
) -> None:
    """A result that lacks rows, or has nulls, came by an option: without it, the document is read again."""
    reported = RowFormat(True, False, ("coverage", "absent"))
    earlier = JournaledRows(tmp_path / "rows.jsonl")
    earlier.add("a.txt", reported.row("a.txt", body), reported.stamp("f0", body))
    stamps = RowFormat(True, False, accounts).kept_stamps("f0")
    earlier.close(complete=False)
    interrupted = JournaledRows(tmp_path / "rows.jsonl", stamps)
    assert interrupted.has_earlier("a.txt") == kept
    interrupted.close(complete=False)
    (tmp_path / "rows.jsonl.part").unlink(missing_ok=True)
    (tmp_path / "rows.jsonl").write_text(json.dumps(reported.row("a.txt", body)) + "\n")
    finished = JournaledRows(tmp_path / "rows.jsonl", stamps)
    assert finished.has_earlier("a.txt") == kept
    finished.close(complete=False)


def test_segments_show_on_a_terminal_only(monkeypatch: pytest.MonkeyPatch) -> None:
    """On a pipe nothing asks for progress: the request is the same as ever."""
    with segment_progress("reading") as on_progress:
        assert on_progress is None
    monkeypatch.setattr(console, "is_terminal", lambda: True)
    monkeypatch.setattr(console, "SPINNER_DELAY", 60)
    with segment_progress("reading") as on_progress:
        assert on_progress is not None
        on_progress(Progress(1, 12, 57))


@pytest.mark.parametrize(
    "option", ["--on-shortfall=ignore", "--on-absent=none", "--rows-per-segment=0", "--segment-tokens=15"]
)
def test_options_have_the_bounds_of_the_request(option: str) -> None:
    """A fault is a usage error that names the option."""
    result = CliRunner().invoke(main, ["extract", "-s", "{}", option, "-"], input="text")
    assert result.exit_code == 2
    assert option.partition("=")[0] in result.stderr
