"""`structgen repair` reads files, standard input and lines."""

import json
from pathlib import Path

import pytest
from click.testing import CliRunner

from structgen.cli import main

SCHEMA = '{"type":"object","properties":{"total":{"type":"number"}},"required":["total"]}'


def test_repair_reads_standard_input() -> None:
    """The command prints the value, or with `--full` the whole result."""
    found = CliRunner().invoke(main, ["repair", "--schema", SCHEMA], input="{total: '1,200.50'}")
    assert (found.exit_code, json.loads(found.stdout)) == (0, {"total": 1200.5})
    full = CliRunner().invoke(main, ["repair", "--full", "--schema", SCHEMA], input="{total: '1,200.50'}")
    assert json.loads(full.stdout)["changes"][0]["risk"] == "coerced"


def test_repair_prints_a_line_for_each_text(tmp_path: Path) -> None:
    """A text that fails has the line null, an error on standard error, and sets the exit code."""
    (tmp_path / "one.jsonl").write_text("{a: 1}\n\nsorry\n")
    (tmp_path / "two.jsonl").write_text("[1,2\n")
    paths = [str(tmp_path / name) for name in ("one.jsonl", "two.jsonl")]
    found = CliRunner().invoke(main, ["repair", "--lines", *paths])
    assert found.exit_code == 1
    assert [json.loads(line) for line in found.stdout.splitlines()] == [{"a": 1}, None, [1, 2]]
    assert "one.jsonl:3" in found.stderr


@pytest.mark.parametrize("separator", ["\u2028", "\u0085", "\x0c"])
def test_only_a_line_feed_ends_a_line(separator: str) -> None:
    """Other line separators of Unicode stay in their strings."""
    found = CliRunner().invoke(main, ["repair", "--lines"], input=f'{{"a": "x{separator}y"}}\n[1]\r\n')
    assert found.exit_code == 0
    assert [json.loads(line) for line in found.stdout.split("\n")[:-1]] == [{"a": f"x{separator}y"}, [1]]


@pytest.mark.parametrize("risk", ["lossless", "coerced"])
def test_max_risk_bounds_the_changes(risk: str) -> None:
    """A change of a higher risk is not made, and the repair fails."""
    found = CliRunner().invoke(
        main, ["repair", "--max-risk", risk, "--schema", SCHEMA], input='{"total": "5 or so"}'
    )
    assert found.exit_code == 1
