"""vLLM as an engine (`adapter`): planned, guarded and restarted, with drafts and closing of our own."""
