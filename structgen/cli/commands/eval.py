"""`structgen eval`."""

from __future__ import annotations

import shutil
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click
from click.core import ParameterSource

from structgen import json_text
from structgen.cli import files, options, schema_source
from structgen.cli.calibration_file import read_calibration
from structgen.cli.command_class import Command
from structgen.cli.errors import NO_OBJECT
from structgen.cli.eval_rows import read_answers, read_data_set, read_evaluation
from structgen.cli.eval_run import Asking, EvaluationRun, warn_of_gold
from structgen.cli.eval_text import evaluation_text
from structgen.cli.extraction_options import extraction_options, model_choice, sampling_and_limits
from structgen.cli.number_types import Integer, Number
from structgen.cli.output_file import is_standard_output, write_text
from structgen.cli.parameter_types import SchemaType
from structgen.types import EvidenceOptions

if TYPE_CHECKING:
    from structgen.evidence.evaluation.rows import GoldRow
    from structgen.evidence.evaluation.summary import Evaluation

_FOR_MODELS = (
    "url", "engine", "model", "prompt", "temperature", "seed", "max_tokens", "max_attempts", "deadline",
    "on_budget", "strategy", "jobs",
)  # fmt: skip
"""Options without an effect on given answers."""
_WIDTH = 120
"""Columns where standard output is no terminal."""


@click.command(
    "eval",
    cls=Command,
    short_help="Measure extractions against gold objects.",
    examples=[
        "structgen eval -s receipt receipts.jsonl",
        "structgen eval -s receipt -u http://127.0.0.1:8000 --json today.json receipts.jsonl",
        "structgen eval -s receipt --answers answers.jsonl --html report.html receipts.jsonl",
        "structgen eval -s receipt -m ./other-model --against today.json receipts.jsonl",
        "structgen eval -s receipt --fail-under 0.95 receipts.jsonl",
    ],
)
@click.option("-s", "--schema", type=SchemaType(), show_default="that of each row", help=options.SCHEMA_HELP)
@click.option(
    "--answers",
    type=click.Path(exists=True, dir_okay=False, allow_dash=True),
    help="Evaluate the objects of this file; no model runs.",
)
@click.option(
    "--against",
    type=click.Path(exists=True, dir_okay=False),
    help="Compare with an earlier run: the file that it wrote with --json.",
)
@click.option("--name", default="", show_default="none", help="Name of the run in files and comparisons.")
@click.option(
    "--json",
    "json_path",
    type=click.Path(dir_okay=False, allow_dash=True, path_type=Path),
    help="Write the whole evaluation to this file; - prints it in place of the text.",
)
@click.option(
    "--html",
    "html_path",
    type=click.Path(dir_okay=False, path_type=Path),
    help="Write a page with each document beside its objects, in one file that needs no network.",
)
@click.option(
    "--worst", type=Integer(0), default=5, help="Number of the worst documents that the text shows."
)
@click.option(
    "--fail-under",
    type=Number(0, 1),
    metavar="SHARE",
    help="End with exit code 1 if a smaller share of the values is right (0 to 1).",
)
@click.option(
    "--evidence/--no-evidence",
    default=True,
    help="Find where the documents say the values, and measure the scores.",
)
@options.calibration
@extraction_options
@click.argument("data_set", type=click.Path(exists=True, dir_okay=False, allow_dash=True))
@click.pass_context
def eval_(
    ctx: click.Context,
    /,
    data_set: str,
    schema: str | None,
    answers: str | None,
    against: str | None,
    name: str,
    json_path: Path | None,
    html_path: Path | None,
    worst: int,
    fail_under: float | None,
    evidence: bool,
    calibration: Path | None,
    **more: Any,
) -> None:
    """Extract from the documents of a data set, and compare the objects with the gold objects.

    Each line of the file DATA_SET is an object with `document` (or `pages`, a list of texts) and `gold`, and
    perhaps `id`, `schema` and `prompt`; --schema and --prompt count for all rows. Lists are aligned item by
    item. A value is right if it equals the gold value but for its notation: case, space, punctuation, the
    format of dates and numbers. A document without a valid object has all of its gold values missing.

    --answers takes objects that are there already: lines {"id", "data"}, perhaps with "evidence", the rows of
    extract with --with-source or --full, or the file of --json of another run.

    --against compares two runs over the documents that both have. The interval of the difference comes from
    samples of the documents; if it holds 0, no difference can be told.
    """
    if answers is not None:
        _refuse_options_of_models(ctx)
    if answers == data_set == files.STDIN:
        raise click.UsageError("- means standard input and can be given only once")
    if calibration is not None and (schema is None or not evidence):
        missing = "--schema" if schema is None else "--evidence"
        raise click.UsageError(f"--calibration needs {missing}: confidences are those of a schema's evidence")
    rows = read_data_set(data_set)
    old = None if against is None else read_evaluation(against)
    local = schema is not None and not (answers is None and more["url"] and more["engine"] != "remote")
    parsed = schema_source.parsed(schema, more["folder"]) if local and schema is not None else None
    warn_of_gold(rows, parsed)
    run = EvaluationRun(rows, parsed, with_evidence=evidence)
    if answers is not None:
        if calibration is not None and parsed is not None:
            run.calibration = read_calibration(calibration, parsed.hash)
        evaluation = _of_answers(run, rows, answers, name)
    else:
        evaluation = _of_model(run, rows, schema, name, evidence, calibration, more)
    if run.calibration is not None:
        thresholds = dict(run.calibration.thresholds)
        evaluation = replace(evaluation, run={**evaluation.run, "calibration": {"thresholds": thresholds}})
    comparison = None if old is None else _compared(old, evaluation)
    _write(evaluation, comparison, json_path, worst)
    if html_path is not None:
        _write_page(evaluation, html_path)
    if fail_under is not None and evaluation.total().share_right < fail_under:
        ctx.exit(NO_OBJECT)


