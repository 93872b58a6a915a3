"""vLLM as an engine: sized, supervised and restarted, with our own drafts and shortest completions."""
