"""Bodies of the OpenAI-compatible routes: `/v1/chat/completions` and `/v1/responses`."""
