"""A run over many documents writes rows with sources, can be resumed, and ends cleanly on signals."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import httpx
import pytest
from click.testing import CliRunner, Result

from structgen import json_text
from structgen.cli import main
from structgen.engines.fake import FakeEngine, Reply
from structgen.schema import Schema
from structgen.types import Diagnostic

Serve = Callable[..., str]
SCHEMA = '{"type":"object","properties":{"x":{"type":"integer"}},"required":["x"]}'
HASH = Schema.parse(SCHEMA).hash
COMMAND = [sys.executable, "-c", "from structgen.cli import main; main()"]


class Parrot(FakeEngine):
    """An engine that returns the document; the document `wait` takes long."""

    def __init__(self) -> None:
        super().__init__([])

    def _next(self, request: Any) -> Reply:
        self.requests.append(request)
        text = request.prompt.messages[-1].content
        return Reply(text, delay=20 if text == "wait" else 0)


def rows(text: str) -> list[Any]:
    return [json_text.loads(line) for line in text.splitlines()]


@pytest.fixture(scope="module")
def service(shared_serve: Serve) -> tuple[str, Parrot]:
    parrot = Parrot()
    return shared_serve(parrot), parrot


@pytest.fixture
def url(service: tuple[str, Parrot]) -> str:
    return service[0]


@pytest.fixture
def engine(service: tuple[str, Parrot]) -> Parrot:
    service[1].requests.clear()
    return service[1]


@pytest.fixture
def run(url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[..., Result]:
    """Run `extract` with the schema, in a folder with documents `a.txt`, `bad.txt` and `c.txt`."""
    monkeypatch.chdir(tmp_path)
    for name, text in {"a": '{"x":1}', "bad": '{"x":"no"}', "c": '{"x":3}'}.items():
        Path(f"{name}.txt").write_text(text)
    base = ["extract", "--url", url, "-s", SCHEMA, "--max-attempts", "1"]
    return lambda *more, stdin="": CliRunner().invoke(main, [*base, *more], input=stdin)


def test_rows_name_their_document(run: Callable[..., Result]) -> None:
    """The row of a failure has its source and its error."""
    result = run("--with-source", "a.txt", "bad.txt", "c.txt")
    first, failed, third = rows(result.stdout)
    assert first == {"source": "a.txt", "schema_hash": HASH, "data": {"x": 1}}
    assert (failed["source"], failed["data"]) == ("bad.txt", None)
    assert failed["error"]["type"] == "/problems/unsatisfied"
    assert third["source"] == "c.txt"
    problem, summary = rows(result.stderr)
    assert problem["source"] == "bad.txt"
    assert summary["summary"] | {"seconds": 0} == {"documents": 3, "valid": 2, "unsatisfied": 1, "seconds": 0}


def test_lines_are_documents(run: Callable[..., Result]) -> None:
    """Lines are texts, or objects with a document and an id; a line without a document has a row with an error."""
    lines = '{"x":1}\n\n{"document":"{\\"x\\":2}","id":"k"}\n{"document":7}\r\n'
    result = run("--lines", "--with-source", stdin=lines)
    first, second, third = rows(result.stdout)
    assert (first["source"], first["data"]) == ("stdin:1", {"x": 1})
    assert (second["source"], second["document_id"], second["data"]) == ("stdin:3", "k", {"x": 2})
    assert (third["source"], third["data"]) == ("stdin:4", None)
    assert "`document` of the line is not a string" in third["error"]["detail"]
    assert result.exit_code == 2


@pytest.mark.parametrize("name", ["documnt", "documents", "Document"])
def test_a_misspelt_document_of_a_line_is_refused(run: Callable[..., Result], name: str) -> None:
    """Such a line is not taken as text; the objects of a log are."""
    lines = f'{{"{name}":"{{}}","id":4}}\n{{"{name}_type":"note","x":2}}\n'
    result = run("--lines", "--full", stdin=lines)
    refused, text = rows(result.stdout)
    assert f"stdin:1: unknown member '{name}'; did you mean 'document'?" in refused["detail"]
    assert text["source"] == "stdin:2"
    assert "did you mean 'document'" not in text.get("detail", "")


def test_lines_of_a_binary_file_are_refused(run: Callable[..., Result]) -> None:
    """The whole file is refused; a byte order mark does not count as text of the first document."""
    Path("x.pdf").write_bytes(b"%PDF-1.7\nmore\nlines\n")
    refused = run("--lines", "x.pdf")
    assert (refused.exit_code, refused.stdout, "is a PDF" in refused.stderr) == (2, "", True)
    Path("marked.jsonl").write_text('\ufeff{"document":"{\\"x\\":1}"}\n')
    assert run("--lines", "marked.jsonl").stdout == '{"x":1}\n'


def test_lines_are_extracted_as_they_arrive(url: str) -> None:
    """The command prints the row of the first line before the second line arrives."""
    arguments = [*COMMAND, "extract", "--url", url, "-s", SCHEMA, "--lines", "-q"]
    environment = {**os.environ, "PYTHONUNBUFFERED": "1"}
    with subprocess.Popen(
        arguments, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, env=environment
    ) as process:
        assert process.stdin is not None
        assert process.stdout is not None
        process.stdin.write('{"x":1}\n')
        process.stdin.flush()
        assert process.stdout.readline() == '{"x":1}\n'
        process.stdin.write('{"x":2}\n')
        process.stdin.close()
        assert process.stdout.read() == '{"x":2}\n'


@pytest.mark.parametrize("shape", ["--with-source", "--full"])
def test_resume_keeps_valid_rows(run: Callable[..., Result], engine: Parrot, shape: str) -> None:
    """The run extracts failures and new documents only, and keeps the given order."""
    assert run(shape, "-o", "rows.jsonl", "a.txt", "bad.txt").exit_code == 1
    before = rows(Path("rows.jsonl").read_text())
    Path("bad.txt").write_text('{"x":2}')
    engine.requests.clear()
    result = run(shape, "-o", "rows.jsonl", "--resume", "c.txt", "a.txt", "bad.txt")
    after = rows(Path("rows.jsonl").read_text())
    assert (result.exit_code, len(engine.requests)) == (0, 2)
    assert [(row["source"], row["data"]["x"]) for row in after] == [
        ("c.txt", 3),
        ("a.txt", 1),
        ("bad.txt", 2),
    ]
    assert after[1] == before[0]
    assert rows(result.stderr)[-1]["summary"]["kept"] == 1
    assert not Path("rows.jsonl.part").exists()


def test_resume_keeps_rows_of_the_same_schema_and_format_only(
    run: Callable[..., Result], engine: Parrot
) -> None:
    """Documents with rows of another schema or format are extracted again."""
    run("--with-source", "-o", "rows.jsonl", "a.txt", "c.txt")
    engine.requests.clear()
    other = SCHEMA.replace("integer", "number")
    run("--with-source", "-o", "rows.jsonl", "--resume", "-s", other, "a.txt", "c.txt")
    assert len(engine.requests) == 2
    run("--full", "-o", "rows.jsonl", "--resume", "-s", other, "a.txt", "c.txt")
    assert len(engine.requests) == 4


@pytest.mark.parametrize("cut", [0, 1, 20], ids=["whole", "without its line end", "half a row"])
def test_resume_drops_a_row_that_was_cut_off(run: Callable[..., Result], engine: Parrot, cut: int) -> None:
    """The document of a last line that was cut off is extracted again; earlier rows are kept."""
    run("-o", "rows.jsonl", "a.txt", "c.txt")
    entries = [
        json_text.dumps({"key": f"{name}.txt", "stamp": f"data:{HASH}", "row": {"x": x}}) + "\n"
        for name, x in (("a", 10), ("c", 30))
    ]
    Path("rows.jsonl").unlink()
    text = "".join(entries)
    Path("rows.jsonl.part").write_text(text[: len(text) - cut])
    engine.requests.clear()
    assert run("-o", "rows.jsonl", "--resume", "a.txt", "c.txt").exit_code == 0
    last = {"x": 30} if cut == 0 else {"x": 3}
    assert rows(Path("rows.jsonl").read_text()) == [{"x": 10}, last]
    assert len(engine.requests) == (0 if cut == 0 else 1)


def test_a_run_without_resume_sets_earlier_rows_aside(run: Callable[..., Result]) -> None:
    """The rows of an interrupted run are renamed, with a warning."""
    Path("rows.jsonl.part").write_text("earlier\n")
    result = run("-o", "rows.jsonl", "a.txt", "c.txt")
    assert (result.exit_code, rows(Path("rows.jsonl").read_text())) == (0, [{"x": 1}, {"x": 3}])
    assert Path("rows.jsonl.part.old").read_text() == "earlier\n"
    assert rows(result.stderr)[0]["warning"]["code"] == "set-aside"


def test_resume_identifies_lines_by_their_ids(run: Callable[..., Result], engine: Parrot) -> None:
    """A line keeps its row when it moves; two lines with one id are refused."""
    Path("in.jsonl").write_text('{"document":"{\\"x\\":1}","id":"k"}\n')
    run("--lines", "--with-source", "-o", "rows.jsonl", "in.jsonl")
    Path("in.jsonl").write_text('{"document":"{\\"x\\":2}","id":"n"}\n{"document":"{\\"x\\":1}","id":"k"}\n')
    engine.requests.clear()
    run("--lines", "--with-source", "-o", "rows.jsonl", "--resume", "in.jsonl")
    assert [row["document_id"] for row in rows(Path("rows.jsonl").read_text())] == ["n", "k"]
    assert len(engine.requests) == 1
    Path("in.jsonl").write_text('{"document":"{\\"x\\":1}","id":"k"}\n' * 2)
    twice = run("--lines", "--with-source", "-o", "rows.jsonl", "--resume", "in.jsonl")
    assert (twice.exit_code, "both have the id 'k'" in twice.stderr) == (2, True)


def test_resume_needs_an_output_file_with_sources(run: Callable[..., Result]) -> None:
    """The messages name `--out` and `--with-source`."""
    assert "--resume needs --out" in run("--resume", "a.txt").stderr
    run("-o", "rows.jsonl", "a.txt", "c.txt")
    result = run("-o", "rows.jsonl", "--resume", "a.txt", "c.txt")
    assert (result.exit_code, "--with-source" in result.stderr) == (2, True)
    assert rows(Path("rows.jsonl").read_text()) == [{"x": 1}, {"x": 3}]


def test_out_is_written_whole_or_not_at_all(run: Callable[..., Result], tmp_path: Path) -> None:
    """A failure leaves the file as it was, without temporary files; permissions and links stay."""
    Path("real.json").write_text("old")
    Path("real.json").chmod(0o640)
    Path("out.json").symlink_to("real.json")
    assert run("-o", "out.json", "bad.txt").exit_code == 1
    assert Path("real.json").read_text() == "old"
    assert run("-o", "out.json", "a.txt").exit_code == 0
    assert Path("real.json").read_text() == '{"x":1}\n'
    assert (Path("real.json").stat().st_mode & 0o777, Path("out.json").is_symlink()) == (0o640, True)
    assert {p.name for p in tmp_path.iterdir()} == {"a.txt", "bad.txt", "c.txt", "out.json", "real.json"}
    assert "--out" in run("-o", "no/such/folder/out.json", "a.txt").stderr


def test_quiet_and_verbose(run: Callable[..., Result]) -> None:
    """`-q` prints only errors on standard error; `-v` adds a line for each document."""
    assert run("-q", "a.txt", "c.txt").stderr == ""
    assert len(rows(run("-q", "a.txt", "bad.txt").stderr)) == 1
    assert [row.get("source") for row in rows(run("-v", "a.txt", "c.txt").stderr)] == ["a.txt", "c.txt", None]
    assert run("-q", "-v", "a.txt").exit_code == 2


def test_each_warning_is_printed_once(run: Callable[..., Result], monkeypatch: pytest.MonkeyPatch) -> None:
    """A warning of several results has their number and the first document."""
    from structgen.client.results import ExtractResult

    warning = Diagnostic("/x", "some-code", "something to know")
    monkeypatch.setattr(ExtractResult, "warnings", (warning, warning))
    warnings = [row["warning"] for row in rows(run("a.txt", "c.txt").stderr) if "warning" in row]
    once = {"code": "some-code", "pointer": "/x", "message": "something to know"}
    assert warnings == [{**once, "count": 2, "source": "a.txt"}]


def enable_interrupts() -> None:
    """Handle the signal, which background processes of a shell inherit as ignored."""
    signal.signal(signal.SIGINT, signal.SIG_DFL)


@pytest.mark.parametrize(("number", "code"), [(signal.SIGINT, 130), (signal.SIGTERM, 143)])
@pytest.mark.parametrize("documents", [["wait.txt"], ["a.txt", "wait.txt", "c.txt"]], ids=["one", "many"])
def test_a_signal_ends_a_run_with_its_exit_code(
    url: str, engine: Parrot, tmp_path: Path, number: signal.Signals, code: int, documents: list[str]
) -> None:
    """The output has no partial object, and the finished rows stay for `--resume`."""
    for name, text in {"a.txt": '{"x":1}', "wait.txt": "wait", "c.txt": '{"x":3}'}.items():
        (tmp_path / name).write_text(text)
    arguments = ["extract", "--url", url, "-s", SCHEMA, "--jobs", "1", "-o", "rows.jsonl", *documents]
    with subprocess.Popen(
        [*COMMAND, *arguments], cwd=tmp_path, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
        preexec_fn=enable_interrupts,
        env={**os.environ, "PYTHONPATH": str(Path(__file__).parents[2])},
    ) as process:  # fmt: skip
        until = time.monotonic() + 30
        while httpx.get(f"{url}/ready").json()["running"] < 1 or len(engine.requests) < min(
            2, len(documents)
        ):
            assert time.monotonic() < until, "nothing runs"
            time.sleep(0.05)
        process.send_signal(number)
        output, messages = process.communicate(timeout=15)
    assert (process.returncode, output, "Traceback" in messages) == (code, "", False)
    left = {path.name for path in tmp_path.iterdir()} - {"a.txt", "wait.txt", "c.txt"}
    assert left == (set() if len(documents) == 1 else {"rows.jsonl.part"})
    if left:
        assert "--resume" in messages
        assert [row["key"] for row in rows((tmp_path / "rows.jsonl.part").read_text())] == ["a.txt"]
