"""The command line as a process starts fast, handles signals, and writes for terminals."""

from __future__ import annotations

import os
import pty
import re
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest

from structgen import json_text
from structgen.engines.fake import FakeEngine, Reply

Serve = Callable[..., str]
COMMAND = [sys.executable, "-c", "from structgen.cli import main; main()"]
FLAG = (
    '{"type":"object","properties":{"flag":{"type":"boolean"}},'
    '"required":["flag"],"additionalProperties":false}'
)
PLAIN = re.compile(r"\x1b\[[0-9;]*m")
HEAVY = ("torch", "transformers", "llguidance", "litestar", "jsonschema")


@pytest.fixture(scope="module")
def model(tmp_path_factory: pytest.TempPathFactory) -> str:
    """Write a model with random weights, whose output only the grammar makes valid."""
    pytest.importorskip("torch")
    from training.architecture import write_random

    folder = tmp_path_factory.mktemp("random")
    write_random(folder)
    return str(folder)


@pytest.fixture
def service(model: str) -> Iterator[tuple[subprocess.Popen[str], str]]:
    """Start `structgen serve` with that model on a free port; return the printed address."""
    arguments = [*COMMAND, "serve", "--port", "0", "--model", model, "--threads", "1"]
    process = subprocess.Popen(arguments, stderr=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
    assert process.stderr is not None
    try:
        for line in process.stderr:
            if found := re.search(r"http://127\.0\.0\.1:\d+", line):
                yield process, found[0]
                break
        else:
            raise AssertionError("the service printed no address")
    finally:
        process.kill()
        process.communicate()


def test_serve_runs_until_a_signal(service: tuple[subprocess.Popen[str], str]) -> None:
    """Port 0 gives a free port, which is printed; SIGTERM ends the service cleanly."""
    process, url = service
    with httpx.Client() as http:
        assert http.get(f"{url}/ready", timeout=60).json()["status"] == "ready"
    done = subprocess.run(
        [*COMMAND, "extract", "--url", url, "--schema", FLAG], input="on", capture_output=True, text=True
    )
    assert done.stderr == ""
    assert type(json_text.loads(done.stdout)["flag"]) is bool
    process.send_signal(signal.SIGTERM)
    output, _ = process.communicate(timeout=30)
    assert output == ""
    assert process.returncode in (0, -signal.SIGTERM)


def test_extract_without_a_service_runs_the_model(model: str) -> None:
    """The model runs in the process, and standard output has only the object."""
    done = subprocess.run(
        [*COMMAND, "extract", "--model", model, "--schema", FLAG], input="on", capture_output=True, text=True
    )
    assert done.returncode == 0, done.stderr
    assert type(json_text.loads(done.stdout)["flag"]) is bool


def test_a_port_in_use_is_refused(model: str, serve: Serve) -> None:
    """The command exits with 2 and suggests another `--port`."""
    port = serve(FakeEngine([])).rsplit(":", 1)[1]
    done = subprocess.run(
        [*COMMAND, "serve", "--port", port, "--model", model, "--threads", "1"],
        capture_output=True,
        text=True,
    )
    assert done.returncode == 2
    assert f"port {port} on 127.0.0.1 is in use" in done.stderr
    assert "--port" in done.stderr


def test_a_missing_model_is_refused() -> None:
    """The service exits with 2 instead of starting without a model."""
    done = subprocess.run(
        [*COMMAND, "serve", "--port", "0", "--model", "no/such/model"], capture_output=True, text=True
    )
    assert (done.returncode, done.stdout) == (2, "")
    assert "no model in no/such/model" in done.stderr.splitlines()[-1]
    assert "Traceback" not in done.stderr


def test_extract_from_a_service_imports_no_heavy_module(serve: Serve) -> None:
    """With `--url` the command imports no torch, no server and no schema checker."""
    script = (
        "import sys, click.testing, structgen.cli as c\n"
        "r = click.testing.CliRunner().invoke(c.main, sys.argv[1:], input='on')\n"
        f"print(r.stdout.strip(), [m for m in {HEAVY!r} if m in sys.modules])"
    )
    url = serve(FakeEngine(['{"flag":true}']))
    done = subprocess.run(
        [sys.executable, "-c", script, "extract", "--url", url, "--schema", FLAG],
        capture_output=True,
        text=True,
    )
    assert done.stdout == '{"flag":true} []\n', done.stderr


def on_terminal(*arguments: str, **environment: str) -> tuple[str, str]:
    """Return standard output, and the text on a terminal as standard error."""
    ours, theirs = pty.openpty()
    done = subprocess.Popen(
        [*COMMAND, *arguments],
        stdout=subprocess.PIPE,
        stderr=theirs,
        stdin=subprocess.DEVNULL,
        env={**os.environ, "TERM": "xterm", **environment},
    )
    os.close(theirs)
    shown = b""
    try:
        while piece := os.read(ours, 4096):
            shown += piece
    except OSError:  # Linux says EIO when the other end is closed
        pass
    os.close(ours)
    output, _ = done.communicate()
    return output.decode(), shown.decode()


def test_a_terminal_shows_a_progress_bar(serve: Serve, tmp_path: Path) -> None:
    """The bar is on standard error, and the objects are on standard output."""
    paths = [tmp_path / "a.txt", tmp_path / "b.txt"]
    for path in paths:
        path.write_text("on")
    url = serve(FakeEngine(['{"flag":true}']))
    output, shown = on_terminal("extract", "--url", url, "--schema", FLAG, *map(str, paths))
    assert output == '{"flag":true}\n' * 2
    assert "1/2" in shown


def test_a_terminal_shows_errors_as_text(serve: Serve) -> None:
    """The text has every violation."""
    url = serve(FakeEngine(['{"flag":1,"more":2}']))
    output, shown = on_terminal("extract", "--url", url, "--schema", FLAG, "--max-attempts", "1", "README.md")
    assert output == ""
    assert PLAIN.sub("", shown).startswith("structgen: unsatisfied: ")
    assert "\n  /flag: " in shown.replace("\r", "")


class Slow(FakeEngine):
    """An engine that puts the document into `flag`; the document `wait` takes two seconds."""

    def _next(self, request: Any) -> Reply:
        text = request.prompt.messages[-1].content
        if text == "wait":
            return Reply('{"flag":true}', delay=2)
        return Reply(f'{{"flag":{text}}}')


@pytest.fixture(scope="module")
def folder(shared_serve: Serve, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Make a folder with documents, and with settings for a service and a schema."""
    folder = tmp_path_factory.mktemp("documents")
    for text in ("true", "1", "wait"):
        (folder / f"{text}.txt").write_text(text)
    (folder / "s.json").write_text(FLAG)
    lines = [
        f'url = "{shared_serve(Slow([]))}"',
        f'schema = "{folder / "s.json"}"',
        "max-attempts = 1",
        "jobs = 1",
    ]
    (folder / "structgen.toml").write_text("\n".join(["[extract]", *lines]))
    return folder


@pytest.mark.parametrize(
    ("environment", "coloured"), [({}, True), ({"NO_COLOR": "1"}, False), ({"TERM": "dumb"}, False)], ids=str
)
def test_colours_appear_on_terminals_only(folder: Path, environment: dict[str, str], coloured: bool) -> None:
    """`NO_COLOR` and a dumb terminal turn them off."""
    config = str(folder / "structgen.toml")
    _, seen = on_terminal("extract", str(folder / "1.txt"), "--config", config, **environment)
    assert "unsatisfied" in seen
    assert bool(PLAIN.search(seen)) == coloured


@pytest.mark.parametrize("quiet", [False, True], ids=["shown", "quiet"])
def test_a_slow_document_shows_a_spinner(folder: Path, quiet: bool) -> None:
    """The spinner appears after a second on standard error, unless `-q` is set."""
    document, config = str(folder / "wait.txt"), str(folder / "structgen.toml")
    output, seen = on_terminal("extract", document, "--config", config, *["-q"] * quiet)
    assert output == '{"flag":true}\n'
    assert (f"extracting from {document}"[:40] in PLAIN.sub("", seen)) != quiet


def test_a_terminal_shows_the_summary_as_text(folder: Path) -> None:
    """The summary has the count of each outcome and the seconds."""
    documents = [str(folder / "true.txt"), str(folder / "1.txt")]
    _, seen = on_terminal("extract", *documents, "--config", str(folder / "structgen.toml"))
    assert re.search(r"structgen: 2 documents: 1 valid, 1 unsatisfied, \d+\.\d s", PLAIN.sub("", seen))


def enable_interrupts() -> None:
    """Handle the signal, which background processes of a shell inherit as ignored."""
    signal.signal(signal.SIGINT, signal.SIG_DFL)


def test_ctrl_c_exits_with_130(serve: Serve) -> None:
    """An interrupt ends one extraction without output."""
    from structgen.engines.fake import Reply

    engine = FakeEngine([Reply('{"flag":true}', delay=5)])
    process = subprocess.Popen(
        [*COMMAND, "extract", "--url", serve(engine), "--schema", FLAG, "README.md"],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        preexec_fn=enable_interrupts,
    )
    while not engine.requests:
        assert process.poll() is None, process.stderr and process.stderr.read()
    process.send_signal(signal.SIGINT)
    output, _ = process.communicate(timeout=20)
    assert (process.returncode, output) == (130, b"")


OBJECT = FakeEngine(['{"flag":true}'])


@pytest.mark.parametrize(
    ("redirected", "message"),
    [
        (f"--schema {'a' * 300} README.md", "a" * 50),
        (f"--schema '{FLAG}' <&-", "standard input is closed"),
        (f"--schema '{FLAG}' - - README.md", "can be given only once"),
        (f"--schema '{FLAG}' README.md > /dev/full", "standard output cannot be written"),
        (f"--schema '{FLAG}' README.md >&-", "standard output is closed"),
    ],
    ids=["name", "stdin", "twice", "full", "stdout"],
)
def test_unreadable_input_and_unwritable_output_exit_with_2(
    serve: Serve, redirected: str, message: str
) -> None:
    """The message names the stream or file, without a traceback."""
    command = f'"{sys.executable}" -c "from structgen.cli import main; main()" extract --url {serve(OBJECT)}'
    done = subprocess.run(f"{command} {redirected}", shell=True, stderr=subprocess.PIPE, text=True)
    assert done.returncode == 2
    assert message in done.stderr
    assert "Traceback" not in done.stderr


def test_a_schema_may_come_through_a_pipe(serve: Serve, tmp_path: Path) -> None:
    """Shells make such a pipe for `<(command)`."""
    pipe = tmp_path / "schema"
    os.mkfifo(pipe)
    arguments = [*COMMAND, "extract", "--url", serve(OBJECT), "--schema", str(pipe), "README.md"]
    with subprocess.Popen(arguments, stdout=subprocess.PIPE, text=True) as process:
        pipe.write_text(FLAG)
        assert process.communicate(timeout=30)[0] == '{"flag":true}\n'


def test_ctrl_c_ends_a_run_at_once(serve: Serve) -> None:
    """The command does not wait for generations in progress."""
    url = serve(FakeEngine([Reply('{"flag":true}', delay=20)]))
    arguments = [*COMMAND, "extract", "--url", url, "--schema", FLAG, "README.md", "README.md"]
    with subprocess.Popen(
        arguments,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        text=True,
        preexec_fn=enable_interrupts,
    ) as process:
        while httpx.get(f"{url}/ready").json()["running"] < 1:
            time.sleep(0.05)
        process.send_signal(signal.SIGINT)
        _, messages = process.communicate(timeout=10)
    assert process.returncode == 130
    assert "Traceback" not in messages
