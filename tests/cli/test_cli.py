"""The command line: JSON on standard output, everything else on standard error, documented exit codes."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import click
import httpx
import pytest
from click.testing import CliRunner, Result

from structgen import json_text
from structgen.cli import main
from structgen.config import ServerConfig
from structgen.engines.fake import FakeEngine, Reply
from structgen.types import Message

Serve = Callable[..., str]
SCHEMA = '{"title":"Point","type":"object","properties":{"x":{"type":"integer"}},"required":["x"]}'


def run(*arguments: str, stdin: str | bytes = "") -> Result:
    return CliRunner().invoke(main, arguments, input=stdin)


def told(result: Result) -> Any:
    """The first object on standard error, which has JSON alone."""
    return next(json_text.loads(line) for line in result.stderr.splitlines())


@pytest.fixture
def point(tmp_path: Path) -> str:
    path = tmp_path / "point.json"
    path.write_text(SCHEMA)
    return str(path)


def written(folder: Path, *texts: str) -> list[str]:
    paths = [folder / f"{number}.txt" for number in range(len(texts))]
    for path, text in zip(paths, texts, strict=True):
        path.write_text(text)
    return [str(path) for path in paths]


def asked(engine: FakeEngine) -> list[str]:
    turns = [request.prompt[-1] for request in engine.requests]
    return [turn.content for turn in turns if isinstance(turn, Message)]


def test_prints_the_object_alone(serve: Serve, point: str, tmp_path: Path) -> None:
    """One document gives one object, integers with every digit, and nothing besides."""
    engine = FakeEngine(['{"x":12345678901234567890123}'])
    (path,) = written(tmp_path, "x is big\r\n")
    result = run("extract", "--url", serve(engine), "--schema", point, path)
    assert (result.exit_code, result.stdout) == (0, '{"x":12345678901234567890123}\n')
    assert asked(engine) == ["x is big\r\n"]


@pytest.mark.parametrize("dash", [[], ["-"]], ids=["nothing given", "dash"])
def test_reads_standard_input(serve: Serve, dash: list[str]) -> None:
    """Without a document, and for `-`, the document is what is piped in."""
    engine = FakeEngine(['{"x":1}'])
    result = run("extract", "--url", serve(engine), "--schema", SCHEMA, *dash, stdin="x is one")
    assert (result.exit_code, result.stdout) == (0, '{"x":1}\n')
    assert asked(engine) == ["x is one"]


def test_a_prompt_needs_no_document(serve: Serve) -> None:
    """With a prompt and nothing piped in, the prompt is all that is asked."""
    engine = FakeEngine(['{"x":1}'])
    assert run("extract", "--url", serve(engine), "--schema", SCHEMA, "--prompt", "invent one").exit_code == 0
    assert asked(engine) == ["invent one"]


def test_full_prints_the_whole_result(serve: Serve) -> None:
    """`--full` is the body of the 200."""
    result = run("extract", "--full", "--url", serve(FakeEngine(['{"x":1}'])), "--schema", SCHEMA, stdin="x")
    body = json_text.loads(result.stdout)
    assert (body["data"], body["status"], body["attempts"][0]["status"]) == ({"x": 1}, "completed", "valid")


def test_options_reach_the_engine(serve: Serve) -> None:
    """Sampling and limits are those of the command line, and the service's defaults elsewhere."""
    engine = FakeEngine(["{"])
    options = ["--temperature", "0.5", "--seed", "7", "--max-tokens", "9", "--max-attempts", "2"]
    result = run("extract", "--url", serve(engine), "--schema", SCHEMA, *options, stdin="x")
    assert result.exit_code == 1
    sampling = engine.requests[0].sampling
    assert (sampling.temperature, sampling.max_tokens, sampling.top_p) == (0.5, 9, 1.0)
    assert len(engine.requests) == 2


def test_many_documents_keep_their_order(serve: Serve, tmp_path: Path) -> None:
    """A line for each document in the order given, though the first takes longest."""
    engine = FakeEngine([Reply('{"x":0}', delay=0.3), '{"x":1}', '{"x":2}'])
    paths = written(tmp_path, "a", "b", "c")
    result = run("extract", "--url", serve(engine), "--schema", SCHEMA, "--jobs", "1", *paths)
    assert result.stdout == '{"x":0}\n{"x":1}\n{"x":2}\n'
    assert told(result)["summary"] | {"seconds": 0} == {"documents": 3, "valid": 3, "seconds": 0}


class Parrot(FakeEngine):
    """Gives the document back, after the longer the shorter it is."""

    def _next(self, request: Any) -> Reply:
        self.requests.append(request)
        text = request.prompt[-1].content
        return Reply(text, delay=0.3 / len(text))


