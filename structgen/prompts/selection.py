"""The prompt formats, and the choice among them by the model's name."""

from __future__ import annotations

from structgen.prompts import hermes4
from structgen.prompts.base import PromptFormat

FORMATS: tuple[PromptFormat, ...] = (hermes4,)
"""All formats; the first one serves models that none names."""


def format_for(model: str) -> PromptFormat:
    """Return the format whose `MODELS` matches the name of the model, or its folder's path."""
    return next((each for each in FORMATS if each.MODELS.search(model)), FORMATS[0])
