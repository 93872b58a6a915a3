"""Plugin that vLLM runs first in each process that structgen started (entry point `vllm.general_plugins`).

It does nothing elsewhere, as in a user's own `vllm serve` on the same installation.
"""

from __future__ import annotations

import logging
import os
import select
import signal
import threading
from typing import Any

SERVICE = "STRUCTGEN_VLLM_SERVICE"
"""Environment variable: process id of the service that started the engine."""
ERRORS = "STRUCTGEN_VLLM_ERRORS"
"""Environment variable: file for errors in the engine's processes at their start."""


def register() -> None:
    """Set up the process; vLLM calls this in each of its processes, more than once in some."""
    service = os.environ.get(SERVICE)
    if service is None or int(service) == os.getpid():
        return
    _exit_with(int(service))
    _log_errors_to(os.environ.get(ERRORS))
    patch_cpu_sampling()


def _exit_with(service: int) -> None:
    """Kill this process as soon as the service has ended, for whatever reason."""
    try:
        watched = os.pidfd_open(service)
    except ProcessLookupError:
        os.kill(os.getpid(), signal.SIGKILL)
        return

    def wait() -> None:
        poll = select.poll()
        poll.register(watched, select.POLLIN)
        poll.poll()
        os.kill(os.getpid(), signal.SIGKILL)

    threading.Thread(target=wait, name="service-watch", daemon=True).start()


def _log_errors_to(path: str | None) -> None:
    """Write the errors that vLLM logs, with their exceptions, to a file that the service reads."""
    if path is None:
        return
    handler = logging.FileHandler(path, delay=True)
    handler.setLevel(logging.ERROR)
    handler.setFormatter(logging.Formatter("%(message)s"))
    logging.getLogger("vllm").addHandler(handler)


def patch_cpu_sampling() -> None:
    """Replace a function with which the CPU build 0.32.0 samples from uninitialised memory.

    That happens with drafts and a temperature above 0: its stand-in for a Triton kernel writes the
    temperature, top_p and top_k of each drafted position into a copy. On a GPU the kernel itself runs, and
    nothing is replaced.
    """
    from vllm.platforms import current_platform

    if not current_platform.is_cpu():
        return
    from vllm.v1.sample import rejection_sampler

    rejection_sampler.expand_batch_to_tokens = expand_batch_to_tokens


def expand_batch_to_tokens(
    x: Any, cu_num_tokens: Any, num_tokens: int, replace_from: int = 0, replace_to: int = 0
) -> Any:
    """Repeat each entry of [batch] once per token of its request, with `replace_from` replaced."""
    import torch

    counts = torch.diff(cu_num_tokens, prepend=cu_num_tokens.new_zeros(1))
    replaced = torch.where(x == replace_from, torch.full_like(x, replace_to), x)
    return replaced.repeat_interleave(counts.long(), output_size=num_tokens)
