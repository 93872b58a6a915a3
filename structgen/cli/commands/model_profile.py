"""`structgen model profile`."""

from __future__ import annotations

import asyncio
from pathlib import Path

import click

from structgen import json_text
from structgen.cli import console, options
from structgen.cli.command_class import Command
from structgen.cli.engine_options import model_or_shipped
from structgen.cli.model_choice import ModelChoice
from structgen.longdoc import profiling
from structgen.messages import counted


@click.command(
    cls=Command,
    short_help="Measure how many rows of a list a model reads well at once.",
    examples=[
        "structgen model profile -m /models/Hermes-4-14B -e vllm",
        "structgen model profile --dry-run --max-rows 20",
    ],
)
@options.engine
@options.model
@click.option("-u", "--url", help="Address of the server, with --engine remote.")
@click.option(
    "--max-rows",
    type=click.IntRange(1, 10_000),
    default=profiling.MAX_ROWS,
    show_default=True,
    help="Largest number of rows to try.",
)
@click.option(
    "--rows-per-size",
    type=click.IntRange(1),
    default=profiling.ROWS_PER_SIZE,
    show_default=True,
    help="Rows to read for each number of rows, at least.",
)
@click.option(
    "--quality",
    type=click.FloatRange(0, 1),
    default=profiling.QUALITY,
    show_default=True,
    help="Share of the rows that must be right, of those right one at a time.",
)
@click.option("--dry-run", is_flag=True, help="Only print the figures; the model's card stays as it is.")
def profile(
    engine: str,
    model: str | None,
    url: str | None,
    max_rows: int,
    rows_per_size: int,
    quality: float,
    dry_run: bool,
) -> None:
    """Measure how many rows of a list a model reads well at once.

    The model reads generated documents with tables and entries: of one row, of two, of four and so on, until
    it reads rows worse than one at a time. A layout of which it does not even read single rows is left out.
    Documents with the largest good number of rows then get longer, until the rows are read worse. Both
    figures go into the model's card, structgen.json in its folder, as `rows_per_segment` and
    `segment_tokens`: with them, longer documents are read in segments. The command prints the figures and
    what they rest on as JSON.
    """
    from structgen.cli.profile_run import run_measurement, write_card

    folder = Path(model_or_shipped(engine, model))
    if not dry_run and not folder.is_dir():
        raise click.UsageError(
            "--model must be the model's folder, for its card: give the folder, or add --dry-run"
        )
    generator = ModelChoice(url, None, engine, model, None).open_generator()
    measurement = profiling.measure(rows_per_size=rows_per_size, max_rows=max_rows, quality=quality)
    result = asyncio.run(run_measurement(generator, measurement, _announce))
    click.echo(json_text.dumps({"model": generator.engine.model, **result.to_json()}))
    if not result.reads_single_rows:
        console.warn(
            f"the model does not read single rows well ({result.shares[0].right:.0%} right): the figures say "
            "little; take another model for lists",
            "single_rows",
        )
    if not dry_run:
        console.note(f"wrote {write_card(folder, result)}")


def _announce(trial: profiling.Trial) -> None:
    around = f" and {trial.filler:,} characters around them" if trial.filler else ""
    console.note(
        f"reading {counted(len(trial.documents), 'document')} with {counted(trial.rows, 'row')}{around}"
    )
