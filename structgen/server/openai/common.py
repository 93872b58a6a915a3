"""The translation that the requests of both OpenAI routes share."""

from __future__ import annotations

from dataclasses import dataclass

from structgen.api.openai.options import FormatBody, RequestOptions
from structgen.api.openai.tolerant import ignored_members
from structgen.engines import Engine
from structgen.server.openai.formats import content_format
from structgen.server.openai.requested_turn import Findings, RequestedTurn
from structgen.server.openai.sampling import Budgets, sampling_of
from structgen.server.openai.tools import Tools, chosen_tools
from structgen.types import Limits, Message

IGNORED = "ignored-member"
"""Code of the warnings about members that have no effect."""


@dataclass(frozen=True, slots=True)
class TurnParts:
    """The parts of a request that its route translates."""

    messages: tuple[Message, ...]
    tools: Tools
    tool_choice: object
    choice_pointer: str
    format: FormatBody | None
    format_pointer: str
    budgets: Budgets
    n: int = 1
    logprobs: bool = False


def requested_turn(
    body: RequestOptions, parts: TurnParts, engine: Engine, findings: Findings
) -> RequestedTurn:
    """Return the turn of a request; raises `BadRequest` with every fault."""
    _warn(body, engine.model, findings)
    tools, choice = chosen_tools(parts.tools, parts.tool_choice, parts.choice_pointer, findings)
    form = content_format(body, parts.format, parts.format_pointer, findings)
    if form.text is not None and tools and choice != "none":
        findings.fault(form.pointer, "tools go together with JSON formats and free text alone: give one")
    for index, text in enumerate(body.stop or ()):
        if not text:
            findings.fault(f"/stop/{index}", "the text is empty: it would end every answer at once")
    sampling = sampling_of(body, parts.n, parts.budgets, engine.capabilities, findings)
    findings.check()
    template = body.chat_template_kwargs
    return RequestedTurn(
        parts.messages,
        form,
        tools,
        choice,
        parallel_calls=body.parallel_tool_calls is not False,
        thinking=sampling.thinking_tokens is not None,
        keep_thoughts=template is not None and template.keep_cots is True,
        sampling=sampling,
        limits=Limits() if body.structgen is None else body.structgen.limits,
        n=parts.n,
        stop=tuple(body.stop or ()),
        logprobs=parts.logprobs,
        warnings=tuple(findings.warnings),
    )


def _warn(body: RequestOptions, served: str, findings: Findings) -> None:
    for pointer in ignored_members(body):
        findings.warn(pointer, IGNORED, "this member has no effect here")
    if body.model is not None and body.model != served:
        message = f"the service has one model, {served!r}, and answers with it"
        findings.warn("/model", "other-model", message)
