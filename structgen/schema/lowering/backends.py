"""The grammar backends that lowering may target, and the one that schemas use."""

from __future__ import annotations

from structgen.schema.lowering.base import GrammarBackend
from structgen.schema.lowering.llguidance.backend import LLGUIDANCE

BACKENDS: dict[str, GrammarBackend] = {"llguidance": LLGUIDANCE}
DEFAULT = BACKENDS["llguidance"]
"""The backend of `Schema`. `engines/guidance` compiles its grammars."""
