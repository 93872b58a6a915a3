"""What every process of vLLM's runs first when structgen started it (entry point `vllm.general_plugins`).

Inert elsewhere: a `vllm serve` of the user's own on the same installation is left alone.
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
"""Environment variable: file for what goes wrong in the engine's processes at their start."""


def register() -> None:
    """Called by vLLM in each of its processes, more than once in some."""
    service = os.environ.get(SERVICE)
    if service is None or int(service) == os.getpid():
        return
    _die_with(int(service))
    _tell_errors(os.environ.get(ERRORS))
    mend_cpu_sampling()


def _die_with(service: int) -> None:
    """End this process as soon as the service has ended, however that came about."""
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


def _tell_errors(path: str | None) -> None:
    """Errors that vLLM logs, with their exceptions, in a file that the service can read."""
    if path is None:
        return
    handler = logging.FileHandler(path, delay=True)
    handler.setLevel(logging.ERROR)
    handler.setFormatter(logging.Formatter("%(message)s"))
    logging.getLogger("vllm").addHandler(handler)


def mend_cpu_sampling() -> None:
    """With drafts and a temperature, the CPU build 0.32.0 samples from uninitialised memory.

    Its stand-in for a Triton kernel writes the temperature, top_p and top_k of each drafted position
    into a copy. On a GPU the kernel itself runs, and nothing is replaced.
    """
    from vllm.platforms import current_platform

    if not current_platform.is_cpu():
        return
    from vllm.v1.sample import rejection_sampler

    rejection_sampler.expand_batch_to_tokens = expand_batch_to_tokens


def expand_batch_to_tokens(
    x: Any, cu_num_tokens: Any, num_tokens: int, replace_from: int = 0, replace_to: int = 0
) -> Any:
    """[batch] to [tokens]: each entry as often as its request has tokens; `replace_from` replaced."""
    import torch

    counts = torch.diff(cu_num_tokens, prepend=cu_num_tokens.new_zeros(1))
    replaced = torch.where(x == replace_from, torch.full_like(x, replace_to), x)
    return replaced.repeat_interleave(counts.long(), output_size=num_tokens)
