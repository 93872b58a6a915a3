"""mirascope: an invoice as the format of a call.

Install `mirascope[openai]`, start `structgen serve`, then run this file.
"""

import os
from datetime import date
from pathlib import Path

from mirascope import llm
from pydantic import BaseModel

DOCUMENT = (Path(__file__).parents[1] / "invoice.txt").read_text()
URL = os.environ.get("BASE_URL", "http://127.0.0.1:8000/v1")
KEY = os.environ.get("API_KEY", "none")


class Invoice(BaseModel):
    invoice_number: str
    issue_date: date
    due_date: date
    total: float


llm.register_provider("openai", scope="openai/", base_url=URL, api_key=KEY)
model = llm.Model("openai/structgen:completions")
print(model.call(DOCUMENT, format=llm.format(Invoice, mode="strict")).parse())
