"""Results carry warnings about a misspelt schema over HTTP, in process, through the client and on the command line."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import httpx
import pytest
from click.testing import CliRunner

from structgen import AsyncClient, Client, Generator, repair
from structgen.cli.main import main
from structgen.engines.fake import FakeEngine
from structgen.errors import InvalidSchema
from structgen.types import Diagnostic

Serve = Callable[..., str]
SLIP: Any = {"type": "object", "properties": {"a": {"type": "integer", "minimun": 1}}}
PLACE = "/properties/a/minimun"
SOUND: Any = {"type": "object", "properties": {"a": {"type": "integer", "minimum": 1}}}
ANSWER = '{"a":1}'


def told(warnings: Any) -> list[tuple[str, str]]:
    """Return the pointers and codes of warnings."""
    return [(warning["pointer"], warning["code"]) for warning in warnings]


def warned(stderr: str) -> list[dict[str, Any]]:
    """Return the warnings among the lines of standard error."""
    lines = [json.loads(line) for line in stderr.splitlines()]
    return [line["warning"] for line in lines if "warning" in line]


def result_of(stream: str) -> Any:
    """Return the data of the last event, the result."""
    last = stream.strip().rpartition("\n\n")[2]
    assert last.startswith("event: result\n")
    return json.loads(last.partition("data: ")[2])


def test_the_service_tells_it_with_every_answer(serve: Serve) -> None:
    """Every route of the service returns the warnings, streamed or not; a clean schema has no member `warnings`."""
    slip, wanted = {"schema": SLIP}, [(PLACE, "unknown-keyword")]
    with httpx.Client(base_url=serve(FakeEngine([ANSWER]))) as http:

        def post(path: str, **body: Any) -> Any:
            return http.post(path, json=body)

        extract = {"document": "A is 1.", **slip}
        assert told(post("/v1/extract", **extract).json()["warnings"]) == wanted
        assert told(post("/v1/extract", **extract, sampling={"n": 2}).json()["warnings"]) == wanted
        for strategy in ("repair", "auto"):
            assert told(post("/v1/extract", **extract, strategy=strategy).json()["warnings"]) == wanted
        assert told(result_of(post("/v1/extract", **extract, stream=True).text)["warnings"]) == wanted
        assert told(post("/v1/validate", **slip, value={"a": 1}).json()["warnings"]) == wanted
        assert told(post("/v1/repair", **slip, text="{a: 1}").json()["warnings"]) == wanted
        many = post("/v1/repair", **slip, texts=["{a: 1}", "{}"]).json()
        assert told(many["warnings"]) == wanted
        assert not any("warnings" in result for result in many["results"])
        assert told(post("/v1/schemas/check", **slip).json()["warnings"]) == wanted

        sound = {"schema": SOUND}
        assert "warnings" not in post("/v1/extract", document="A is 1.", **sound).json()
        assert "warnings" not in post("/v1/validate", **sound, value={"a": 1}).json()
        assert "warnings" not in post("/v1/repair", **sound, text="{a: 1}").json()
        assert "warnings" not in post("/v1/repair", text="{a: 1}").json()

        refused = post("/v1/extract", document="A is 1.", schema={"a": "int"})
        assert (refused.status_code, refused.json()["type"]) == (422, "/problems/invalid-schema")
        assert '{"a":{"type":"integer"}}' in refused.json()["detail"]
        as_text = post("/v1/extract", document="A is 1.", schema=json.dumps(SLIP))
        assert (as_text.status_code, "as an object, not as text" in as_text.json()["detail"]) == (404, True)


def test_what_only_validation_enforces_is_told_with_an_answer(serve: Serve) -> None:
    """A result names the constraints that only validation enforced if the engine decoded under a grammar."""
    url = serve(FakeEngine(["[1]"]))
    body = {"schema": {"type": "array", "uniqueItems": True}, "document": "1"}
    assert told(httpx.post(f"{url}/v1/extract", json=body).json()["warnings"]) == [
        ("/uniqueItems", "validated-only")
    ]
    free = httpx.post(f"{url}/v1/extract", json={**body, "strategy": "repair"}).json()
    assert "warnings" not in free


async def test_the_clients_have_it(serve: Serve) -> None:
    """Both clients return warnings as values."""
    url = serve(FakeEngine([ANSWER]))
    with Client(url) as client:
        (warning,) = client.result(SLIP, "A is 1.").warnings
        assert isinstance(warning, Diagnostic)
        assert (warning.pointer, warning.code) == (PLACE, "unknown-keyword")
        assert client.repair("{a: 1}", SLIP).warnings == (warning,)
        assert client.result(SOUND, "A is 1.").warnings == ()
    async with AsyncClient(url) as other:
        assert (await other.result(SLIP, "A is 1.")).warnings == (warning,)


def test_it_is_told_in_process() -> None:
    """`Generator` and `repair` return the warnings."""
    with Generator(FakeEngine([ANSWER])) as generator:
        result = generator.result(SLIP, "A is 1.")
        assert [(w.pointer, w.code) for w in result.warnings] == [(PLACE, "unknown-keyword")]
        assert told(result.to_json()["warnings"]) == [(PLACE, "unknown-keyword")]
        assert generator.result(SOUND, "A is 1.").warnings == ()
        assert generator.repair("{a: 1}", SLIP).warnings == result.warnings
        with pytest.raises(InvalidSchema, match="shorthand"):
            generator.result({"a": "int"}, "A is 1.")
    assert repair("{a: 1}", SLIP).warnings == result.warnings
    assert repair("{a: 1}", SOUND).warnings == repair("{a: 1}").warnings == ()


@pytest.mark.parametrize(
    ("arguments", "text"),
    [
        (["validate", "--schema", "slip.json", "one.json"], '{"valid":true,"violations":[]}\n'),
        (["repair", "--schema", "slip.json", "one.json", "two.json"], '{"a":1}\n{"a":2}\n'),
        (["repair", "--schema", "slip.json", "--lines", "lines.jsonl"], '{"a":1}\n{"a":2}\n'),
    ],
    ids=["validate", "repair", "repair --lines"],
)
def test_the_command_line_tells_it_once_a_run(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, arguments: list[str], text: str
) -> None:
    """Each command writes each warning once, as a line of JSON on standard error."""
    files = {
        "slip.json": json.dumps(SLIP),
        "one.json": ANSWER,
        "two.json": "{a: 2}",
        "lines.jsonl": f"{ANSWER}\n{{a: 2}}\n",
    }
    for name, content in files.items():
        (tmp_path / name).write_text(content)
    monkeypatch.chdir(tmp_path)
    done = CliRunner().invoke(main, arguments)
    assert (done.exit_code, done.stdout) == (0, text)
    assert told(warned(done.stderr)) == [(PLACE, "unknown-keyword")]


def test_extractions_of_several_documents_tell_it_once(
    serve: Serve, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A warning that every result of a run carries appears once on standard error."""
    url = serve(FakeEngine([ANSWER]))
    for name in ("one.txt", "two.txt", "three.txt"):
        (tmp_path / name).write_text("A is 1.")
    (tmp_path / "slip.json").write_text(json.dumps(SLIP))
    monkeypatch.chdir(tmp_path)
    documents = ["one.txt", "two.txt", "three.txt"]
    done = CliRunner().invoke(main, ["extract", "--url", url, "--schema", "slip.json", *documents])
    assert (done.exit_code, done.stdout) == (0, f"{ANSWER}\n" * 3)
    assert told(warned(done.stderr)) == [(PLACE, "unknown-keyword")]


def test_the_check_on_the_command_line_has_it(tmp_path: Path) -> None:
    """`schemas check` prints the warnings in words and as JSON."""
    slip = tmp_path / "slip.json"
    slip.write_text(json.dumps(SLIP))
    words = CliRunner().invoke(main, ["schemas", "check", str(slip)])
    assert f"warning    {PLACE}: 'minimun' is not a keyword" in words.stdout
    body = CliRunner().invoke(main, ["schemas", "check", "--json", str(slip)])
    assert told(json.loads(body.stdout)["warnings"]) == [(PLACE, "unknown-keyword")]
