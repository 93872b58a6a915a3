"""Examples of replies in OpenAI's protocols."""

from __future__ import annotations

from typing import Any

from structgen.server import openapi_examples

_ANSWER = '{"invoice_number":"INV-2026-0042","total":1234.5}'
_ACCOUNT = {"attempts": [openapi_examples.ATTEMPT], "usage": openapi_examples.USAGE}
COMPLETION: dict[str, Any] = {
    "id": "chatcmpl-0d4f7c1e6f5b4f0a9a52d1c1f0b7a3de",
    "object": "chat.completion",
    "created": 1790000000,
    "model": "structgen-demo-8m",
    "choices": [
        {
            "index": 0,
            "message": {"role": "assistant", "content": _ANSWER, "refusal": None},
            "finish_reason": "stop",
            "logprobs": None,
        }
    ],
    "usage": {
        "prompt_tokens": 310,
        "completion_tokens": 41,
        "total_tokens": 351,
        "prompt_tokens_details": {"cached_tokens": 0},
    },
    "structgen": _ACCOUNT,
}
CHUNKS = (
    'data: {"id":"chatcmpl-0d4f","object":"chat.completion.chunk","created":1790000000,"model":"…","choices":'
    '[{"index":0,"delta":{"role":"assistant","content":"{\\"total\\":"},"finish_reason":null}]}\n\n'
    "data: [DONE]\n\n"
)
"""An abbreviated stream."""
RESPONSE: dict[str, Any] = {
    "id": "resp_0d4f7c1e6f5b4f0a9a52d1c1f0b7a3de",
    "object": "response",
    "created_at": 1790000000,
    "status": "completed",
    "model": "structgen-demo-8m",
    "output": [
        {
            "type": "message",
            "id": "msg_5b4f0a9a52d1c1f0b7a3de0d4f7c1e6f",
            "status": "completed",
            "role": "assistant",
            "content": [{"type": "output_text", "text": _ANSWER, "annotations": []}],
        }
    ],
    "usage": {
        "input_tokens": 310,
        "input_tokens_details": {"cached_tokens": 0},
        "output_tokens": 41,
        "total_tokens": 351,
    },
    "error": None,
    "incomplete_details": None,
    "instructions": None,
    "max_output_tokens": 512,
    "parallel_tool_calls": True,
    "previous_response_id": None,
    "reasoning": {"effort": None, "summary": None},
    "store": False,
    "temperature": None,
    "text": {"format": {"type": "text"}},
    "tool_choice": "auto",
    "tools": [],
    "top_p": None,
    "truncation": "disabled",
    "metadata": {},
    "structgen": _ACCOUNT,
}
RESPONSE_EVENTS = (
    "event: response.output_text.delta\n"
    'data: {"type":"response.output_text.delta","sequence_number":4,"item_id":"msg_5b4f","output_index":0,'
    '"content_index":0,"delta":"{\\"total\\":","logprobs":[]}\n\n'
)
"""One event of a stream."""
