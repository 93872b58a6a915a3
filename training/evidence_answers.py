"""Let the shipped model read documents of our own, and write its answers with the engine's signals.

    python -m training.evidence_answers OUT.jsonl [--count 600] [--start 0] [--model FOLDER]

Documents and gold objects are drawn as for training, from held-out templates, values and names. Most of them
are made harder (`DISGUISES`) in ways that leave each value readable, so that the model errs about as often as
on documents of others. Rows that OUT has already are kept, and not drawn again. `training.evidence_score`
fits the model of the score to such rows.
"""

from __future__ import annotations

import argparse
import asyncio
import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from random import Random
from typing import TYPE_CHECKING, Any

from structgen.errors import StructgenError
from structgen.models import DEMO_MODEL
from structgen.schema import Schema
from structgen.strategies.task import Task
from structgen.types import Limits, Sampling
from structgen.types.requests import EvidenceOptions
from training.tasks import Case, Mix, case, uncatalogued_case

if TYPE_CHECKING:
    from structgen.generator import Generator

MIXES = {
    "receipts": Mix(receipts=1.0, locales=("en_US", "id_ID", "de_DE", "en_GB")),
    "notes": Mix(notes=1.0),
    "letters": Mix(letters=1.0),
    "records": Mix(fields=(3, 9), nested=0.4, shipped=0.1, repair=0.0),
    "tables": Mix(tables=1.0, rows=(1, 6)),
    "claims": Mix(claims=1.0),
}
"""Kinds of documents, which are drawn by turns."""
INSTRUCTIONS = (
    "Extract the data from this document.",
    "Extract the key fields of this document. Copy values as they are written.",
    "Read the document and answer in JSON.",
)
MAX_CHARACTERS = 4000


@dataclass(frozen=True, slots=True)
class GoldDocument:
    """A document with its schema and its gold object."""

    kind: str
    text: str
    schema: Any
    gold: Any


Disguise = Callable[[GoldDocument, Random], GoldDocument]


def documents(start: int, count: int) -> Iterator[tuple[int, GoldDocument]]:
    """Yield documents with their numbers; a number always gives the same document."""
    kinds = [*MIXES, "keys"]
    for number in range(start, start + count):
        kind = kinds[number % len(kinds)]
        rng = Random(f"evidence:{number}")
        document = _plain(kind, _drawn(kind, rng))
        for disguise in rng.sample(DISGUISES, rng.choice((0, 1, 1, 2, 3))):
            document = disguise(document, rng)
        if len(document.text) <= MAX_CHARACTERS:
            yield number, document


def _drawn(kind: str, rng: Random) -> Case:
    return uncatalogued_case(rng) if kind == "keys" else case(rng, MIXES[kind], held_out=True)


def _plain(kind: str, drawn: Case) -> GoldDocument:
    return GoldDocument(kind, drawn.document, drawn.schema, json.loads(drawn.answer))


def beside_another(document: GoldDocument, rng: Random) -> GoldDocument:
    """Put a document of another kind below: its names and numbers are none of the values."""
    other = _drawn(rng.choice([kind for kind in MIXES if kind != document.kind]), rng)
    return replace(document, text=f"{document.text}\n\n{other.document}")


def flattened(document: GoldDocument, rng: Random) -> GoldDocument:
    """Join the lines: labels and columns can no longer be told by them."""
    mark = rng.choice((" ", " ", "  ", " | ", "\n\n"))
    return replace(document, text=mark.join(line for line in document.text.splitlines() if line.strip()))


def noisy(document: GoldDocument, rng: Random) -> GoldDocument:
    """Change characters outside of the values as a scanner does; a value's own characters stay."""
    kept = _spans(document)
    characters = [
        rng.choice(_MISREAD.get(c.lower(), c)) if i not in kept and rng.random() < 0.15 else c
        for i, c in enumerate(document.text)
    ]
    return replace(document, text="".join(characters))


