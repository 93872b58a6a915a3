"""The small model that ships, and how it was trained."""

from pathlib import Path

MODEL = Path(__file__).parent / "model"
"""A Hugging Face checkpoint: config, tokenizer, chat template, safetensors."""
