"""`structgen eval` measures extractions, compares runs, and writes files that can be read again."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import click
import pytest
from click.testing import CliRunner, Result

from structgen import json_text
from structgen.cli import main
from structgen.cli.eval_text import MIN_WIDTH, evaluation_text
from structgen.engines.fake import FakeEngine, Reply
from structgen.evidence.evaluation import compare_runs, evaluate, from_record

Serve = Callable[..., str]
SCHEMA: dict[str, Any] = {
    "type": "object",
    "properties": {"x": {"type": "integer"}},
    "required": ["x"],
}
EXAMPLES = Path(__file__).parents[2] / "examples"


class Echo(FakeEngine):
    """An engine that returns the last line of its prompt."""

    def __init__(self) -> None:
        super().__init__([])

    def _next(self, request: Any) -> Reply:
        self.requests.append(request)
        return Reply(request.prompt.messages[-1].content.splitlines()[-1])


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    return tmp_path


def run(*arguments: str, stdin: str = "") -> Result:
    return CliRunner().invoke(main, ["eval", *arguments], input=stdin)


def write_lines(name: str, rows: Sequence[Any]) -> str:
    Path(name).write_text(
        "".join(f"{row if isinstance(row, str) else json_text.dumps(row)}\n" for row in rows)
    )
    return name


def data_set(count: int = 3, **more: Any) -> str:
    rows = [{"id": f"d{n}", "document": f'{{"x":{n}}}', "gold": {"x": n}, **more} for n in range(count)]
    return write_lines("set.jsonl", rows)


def answers(name: str, right: int, count: int) -> str:
    return write_lines(name, [{"id": f"d{n}", "data": {"x": n if n < right else -1}} for n in range(count)])


def whole(path: str = "out.json") -> Any:
    return json_text.loads(Path(path).read_text())


def test_a_service_is_measured(serve: Serve) -> None:
    """A document that fails has its problem, its values are missing, and the run goes on."""
    rows = [
        {"document": '{"x":1}', "gold": {"x": 1}},
        {"id": "bad", "document": '{"x":"no"}', "gold": {"x": 2}},
        {"id": "p", "pages": ["one", '{"x":3}'], "gold": {"x": 4}, "prompt": "count"},
    ]
    engine = Echo()
    result = run(
        "-u", serve(engine), "-s", json_text.dumps(SCHEMA), "--max-attempts", "1", "--json", "out.json",
        "--seed", "3", write_lines("set.jsonl", rows),
    )  # fmt: skip
    assert result.exit_code == 0, result.stderr
    record = whole()
    assert {
        each["id"]: (each["data"], each["problem"]) for each in record["documents"] if each["id"] != "bad"
    } == {
        "1": ({"x": 1}, None),
        "p": ({"x": 3}, None),
    }
    assert next(e["problem"] for e in record["documents"] if e["id"] == "bad").startswith("unsatisfied: ")
    assert record["summary"]["total"]["errors"] == {"different": 1, "missing": 1}
    assert record["run"]["options"] == {"strategy": "constrained", "seed": 3, "max_attempts": 1}
    assert record["run"]["prompts"] == ["count"]
    assert len(record["run"]["models"]) == len(record["run"]["schemas"]) == 1
    assert record["summary"]["scores"]["count"] == 2
    assert from_record(record).macro == pytest.approx(1 / 3)
    assert '"source":"bad"' in result.stderr
    assert "right: 33.3% of 3 values" in result.stdout
    assert "bad: 0.0% of 1: unsatisfied" in result.stdout


def test_the_shipped_model_is_measured() -> None:
    """The example data set has documents like those of the model's training, and others."""
    result = run("-s", "receipt", "--json", "-", str(EXAMPLES / "receipts.jsonl"))
    assert result.exit_code == 0
    record = json_text.loads(result.stdout)
    assert record["run"]["models"] == ["structgen-demo-8m"]
    assert record["run"]["schemas"][0]["name"] == "receipt"
    assert record["summary"]["without_object"] == 0
    assert 0.6 < record["summary"]["macro"] < 1
    assert {each["id"]: each["share_right"] for each in record["documents"]}["bakery"] == 1
    assert '"code":"gold"' not in result.stderr


