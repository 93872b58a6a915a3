"""Read long documents whose rows are known: rows found, invented and wrong; counting; cost.

`python benchmarks/long_lists.py [--engine oracle|lazy-40|skip|repeat|invent|swap|shipped] [--rows 50,200]`
reads documents of every style with an engine that knows the truth, one that makes faults on purpose (with
`--persistent` whenever it is asked, with `--obeys-bounds` as many rows as the schema wants at least), or the
shipped model, and prints recall and precision by row. `--qualify N` first reads N documents of a single row
in each style, and leaves out the styles in which fewer than 99% are right.

`--documents 1000 --rows small` prints what came of each document: `missing` is a result that lacks rows and
does not tell so. `--counting` compares the counted rows with the truth, `--docubench FILE` with real
documents; `--concurrency` and `--memory` measure cost.
"""

import argparse
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from common import parsed, words
from long_lists_costs import concurrency, memory
from long_lists_counting import counting, real_documents
from long_lists_documents import documents
from long_lists_families import GROUPS, halves_of
from long_lists_runs import ENGINES, engine_of, read, run
from long_lists_writing import Document

from structgen import Generator


def styles_of(name: str) -> list[str]:
    """Return the styles of a group, or of names with commas between."""
    return GROUPS.get(name) or name.split(",")


def qualified(generator: Generator, styles: list[str], number: int, seed: int, plain: bool) -> list[str]:
    """Return the styles in which at least 99% of the documents of one row are read right."""
    kept = []
    for style in styles:
        singles = [*documents(seed + 500, [style], 1, number, plain=plain)]
        right = sum(read(generator, one).score.is_perfect for one in singles)
        print(f"  one row, {style}: {right} of {number} right")
        kept += [style] * (right >= 0.99 * number)
    return kept


def measure(arguments: argparse.Namespace) -> None:
    engine = (
        engine_of(arguments.engine)
        if arguments.engine == "shipped"
        else engine_of(
            arguments.engine,
            persistent=arguments.persistent,
            obeys_bounds=arguments.obeys_bounds,
            rows_per_segment=arguments.rows_per_segment,
            context=arguments.context,
        )
    )
    options: dict[str, Any] = {}
    if arguments.engine == "shipped" and arguments.rows_per_segment:
        options["limits"] = {"rows_per_segment": arguments.rows_per_segment}
    with Generator(engine) as generator:
        styles = styles_of(arguments.styles)
        if arguments.qualify:
            styles = qualified(generator, styles, arguments.qualify, arguments.seed, arguments.plain)
        for size in [None] if arguments.rows == "small" else map(int, arguments.rows.split(",")):
            made: Iterator[Document] = documents(
                arguments.seed, styles, size, arguments.documents, plain=arguments.plain
            )
            tally = run(generator, made, arguments.show, **options)
            rows = max(1, tally.score.rows)
            speed = rows / max(tally.seconds, 1e-9)
            share = f" ({tally.tokens / max(1, tally.needed):.3f} of text and answer)"
            share = "" if arguments.engine == "shipped" else share
            print(
                f"{arguments.engine}, {size or 'few'} rows: {tally.score}\n  {words(tally.kinds)}; "
                f"{tally.tokens / rows:.1f} tokens a row{share}, {speed:.0f} rows/s of processor\n"
                f"  documents that lack rows in silence: {words(+tally.missing)}\n"
                f"  documents with a short list that is called complete: {words(+tally.short)}"
            )


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--engine", choices=ENGINES, default="oracle")
    parser.add_argument("--styles", default="all", help=f"a group ({', '.join(GROUPS)}), or names")
    parser.add_argument("--rows", default="50,200,800,1200,3200", help="sizes, or `small`")
    parser.add_argument("--documents", type=int, help="documents of each size; by default one of each style")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--persistent", action="store_true", help="make the fault whenever asked")
    parser.add_argument("--obeys-bounds", action="store_true", help="obey `minItems` and `maxItems`")
    parser.add_argument("--rows-per-segment", type=int, help="of the engine's card, or a limit")
    parser.add_argument("--context", type=int, help="tokens of the scripted engine's context")
    parser.add_argument("--plain", action="store_true", help="English, ISO dates, no prose: for small models")
    parser.add_argument("--qualify", type=int, metavar="N", help="leave out styles by N documents of one row")
    parser.add_argument("--show", help="print the documents of an outcome, such as `missing`")
    parser.add_argument("--counting", action="store_true", help="compare counted rows with the truth")
    parser.add_argument("--docubench", type=Path, metavar="FILE", help="count the rows of real documents")
    parser.add_argument("--concurrency", action="store_true", help="measure rows a second")
    parser.add_argument("--memory", action="store_true", help="measure the memory of `iter_extract`")
    arguments = parsed(parser, rows="small", documents=len(GROUPS["all"]))
    if arguments.docubench:
        real_documents(arguments.docubench)
    elif arguments.counting:
        size = int(arguments.rows) if arguments.rows.isdigit() else None
        for group in halves_of(arguments.styles):
            styles = styles_of(group)
            number = arguments.documents or 20 * len(styles)
            made = documents(arguments.seed, styles, size, number)
            counting(made, group, arguments.show is not None)
    elif arguments.concurrency:
        concurrency(2_000)
    elif arguments.memory:
        memory((3_200, 20_000, 80_000))
    else:
        measure(arguments)


if __name__ == "__main__":
    main()
