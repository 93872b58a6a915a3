"""The remote engine from the command line: its server's address and key."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from click.testing import CliRunner
from compatible import Compatible, serving

from structgen import json_text
from structgen.cli import main
from structgen.engines.fake import FakeEngine

SCHEMA = '{"type":"object","properties":{"x":{"type":"integer"}},"required":["x"]}'
Invoke = Callable[..., tuple[int, str]]


@pytest.fixture
def invoke(monkeypatch: pytest.MonkeyPatch) -> Invoke:
    monkeypatch.setenv("STRUCTGEN_API_KEY", "for-our-service")
    monkeypatch.setenv("STRUCTGEN_REMOTE_KEY", "for-the-server")

    def run(*arguments: str, stdin: str = "") -> tuple[int, str]:
        done = CliRunner().invoke(main, arguments, input=stdin)
        return done.exit_code, done.stdout or done.stderr

    return run


def test_extracts_on_a_remote_server(invoke: Invoke) -> None:
    """`--url` is then the server's; it gets its own key and never that of our service."""
    app = Compatible(FakeEngine(['{"x":1}']))
    with serving(app) as url:
        found = invoke("extract", "--engine", "remote", "--url", url, "--schema", SCHEMA, stdin="x is 1")
    assert found == (0, '{"x":1}\n')
    assert set(app.keys) == {"Bearer for-the-server"}


def test_repairs_with_a_remote_model(invoke: Invoke) -> None:
    """Asked for what rules cannot decide."""
    with serving(Compatible(FakeEngine(['{"x":1}']))) as url:
        code, text = invoke("repair", "--engine", "remote", "--url", url, "--schema", SCHEMA, stdin="{y: 2}")
    assert (code, json_text.loads(text)["x"]) == (0, 1)


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (["serve", "--engine", "remote"], "takes a --url"),
        (["serve", "--url", "http://h/v1"], "for --engine remote"),
        (["serve", "--engine", "remote", "--url", "http://h/v1", "--device", "cuda"], "--device: for the local"),
        (["extract", "--engine", "remote", "--schema", SCHEMA], "takes a --url"),
        (["extract", "--engine", "local", "--url", "http://h", "--schema", SCHEMA], "--url goes without"),
        (["repair", "--engine", "local", "--url", "http://h", "--schema", SCHEMA], "--url goes without"),
    ],
    ids=["no address", "another engine", "not its option", "extract", "a service", "repair"],
)  # fmt: skip
def test_usage_is_told(invoke: Invoke, arguments: list[str], told: str) -> None:
    """Before anything starts."""
    code, text = invoke(*arguments)
    assert code == 2
    assert told in " ".join(text.replace("│", "").split())
