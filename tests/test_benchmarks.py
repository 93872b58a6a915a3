"""Every benchmark runs to its end in a small form and shadows no installed package."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
import sysconfig
from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from importlib.machinery import PathFinder
from pathlib import Path
from typing import Any

import pytest

from structgen.models import DEMO_MODEL

FOLDER = Path(__file__).parents[1] / "benchmarks"
HELPERS = {
    "attackers",
    "common",
    "damage_javascript",
    "damage_judge",
    "damage_objects",
    "damage_show",
    "damage_speed",
    "grounding_documents",
    "grounding_held_out",
    "grounding_oracle",
    "grounding_rendering",
    "grounding_speed_shapes",
    "grounding_speed_tables",
    "grounding_styles",
    "long_lists_costs",
    "long_lists_counting",
    "long_lists_documents",
    "long_lists_draft",
    "long_lists_engines",
    "long_lists_entries",
    "long_lists_examples",
    "long_lists_families",
    "long_lists_faults",
    "long_lists_groups",
    "long_lists_held_out",
    "long_lists_held_out_layouts",
    "long_lists_held_out_pdf_text",
    "long_lists_held_out_uncertain",
    "long_lists_pdf_layouts",
    "long_lists_pdf_text",
    "long_lists_reading",
    "long_lists_records",
    "long_lists_runs",
    "long_lists_scoring",
    "long_lists_strangers",
    "long_lists_strangers_days",
    "long_lists_strangers_files",
    "long_lists_strangers_foreign",
    "long_lists_strangers_goods",
    "long_lists_strangers_health",
    "long_lists_strangers_logs",
    "long_lists_strangers_money",
    "long_lists_strangers_paper",
    "long_lists_strangers_prose",
    "long_lists_strangers_tills",
    "long_lists_styles",
    "long_lists_tables",
    "long_lists_two_levels",
    "long_lists_two_levels_held_out",
    "long_lists_uncounted",
    "long_lists_uncounted_held_out",
    "long_lists_value_held_out",
    "long_lists_value_more",
    "long_lists_value_rows",
    "long_lists_value_styles",
    "long_lists_values",
    "long_lists_writing",
    "peers",
    "review_curve",
    "value_faults",
}
ELSEWHERE = {"hostile"}
"""Run by tests/test_hostile.py."""
SCHEMA = {
    "type": "object",
    "properties": {"name": {"type": "string"}, "count": {"type": "integer"}},
    "required": ["name"],
    "additionalProperties": False,
}
SCHEMAS = [
    {
        "id": f"case-{index}",
        "schema": {**SCHEMA, "title": f"case {index}"},
        "tests": [
            {"data": {"name": "Ada", "count": index}, "valid": True},
            {"data": {"count": index}, "valid": False},
        ],
    }
    for index in range(3)
]
"""Cases in the format of MaskBench."""
BROKEN = [
    {"input": '{"name": "Ada", "count": 1, "note": "valid"}', "already_valid": True},
    {"input": '{"name": "Ada", "count": 2, "note": "valid"}', "already_valid": True},
    {"input": "{name: 'Ada', count: 1, note: 'broken',}", "already_valid": False},
    {"input": "{name: 'Ada', count: 2, note: 'broken',}", "already_valid": False},
]
"""Malformed JSON texts."""
CALLS = [
    {
        "messages": [{"role": "user", "content": f"Is it {value}?"}],
        "function": "answer",
        "schema": {**SCHEMA, "properties": {"yes": {"type": "boolean"}}, "required": ["yes"]},
        "accept": {"answer": {"yes": [value]}},
    }
    for value in (True, False)
]
"""Questions with the accepted arguments of a function, as in BFCL."""
ANSWERS = [
    {
        "id": f"page-{index}",
        "pages": [f"Name: Ada\nCount: {index}\n"],
        "schema": SCHEMA,
        "gold": {"name": "Ada", "count": index},
        "answers": {"one": {"name": "Ada", "count": index}, "other": {"name": "Bob", "count": index}},
    }
    for index in range(3)
]
"""Answers of systems beside the gold object of a document."""
READ = [
    {
        "text": f"Name: Ada\nCount: {index}\n",
        "schema": SCHEMA,
        "gold": {"name": name},
        "data": {"name": "Ada"},
        "evidence": {"/name": {"kind": "exact", "candidates": 1, "start": 6, "end": 9, "signals": {}}},
    }
    for index, name in enumerate(["Ada", "Ada", "Bob", "Bob"])
]
"""Answers of the shipped model with their evidence."""
FILES = {
    "agreement": "schemas",
    "error_ranking": "answers",
    "maskbench": "schemas",
    "model_confidence": "read",
    "random_model": "schemas",
    "repair": "texts",
    "repair_reports": "texts",
    "tool_calls": "calls",
}
"""Benchmarks that take a file of cases."""
SMALL = {
    "agreement": [],
    "closing": ["--rounds", "1", "--times", "1"],
    "engines": ["--small", "--systems", "structgen, local"],  # vLLM has an environment of its own
    "overhead": ["--seconds", "0.3", "--rounds", "1", "--clients", "4"],
}
"""Options of the short run that differ from `--small`."""
SHOWN = {
    "agreement": r"values, \d+ valid, \d+ known by the fast check, 0 of them wrongly",
    "beside_outlines": r"1 of 1 objects equal",
    "chat": r"tools, temperature 0.0\nstructgen, local +c=2 +valid +2/2",
    "closing": r"round 1: alone \d+ ms",
    "damage": r"(?s)without the schema.*= total +2\d\d .*with the schema.*= total +2\d\d ",
    "engines": r"structgen, local +c=2 +valid +2/2",
    "evidence_overhead": r"p50 of the ratio of neighbours \d",
    "error_ranking": r"(?s)error_ranking, pooled: 12 leaves, 75.0% right.* found or not +1.000 .* shipped score +1.000 ",
    "grounding": r"6 of 6 leaves found \(100\.0%\)",
    "grounding_speed": r"\d+ of \d+ shapes over 2 s",
    "generations": r"weights random\n( .*\n)* +all: ",
    "long_lists": r"oracle, few rows: +\d+ rows: recall .*\n  \d+ right",
    "long_stream": r"2000 of 2000 rows right",
    "load": r"answers 4 200, of 200s p50",
    "maskbench": r"structgen +3 +3 +3 +100\.00%",
    "model_confidence": r"model_confidence: 4 leaves, 50.0% right, AUROC 0.500\n  both halves: ",
    "model_repair": r"results that are not valid: 0",
    "overhead": r"service adds [\d.-]+ ms of processor",
    "random_model": r"200s that are not valid: 0",
    "repair": r"fuzz: 20 texts, 0 crashes",
    "repair_reports": r"rows: 4 right; the wrong ones claim: none",
    "replay": r"vocabulary of [\d,]+ tokens, \d+ objects .*\n +[\d.]+ decode steps an object",
    "short_lists": r"1 rows, processor: p50 [\d.]+ ms alone, [\d.]+ ms with coverage, ratio [\d.]+",
    "tool_calls": r"tool_calls +2 rows: (?!.*INVALID).*\d call: valid",
    "startup": r"client\.extract, warm service +[\d.]+",
}
"""Text that the last lines of each benchmark hold."""
LIGHT = {
    "agreement",
    "damage",
    "grounding",
    "grounding_speed",
    "long_lists",
    "long_stream",
    "maskbench",
    "model_confidence",
    "repair",
    "repair_reports",
    "replay",
    "short_lists",
}

pytestmark = pytest.mark.skipif(
    not (DEMO_MODEL / "model.safetensors").is_file(), reason="the shipped model is not in this checkout"
)


def rows(name: str) -> list[dict[str, Any]]:
    kind = FILES[name]
    if kind == "schemas":
        return SCHEMAS
    if kind == "read":
        return READ
    if kind in ("calls", "answers"):
        return CALLS if kind == "calls" else ANSWERS
    common = {"expect_error": False, "schema": None, "source": "here", "corpus": "here", "name": ""}
    values = [{"name": "Ada", "count": n, "note": note} for note in ("valid", "broken") for n in (1, 2)]
    expected = [{"value": value} for value in values] if name == "repair_reports" else values
    return [{**common, **row, "expected": value} for row, value in zip(BROKEN, expected, strict=True)]


def run(name: str, folder: Path) -> subprocess.CompletedProcess[str]:
    """Run the benchmark as a user calls it, in a small form."""
    command = [sys.executable, str(FOLDER / f"{name}.py"), *SMALL.get(name, ["--small"])]
    if name in FILES:
        file = folder / f"{name}.jsonl"
        file.write_text("".join(json.dumps(row) + "\n" for row in rows(name)))
        command.append(str(file))
    environment = {**os.environ, "HF_HUB_OFFLINE": "1"}
    return subprocess.run(command, capture_output=True, text=True, timeout=300, env=environment, cwd=folder)


@pytest.fixture(scope="module")
def ended(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[dict[str, Future[subprocess.CompletedProcess[str]]]]:
    """Start the selected benchmarks, two at once."""
    folder = tmp_path_factory.mktemp("benchmarks")
    wanted = [
        item.callspec.params["name"]
        for item in request.session.items
        if isinstance(item, pytest.Function) and item.path == request.path and hasattr(item, "callspec")
    ]
    with ThreadPoolExecutor(2) as pool:
        yield {name: pool.submit(run, name, folder) for name in wanted}
        pool.shutdown(cancel_futures=True)


@pytest.mark.parametrize(
    "name", [name if name in LIGHT else pytest.param(name, marks=pytest.mark.slow) for name in SHOWN]
)
def test_runs_to_its_end(ended: dict[str, Future[subprocess.CompletedProcess[str]]], name: str) -> None:
    """A benchmark ends with code 0 and prints words and numbers instead of Python's notation."""
    done = ended[name].result()
    assert done.returncode == 0, done.stderr[-3000:]
    assert re.search(SHOWN[name], done.stdout), done.stdout[-3000:]
    assert not re.search(r"\{'|\['|Counter\(", done.stdout)


def test_every_benchmark_is_run() -> None:
    """Every benchmark is run here, and every row above names an existing benchmark."""
    assert {path.stem for path in FOLDER.glob("*.py")} - HELPERS - ELSEWHERE == set(SHOWN)


def test_no_benchmark_hides_a_package() -> None:
    """No benchmark has the name of an importable package, which it would shadow."""
    names = {path.stem for path in FOLDER.glob("*.py")}
    packages = [sysconfig.get_path("purelib"), sysconfig.get_path("platlib")]
    assert {name for name in names if PathFinder.find_spec(name, packages)} == set()
    assert names & set(sys.stdlib_module_names) == set()
