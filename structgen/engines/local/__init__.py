"""The local engine: a transformers model in this process."""

from structgen.engines.local.adapter import LocalEngine as LocalEngine
