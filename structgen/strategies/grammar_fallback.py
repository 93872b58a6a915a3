"""A grammar that the engine compiles: the schema's own, or a wider one where the engine refuses it."""

from __future__ import annotations

import asyncio
import hashlib
from collections import OrderedDict
from typing import Any
from weakref import WeakKeyDictionary

from structgen import json_text
from structgen.engines.base import Constraint, Engine
from structgen.engines.guidance import fitted
from structgen.errors import InvalidSchema
from structgen.schema import Schema

KEPT = 64
"""Outcomes of searches for one engine."""
PATIENCE = 60.0
"""Seconds that an engine may take for one of them."""
CHECKS = 12
"""Grammars that an engine is asked to compile beyond those that llguidance takes: each may cost a request."""


def constraint_of(schema: Schema) -> Constraint:
    """The schema's whole grammar."""
    return Constraint(schema.grammar, schema.key)


async def fitting(schema: Schema, engine: Engine) -> Schema:
    """The schema, its grammar compiled by the engine, and wider where the engine refuses the first one.

    `InvalidSchema` where the engine takes none.
    """
    try:
        await engine.prepare(constraint_of(schema))
    except InvalidSchema:
        return await wider(schema, engine)
    return schema


async def wider(schema: Schema, engine: Engine) -> Schema:
    """The schema with a grammar that the engine takes, after it refused the schema's own.

    What llguidance refuses is left out first, without the engine. Requests that ask for the same schema share
    one search, whose outcome is kept. `InvalidSchema` where the engine takes no grammar.
    """
    searches = _searches.setdefault(engine, OrderedDict())
    if schema.key not in searches:
        searches[schema.key] = asyncio.ensure_future(_search(schema, engine))
        while len(searches) > KEPT:
            searches.popitem(last=False)
    search = searches[schema.key]
    try:
        return await asyncio.shield(search)
    except InvalidSchema:
        raise
    except BaseException:  # says nothing of the schema, where it is not the caller who left
        if search.done() and searches.get(schema.key) is search:
            del searches[schema.key]
        raise


_searches: WeakKeyDictionary[Engine, OrderedDict[str, asyncio.Task[Schema]]] = WeakKeyDictionary()


async def _search(schema: Schema, engine: Engine) -> Schema:
    home = asyncio.get_running_loop()

    def check(grammar: Any) -> str | None:
        key = hashlib.sha256(f"tried {json_text.dumps(grammar)}".encode()).hexdigest()
        answer = asyncio.run_coroutine_threadsafe(engine.prepare(Constraint(grammar, key)), home)
        try:
            answer.result(PATIENCE)
        except InvalidSchema as error:
            return str(error).removeprefix("no grammar can be built: ")
        return None

    found, refused = await asyncio.to_thread(fitted, schema)
    if refused is not None:
        raise refused
    return await asyncio.to_thread(found.fitted, check, CHECKS)
