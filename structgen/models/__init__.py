"""The model that ships: a Hugging Face checkpoint of config, tokenizer, chat template and safetensors."""

from pathlib import Path

DEMO_MODEL = Path(__file__).parent / "structgen-demo-8m"
