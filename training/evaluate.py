"""The accuracy table of the shipped model: `python -m training.evaluate`.

Documents have held-out templates and values. Every answer goes through the service's own pipeline: prompt,
constrained decoding, validation. A field counts where its value is exact; missing and extra fields are errors.
"""

from __future__ import annotations

import argparse
import asyncio
import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from random import Random
from typing import TYPE_CHECKING, Any

from structgen import json_text
from structgen.errors import GenerationError, PromptTooLong
from structgen.missing_text import missing_text_reason
from structgen.models import DEMO_MODEL
from structgen.schema import Schema
from structgen.strategies.task import Task
from structgen.types import Limits, Message, Sampling
from training.tasks import Mix, case, uncatalogued_case

if TYPE_CHECKING:
    from structgen.generator import Generator

CATALOGUE_MIXES = {
    "flat objects, 1 to 6 fields": Mix(fields=(1, 6), nested=0.0, shipped=0.0, repair=0.0),
    "nested objects and lists": Mix(fields=(1, 4), nested=1.0, shipped=0.0, repair=0.0),
    "the shipped schemas": Mix(shipped=1.0, nested=0.0, repair=0.0),
    "repair of a broken object": Mix(fields=(1, 6), nested=0.3, shipped=0.0, repair=1.0),
}
LOCALE_MIXES = {
    **{
        f"tables of {rows} {'row' if rows == 1 else 'rows'}": Mix(tables=1.0, rows=(rows, rows))
        for rows in (1, 2, 3, 5, 12, 40)
    },
    "letters, mails, chats, logs and forms": Mix(letters=1.0),
    "the same in German, French, Spanish": Mix(letters=1.0, locales=("de_DE", "fr_FR", "es_ES")),
    "the same in Chinese, Japanese, Korean": Mix(letters=1.0, locales=("zh_CN", "ja_JP", "ko_KR")),
    "the same in Russian": Mix(letters=1.0, locales=("ru_RU",)),
    "notes about a person": Mix(notes=1.0),
    "scanned receipts": Mix(receipts=1.0, locales=("en_US", "id_ID", "de_DE", "zh_CN")),
}
"""Documents of the trained kinds with held-out names and places."""
CORPORA = ("receipts", "patient_notes", "claims")


@dataclass(frozen=True, slots=True)
class Question:
    """One evaluation case: the request and the expected object."""

    schema: Any
    messages: tuple[Message, ...]
    gold: Any
    prompt: str | None = None
    document: str | None = None


@dataclass(slots=True)
class Score:
    """Counts over one set of questions."""

    questions: int = 0
    valid: int = 0
    objects: int = 0
    fields: int = 0
    exact: int = 0
    wrong: list[tuple[str, Any, Any]] = field(default_factory=list)

    def add(self, question: Question, data: Any) -> None:
        """Count one answer; `data` is `None` where generation failed."""
        gold, predicted = dict(leaves(question.gold)), dict(leaves(data))
        names = gold.keys() | predicted.keys()
        exact = sum(
            name in gold and name in predicted and same(gold[name], predicted[name]) for name in names
        )
        self.questions += 1
        self.valid += data is not None
        self.fields += len(names)
        self.exact += exact
        self.objects += exact == len(names)
        if exact < len(names):
            self.wrong.append((question.document or question.messages[-1].content, question.gold, data))


def leaves(value: Any, pointer: str = "") -> Iterator[tuple[str, Any]]:
    """Yield every scalar with its JSON pointer; an empty list or object counts as a scalar."""
    if isinstance(value, dict) and value:
        for name, member in value.items():
            yield from leaves(member, f"{pointer}/{name}")
    elif isinstance(value, list) and value:
        for index, item in enumerate(value):
            yield from leaves(item, f"{pointer}/{index}")
    else:
        yield pointer, value


def same(one: Any, other: Any) -> bool:
    """Compare as JSON: `true` is not 1."""
    return bool(one == other) and isinstance(one, bool) == isinstance(other, bool)