def test_answers_that_overtake_wait(serve: Serve, tmp_path: Path) -> None:
    """Documents run at once, and the lines still come in the order given."""
    documents = ['{"x":1}', '{"x":20000000}', '{"x":300}']
    result = run("extract", "--url", serve(Parrot([])), "--schema", SCHEMA, *written(tmp_path, *documents))
    assert result.stdout.splitlines() == documents


@pytest.mark.parametrize("full", [False, True], ids=["alone", "full"])
def test_no_document_is_lost(serve: Serve, tmp_path: Path, full: bool) -> None:
    """A document without a valid object keeps its line; the others are not held up by it."""
    documents = ['{"x":1}', '{"x":"one"}', '{"x":3}']
    paths = written(tmp_path, *documents)
    url = serve(Parrot([]))
    result = run(
        "extract", "--url", url, "--schema", SCHEMA, "--max-attempts", "1", *["--full"] * full, *paths
    )
    first, second, third = (json_text.loads(line) for line in result.stdout.splitlines())
    assert result.exit_code == 1
    assert (told(result)["type"], told(result)["source"]) == ("/problems/unsatisfied", paths[1])
    if full:
        assert (first["data"], third["data"], second) == ({"x": 1}, {"x": 3}, told(result))
        assert [row["source"] for row in (first, second, third)] == paths
    else:
        assert (first, second, third) == ({"x": 1}, None, {"x": 3})


def test_a_service_that_is_gone_ends_the_run(tmp_path: Path) -> None:
    """What would fail for every document is told once."""
    result = run(
        "extract", "--url", "http://127.0.0.1:1", "--schema", "invoice", *written(tmp_path, "a", "b")
    )
    assert (result.exit_code, result.stdout) == (3, "")
    assert told(result)["type"] == "/problems/connection-failed"


FAILURES: dict[str, tuple[Any, list[str], int, str]] = {
    "budget": (Reply('{"x"', finish="length"), [], 1, "incomplete"),
    "violations": ('{"x":null}', [], 1, "unsatisfied"),
    "deadline": (Reply('{"x":1}', delay=9), ["--deadline", "0.2"], 1, "deadline"),
    "no such name": ('{"x":1}', ["--schema", "no_such"], 2, "not-found"),
    "no such file": ('{"x":1}', ["--schema", "no/such.json"], 2, "invalid-schema"),
    "no schema": ('{"x":1}', ["--schema", '{"type":"intege"}'], 2, "invalid-schema"),
    "no JSON": ('{"x":1}', ["--schema", '{"type":'], 2, "invalid-schema"),
    "no address": ('{"x":1}', ["--url", "localhost"], 2, "config"),
    "wrong key": ('{"x":1}', ["--api-key", "other"], 2, "unauthorized"),
    "engine failed": (Reply("", error=RuntimeError("boom")), [], 3, "internal"),
}


@pytest.mark.parametrize(("reply", "more", "code", "name"), FAILURES.values(), ids=FAILURES.keys())
def test_exit_codes(serve: Serve, reply: Any, more: list[str], code: int, name: str) -> None:
    """Failures leave standard output empty, one line of problem JSON, and the documented code."""
    url = serve(FakeEngine([reply]), api_key="key")
    options = ["--url", url, "--api-key", "key", "--schema", SCHEMA, "--max-attempts", "1"]
    result = run("extract", *options, *more, stdin="x")
    assert (result.exit_code, result.stdout) == (code, "")
    assert told(result)["type"] == f"/problems/{name}"


USAGE = {
    "no schema": ["extract"],
    "no such document": ["extract", "--schema", SCHEMA, "no-such-file.txt"],
    "two models": ["extract", "--schema", SCHEMA, "--url", "http://localhost", "--model", "m"],
    "an engine without a model": ["extract", "--schema", SCHEMA, "--engine", "outlines:llamacpp"],
    "no temperature": ["extract", "--schema", SCHEMA, "--temperature", "-1"],
    "no such command": ["guess"],
    "no such limit": ["serve", "--schema-limit", "max_fun=3"],
    "no number": ["serve", "--schema-limit", "max_enum=many"],
    "no time at all": ["serve", "--max-deadline", "0"],
    "a dtype for others": ["serve", "--dtype", "float16", "--engine", "vllm", "--model", "m"],
}


@pytest.mark.parametrize("arguments", USAGE.values(), ids=USAGE.keys())
def test_wrong_usage(arguments: list[str]) -> None:
    """Usage that cannot work ends with 2 and an explanation."""
    result = run(*arguments)
    assert (result.exit_code, result.stdout) == (2, "")
    assert "Error:" in result.stderr


