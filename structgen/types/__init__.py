"""Values that requests, engines and results share: frozen, free of I/O, convertible to plain JSON."""

from structgen.types.generation import Attempt, AttemptStatus, Chunk, Completion, FinishReason, TokenLogprob
from structgen.types.requests import (
    COLDEST,
    NARROWEST,
    RISKS,
    AskModel,
    Example,
    Limits,
    Message,
    OnBudget,
    OnEngineLoss,
    RepairStatus,
    RequestSampling,
    Risk,
    Role,
    Sampling,
    Strategy,
)
from structgen.types.usage import Usage, count
from structgen.types.violations import MAX_SHOWN, Diagnostic, Violation, shown
from structgen.types.wire_fields import FieldDescription, describe

__all__ = [
    "COLDEST",
    "MAX_SHOWN",
    "NARROWEST",
    "RISKS",
    "AskModel",
    "Attempt",
    "AttemptStatus",
    "Chunk",
    "Completion",
    "Diagnostic",
    "Example",
    "FieldDescription",
    "FinishReason",
    "Limits",
    "Message",
    "OnBudget",
    "OnEngineLoss",
    "RepairStatus",
    "RequestSampling",
    "Risk",
    "Role",
    "Sampling",
    "Strategy",
    "TokenLogprob",
    "Usage",
    "Violation",
    "count",
    "describe",
    "shown",
]
