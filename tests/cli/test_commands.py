"""Commands print JSON on standard output, everything else on standard error, and exit as documented."""

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
from structgen.cli.commands.serve import serve
from structgen.cli.options import ENGINES_HELP
from structgen.config import ServerConfig
from structgen.engines import engine_labels
from structgen.engines.fake import FakeEngine, Reply
from structgen.prompts.selection import FORMATS
from structgen.types import Message

Serve = Callable[..., str]
SCHEMA = '{"title":"Point","type":"object","properties":{"x":{"type":"integer"}},"required":["x"]}'


def run(*arguments: str, stdin: str | bytes = "") -> Result:
    return CliRunner().invoke(main, arguments, input=stdin)


def first_message(result: Result) -> Any:
    """Return the first object on standard error, which has only JSON."""
    return next(json_text.loads(line) for line in result.stderr.splitlines())


@pytest.fixture
def point(tmp_path: Path) -> str:
    path = tmp_path / "point.json"
    path.write_text(SCHEMA)
    return str(path)


def write_documents(folder: Path, *texts: str) -> list[str]:
    paths = [folder / f"{number}.txt" for number in range(len(texts))]
    for path, text in zip(paths, texts, strict=True):
        path.write_text(text)
    return [str(path) for path in paths]


def prompts(engine: FakeEngine) -> list[str]:
    turns = [request.prompt.messages[-1] for request in engine.requests]
    return [turn.content for turn in turns if isinstance(turn, Message)]


def test_extract_prints_only_the_object(serve: Serve, point: str, tmp_path: Path) -> None:
    """For one document the output is its object, with every digit of integers."""
    engine = FakeEngine(['{"x":12345678901234567890123}'])
    (path,) = write_documents(tmp_path, "x is big\r\n")
    result = run("extract", "--url", serve(engine), "--schema", point, path)
    assert (result.exit_code, result.stdout) == (0, '{"x":12345678901234567890123}\n')
    assert prompts(engine) == ["x is big\r\n"]


@pytest.mark.parametrize("dash", [[], ["-"]], ids=["nothing given", "dash"])
def test_extract_reads_standard_input(serve: Serve, dash: list[str]) -> None:
    """Without a document, and for `-`, the command reads the document from standard input."""
    engine = FakeEngine(['{"x":1}'])
    result = run("extract", "--url", serve(engine), "--schema", SCHEMA, *dash, stdin="x is one")
    assert (result.exit_code, result.stdout) == (0, '{"x":1}\n')
    assert prompts(engine) == ["x is one"]


def test_a_prompt_needs_no_document(serve: Serve) -> None:
    """With a prompt and an empty standard input, the model gets the prompt alone."""
    engine = FakeEngine(['{"x":1}'])
    assert run("extract", "--url", serve(engine), "--schema", SCHEMA, "--prompt", "invent one").exit_code == 0
    assert prompts(engine) == ["invent one"]


def test_full_prints_the_whole_result(serve: Serve) -> None:
    """`--full` prints the body of the 200."""
    result = run("extract", "--full", "--url", serve(FakeEngine(['{"x":1}'])), "--schema", SCHEMA, stdin="x")
    body = json_text.loads(result.stdout)
    assert (body["data"], body["status"], body["attempts"][0]["status"]) == ({"x": 1}, "completed", "valid")


def test_options_reach_the_engine(serve: Serve) -> None:
    """The engine gets the given sampling and limits, and the defaults of the service otherwise."""
    engine = FakeEngine(["{"])
    options = ["--temperature", "0.5", "--seed", "7", "--max-tokens", "9", "--max-attempts", "2"]
    result = run("extract", "--url", serve(engine), "--schema", SCHEMA, *options, stdin="x")
    assert result.exit_code == 1
    sampling = engine.requests[0].sampling
    assert (sampling.temperature, sampling.max_tokens, sampling.top_p) == (0.5, 9, 1.0)
    assert len(engine.requests) == 2


def test_many_documents_keep_their_order(serve: Serve, tmp_path: Path) -> None:
    """The command prints a line for each document in the given order, even if the first takes longest."""
    engine = FakeEngine([Reply('{"x":0}', delay=0.3), '{"x":1}', '{"x":2}'])
    paths = write_documents(tmp_path, "a", "b", "c")
    result = run("extract", "--url", serve(engine), "--schema", SCHEMA, "--jobs", "1", *paths)
    assert result.stdout == '{"x":0}\n{"x":1}\n{"x":2}\n'
    assert first_message(result)["summary"] | {"seconds": 0} == {"documents": 3, "valid": 3, "seconds": 0}


