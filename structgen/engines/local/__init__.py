"""Our own decode loop over a transformers model, on the CPU or one GPU."""

from structgen.engines.local.adapter import LocalEngine as LocalEngine
