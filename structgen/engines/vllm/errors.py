"""Translate vLLM's errors into those of the engine contract."""

from __future__ import annotations

from structgen.errors import BadRequest, EngineFailed, EngineUnavailable, Overloaded, StructgenError


def translated(error: Exception, retry_after: float) -> StructgenError:
    """Return our error for one of vLLM's; `retry_after` is the seconds that a restart usually takes."""
    from vllm.exceptions import GracefulHTTPError, VLLMValidationError
    from vllm.v1.engine.exceptions import EngineDeadError

    if isinstance(error, EngineDeadError):
        return EngineUnavailable("the engine died while it answered", retry_after)
    if isinstance(error, GracefulHTTPError):
        return Overloaded(f"vLLM takes no more requests: {error}"[:300])
    if isinstance(error, VLLMValidationError):
        return BadRequest(f"vLLM refuses the request: {error}"[:500])
    return EngineFailed(f"vLLM failed: {type(error).__name__}: {error}"[:500])
