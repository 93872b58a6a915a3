"""dspy: an invoice by a signature.

dspy sends a schema only for a model name that it knows; the service takes every name.

Install `dspy`, start `structgen serve`, then run this file.
"""

import os
from datetime import date
from pathlib import Path

import dspy
from pydantic import BaseModel

DOCUMENT = (Path(__file__).parents[1] / "invoice.txt").read_text()
URL = os.environ.get("BASE_URL", "http://127.0.0.1:8000/v1")
KEY = os.environ.get("API_KEY", "none")


class Invoice(BaseModel):
    invoice_number: str
    due_date: date
    total: float


class Read(dspy.Signature):
    """Read the invoice."""

    document: str = dspy.InputField()
    invoice: Invoice = dspy.OutputField()


model = dspy.LM("openai/gpt-4o", api_base=URL, api_key=KEY, temperature=0, cache=False)
with dspy.context(lm=model, adapter=dspy.JSONAdapter()):
    print(dspy.Predict(Read)(document=DOCUMENT).invoice)