class Parrot(FakeEngine):
    """An engine that returns the document, shorter ones later."""

    def _next(self, request: Any) -> Reply:
        self.requests.append(request)
        text = request.prompt.messages[-1].content
        return Reply(text, delay=0.3 / len(text))


def test_a_faster_document_waits_for_an_earlier_one(serve: Serve, tmp_path: Path) -> None:
    """Documents run at once, and their lines are in the given order."""
    documents = ['{"x":1}', '{"x":20000000}', '{"x":300}']
    result = run(
        "extract", "--url", serve(Parrot([])), "--schema", SCHEMA, *write_documents(tmp_path, *documents)
    )
    assert result.stdout.splitlines() == documents


@pytest.mark.parametrize("full", [False, True], ids=["alone", "full"])
def test_a_failed_document_keeps_its_line(serve: Serve, tmp_path: Path, full: bool) -> None:
    """A document without a valid object has the line null, and the others are extracted."""
    documents = ['{"x":1}', '{"x":"one"}', '{"x":3}']
    paths = write_documents(tmp_path, *documents)
    url = serve(Parrot([]))
    result = run(
        "extract", "--url", url, "--schema", SCHEMA, "--max-attempts", "1", *["--full"] * full, *paths
    )
    first, second, third = (json_text.loads(line) for line in result.stdout.splitlines())
    assert result.exit_code == 1
    assert (first_message(result)["type"], first_message(result)["source"]) == (
        "/problems/unsatisfied",
        paths[1],
    )
    if full:
        assert (first["data"], third["data"], second) == ({"x": 1}, {"x": 3}, first_message(result))
        assert [row["source"] for row in (first, second, third)] == paths
    else:
        assert (first, second, third) == ({"x": 1}, None, {"x": 3})


def test_an_unreachable_service_ends_the_run(tmp_path: Path) -> None:
    """An error that would fail every document is reported once."""
    result = run(
        "extract", "--url", "http://127.0.0.1:1", "--schema", "invoice", *write_documents(tmp_path, "a", "b")
    )
    assert (result.exit_code, result.stdout) == (3, "")
    assert first_message(result)["type"] == "/problems/connection-failed"


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
def test_each_failure_has_its_exit_code(
    serve: Serve, reply: Any, more: list[str], code: int, name: str
) -> None:
    """A failure prints one problem on standard error, nothing on standard output, and has the documented code."""
    url = serve(FakeEngine([reply]), api_key="key")
    options = ["--url", url, "--api-key", "key", "--schema", SCHEMA, "--max-attempts", "1"]
    result = run("extract", *options, *more, stdin="x")
    assert (result.exit_code, result.stdout) == (code, "")
    assert first_message(result)["type"] == f"/problems/{name}"


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
def test_wrong_usage_exits_with_2(arguments: list[str]) -> None:
    """The command explains wrong usage on standard error."""
    result = run(*arguments)
    assert (result.exit_code, result.stdout) == (2, "")
    assert "Error:" in result.stderr


def test_serve_passes_its_options_to_the_service(monkeypatch: pytest.MonkeyPatch) -> None:
    """Given options replace their settings; the others keep their defaults."""
    seen: list[ServerConfig] = []
    monkeypatch.setattr("structgen.cli.commands.serve.run_server", lambda config, *_: seen.append(config))
    found = run(
        "serve", "--max-body", "99", "--max-deadline", "1.5", "--grace", "3", "--schema-limit", "max_enum=7",
        "--schema-limit", "max_depth=9", "--prompt-format", "chatml",
    )  # fmt: skip
    assert found.exit_code == 0, found.stderr
    limits = replace(ServerConfig().limits, max_enum=7, max_depth=9)
    settings = {"max_body": 99, "max_deadline": 1.5, "shutdown_grace": 3, "prompt_format": "chatml"}
    assert seen == [ServerConfig(**settings, limits=limits, api_key=seen[0].api_key)]


def test_serve_knows_all_prompt_formats() -> None:
    """The option's choices are the names of the formats."""
    (option,) = [each for each in serve.params if each.name == "prompt_format"]
    assert list(option.type.choices) == list(FORMATS)


SETTINGS = {
    "no such engine": ["extract", "--schema", SCHEMA, "--engine", "magic", "--model", "m"],
    "no such model": ["extract", "--schema", SCHEMA, "--model", "no/such/folder"],
    "off loopback without a key": ["serve", "--host", "0.0.0.0", "--model", "m"],
}


@pytest.mark.parametrize("arguments", SETTINGS.values(), ids=SETTINGS.keys())
def test_settings_that_cannot_work_exit_with_2(arguments: list[str], monkeypatch: pytest.MonkeyPatch) -> None:
    """The command prints a problem named `config`."""
    monkeypatch.delenv("STRUCTGEN_API_KEY", raising=False)
    result = run(*arguments, stdin="x")
    assert (result.exit_code, result.stdout) == (2, "")
    assert first_message(result)["type"] == "/problems/config"


