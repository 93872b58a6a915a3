"""A person sees on standard error what a repair left out, and how else the text may be read."""

import json
from typing import Any

import pytest
from click.testing import CliRunner

from structgen.cli import console, main
from structgen.cli.errors import hint
from structgen.cli.repair_account import show_repair
from structgen.errors import Unsatisfied
from structgen.parsing.lost_text import loss_violation
from structgen.parsing.result import RepairResult
from structgen.parsing.tolerant.parse_result import Alternative, Dropped
from structgen.types import Usage

STRAY = Dropped(8, 12, "oops", "/a")
LOST = Dropped(20, 30, '{"b": "x"}', "/rows/0", is_loss=True)
OTHER = Alternative("/total", "12,5", 0.5)


def shown(capsys: pytest.CaptureFixture[str], result: RepairResult, *, many: bool = False) -> list[Any]:
    show_repair("one.json", result, many=many)
    return [json.loads(line)["warning"] for line in capsys.readouterr().err.splitlines()]


def test_dropped_texts_and_other_readings_are_warnings(capsys: pytest.CaptureFixture[str]) -> None:
    """Each has its pointer; of several texts, also the name of the source."""
    result = RepairResult({}, "repaired", dropped=(STRAY, LOST), alternatives=(OTHER,))
    one = shown(capsys, result)
    assert [(w["code"], w["pointer"]) for w in one] == [
        ("dropped-text", "/a"),
        ("dropped-text", "/rows/0"),
        ("other-reading", "/total"),
    ]
    assert one[0]["message"] == "left out the text 'oops' at position 8"
    assert one[2]["message"] == 'may also be read as "12,5"'
    assert [w["source"] for w in shown(capsys, result, many=True)] == ["one.json"] * 3


def test_a_terminal_shows_them_as_text(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """A line for each, with the pointer before it."""
    monkeypatch.setattr(console, "is_terminal", lambda: True)
    monkeypatch.setenv("NO_COLOR", "1")
    show_repair("one.json", RepairResult({}, "repaired", dropped=(STRAY,)), many=False)
    assert capsys.readouterr().err == "structgen: warning: /a: left out the text 'oops' at position 8\n"


def test_the_error_of_a_failed_repair_is_not_repeated(capsys: pytest.CaptureFixture[str]) -> None:
    """What the violations name is left out of the warnings."""
    result = RepairResult(
        {}, "failed", violations=(loss_violation(LOST),), dropped=(STRAY, LOST), alternatives=(OTHER,)
    )
    assert [w["pointer"] for w in shown(capsys, result)] == ["/a", "/total"]


def test_many_texts_are_counted(capsys: pytest.CaptureFixture[str]) -> None:
    """A text with very many stray words does not flood the terminal."""
    result = RepairResult({}, "repaired", dropped=(STRAY._replace(text="x" * 10_000),) * 1_020)
    warnings = shown(capsys, result)
    assert len(warnings) == 21
    assert warnings[-1]["message"] == "and 1,000 more: --full prints all"
    assert all(len(w["message"]) < 300 for w in warnings)


def test_a_loss_has_the_option_that_accepts_it() -> None:
    """Only where no model ran: a retry is the remedy there."""
    error = Unsatisfied("not repaired", (), Usage(), (loss_violation(LOST),), {})
    assert "--on-loss accept" in str(hint(error))
    assert hint(Unsatisfied("not repaired", (), Usage(), (), {})) is None


def test_details_count_what_was_changed() -> None:
    """With -v each text has a line with its status."""
    found = CliRunner().invoke(main, ["repair", "-v"], input="{a: 1, b: 2,}")
    line = json.loads(found.stderr.splitlines()[0])
    assert (line["source"], line["status"], line["changes"]) == ("stdin", "repaired", 0)
    assert line["fixes"] == {"key-quotes": 2, "comma": 1}


@pytest.mark.parametrize("arguments", [[], ["--on-loss", "accept"], ["--on-loss", "error"]], ids=str)
def test_a_stray_word_is_shown_beside_the_value(arguments: list[str]) -> None:
    """Standard output has the value alone; what was left out is on standard error, and no failure."""
    text = '{"paid": true oops, "total": 5}'
    found = CliRunner().invoke(main, ["repair", *arguments], input=text)
    assert (found.exit_code, json.loads(found.stdout)) == (0, {"paid": True, "total": 5})
    (warning,) = (json.loads(line)["warning"] for line in found.stderr.splitlines())
    assert (warning["code"], warning["pointer"]) == ("dropped-text", "/paid")
    full = CliRunner().invoke(main, ["repair", "--full", *arguments], input=text)
    assert json.loads(full.stdout)["dropped"][0]["text"] == "oops"


def test_an_unknown_choice_for_losses_is_a_usage_error() -> None:
    """The message names the option and its choices."""
    found = CliRunner().invoke(main, ["repair", "--on-loss", "ignore"], input="{}")
    assert found.exit_code == 2
    assert "--on-loss" in found.stderr
    assert "'error', 'accept'" in found.stderr


def test_a_lost_value_fails_unless_losses_are_accepted() -> None:
    """The error names the text and the option; with the option it is a warning."""
    text = '{1815, "total": 5}'
    found = CliRunner().invoke(main, ["repair"], input=text)
    assert (found.exit_code, found.stdout) == (1, "null\n")
    (error,) = map(json.loads, found.stderr.splitlines())
    assert "the text '1815' at position 1 has no place in the value" in error["detail"]
    assert "--on-loss accept" in error["hint"]
    accepted = CliRunner().invoke(main, ["repair", "--on-loss", "accept"], input=text)
    assert (accepted.exit_code, json.loads(accepted.stdout)) == (0, {"total": 5})
    assert json.loads(accepted.stderr)["warning"]["message"] == "left out the text '1815' at position 1"
