"""The programs in `examples/` run as they stand and print what they promise."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from structgen import Generator, Schema
from structgen.engines import open_engine
from structgen.engines.fake import FakeEngine
from structgen.models import DEMO_MODEL
from structgen.schema import Registry

Serve = Callable[..., str]
EXAMPLES = Path(__file__).parents[1] / "examples"
INVOICE = json.loads((EXAMPLES / "invoice.json").read_text())
SHORT = {"invoice_number": "INV-2026-0042", "due_date": "2026-04-01", "total": 1069.22}
shipped = pytest.mark.skipif(
    not (DEMO_MODEL / "model.safetensors").is_file(), reason="the shipped model is not in this checkout"
)


def run(program: str, *arguments: str) -> str:
    """Run the program from another folder and return its standard output."""
    shell = ["sh"] if program.endswith(".sh") else [sys.executable]
    done = subprocess.run(
        [*shell, str(EXAMPLES / program), *arguments],
        capture_output=True,
        text=True,
        timeout=300,
        cwd="/",
        env={name: value for name, value in os.environ.items() if name != "STRUCTGEN_API_KEY"},
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


def scripted(data: Any) -> FakeEngine:
    return FakeEngine([json.dumps(data)])


@pytest.mark.parametrize("name", Registry().names())
def test_every_schema_has_a_document_and_its_object(name: str) -> None:
    """Every shipped schema has an example document and an expected object that is valid under it."""
    expected = json.loads((EXAMPLES / f"{name}.json").read_text())
    assert Registry().get(name).violations(expected) == []
    assert (EXAMPLES / f"{name}.txt").read_text().strip()


def test_client(serve: Serve) -> None:
    """`client.py` prints the object that the service answers."""
    assert json.loads(run("client.py", serve(scripted(INVOICE)))) == INVOICE


def test_streaming(serve: Serve) -> None:
    """`streaming.py` prints a line for each state of the object, the whole one last."""
    lines = [json.loads(line) for line in run("streaming.py", serve(scripted(INVOICE))).splitlines()]
    assert lines[-1] == INVOICE


def test_curl(serve: Serve) -> None:
    """`curl.sh` prints the body of the 200."""
    assert json.loads(run("curl.sh", serve(scripted(SHORT))))["data"] == SHORT


@shipped
def test_the_service_of_the_shipped_model(serve: Serve) -> None:
    """Every example program prints the expected object with the shipped model."""
    url = serve(open_engine("local", str(DEMO_MODEL)), start_seconds=90)
    assert json.loads(run("curl.sh", url))["data"] == SHORT
    assert json.loads(run("client.py", url)) == INVOICE
    assert json.loads(run("streaming.py", url).splitlines()[-1]) == INVOICE


@pytest.fixture(scope="module")
def generator() -> Iterator[Generator]:
    """Yield a generator on the shipped model."""
    with Generator() as generator:
        yield generator


@shipped
@pytest.mark.parametrize("name", Registry().names())
def test_the_shipped_model_reads_every_document(generator: Generator, name: str) -> None:
    """The shipped model extracts `NAME.json` from `NAME.txt` exactly, in one attempt."""
    result = generator.result(Registry().get(name), (EXAMPLES / f"{name}.txt").read_text())
    assert result.data == json.loads((EXAMPLES / f"{name}.json").read_text())
    assert len(result.attempts) == 1


@shipped
def test_demo() -> None:
    """`demo.py` starts its own service and shows the document, the object, the attempts and the validation."""
    shown = run("demo.py")
    document = (EXAMPLES / "invoice.txt").read_text()
    assert document in shown
    found = json.loads(shown.split("--- the object ---\n")[1].split("\n--- the account")[0])
    assert Registry().get("invoice").violations(found) == []
    assert '"status": "valid"' in shown
    assert "valid under schemas/invoice.json: True" in shown
    assert "equal to examples/invoice.json: True" in shown


@shipped
def test_library() -> None:
    """`library.py` needs no service."""
    schema = {"required": ["invoice_number", "issue_date", "total", "line_items"]}
    assert Schema.parse(schema).violations(json.loads(run("library.py"))) == []


def test_repair() -> None:
    """`repair.py` prints the repaired object and every change."""
    first, *changes = run("repair.py").splitlines()
    assert json.loads(first) == {"order": "A-17", "total": 1204.5, "status": "paid", "paid_on": "2026-03-05"}
    assert len(changes) == 6


def test_evidence() -> None:
    """`evidence.py` prints the line of each value, and the wrong one as not found."""
    lines = dict(line.split(maxsplit=1) for line in run("evidence.py").splitlines())
    assert [pointer for pointer, shown in lines.items() if shown.startswith("not in")] == ["/tax"]
    assert lines["/line_items/1/amount"].startswith("line 11 value")
    assert lines["/line_items/1/amount"].endswith(" 118.00")
    assert lines["/total"].endswith(" 1,069.22")