def test_a_document_that_is_not_utf8_is_refused(serve: Serve) -> None:
    """Wrong bytes are not replaced, and the model does not run."""
    engine = FakeEngine(['{"x":1}'])
    result = run("extract", "--url", serve(engine), "--schema", SCHEMA, stdin=b"caf\xe9")
    assert (result.exit_code, engine.requests) == (2, [])
    assert "not UTF-8 at byte 3" in first_message(result)["detail"]


VALUES = {
    "valid": ('{"x": 1}', 0, []),
    "two violations": ('{"x": "1"}', 1, ["/x"]),
    "no JSON": ('{"x": 1', 1, [""]),
    "a key twice": ('{"x": 1, "x": 2}', 1, [""]),
    "beyond a double": ('{"x": 1e999}', 1, [""]),
}


@pytest.mark.parametrize(("value", "code", "pointers"), VALUES.values(), ids=VALUES.keys())
def test_validate_prints_all_violations(
    point: str, tmp_path: Path, value: str, code: int, pointers: list[str]
) -> None:
    """Violations have their pointers, from a file and from standard input alike."""
    (path,) = write_documents(tmp_path, value)
    for result in (run("validate", "--schema", point, path), run("validate", "--schema", point, stdin=value)):
        found = json_text.loads(result.stdout)
        assert (result.exit_code, found["valid"]) == (code, code == 0)
        assert [violation["pointer"] for violation in found["violations"]] == pointers


def test_schemas_are_listed_and_printed(tmp_path: Path) -> None:
    """`schemas` prints names and titles, one line of JSON each; `schemas show` prints a schema."""
    shipped = [json_text.loads(line) for line in run("schemas").stdout.splitlines()]
    assert {"name": "invoice", "title": "Invoice"} in shipped
    assert json_text.loads(run("schemas", "show", "invoice").stdout)["title"] == "Invoice"
    (tmp_path / "point.json").write_text(SCHEMA)
    assert run("schemas", "--schemas", str(tmp_path)).stdout == '{"name":"point","title":"Point"}\n'
    assert run("schemas", "show", "nonsense").exit_code == 2


def test_only_a_failed_write_names_standard_output() -> None:
    """An error of a library, or about a file, is reported with its own message."""

    @click.command()
    @click.argument("name")
    def fail(name: str) -> None:
        if name == "-":
            raise OSError("no such model on the hub")
        Path(name).read_text()

    group = type(main)("structgen", commands={"fail": fail})
    for name, detail in (("-", "no such model on the hub"), ("gone.txt", "gone.txt")):
        result = CliRunner().invoke(group, ["fail", name])
        assert (result.exit_code, detail in first_message(result)["detail"]) == (2, True)
        assert "standard output" not in result.stderr


def test_a_widened_grammar_gives_a_warning(serve: Serve) -> None:
    """The service and the command line give the same warning."""
    pytest.importorskip("llguidance", reason="the grammar is in the extra `local`")
    schema = {"type": "string", "minLength": 5, "enum": ["a"]}
    url = f"{serve(FakeEngine(['{}']))}/v1/schemas/check"
    answered = httpx.post(url, json={"schema": schema}).json()
    shown = json_text.loads(run("schemas", "check", "--json", json_text.dumps(schema)).stdout)
    for told in (answered, shown):
        assert [warning["code"] for warning in told["warnings"]] == ["widened-grammar"]
    sound = json_text.loads(run("schemas", "check", "--json", '{"type":"string"}').stdout)
    assert sound["warnings"] == []


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["serve", "--port", "many"], "give an integer from 0 to 65535, not 'many'"),
        (["serve", "--port", "70000"], "give an integer from 0 to 65535, not '70000'"),
        (["serve", "--slots", "0"], "give an integer of at least 1, not '0'"),
        (["serve", "--max-deadline", "0"], "give a number greater than 0, not '0'"),
        (["extract", "-s", SCHEMA, "--temperature", "hot"], "give a number from 0 to 5, not 'hot'"),
    ],
    ids=lambda value: value if isinstance(value, str) else " ".join(value[-2:]),
)
def test_a_wrong_number_is_refused_with_its_bounds(arguments: list[str], message: str) -> None:
    """The message names the option and the numbers that it takes."""
    result = run(*arguments)
    assert result.exit_code == 2
    assert "Invalid value for" in result.stderr
    assert arguments[-2] in result.stderr
    assert message in result.stderr


def test_the_help_names_every_engine() -> None:
    """The help of `--engine` has all names of the table of engines."""
    assert [label for label in engine_labels() if label not in ENGINES_HELP] == []