def held_out_questions(mix: Mix, count: int) -> list[Question]:
    """Draw held-out questions of a mix."""
    drawn = (case(Random(f"evaluate:{index}"), mix, held_out=True) for index in range(count))
    return [Question(c.schema, c.messages[1:], json_text.loads(c.answer)) for c in drawn]


def uncatalogued_questions(count: int) -> list[Question]:
    """Draw questions with names outside the catalogue, stated as key and value."""
    drawn = (uncatalogued_case(Random(f"evaluate:{index}")) for index in range(count))
    return [Question(c.schema, c.messages[1:], json_text.loads(c.answer)) for c in drawn]


def read_corpus(path: Path, count: int) -> list[Question]:
    """Read the first rows of a JSON Lines corpus with the keys `text`, `instruction`, `schema` and `gold`."""
    rows = [json.loads(line) for line in path.read_text("utf-8").splitlines()[:count]]
    return [Question(r["schema"], (), r["gold"], r["instruction"], r["text"]) for r in rows]


async def score(generator: Generator, questions: list[Question], most: int = 1200) -> Score:
    """Score greedy answers of up to `most` tokens to all questions; a question without text is left out."""
    questions = [q for q in questions if missing_text_reason(q.prompt, q.document, q.messages) is None]
    result, gate = Score(), asyncio.Semaphore(8)

    async def answer(question: Question) -> Any:
        task = Task(
            Schema.parse(question.schema),
            prompt=question.prompt,
            document=question.document,
            messages=question.messages,
            sampling=Sampling(max_tokens=most),
            limits=Limits(max_attempts=1),
        )
        async with gate:
            try:
                return (await generator.run(task)).data
            except (GenerationError, PromptTooLong):
                return None

    answers = await asyncio.gather(*(answer(question) for question in questions))
    for question, data in zip(questions, answers, strict=True):
        result.add(question, data)
    return result


async def evaluate(
    model: Path, count: int, corpora: Path | None, show: int, device: str = "cpu"
) -> dict[str, Score]:
    """Score each set and print its row; the sets of `LOCALE_MIXES` have a quarter of the count."""
    from structgen.engines import open_engine
    from structgen.generator import Generator

    sets = {name: held_out_questions(mix, count) for name, mix in CATALOGUE_MIXES.items()}
    sets["names never seen, as key and value"] = uncatalogued_questions(count)
    sets |= {name: held_out_questions(mix, -(-count // 4)) for name, mix in LOCALE_MIXES.items()}
    for name in CORPORA if corpora else ():
        sets[f"corpus: {name}"] = read_corpus(Path(str(corpora)) / f"{name}.jsonl", count)
    engine = open_engine("local", str(model), device=device)
    await engine.start()
    scores = {}
    print(f"{'set':38} {'cases':>6} {'valid':>7} {'fields':>8} {'objects':>8}")
    try:
        for name, questions in sets.items():
            scores[name] = s = await score(
                Generator(engine), questions, 3000 if name in LOCALE_MIXES else 1200
            )
            parts = (s.valid / s.questions, s.exact / max(1, s.fields), s.objects / s.questions)
            print(f"{name:38} {s.questions:6} " + " ".join(f"{p:7.1%}" for p in parts), flush=True)
            for document, gold, data in s.wrong[:show]:
                print(
                    f"--- {document}\n  expected {json_text.dumps(gold)}\n  found    {json_text.dumps(data)}"
                )
    finally:
        await engine.close()
    return scores


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--model", type=Path, default=DEMO_MODEL)
    parser.add_argument("--count", type=int, default=100, help="questions in each set")
    parser.add_argument("--corpora", type=Path, help="folder with receipts.jsonl and the like")
    parser.add_argument("--device", default="cpu", help="cpu or cuda")
    parser.add_argument("--show", type=int, default=0, help="wrong answers to print in each set")
    arguments = parser.parse_args()
    asyncio.run(
        evaluate(arguments.model, arguments.count, arguments.corpora, arguments.show, arguments.device)
    )


if __name__ == "__main__":
    main()
