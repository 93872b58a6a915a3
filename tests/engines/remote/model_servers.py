"""OpenAI-compatible servers that newcomers run, scripted: what each accepts, refuses, ignores and answers."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from compatible import Compatible, Fault, _json, _misbehave, told

from structgen.engines.fake import FakeEngine

Script = Callable[[dict[str, Any]], Fault]


@dataclass
class ScriptedServer(Compatible):
    """Answers each completion as its script says."""

    engine: Any = field(default_factory=lambda: FakeEngine(["unused"]))
    script: Script = lambda _: said("hello")
    entries: Any = ()
    """The entries of the list of models."""

    async def _complete(self, body: dict[str, Any], send: Any) -> None:
        await _misbehave(self.script(body), send)

    async def _list(self, send: Any) -> None:
        await _json(send, 200, {"object": "list", "data": self.entries})


def said(text: str = "", *, reasoning: str = "", finish: str = "stop", member: str = "reasoning") -> Fault:
    """Return a streamed answer in pieces of three characters, the thoughts first."""
    pieces = [{member: reasoning[i : i + 3]} for i in range(0, len(reasoning), 3)]
    pieces += [{"content": text[i : i + 3]} for i in range(0, len(text), 3)]
    return streamed(*pieces, finish=finish, tokens=len(pieces))


def streamed(*deltas: Mapping[str, Any], finish: str = "stop", tokens: int = 5) -> Fault:
    """Return an answer of these deltas, with its usage."""
    events: list[Any] = [{"choices": [{"index": 0, "delta": dict(delta)}]} for delta in deltas]
    events.append({"choices": [{"index": 0, "delta": {}, "finish_reason": finish}]})
    usage = {"prompt_tokens": 10, "completion_tokens": tokens}
    return Fault(events=(*events, {"choices": [], "usage": usage}, "[DONE]"))


def called(*calls: tuple[str, str], pieces: int = 4) -> Fault:
    """Return an answer of these calls, each a name and its arguments, which come in pieces."""
    deltas: list[Any] = []
    for index, (name, arguments) in enumerate(calls):
        head = {"id": f"call_{index}", "type": "function", "function": {"name": name, "arguments": ""}}
        deltas.append({"tool_calls": [{"index": index, **head}]})
        size = max(1, -(-len(arguments) // pieces))
        for start in range(0, len(arguments), size):
            piece = {"index": index, "function": {"arguments": arguments[start : start + size]}}
            deltas.append({"tool_calls": [piece]})
    return streamed(*deltas, finish="tool_calls")


def asked_schema(body: Mapping[str, Any]) -> Any:
    """Return the schema of a request, None where it has none."""
    return body["response_format"]["json_schema"]["schema"] if "response_format" in body else None


def valid(schema: Any) -> str:
    """Return the JSON of the probe, or of the tests' schema."""
    probe = schema["properties"].get("probe")
    return json.dumps({"probe": probe["const"]} if probe else {"age": 36}, indent=2)


def ollama(thinks: bool, tools: bool = True) -> Script:
    """Ollama: `reasoning`, no `tool_choice`, JSON with line breaks, and thoughts unless the effort is none."""

    def answer(body: dict[str, Any]) -> Fault:
        if body["model"] != "qwen3:4b":
            return Fault(404, told(f"model {body['model']!r} not found", None, type="not_found_error"))
        if body.get("tools") and not tools:
            return Fault(400, told("registry.ollama.ai/library/qwen3:4b does not support tools"))
        if body.get("tools"):
            return called(("weather", '{"city":"Oslo"}'))
        schema, effort = asked_schema(body), body.get("reasoning_effort")
        thought = "Hm, let me see." if thinks and effort != "none" else ""
        return said(valid(schema) if schema else "Ada is 36.", reasoning=thought)

    return answer


def lm_studio(body: dict[str, Any]) -> Fault:
    """LM Studio with a model that thinks: JSON as reasoning, and `tool_choice` by a word only."""
    if isinstance(body.get("tool_choice"), dict):
        message = "Invalid tool_choice type: 'object'. Supported string values: none, auto, required"
        return Fault(400, {"error": message})
    if body.get("tools"):
        return called((body["tools"][0]["function"]["name"], '{"city":"Oslo"}'))
    schema = asked_schema(body)
    return said(reasoning=valid(schema), member="reasoning_content") if schema else said("Ada is 36.")


def llama_cpp(body: dict[str, Any]) -> Fault:
    """llama.cpp's server: no grammar beside tools, and thoughts unless the chat template is told."""
    if body.get("tools") and "response_format" in body:
        return Fault(400, told("Cannot use custom grammar constraints with tools."))
    if body.get("tools"):
        return called(("weather", '{"city":"Oslo"}'), ("weather", '{"city":"Rome"}'))
    thinks = body.get("chat_template_kwargs", {}).get("enable_thinking", True)
    schema = asked_schema(body)
    text = valid(schema) if schema else "Ada is 36."
    return said(text, reasoning="Hm." if thinks else "", member="reasoning_content")


def entries(*names: str, owner: str = "library") -> Sequence[dict[str, Any]]:
    """Return entries of a list of models."""
    return [{"id": name, "object": "model", "owned_by": owner} for name in names]
