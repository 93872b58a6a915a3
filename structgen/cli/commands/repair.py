"""`structgen repair`."""

from __future__ import annotations

from pathlib import Path

import click

from structgen.cli import files, options
from structgen.cli.command_class import Command
from structgen.cli.model_choice import ModelChoice
from structgen.cli.parameter_types import EngineType, ModelType, SchemaType
from structgen.cli.repair_run import RepairRun, read_texts
from structgen.types import ON_LOSS, RISKS, OnLoss, Risk


@click.command(
    cls=Command,
    short_help="Repair malformed JSON.",
    examples=[
        "structgen repair broken.json",
        "structgen repair -s invoice --full < answer.txt",
        "structgen repair -s my-schema.json --lines -o rows.jsonl broken.jsonl",
        "structgen repair -s invoice -m /models/Hermes-4-14B --source invoice.txt broken.json",
    ],
)
@click.option("-s", "--schema", type=SchemaType(), help=options.SCHEMA_HELP)
@options.schemas
@options.out
@click.option("-l", "--lines", is_flag=True, help="Repair each line separately (JSON Lines).")
@click.option("-f", "--full", is_flag=True, help="Print the whole result: fixes, changes, violations.")
@click.option(
    "--max-risk",
    type=click.Choice(RISKS),
    show_default="inferred; with a model: model",
    help="Highest risk of a change that may be applied.",
)
@click.option(
    "--on-loss",
    type=click.Choice(ON_LOSS),
    default="error",
    show_default=True,
    help="Fail, or accept a repair that leaves out a key, a value or a row.",
)
@click.option(
    "--source",
    type=click.Path(exists=True, dir_okay=False),
    help="Document from which the texts were made; the model reads it.",
)
@click.option(
    "-m",
    "--model",
    type=ModelType(),
    show_default="none",
    help="Model that repairs what rules cannot decide.",
)
@click.option("-e", "--engine", type=EngineType(), help=f"Engine that runs the model: {options.ENGINES_HELP}")
@click.option(
    "-u",
    "--url",
    help="Address of a structgen service to use instead of this process. With --engine remote: address of "
    "the OpenAI-compatible server.",
)
@options.api_key
@click.argument(
    "paths", metavar="[FILES]...", nargs=-1, type=click.Path(exists=True, dir_okay=False, allow_dash=True)
)
@click.pass_context
def repair(
    ctx: click.Context,
    schema: str | None,
    folder: Path | None,
    out: Path | None,
    lines: bool,
    full: bool,
    max_risk: Risk | None,
    on_loss: OnLoss,
    source: str | None,
    model: str | None,
    engine: str | None,
    url: str | None,
    api_key: str | None,
    paths: tuple[str, ...],
) -> None:
    """Repair malformed JSON from each FILE or from standard input; with --lines, from each line.

    The command prints one line of JSON for each text: its value, or with --full the whole result. If a text
    cannot be repaired, its line is null and the reason goes to standard error. Texts that a repair left out,
    and other likely readings, are warnings on standard error. For several texts, a summary follows. Empty
    lines are skipped.
    """
    document = None if source is None else files.read_text(source)
    choice = ModelChoice(url, api_key, engine, model, folder)
    texts = list(read_texts(paths or (files.STDIN,), lines=lines))
    run = RepairRun(texts, many=lines or len(texts) > 1, full=full, out=out)
    task = {"max_risk": max_risk, "on_loss": on_loss, "source": document}
    if code := run.run(choice, schema, task):
        ctx.exit(code)
