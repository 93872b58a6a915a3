"""Sampling, budgets and thoughts of a request."""

from __future__ import annotations

from dataclasses import dataclass

from structgen.api.openai.options import RequestOptions
from structgen.engines import Capabilities
from structgen.server.openai.requested_turn import Findings
from structgen.suggestions import did_you_mean
from structgen.types import MIN_TOP_P, Sampling

DEFAULT_MAX_TOKENS = 4096
"""Tokens of an answer where the request names no number, at most half of the context."""
MAX_TOKENS = 131_072
EFFORTS = {"none": 0, "minimal": 512, "low": 1024, "medium": 4096, "high": 16_384, "xhigh": 32_768}
"""Tokens that the model may think, by `reasoning_effort`; at most half of the context."""
DEFAULT_EFFORT = "medium"
"""The effort where the request asks for thoughts and names none."""


@dataclass(frozen=True, slots=True)
class Budgets:
    """Tokens that a request names."""

    max_tokens: int | None
    effort: str | None
    effort_pointer: str


def thinking_tokens(
    body: RequestOptions, budgets: Budgets, capabilities: Capabilities, findings: Findings
) -> int | None:
    """Return the tokens of the thoughts; None where the model is not to think."""
    effort = budgets.effort
    if effort is not None and effort not in EFFORTS:
        hint = did_you_mean(effort, EFFORTS) or f"; choose one of: {', '.join(EFFORTS)}"
        findings.fault(budgets.effort_pointer, f"there is no effort {effort[:40]!r}{hint}")
        return None
    template = body.chat_template_kwargs
    asked = None if template is None else template.thinking
    if template is not None and asked is None:
        asked = template.enable_thinking
    if asked is False or not (asked or EFFORTS[effort or "none"]):
        return None
    tokens = EFFORTS[effort or DEFAULT_EFFORT] or EFFORTS[DEFAULT_EFFORT]
    return min(tokens, _half(capabilities))


def sampling_of(
    body: RequestOptions, n: int, budgets: Budgets, capabilities: Capabilities, findings: Findings
) -> Sampling:
    """Return the sampling of a request, with the defaults for what it leaves open."""
    default_temperature = 1.0 if n > 1 else 0.0
    max_tokens = budgets.max_tokens or min(DEFAULT_MAX_TOKENS, _half(capabilities))
    return Sampling(
        default_temperature if body.temperature is None else body.temperature,
        1.0 if body.top_p is None else max(body.top_p, MIN_TOP_P),
        max(0, body.top_k or 0),
        min(max_tokens, MAX_TOKENS),
        None if body.seed is None else body.seed % 2**63,
        thinking_tokens(body, budgets, capabilities, findings),
    )


def _half(capabilities: Capabilities) -> int:
    return MAX_TOKENS if capabilities.context is None else max(1, capabilities.context // 2)
