"""vLLM as an engine: started, guarded and restarted here, with drafts and closing of our own."""

from structgen.engines.vllm.adapter import VllmEngine as VllmEngine
