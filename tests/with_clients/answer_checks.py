"""What a cell's result must be: valid and whole. Weights are random, so no check looks for a content."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

from structgen import Schema

_FILES = {
    path.stem: json.loads(path.read_text("utf-8")) for path in Path(__file__).parent.glob("shapes/*.json")
}
TOOLS = {name: Schema.parse(schema) for name, schema in _FILES.pop("tools").items()}
SHAPES = {name: Schema.parse(schema) for name, schema in _FILES.items()}
FINISHED = {"", "stop", "length", "completed", "incomplete"}
CUT = {"length", "max_tokens", "incomplete"}
NEEDED = {
    "models": {"models"},
    "text": {"text"},
    "typed": {"data"},
    "json": {"data"},
    "tools": {"calls", "data"},
    "stream": {"text", "data", "calls", "usage"},
    "constraint": {"matches", "data"},
    "sampling": {"choices", "first", "logprobs"},
    "usage": {"usage"},
    "errors": {"error"},
    "length": {"error", "finish"},
}
"""The members of which a result of a feature has at least one."""
SAID = {"schema": r"/age|\bage\b", "grammar": "grammar", "long": r"\d+ tokens", "key": r"[Kk]ey"}
"""What the message of an error says to the user, by the mode of the cell."""
CUT_SAID = re.compile(r"max_tokens|[Tt]oken limit|length limit")


def check(cell: str, result: dict[str, Any]) -> None:
    """Fail if the result is not what the cell promises."""
    feature, mode = cell.split("-", 1)
    assert NEEDED[feature] & set(result), result
    if feature == "errors":
        _check_error(mode, result["error"])
    elif feature == "length":
        _check_cut(result)
    else:
        for member, rule in _RULES.items():
            if member in result:
                rule(result)


def _check_error(mode: str, error: dict[str, Any]) -> None:
    """The user reads the reason, with what to change, and the status where the client shows it."""
    assert re.search(SAID[mode.split("-")[0]], error["message"]), error
    assert error["status"] in (None, 401, 422), error


def _check_cut(result: dict[str, Any]) -> None:
    """A cut answer is an error that names the limit, or says that it is cut and holds no call."""
    if "error" in result:
        assert CUT_SAID.search(result["error"]["message"]), result
    else:
        assert result["finish"] in CUT, result
        assert not result["calls"], result


def _check_text(result: dict[str, Any]) -> None:
    assert isinstance(result["text"], str), result
    if "matches" in result:
        assert re.fullmatch(result["matches"], result["text"]), result
    else:
        assert result["finish"] in FINISHED, result


def _check_data(result: dict[str, Any]) -> None:
    assert SHAPES[result["shape"]].violations(result["data"]) == [], result


def _check_choices(result: dict[str, Any]) -> None:
    assert len(result["choices"]) > 1, result
    assert [SHAPES[result["shape"]].violations(each) for each in result["choices"]] == [[]] * len(
        result["choices"]
    ), result


def _check_calls(result: dict[str, Any]) -> None:
    calls = result["calls"]
    assert result.get("least", 1) <= len(calls) <= result.get("most", 100), result
    ids = [call["id"] for call in calls if call["id"] != "-"]
    assert all(ids), result
    assert len(set(ids)) == len(ids), result
    for call in calls:
        assert TOOLS[call["name"]].violations(call["arguments"]) == [], call
        assert call["name"] in result.get("only", TOOLS), call


def _check_pieces(result: dict[str, Any]) -> None:
    """A call may come whole; text and objects grow."""
    assert result["pieces"] > (0 if "calls" in result else 1), result


def _check_usage(result: dict[str, Any]) -> None:
    usage = result["usage"]
    assert usage["prompt_tokens"] > 0, usage
    assert usage["completion_tokens"] > 0, usage
    assert usage["total_tokens"] == usage["prompt_tokens"] + usage["completion_tokens"], usage


def _check_seed(result: dict[str, Any]) -> None:
    assert result["first"], result
    assert result["first"] == result["second"], result


def _check_logprobs(result: dict[str, Any]) -> None:
    assert result["logprobs"], result
    assert max(result["logprobs"]) <= 0, result


def _check_models(result: dict[str, Any]) -> None:
    assert len(result["models"]) >= 1, result


_RULES: dict[str, Callable[[dict[str, Any]], None]] = {
    "text": _check_text,
    "data": _check_data,
    "choices": _check_choices,
    "calls": _check_calls,
    "pieces": _check_pieces,
    "usage": _check_usage,
    "first": _check_seed,
    "logprobs": _check_logprobs,
    "models": _check_models,
}
