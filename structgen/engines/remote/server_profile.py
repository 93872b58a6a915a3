"""The known properties of a server, as its list of models, probes and refusals show them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal

SchemaMember = Literal["response_format", "structured_outputs"]
"""The request member that carries a schema: OpenAI's, or vLLM's own."""
SCHEMA_MEMBERS: tuple[SchemaMember, ...] = ("response_format", "structured_outputs")
Family = Literal["vllm", "sglang", "llamacpp", "ollama", "other"]
"""The software of the server, where its list of models names it."""
_OWNERS: Mapping[Any, Family] = {
    "vllm": "vllm",
    "sglang": "sglang",
    "llamacpp": "llamacpp",
    "library": "ollama",
}
TAGS = ("<tool_call>", "</tool_call>", "<think>", "</think>")
"""Tags of Hermes' replies, which may be special tokens of the server's model."""
ThinkingSwitch = Literal["chat_template_kwargs", "reasoning_effort"]
THINKING_OFF: Mapping[ThinkingSwitch, Mapping[str, Any]] = {
    "chat_template_kwargs": {"enable_thinking": False, "thinking": False},
    "reasoning_effort": {},
}
"""The members that turn thinking off: options of the chat template, or the effort `none` (Ollama)."""


@dataclass(frozen=True, slots=True)
class ServerProfile:
    """The known properties of a server."""

    family: Family = "other"
    schema_member: SchemaMember | None = None
    """The member by which it follows a schema; None where it follows none."""
    follows_text_formats: bool = False
    """Whether it follows regular expressions, choices and grammars in `structured_outputs`."""
    special_tags: frozenset[str] | None = None
    """The tags that are special tokens in its grammars; None where it follows no grammar of calls."""
    thinking_switch: ThinkingSwitch | None = None
    """The member that turns off the thoughts of a model that thinks by default."""
    always_thinks: bool = False
    """The model thinks before each answer, and nothing turns that off."""
    answers_as_reasoning: bool = False
    """JSON under a schema comes where thoughts belong, as from LM Studio with models that think."""
    refused: frozenset[str] = frozenset()
    """Request members and other features that it refuses."""
    context: int | None = None

    @property
    def is_vllm(self) -> bool:
        """Whether it is vLLM, which can compile grammars with llguidance."""
        return self.family == "vllm"

    @property
    def has_template_options(self) -> bool:
        """Whether it passes `chat_template_kwargs` to the chat template."""
        return self.family in ("vllm", "sglang", "llamacpp")

    @property
    def continues_turns(self) -> bool:
        """Whether it lets the model continue a turn that the request begins."""
        return self.family in ("vllm", "sglang") and "continue_final_message" not in self.refused


def family_of(owner: Any) -> Family:
    """Return the software that an entry's `owned_by` names."""
    return _OWNERS.get(owner, "other") if isinstance(owner, str) else "other"
