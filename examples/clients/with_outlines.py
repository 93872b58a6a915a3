"""outlines: an invoice by a schema, and a date by a regex.

Install `outlines[openai]`, start `structgen serve`, then run this file.
"""

import os
from datetime import date
from pathlib import Path

import outlines
from openai import OpenAI
from pydantic import BaseModel

DOCUMENT = (Path(__file__).parents[1] / "invoice.txt").read_text()
URL = os.environ.get("BASE_URL", "http://127.0.0.1:8000/v1")
KEY = os.environ.get("API_KEY", "none")


class Invoice(BaseModel):
    invoice_number: str
    issue_date: date
    due_date: date
    total: float


model = outlines.from_vllm(OpenAI(base_url=URL, api_key=KEY), "structgen")
print(Invoice.model_validate_json(model(DOCUMENT, Invoice, temperature=0)))
print(model(DOCUMENT, outlines.regex("INV-[0-9]{4}-[0-9]{4}"), temperature=0))
