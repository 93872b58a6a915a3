"""A grammar that the engine compiles: the schema's own, or a wider one where the engine refuses it."""

from __future__ import annotations

import asyncio
import hashlib
from collections import OrderedDict
from typing import Any
from weakref import WeakKeyDictionary

from structgen import json_text
from structgen.engines.base import Constraint, Engine
from structgen.engines.guidance import fit_grammar
from structgen.errors import InvalidSchema
from structgen.schema import Schema

MAX_SEARCHES = 64
"""Outcomes of searches that are cached for each engine."""
CHECK_TIMEOUT = 60.0
"""Seconds that an engine may take to compile one grammar of a search."""
MAX_COMPILATIONS = 12
"""Grammars of one search that the engine compiles after llguidance took them: each may cost a request."""
_searches: WeakKeyDictionary[Engine, OrderedDict[str, asyncio.Task[Schema]]] = WeakKeyDictionary()


def constraint_of(schema: Schema) -> Constraint:
    """Return the constraint for the schema's full grammar."""
    return Constraint(schema.grammar, schema.key)


async def compiled(schema: Schema, engine: Engine) -> Schema:
    """Return the schema with a grammar that the engine compiled, wider where it refused the schema's own.

    Raises `InvalidSchema` where the engine compiles none.
    """
    try:
        await engine.prepare(constraint_of(schema))
    except InvalidSchema:
        return await wider(schema, engine)
    return schema


async def wider(schema: Schema, engine: Engine) -> Schema:
    """Return the schema with a wider grammar that the engine compiles, after it refused the schema's own.

    Keywords that llguidance refuses are dropped first, without the engine. Requests for the same schema share
    one search, whose outcome is cached. Raises `InvalidSchema` where the engine compiles no grammar.
    """
    searches = _searches.setdefault(engine, OrderedDict())
    if schema.key not in searches:
        searches[schema.key] = asyncio.ensure_future(_search(schema, engine))
        while len(searches) > MAX_SEARCHES:
            searches.popitem(last=False)
    search = searches[schema.key]
    try:
        return await asyncio.shield(search)
    except InvalidSchema:
        raise
    except BaseException:  # an error that is not about the schema is not cached, unless only this caller left
        if search.done() and searches.get(schema.key) is search:
            del searches[schema.key]
        raise


async def _search(schema: Schema, engine: Engine) -> Schema:
    loop = asyncio.get_running_loop()

    def check(grammar: Any) -> str | None:
        key = hashlib.sha256(f"tried {json_text.dumps(grammar)}".encode()).hexdigest()
        compilation = asyncio.run_coroutine_threadsafe(engine.prepare(Constraint(grammar, key)), loop)
        try:
            compilation.result(CHECK_TIMEOUT)
        except InvalidSchema as error:
            return str(error).removeprefix("no grammar can be built: ")
        return None

    accepted, refusal = await asyncio.to_thread(fit_grammar, schema)
    if refusal is not None:
        raise refusal
    return await asyncio.to_thread(accepted.fitted, check, MAX_COMPILATIONS)
