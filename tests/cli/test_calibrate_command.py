"""`structgen calibrate` writes a calibration file, and prints what it is worth."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from structgen import json_text
from structgen.cli import main

SCHEMA = '{"type":"object","properties":{"total":{"type":"number"},"name":{"type":"string"}}}'


def rows(count: int) -> list[dict[str, Any]]:
    """Return answers of which some read another number, or write a name that the document does not have."""
    made = []
    for n in range(count):
        gold = {"total": n + 0.5, "name": f"Ada {chr(65 + n % 26)}. Stone"}
        data = dict(gold)
        if n % 4 == 0:
            data["total"] = n + 7 if n % 3 else n + 1.5  # the number of the page, or of nothing
        if n % 5 == 0:
            data["name"] = ("Bob Hill", "Ada Stones", "Ada")[n % 3]
        document = f"Name: {gold['name']}\nTotal: {n}.50 EUR\nPage {n + 7}\n"
        made.append({"document": document, "data": data, "gold": gold, "id": str(n)})
    return made


def run(*arguments: str, stdin: str = "") -> Result:
    return CliRunner().invoke(main, ("calibrate", *arguments), input=stdin)


def lines(among: list[Any]) -> str:
    return "".join(json_text.dumps(each) + "\n" for each in among)


def test_a_calibration_file_is_written_with_its_report(tmp_path: Path) -> None:
    """Standard output has the report alone, standard error the verdict, the file both."""
    out = tmp_path / "total.calibration.json"
    result = run("-s", SCHEMA, "-o", str(out), stdin=lines(rows(150)))
    report = json_text.loads(result.stdout)
    assert result.exit_code == 0, result.stderr
    assert report["ranks"]
    assert report["count"] == 300
    written = json_text.loads(out.read_text())
    assert written["kind"] == "structgen-calibration"
    assert written["schema_hash"]
    assert written["report"]["verdict"] == report["verdict"]
    assert report["verdict"] in result.stderr


def test_what_cannot_rank_ends_with_code_1() -> None:
    """A few rows give a report that says why."""
    result = run(stdin=lines(rows(5)))
    assert result.exit_code == 1
    assert "cannot rank: 10 leaves" in json_text.loads(result.stdout)["verdict"]


def test_bad_rows_name_file_line_and_field(tmp_path: Path) -> None:
    """All faults are named at once, and nothing is fitted or written."""
    path, out = tmp_path / "rows.jsonl", tmp_path / "out.json"
    path.write_text(lines(rows(1)) + '\n{"document": "x", "gold": 1}\n{oops\n')
    result = run("-o", str(out), str(path))
    assert result.exit_code == 2
    message = json_text.loads(result.stderr.splitlines()[0])["detail"]
    assert f"{path}: line 3: /data: the value that was extracted is missing" in message
    assert f"{path}: line 4: " in message
    assert not out.exists()


@pytest.mark.parametrize("count", [0, 1])
def test_too_few_documents_are_refused(count: int) -> None:
    """One document cannot be held out."""
    result = run(stdin=lines(rows(count)))
    assert result.exit_code == 2
    assert "give" in json_text.loads(result.stderr.splitlines()[0])["detail"]
