"""dspy: a signature whose outputs have a schema.

dspy sends a schema only for a model name that it knows; the service takes every name.
Its prompts are written for large models: the shipped one gives valid outputs, not right ones.

Install `dspy`, start `structgen serve`, then run this file.
"""

import os
from pathlib import Path
from typing import Literal

import dspy

DOCUMENT = (Path(__file__).parents[1] / "invoice.txt").read_text()
URL = os.environ.get("BASE_URL", "http://127.0.0.1:8000/v1")
KEY = os.environ.get("API_KEY", "none")


class Read(dspy.Signature):
    """Read the document."""

    document: str = dspy.InputField()
    kind: Literal["invoice", "receipt"] = dspy.OutputField()
    currency: Literal["EUR", "USD"] = dspy.OutputField()
    paid: bool = dspy.OutputField()


model = dspy.LM("openai/gpt-4o", api_base=URL, api_key=KEY, temperature=0, cache=False)
with dspy.context(lm=model, adapter=dspy.JSONAdapter()):
    print(dspy.Predict(Read)(document=DOCUMENT))