def test_options_replace_the_schema_and_prompt_of_rows(serve: Serve) -> None:
    """Without them, each row has its own."""
    engine = Echo()
    url = serve(engine)
    path = data_set(1, schema=SCHEMA, prompt="of the row")
    assert run("-u", url, "--no-evidence", "--json", "a.json", path).exit_code == 0
    wider = json_text.dumps({**SCHEMA, "title": "wider"})
    assert run("-u", url, "-s", wider, "--prompt", "given", "--json", "b.json", path).exit_code == 0
    first, second = whole("a.json"), whole("b.json")
    assert (first["run"]["prompts"], second["run"]["prompts"]) == (["of the row"], ["given"])
    assert first["run"]["schemas"] != second["run"]["schemas"]
    assert (first["documents"][0]["evidence"], first["summary"]["scores"]) == ({}, None)


def test_rows_of_an_extraction_are_answers(serve: Serve) -> None:
    """What `extract --lines` wrote of the data set is evaluated without a model."""
    path = data_set(2)
    extracted = CliRunner().invoke(
        main, ["extract", "-u", serve(Echo()), "-s", json_text.dumps(SCHEMA), "--lines", "--full", "-o", "rows.jsonl", path]
    )  # fmt: skip
    assert extracted.exit_code == 0
    assert run("--answers", "rows.jsonl", "--json", "out.json", path).exit_code == 0
    record = whole()
    assert record["summary"]["macro"] == 1
    assert record["documents"][0]["evidence"]["/x"]["kind"] == "exact"
    assert len(record["run"]["models"]) == 1
    assert run("--answers", "out.json", "--json", "again.json", path).exit_code == 0
    assert whole("again.json")["run"] == record["run"]


def test_the_exit_code_tells_whether_enough_is_right() -> None:
    """The share itself is enough."""
    path = data_set(4)
    given = answers("answers.jsonl", 3, 4)
    assert run("--answers", given, "--fail-under", "0.75", path).exit_code == 0
    assert run("--answers", given, "--fail-under", "0.76", path).exit_code == 1


def test_two_runs_are_compared() -> None:
    """The text and the file have the difference with its interval, and the leaves that changed."""
    path = data_set(20)
    run("--answers", answers("old.jsonl", 8, 20), "--name", "before", "--json", "old.json", path)
    result = run(
        "--answers", answers("new.jsonl", 18, 20), "--against", "old.json", "--json", "new.json", path
    )
    assert result.exit_code == 0
    assert "against before, 20 documents of both:" in result.stdout
    assert "right: 40.0% before, 90.0% now: +50.0 " in result.stdout
    compared = whole("new.json")["comparison"]
    assert (compared["total"]["verdict"], compared["total"]["fixed"]) == ("better", 10)
    same = run("--answers", "old.jsonl", "--against", "old.json", path)
    assert ": no difference can be told" in same.stdout


def test_the_page_stands_alone() -> None:
    """The report has the documents."""
    path = data_set(2)
    assert run("--answers", answers("a.jsonl", 1, 2), "--html", "out.html", path).exit_code == 0
    page = Path("out.html").read_text()
    assert page.startswith("<!")
    assert all(name in page for name in ("d1", "a.jsonl"))


