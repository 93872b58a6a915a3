"""Measure a model's reading of lists, and write what it reads well at once into its card."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

from structgen import json_text
from structgen.cli.output_file import replacing
from structgen.engines.model_card import CARD_FILE
from structgen.errors import ConfigError, GenerationError, PromptTooLong
from structgen.longdoc.profiling import Measurement, Profile, Reading, Trial
from structgen.longdoc.profiling_documents import SCHEMA, ProfileDocument
from structgen.types import Conversation, Message, Sampling

if TYPE_CHECKING:
    from structgen.generator import Generator

_TOKENS_PER_ROW, _MORE_TOKENS = 80, 200
"""Budget of an answer: a row in it, and what may be beside its rows."""


async def run_measurement(
    generator: Generator, measurement: Measurement, begin: Callable[[Trial], None]
) -> Profile:
    """Have the generator read what the measurement asks for; `begin` is told each trial.

    The engine is started before and closed after.
    """
    engine = generator.engine
    await engine.start()
    try:
        places = asyncio.Semaphore(max(1, engine.capabilities.concurrency))
        trial = next(measurement)
        while True:
            begin(trial)
            readings = await asyncio.gather(
                *(_reading(generator, document, places) for document in trial.documents)
            )
            try:
                trial = measurement.send(readings)
            except StopIteration as end:
                profile: Profile = end.value
                return profile
    finally:
        await engine.close()


async def _reading(generator: Generator, document: ProfileDocument, places: asyncio.Semaphore) -> Reading:
    from structgen.strategies.task_options import task_from_options

    task = task_from_options(
        SCHEMA,
        None,
        prompt=document.text,  # a document would be counted, and rows that are missing asked for again
        sampling=Sampling(max_tokens=_TOKENS_PER_ROW * len(document.items) + _MORE_TOKENS),
        limits={"max_attempts": 1},
    )
    tokens = await generator.engine.count(Conversation((Message("user", document.text),)))
    count = len(document.text) // 4 if tokens is None else tokens
    async with places:
        try:
            value = (await generator.run(task)).data
        except PromptTooLong:
            return Reading(None, count)
        except GenerationError as error:
            value = getattr(error, "partial", None)
    items = value.get("items") if isinstance(value, dict) else None
    return Reading(items if isinstance(items, list) else [], count)


def write_card(folder: Path, profile: Profile) -> Path:
    """Write the figures into the card in a model's folder, and return the card's file."""
    file = folder / CARD_FILE
    try:
        card: Any = json_text.loads(file.read_bytes()) if file.is_file() else {}
        if not isinstance(card, dict):
            raise ConfigError(f"{file} must have a JSON object")
    except (OSError, json_text.JsonError) as error:
        raise ConfigError(f"{file} cannot be read: {error}") from error
    card["rows_per_segment"] = profile.rows_per_segment
    card.pop("segment_tokens", None)
    if profile.segment_tokens is not None:
        card["segment_tokens"] = profile.segment_tokens
    try:
        with replacing(file) as target:
            target.write(f"{json_text.dumps(card)}\n".encode())
    except OSError as error:
        raise ConfigError(f"{file} cannot be written: {error}; --dry-run only prints the figures") from error
    return file
