"""The grammar backend that schemas are lowered to."""

from __future__ import annotations

from structgen.schema.lowering.base import GrammarBackend
from structgen.schema.lowering.llguidance.backend import LLGUIDANCE

DEFAULT: GrammarBackend = LLGUIDANCE
"""The backend of `Schema`. `engines/guidance` compiles its grammars."""
