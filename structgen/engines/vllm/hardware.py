"""Hardware to serve on: detected, or described as `8x80`."""

from __future__ import annotations

import os
import re
import subprocess
from dataclasses import dataclass
from pathlib import Path

from structgen.errors import ConfigError

_QUERY = ("nvidia-smi", "--query-gpu=memory.total", "--format=csv,noheader,nounits")
_DESCRIPTION = re.compile(r"(\d+)[x×](\d+(?:\.\d+)?)")


@dataclass(frozen=True, slots=True)
class Hardware:
    """Memory of each GPU in GiB, in device order; no GPUs for a CPU."""

    gpus: tuple[float, ...]
    cpu_threads: int = 0
    """0 where unknown, as for GPUs that were described."""
    memory_gib: float = 0.0
    """Free memory of the host; 0 where unknown."""
    bf16: bool = True
    """Whether the CPU computes in bfloat16: by instructions, or by AVX-512, which oneDNN needs."""

    def __str__(self) -> str:
        """Describe the hardware for people."""
        if not self.gpus:
            return f"{self.cpu_threads} CPU threads and {self.memory_gib:.1f} GiB of memory"
        if len(set(self.gpus)) > 1:
            return f"GPUs of {', '.join(f'{gpu:g}' for gpu in self.gpus)} GiB"
        return f"{len(self.gpus)} GPU{'s' * (len(self.gpus) > 1)} of {self.gpus[0]:g} GiB"


def detect(visible: str | None = None) -> Hardware:
    """Detect the hardware. `visible` is CUDA_VISIBLE_DEVICES, which nvidia-smi ignores."""
    return _host(_smi(visible) or _torch())


def parse_gpus(text: str) -> Hardware:
    """Parse `8x80` as eight GPUs of 80 GiB, `0` as this machine's CPU; `ConfigError` otherwise."""
    if text == "0":
        return _host(())
    match = _DESCRIPTION.fullmatch(text)
    if match is None or not int(match[1]) or not float(match[2]):
        raise ConfigError(
            f"--gpus {text!r} is not a description of GPUs: write 8x80 for eight of 80 GiB, 0 for none"
        )
    return Hardware((float(match[2]),) * int(match[1]))


def _smi(visible: str | None) -> tuple[float, ...]:
    try:
        done = subprocess.run(_QUERY, capture_output=True, text=True, timeout=20, check=True)
        sizes = [round(float(line) / 1024, 1) for line in done.stdout.split()]
    except (OSError, ValueError, subprocess.SubprocessError):
        return ()
    return _visible(sizes, visible)


def _visible(sizes: list[float], visible: str | None) -> tuple[float, ...]:
    """Select GPUs by number; GPUs of other names count as the first ones."""
    if visible is None:
        return tuple(sizes)
    names = [name.strip() for name in visible.split(",") if name.strip() not in ("", "-1")]
    if all(name.isdigit() for name in names):
        return tuple(sizes[int(name)] for name in names if int(name) < len(sizes))
    return tuple(sizes[: len(names)])


def _torch() -> tuple[float, ...]:
    try:
        import torch
    except ImportError:
        return ()
    count = torch.cuda.device_count() if torch.cuda.is_available() else 0
    sizes = (torch.cuda.get_device_properties(index).total_memory for index in range(count))
    return tuple(round(size / 2**30, 1) for size in sizes)


def _host(gpus: tuple[float, ...]) -> Hardware:
    return Hardware(gpus, len(os.sched_getaffinity(0)), round(_memory() / 2**30, 1), _bf16())


def _bf16() -> bool:
    """Read the flags of the processor; without any, assume bfloat16."""
    flags = _text("/proc/cpuinfo")
    return not flags or re.search(r"\b(amx_bf16|avx512_bf16|avx512bw|bf16)\b", flags) is not None


def _memory() -> int:
    """Return the free bytes of the machine, or the container's limit where that is less."""
    free = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")
    available = re.search(r"MemAvailable:\s+(\d+) kB", _text("/proc/meminfo"))
    if available:
        free = int(available[1]) * 1024
    limit = _text("/sys/fs/cgroup/memory.max").strip()
    return min(free, int(limit)) if limit.isdigit() else free


def _text(path: str) -> str:
    try:
        return Path(path).read_text()
    except OSError:
        return ""
