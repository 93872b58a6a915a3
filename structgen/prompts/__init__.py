"""Prompt formats, one module each, and their rendering to tokens."""
