"""The command line gives the remote engine its address and API key."""

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


def test_extract_uses_a_remote_server(invoke: Invoke) -> None:
    """The server gets its own API key, and never that of the service."""
    app = Compatible(FakeEngine(['{"x":1}']))
    with serving(app) as url:
        found = invoke("extract", "--engine", "remote", "--url", url, "--schema", SCHEMA, stdin="x is 1")
    assert found == (0, '{"x":1}\n')
    assert set(app.keys) == {"Bearer for-the-server"}


def test_repair_uses_a_remote_model(invoke: Invoke) -> None:
    """The model completes what rules cannot decide."""
    with serving(Compatible(FakeEngine(['{"x":1}']))) as url:
        code, text = invoke("repair", "--engine", "remote", "--url", url, "--schema", SCHEMA, stdin="{y: 2}")
    assert (code, json_text.loads(text)["x"]) == (0, 1)


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["serve", "--engine", "remote"], "needs --url ADDRESS"),
        (["serve", "--url", "http://h/v1"], "--url is only for --engine remote"),
        (["serve", "--engine", "remote", "--url", "http://h/v1", "--device", "cuda"], "--device: only for --engine local"),
        (["extract", "--engine", "remote", "--schema", SCHEMA], "needs --url ADDRESS"),
        (["extract", "--engine", "local", "--url", "http://h", "--schema", SCHEMA], "--url cannot be combined with"),
        (["repair", "--engine", "local", "--url", "http://h", "--schema", SCHEMA], "--url cannot be combined with"),
    ],
    ids=["no address", "another engine", "not its option", "extract", "a service", "repair"],
)  # fmt: skip
def test_wrong_options_of_the_remote_engine_are_refused(
    invoke: Invoke, arguments: list[str], message: str
) -> None:
    """The command refuses them before it opens an engine."""
    code, text = invoke(*arguments)
    assert code == 2
    assert message in " ".join(text.replace("│", "").split())
