"""`structgen repair`: files, standard input, lines."""

import json
from pathlib import Path

import pytest
from click.testing import CliRunner

from structgen.cli import main

SCHEMA = '{"type":"object","properties":{"total":{"type":"number"}},"required":["total"]}'


def test_standard_input() -> None:
    """The value alone, or the whole account."""
    found = CliRunner().invoke(main, ["repair", "--schema", SCHEMA], input="{total: '1,200.50'}")
    assert (found.exit_code, json.loads(found.stdout)) == (0, {"total": 1200.5})
    full = CliRunner().invoke(main, ["repair", "--full", "--schema", SCHEMA], input="{total: '1,200.50'}")
    assert json.loads(full.stdout)["changes"][0]["risk"] == "coerced"


def test_lines_and_files(tmp_path: Path) -> None:
    """A line of JSON for each text; what failed is null there, told, and in the exit code."""
    (tmp_path / "one.jsonl").write_text("{a: 1}\n\nsorry\n")
    (tmp_path / "two.jsonl").write_text("[1,2\n")
    paths = [str(tmp_path / name) for name in ("one.jsonl", "two.jsonl")]
    found = CliRunner().invoke(main, ["repair", "--lines", *paths])
    assert found.exit_code == 1
    assert [json.loads(line) for line in found.stdout.splitlines()] == [{"a": 1}, None, [1, 2]]
    assert "one.jsonl:3" in found.stderr


@pytest.mark.parametrize("separator", ["\u2028", "\u0085", "\x0c"])
def test_a_line_ends_at_a_line_feed_alone(separator: str) -> None:
    """What else Unicode calls a line's end stands in strings."""
    found = CliRunner().invoke(main, ["repair", "--lines"], input=f'{{"a": "x{separator}y"}}\n[1]\r\n')
    assert found.exit_code == 0
    assert [json.loads(line) for line in found.stdout.split("\n")[:-1]] == [{"a": f"x{separator}y"}, [1]]


@pytest.mark.parametrize("risk", ["lossless", "coerced"])
def test_the_highest_risk(risk: str) -> None:
    """What is above it is not applied."""
    found = CliRunner().invoke(
        main, ["repair", "--max-risk", risk, "--schema", SCHEMA], input='{"total": "5 or so"}'
    )
    assert found.exit_code == 1
