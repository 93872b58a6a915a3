"""`structgen eval --calibration` measures confidences, and whether the thresholds keep their promise."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from structgen import json_text
from structgen.cli import main
from structgen.engines.fake import FakeEngine
from structgen.evidence.calibration.calibration import Calibration, Term
from structgen.evidence.evaluation import from_record
from structgen.schema import Schema

Serve = Callable[..., str]
SCHEMA: dict[str, Any] = {"type": "object", "properties": {"x": {"type": "integer"}}, "required": ["x"]}


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    return tmp_path


def run(*arguments: str) -> Result:
    return CliRunner().invoke(main, ["eval", "--json", "out.json", *arguments])


def write_lines(name: str, rows: list[Any]) -> str:
    Path(name).write_text("".join(f"{json_text.dumps(row)}\n" for row in rows))
    return name


def calibration(schema: Any = SCHEMA, **members: Any) -> str:
    """Write a calibration whose confidence is high for a value that the text says exactly."""
    terms = {"kind_exact": Term(0.5, 0.5, 3.0)}
    thresholds = {"0.99": 0.9, "0.995": None}
    made = Calibration(0.0, terms, schema_hash=Schema.parse(schema).hash, thresholds=thresholds)
    Path("c.json").write_text(json_text.dumps({**made.to_json(), **members}))
    return "c.json"


def whole() -> Any:
    return json_text.loads(Path("out.json").read_text())


def data_set() -> tuple[str, str]:
    """Write four documents and answers; the third answer is wrong and not in its text, the last is in it."""
    found = [(7, 7), (8, 8), (9, 31), (6, 61)]
    rows = [{"id": f"d{n}", "document": f"x: {n}, 61", "gold": {"x": n}} for n, _ in found]
    answers = [{"id": f"d{n}", "data": {"x": told}} for n, told in found]
    return write_lines("set.jsonl", rows), write_lines("answers.jsonl", answers)


@pytest.mark.parametrize("evidence", [None, {"/x": {"kind": "exact", "candidates": 1, "score": 0.9}}])
def test_answers_get_confidences(evidence: Any) -> None:
    """Evidence is found, or what it lacks of signals; the record and its reading have what the thresholds give."""
    rows, answers = data_set()
    if evidence is not None:
        given = [
            {**json_text.loads(line), "evidence": evidence} for line in Path(answers).read_text().splitlines()
        ]
        write_lines(answers, given)
    done = run("-s", json_text.dumps(SCHEMA), "--calibration", calibration(), "--answers", answers, rows)
    assert done.exit_code == 0, done.stderr
    record = whole()
    confidences = {each["id"]: each["evidence"]["/x"]["confidence"] for each in record["documents"]}
    assert confidences["d7"] > 0.9 > 0.1 > confidences["d9"]
    scores = record["summary"]["scores"]
    assert (scores["member"], scores["count"]) == ("confidence", 4)
    assert scores["thresholds"] == [{"precision": 0.99, "threshold": 0.9, "review": 0.25, "right": 0.6667}]
    assert 0 < scores["ece_by_chance"] < scores["ece"]
    assert "confidence of 0.900 or more, for 99%: review 25.0%, 66.7% of the rest is right" in done.stdout
    again = from_record(record).scores()
    assert again is not None
    assert again.to_json() == scores


@pytest.mark.parametrize("where", ["service", "process"])
def test_extractions_get_confidences(serve: Serve, where: str) -> None:
    """The signals of the extraction count, from a service too, which need not have the calibration."""
    rows = write_lines("set.jsonl", [{"document": "x: 7", "gold": {"x": 7}}])
    url = serve(FakeEngine(['{"x":7}'], cycle=True))
    engine = ["-u", url] if where == "service" else []
    done = run("-s", json_text.dumps(SCHEMA), "--calibration", calibration(), *engine, rows)
    assert done.exit_code == 0, done.stderr
    place = whole()["documents"][0]["evidence"]["/x"]
    assert place["confidence"] == pytest.approx(0.9526 if place["kind"] == "exact" else 0.0474, abs=1e-3)


def test_a_calibration_that_cannot_rank_gives_none() -> None:
    """The scores are measured in its place, and a warning says so."""
    rows, answers = data_set()
    done = run(
        "-s", json_text.dumps(SCHEMA), "--calibration", calibration(ranks=False), "--answers", answers, rows
    )
    assert "no-confidence" in done.stderr
    assert (whole()["summary"]["scores"]["member"], whole()["summary"]["scores"]["thresholds"]) == (
        "score",
        [],
    )


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ([], "--calibration needs --schema"),
        (["-s", json_text.dumps(SCHEMA), "--no-evidence"], "--calibration needs --evidence"),
        (["-s", json_text.dumps({**SCHEMA, "title": "T"})], "the calibration is that of the schema"),
    ],
    ids=["no-schema", "no-evidence", "another-schema"],
)
def test_a_calibration_without_its_schema_is_refused(arguments: list[str], message: str) -> None:
    """The message names what is missing, before a model runs."""
    rows, answers = data_set()
    done = run(*arguments, "--calibration", calibration(), "--answers", answers, rows)
    assert done.exit_code == 2
    assert message in " ".join(done.stderr.split())