def test_settings_reach_the_service(monkeypatch: pytest.MonkeyPatch) -> None:
    """Each under its name, the others as they are."""
    seen: list[ServerConfig] = []
    monkeypatch.setattr("structgen.cli.serve._run", lambda config, *_: seen.append(config))
    found = run(
        "serve", "--max-body", "99", "--max-deadline", "1.5", "--grace", "3", "--schema-limit", "max_enum=7",
        "--schema-limit", "max_depth=9",
    )  # fmt: skip
    assert found.exit_code == 0, found.stderr
    limits = replace(ServerConfig().limits, max_enum=7, max_depth=9)
    assert seen == [
        ServerConfig(max_body=99, max_deadline=1.5, shutdown_grace=3, limits=limits, api_key=seen[0].api_key)
    ]


SETTINGS = {
    "no such engine": ["extract", "--schema", SCHEMA, "--engine", "magic", "--model", "m"],
    "no such model": ["extract", "--schema", SCHEMA, "--model", "no/such/folder"],
    "off loopback without a key": ["serve", "--host", "0.0.0.0", "--model", "m"],
}


@pytest.mark.parametrize("arguments", SETTINGS.values(), ids=SETTINGS.keys())
def test_settings_that_cannot_work(arguments: list[str], monkeypatch: pytest.MonkeyPatch) -> None:
    """The detail says what to change."""
    monkeypatch.delenv("STRUCTGEN_API_KEY", raising=False)
    result = run(*arguments, stdin="x")
    assert (result.exit_code, result.stdout) == (2, "")
    assert told(result)["type"] == "/problems/config"


def test_a_document_that_is_no_text(serve: Serve) -> None:
    """Bytes that are not UTF-8 are refused, never replaced."""
    engine = FakeEngine(['{"x":1}'])
    result = run("extract", "--url", serve(engine), "--schema", SCHEMA, stdin=b"caf\xe9")
    assert (result.exit_code, engine.requests) == (2, [])
    assert "not UTF-8 at byte 3" in told(result)["detail"]


VALUES = {
    "valid": ('{"x": 1}', 0, []),
    "two violations": ('{"x": "1"}', 1, ["/x"]),
    "no JSON": ('{"x": 1', 1, [""]),
    "a key twice": ('{"x": 1, "x": 2}', 1, [""]),
    "beyond a double": ('{"x": 1e999}', 1, [""]),
}


@pytest.mark.parametrize(("value", "code", "pointers"), VALUES.values(), ids=VALUES.keys())
def test_validate(point: str, tmp_path: Path, value: str, code: int, pointers: list[str]) -> None:
    """All violations with their pointers, from a file as from standard input."""
    (path,) = written(tmp_path, value)
    for result in (run("validate", "--schema", point, path), run("validate", "--schema", point, stdin=value)):
        found = json_text.loads(result.stdout)
        assert (result.exit_code, found["valid"]) == (code, code == 0)
        assert [violation["pointer"] for violation in found["violations"]] == pointers


def test_schemas_are_listed_and_printed(tmp_path: Path) -> None:
    """Names and titles, a line of JSON each; with a name the schema itself."""
    shipped = [json_text.loads(line) for line in run("schemas").stdout.splitlines()]
    assert {"name": "invoice", "title": "Invoice"} in shipped
    assert json_text.loads(run("schemas", "show", "invoice").stdout)["title"] == "Invoice"
    (tmp_path / "point.json").write_text(SCHEMA)
    assert run("schemas", "--schemas", str(tmp_path)).stdout == '{"name":"point","title":"Point"}\n'
    assert run("schemas", "show", "nonsense").exit_code == 2


def test_only_a_failed_write_blames_standard_output() -> None:
    """An error of a library, or one about a file, speaks for itself."""

    @click.command()
    @click.argument("name")
    def fail(name: str) -> None:
        if name == "-":
            raise OSError("no such model on the hub")
        Path(name).read_text()

    group = type(main)("structgen", commands={"fail": fail})
    for name, detail in (("-", "no such model on the hub"), ("gone.txt", "gone.txt")):
        result = CliRunner().invoke(group, ["fail", name])
        assert (result.exit_code, detail in told(result)["detail"]) == (2, True)
        assert "standard output" not in result.stderr


def test_a_schema_without_a_grammar_is_told_as_such(serve: Serve) -> None:
    """By the service and on the command line, whatever its report says."""
    pytest.importorskip("llguidance", reason="the grammar is in the extra `local`")
    schema = {"type": "string", "minLength": 5, "enum": ["a"]}
    url = f"{serve(FakeEngine(['{}']))}/v1/schemas/check"
    answered = httpx.post(url, json={"schema": schema}).json()
    shown = json_text.loads(run("schemas", "check", "--json", json_text.dumps(schema)).stdout)
    for told in (answered, shown):
        assert [warning["code"] for warning in told["warnings"]] == ["widened-grammar"]
    sound = json_text.loads(run("schemas", "check", "--json", '{"type":"string"}').stdout)
    assert sound["warnings"] == []
