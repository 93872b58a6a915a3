"""openai: many calls at once over tools from a file. No cell of the table: a test of its own asks for it."""

from __future__ import annotations

import asyncio
import json
from pathlib import Path
from typing import Any

from driver import BASE_URL, CELLS, KEY, MODEL
from openai import AsyncOpenAI

AT_ONCE = 8


def many_calls(file: str) -> dict[str, Any]:
    """Run the requests in the file, `{"tools", "tool_choice", "content", "seed"}` each; return what was delivered."""
    return {"replies": asyncio.run(_replies(json.loads(Path(file).read_text("utf-8"))))}


async def _replies(requests: list[dict[str, Any]]) -> list[dict[str, Any]]:
    slots = asyncio.Semaphore(AT_ONCE)
    async with AsyncOpenAI(base_url=BASE_URL, api_key=KEY) as client:

        async def reply(request: dict[str, Any]) -> dict[str, Any]:
            turns = [{"role": "user", "content": request.pop("content")}]
            async with slots:
                answer = await client.chat.completions.create(
                    model=MODEL,
                    messages=turns,
                    temperature=1,
                    max_tokens=400,
                    parallel_tool_calls=False,
                    **request,
                )
            choice = answer.choices[0]
            calls = [
                (call.function.name, call.function.arguments) for call in choice.message.tool_calls or ()
            ]
            return {"finish": choice.finish_reason, "calls": calls}

        return await asyncio.gather(*map(reply, requests))


CELLS["many"] = many_calls
