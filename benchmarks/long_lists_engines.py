"""Engines that read generated documents by their truth: without a fault, or with faults made on purpose."""

import asyncio
import json
from collections import defaultdict
from collections.abc import AsyncGenerator, Mapping
from typing import Any

from long_lists_faults import FAULTS, Row, misplaced
from long_lists_reading import Place, Truth, projected, resolved, value_at
from long_lists_writing import Document

from structgen.engines.base import Capabilities, Constraint, Engine, EngineRequest, Health
from structgen.engines.model_card import ModelCard
from structgen.errors import EngineFailed, EngineUnavailable, PromptTooLong
from structgen.types import Chunk, Conversation, Usage

TOKEN = 4
"""Characters of a token."""
PIECE = 64
"""Characters of a chunk."""


class TruthEngine(Engine):
    """Answers with the rows and values of the document that stand in the request's last turn.

    `fault` is a name of `FAULTS`, or None. A fault touches a row at its first asking, with `persistent`
    always. The grammar is ignored; with `obeys_bounds` an answer has at least `minItems` and at most
    `maxItems` of a list's schema, as one under a grammar has. `step_seconds` is the time of a chunk.
    """

    def __init__(
        self,
        fault: str | None = None,
        *,
        persistent: bool = False,
        obeys_bounds: bool = False,
        context: int | None = None,
        concurrency: int = 8,
        rows_per_segment: int | None = None,
        step_seconds: float = 0.0,
    ) -> None:
        self.model = f"truth, {fault or 'no fault'}"
        self.capabilities = Capabilities(concurrency=concurrency, context=context)
        if rows_per_segment is not None:
            self.card = ModelCard(self.model, rows_per_segment=rows_per_segment)
        self.requests = self.tokens = 0
        self._name, self._fault = fault, FAULTS[fault] if fault else None
        self._persistent, self._obeys, self._seconds = persistent, obeys_bounds, step_seconds
        self._truth: Truth | None = None
        self._asked: set[Place] = set()
        self._closed = False
        self._places = asyncio.Semaphore(concurrency)

    def read(self, document: Document) -> None:
        """Take the document that the next requests are about."""
        self._truth, self._asked = Truth(document), set()

    async def start(self) -> None:
        self._closed = False

    async def generate(self, request: EngineRequest) -> AsyncGenerator[Chunk, None]:
        if self._closed:
            raise EngineUnavailable("the engine is closed")
        prompt = await self.count(request.prompt)
        context = self.capabilities.context
        if context is not None and prompt >= context:
            raise PromptTooLong(f"{prompt} tokens of a context of {context}", prompt, context - 1)
        async with self._places:
            text = json.dumps(self.answer(request), ensure_ascii=False, separators=(",", ":"))
            budget = request.sampling.answer_tokens
            if context is not None:
                budget = min(budget, context - prompt)
            whole, text = text, text[: budget * TOKEN]
            self.requests += 1
            for start in range(0, len(text), PIECE):
                await asyncio.sleep(self._seconds)
                done = -(-min(len(text), start + PIECE) // TOKEN)
                yield Chunk(text[start : start + PIECE], usage=Usage(prompt, done, decode_steps=done))
            tokens = -(-len(text) // TOKEN)
            self.tokens += prompt + tokens
            yield Chunk(
                finish="stop" if text == whole else "length", usage=Usage(prompt, tokens, decode_steps=tokens)
            )

    def answer(self, request: EngineRequest) -> Any:
        """Return the value that answers a request."""
        if self._truth is None or not isinstance(request.constraint, Constraint):
            raise EngineFailed("the engine has no document, or no schema")
        truth, schema = self._truth, request.constraint.schema
        prompt = request.prompt.messages[-1].content
        places = truth.rows_in(prompt)
        rows = self._rows(places)
        if self._obeys and isinstance(schema, Mapping):
            self._bounded(rows, places, schema)
        if self._fault:
            self._asked.update(places)
        return projected(truth.part(prompt, rows), schema)

    def _rows(self, places: list[Place]) -> dict[str, list[Row]]:
        """Return the rows of every list, with the fault."""
        gold = self._gold(places)
        rows = {}
        if self._name == "misplace":
            return misplaced(gold)
        for pointer, marked in gold.items():
            rows[pointer] = self._fault(marked) if self._fault else [row for _, row, _ in marked]
        return rows

    def _gold(self, places: list[Place]) -> dict[str, list[tuple[Place, Row, bool]]]:
        assert self._truth is not None
        gold = defaultdict(list)
        for place in places:
            row = value_at(self._truth.document.gold, place[0])[place[1]]
            gold[place[0]].append((place, row, self._persistent or place not in self._asked))
        return gold

    def _bounded(self, rows: dict[str, list[Row]], places: list[Place], schema: Mapping[str, Any]) -> None:
        """Give lists the least number of rows that their schema asks for, as a grammar makes a model do."""
        members = resolved(schema, schema).get("properties", {})
        for pointer, marked in self._gold(places).items():
            listed = resolved(members.get(pointer.rsplit("/", 1)[1], {}), schema)
            answer, left = rows[pointer], list(rows[pointer])
            for _, row, _ in marked:
                if len(answer) >= listed.get("minItems", 0):
                    break
                if row in left:
                    left.remove(row)
                else:
                    answer.append(row)

    async def count(self, prompt: Conversation) -> int:
        return sum(-(-len(text) // TOKEN) for text in prompt.texts())

    async def health(self) -> Health:
        return Health(not self._closed, closed=self._closed)

    async def close(self) -> None:
        self._closed = True
