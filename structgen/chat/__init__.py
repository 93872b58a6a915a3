"""Chat turns: conversations with tools and response formats, answered by text, valid JSON or valid calls."""