def _of_answers(run: EvaluationRun, rows: list[GoldRow], path: str, name: str) -> Evaluation:
    from structgen.evidence.evaluation.summary import Evaluation

    by_id, members = read_answers(path, rows)
    return Evaluation(name or files.source_name(path), tuple(run.given(by_id)), members)


def _of_model(
    run: EvaluationRun,
    rows: list[GoldRow],
    schema: str | None,
    name: str,
    evidence: bool,
    calibration: Path | None,
    more: dict[str, Any],
) -> Evaluation:
    from structgen.evidence.evaluation.evaluate import run_members
    from structgen.evidence.evaluation.summary import Evaluation

    missing = next((row for row in rows if row.schema is None), None)
    if schema is None and missing is not None:
        raise click.UsageError(
            f"Missing option '--schema': the row {missing.id!r} of the data set has no `schema`"
        )
    prompt, strategy, jobs = more["prompt"], more["strategy"], more["jobs"]
    task = {"strategy": strategy, **sampling_and_limits(more)}
    if evidence:
        task["evidence"] = EvidenceOptions(signals=calibration is not None)
    with model_choice(more).open_extractor(schema, **task) as extractor:
        if calibration is not None:
            run.calibration = read_calibration(calibration, extractor.schema_hash())
        documents = run.extracted(Asking(extractor, schema is not None, prompt), jobs)
    names = ("temperature", "seed", "max_tokens", "max_attempts", "deadline", "on_budget")
    given = options.given(strategy=strategy, **{option: more[option] for option in names})
    members = {**run_members(run.answers), "options": given}
    return Evaluation(name or ", ".join(members["models"]), tuple(documents), members)


def _compared(old: Evaluation, new: Evaluation) -> Any:
    from structgen.evidence.evaluation.paired import compare_runs

    comparison = compare_runs(old, new)
    if not comparison.total.documents:
        raise click.UsageError("--against: the two runs have no document in common: ids have to be equal")
    return comparison


def _write(evaluation: Evaluation, comparison: Any, json_path: Path | None, worst: int) -> None:
    from structgen.evidence.evaluation.record import to_record

    if json_path is not None:
        compared = {} if comparison is None else {"comparison": comparison.to_json()}
        write_text(json_path, json_text.dumps({**to_record(evaluation), **compared}))
    if json_path is None or not is_standard_output(json_path):
        width = shutil.get_terminal_size((_WIDTH, 24)).columns
        click.echo("\n".join(evaluation_text(evaluation, comparison, worst, width)))


def _write_page(evaluation: Evaluation, path: Path) -> None:
    from structgen.evidence.report import report_page

    title = f"Evaluation: {evaluation.name}" if evaluation.name else "Evaluation"
    write_text(path, report_page(title, evaluation.documents, evaluation))


def _refuse_options_of_models(ctx: click.Context) -> None:
    given = [
        f"--{name.replace('_', '-')}"
        for name in _FOR_MODELS
        if ctx.get_parameter_source(name) is ParameterSource.COMMANDLINE
    ]
    if given:
        raise click.UsageError(f"--answers cannot be combined with {', '.join(given)}: no model runs")