@pytest.mark.parametrize(
    ("lines", "message"),
    [
        pytest.param(["{"], "set.jsonl: line 1: not JSON", id="no-json"),
        pytest.param(["", '{"document":"x"}'], "set.jsonl: line 2: /gold: the row has no `gold`", id="gold"),
        pytest.param(['{"document":1,"gold":1}'], "line 1: /document: the document is not a text", id="text"),
        pytest.param(['{"id":1,"document":"","gold":1}'] * 2, "line 2: /id: the row of line 1 has", id="twice"),
        pytest.param(['{"id":"2","document":"","gold":1}', '{"document":"","gold":1}'], "line 2: /id", id="number"),
        pytest.param([], "set.jsonl has no rows", id="empty"),
        pytest.param(['{"document":"","gold":1}'], "Missing option '--schema': the row '1'", id="schema"),
    ],
)  # fmt: skip
def test_faults_of_a_data_set_name_file_line_and_field(lines: list[str], message: str) -> None:
    """Nothing is extracted then."""
    result = run(write_lines("set.jsonl", lines))
    assert result.exit_code == 2
    assert message in result.stderr


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["--answers", "a.jsonl", "-m", "x"], "--answers cannot be combined with --model"),
        (["--answers", "-", "-"], "can be given only once"),
        (["--answers", "other.jsonl"], "--answers: other.jsonl: the answer 'e' names no document"),
        (["--answers", "faulty.jsonl"], "faulty.jsonl: line 1: /data: the answer has neither"),
        (["--answers", "a.jsonl", "--against", "a.jsonl"], "a.jsonl: "),
        (["--answers", "a.jsonl", "--against", "e.json"], "no document in common"),
        (["--answers", "a.jsonl", "--fail-under", "95"], "give a number from 0 to 1"),
    ],
)
def test_faults_of_other_files_and_options_are_named(arguments: list[str], message: str) -> None:
    """The option or the file, and what to do."""
    answers("a.jsonl", 1, 2)
    write_lines("other.jsonl", [{"id": "e", "data": 1}])
    write_lines("faulty.jsonl", [{"id": "d0"}])
    write_lines("e.json", [{"evaluation": 1, "name": "", "run": {}, "documents": []}])
    result = run(*arguments, *([] if arguments[-1] == "-" else [data_set(2)]))
    assert result.exit_code == 2
    assert message in result.stderr


def test_gold_values_that_violate_the_schema_are_warned_of() -> None:
    """No valid answer can be right there: one warning for each kind, with its number."""
    path = data_set(3)
    strict = json_text.dumps({**SCHEMA, "required": ["x", "y"]})
    warnings = [line for line in run("-s", strict, "--answers", answers("a.jsonl", 3, 3), path).stderr.splitlines()
                if '"warning"' in line]  # fmt: skip
    assert len(warnings) == 1
    assert json_text.loads(warnings[0])["warning"]["count"] == 3


@pytest.mark.parametrize("width", [MIN_WIDTH, 80, 200])
def test_the_text_fits_the_terminal(width: int) -> None:
    """Long values, ids and problems are cut, and control characters do not reach the terminal."""
    gold = {"a\n" * 90: "v" * 500, "rows": [{"n": "\x1b[31m\n" * 9}]}
    rows = [{"id": f"{n}\x1b" * 50, "document": "x", "gold": gold} for n in range(9)]
    given = {rows[0]["id"]: {"a\n" * 90: "w"}, rows[1]["id"]: {"rows": [{"n": "\x1b" * 99}]}}
    evaluation = evaluate(rows, given)
    lines = list(evaluation_text(evaluation, compare_runs(evaluate(rows, {}), evaluation), 9, width))
    assert max(map(len, lines)) <= width
    assert all(line.isprintable() for line in lines)
    assert any("recall" in line for line in lines)


def test_the_options_of_the_model_are_those_of_extract() -> None:
    """Both commands take them from one definition."""
    names = [{option.name for option in main.commands[name].params} for name in ("extract", "eval")]
    shared = {"url", "engine", "model", "strategy", "jobs", "prompt", "max_tokens", "deadline", "folder"}
    assert shared <= names[0] & names[1]
    assert isinstance(main.commands["eval"], click.Command)