def renamed(document: GoldDocument, rng: Random) -> GoldDocument:
    """Give the members of the schema's object names that tell less, and no descriptions."""
    properties = document.schema.get("properties", {})
    if not isinstance(document.gold, dict) or "$defs" in document.schema or "$ref" in document.schema:
        return document
    names = {name: _shorter(name, rng) for name in properties}
    if len(set(names.values())) < len(names):
        return document
    schema = {
        **document.schema,
        "properties": {
            names[name]: {key: part for key, part in member.items() if key not in ("description", "title")}
            if isinstance(member, dict)
            else member
            for name, member in properties.items()
        },
    }
    if "required" in schema:
        schema["required"] = [names.get(name, name) for name in schema["required"]]
    gold = {names.get(name, name): member for name, member in document.gold.items()}
    return replace(document, schema=schema, gold=gold)


def _shorter(name: str, rng: Random) -> str:
    """Return a member's name without vowels, by its first letters, or as it is."""
    words = name.split("_")
    return rng.choice(
        (
            name,
            "_".join(word[0] + "".join(c for c in word[1:] if c not in "aeiou") for word in words if word),
            "_".join(word[:3] for word in words),
            "x_" + name,
        )
    )


def _spans(document: GoldDocument) -> set[int]:
    """Return the positions of the text that hold words of a value."""
    kept: set[int] = set()
    for text in _scalars(document.gold):
        for word in {text, *text.split()}:
            at = document.text.find(word)
            while at >= 0:
                kept.update(range(at, at + len(word)))
                at = document.text.find(word, at + 1)
    return kept | {i for i, character in enumerate(document.text) if character.isdigit()}


def _scalars(value: Any) -> Iterator[str]:
    if isinstance(value, dict | list):
        for member in value.values() if isinstance(value, dict) else value:
            yield from _scalars(member)
    elif value not in (None, ""):
        yield str(value)


_MISREAD = {
    "e": "ec",
    "o": "0o",
    "l": "1l",
    "i": "l1",
    "a": "ao",
    "s": "5s",
    "m": "nn",
    "t": "f+",
    "n": "nr",
    ":": ".;",
    " ": " _",
}
DISGUISES: list[Disguise] = [beside_another, flattened, noisy, renamed]
"""What makes a document harder, while its values stay in it."""


async def answered(generator: Generator, number: int, document: GoldDocument) -> dict[str, Any] | None:
    """Return the row of a document that the model read twice; None where it has no valid answer."""
    instruction = Random(number).choice(INSTRUCTIONS)
    task = Task(
        Schema.parse(document.schema),
        prompt=instruction,
        document=document.text,
        sampling=Sampling(max_tokens=800),
        limits=Limits(max_attempts=2),
        evidence=EvidenceOptions(readings=2, signals=True),
    )
    try:
        result = await generator.run(task)
    except StructgenError:
        return None
    if result.evidence is None:
        return None
    return {
        "id": f"{document.kind}-{number}",
        "instruction": instruction,
        "pages": [document.text],
        "schema": document.schema,
        "gold": document.gold,
        "answers": {"shipped": result.data},
        "evidence": {"shipped": {at: proof.to_json() for at, proof in result.evidence.items()}},
    }


def _known(out: Path) -> set[str]:
    lines = out.read_text("utf-8").splitlines() if out.exists() else []
    return {json.loads(line)["id"] for line in lines}


async def write(out: Path, model: Path, start: int, count: int) -> int:
    """Append the rows of documents to a file, and return their number; documents that it has are skipped."""
    from structgen.engines import open_engine
    from structgen.generator import Generator

    known = _known(out)
    engine = open_engine("local", str(model))
    await engine.start()
    written = 0
    try:
        generator = Generator(engine)
        with out.open("a", encoding="utf-8") as file:
            for number, document in documents(start, count):
                if f"{document.kind}-{number}" in known:
                    continue
                if (row := await answered(generator, number, document)) is not None:
                    file.write(json.dumps(row, ensure_ascii=False) + "\n")
                    file.flush()
                    written += 1
    finally:
        await engine.close()
    return written


def main() -> None:
    """Write the rows."""
    parser = argparse.ArgumentParser(description=str(__doc__).split("\n", maxsplit=1)[0])
    parser.add_argument("out", type=Path)
    parser.add_argument("--count", type=int, default=600, help="documents to draw")
    parser.add_argument("--start", type=int, default=0, help="number of the first document")
    parser.add_argument("--model", type=Path, default=DEMO_MODEL)
    arguments = parser.parse_args()
    written = asyncio.run(write(arguments.out, arguments.model, arguments.start, arguments.count))
    print(f"{arguments.out}: {written} rows")


if __name__ == "__main__":
    main()
