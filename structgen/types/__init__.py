"""Values that requests, engines and results share: frozen, free of I/O, convertible to plain JSON."""

from structgen.types.conversation import Conversation, Message, Role, ToolCall, ToolDefinition
from structgen.types.evidence import MATCH_KINDS, Box, Evidence, MatchKind
from structgen.types.generation import Attempt, AttemptStatus, Chunk, Completion, FinishReason, TokenLogprob
from structgen.types.requests import (
    MIN_TEMPERATURE,
    MIN_TOP_P,
    ON_LOSS,
    RISKS,
    Example,
    Limits,
    ModelUse,
    OnBudget,
    OnEngineLoss,
    OnLoss,
    RepairStatus,
    RequestSampling,
    Risk,
    Sampling,
    StrategyName,
    exceeds,
)
from structgen.types.text_format import Grammar, TextFormat, TextKind
from structgen.types.usage import Usage, token_count
from structgen.types.violations import DROPPED, MAX_SHOWN, Diagnostic, Violation, violation_members
from structgen.types.wire_fields import FieldDescription, describe

__all__ = [
    "DROPPED",
    "MATCH_KINDS",
    "MAX_SHOWN",
    "MIN_TEMPERATURE",
    "MIN_TOP_P",
    "ON_LOSS",
    "RISKS",
    "Attempt",
    "AttemptStatus",
    "Box",
    "Chunk",
    "Completion",
    "Conversation",
    "Diagnostic",
    "Evidence",
    "Example",
    "FieldDescription",
    "FinishReason",
    "Grammar",
    "Limits",
    "MatchKind",
    "Message",
    "ModelUse",
    "OnBudget",
    "OnEngineLoss",
    "OnLoss",
    "RepairStatus",
    "RequestSampling",
    "Risk",
    "Role",
    "Sampling",
    "StrategyName",
    "TextFormat",
    "TextKind",
    "TokenLogprob",
    "ToolCall",
    "ToolDefinition",
    "Usage",
    "Violation",
    "describe",
    "exceeds",
    "token_count",
    "violation_members",
]
