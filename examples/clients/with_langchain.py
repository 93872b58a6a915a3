"""langchain-openai: an invoice by structured output.

Install `langchain-openai`, start `structgen serve`, then run this file.
"""

import os
from datetime import date
from pathlib import Path

from langchain_openai import ChatOpenAI
from pydantic import BaseModel

DOCUMENT = (Path(__file__).parents[1] / "invoice.txt").read_text()
URL = os.environ.get("BASE_URL", "http://127.0.0.1:8000/v1")
KEY = os.environ.get("API_KEY", "none")


class Invoice(BaseModel):
    invoice_number: str
    issue_date: date
    due_date: date
    total: float


model = ChatOpenAI(model="structgen", base_url=URL, api_key=KEY, temperature=0)
print(model.with_structured_output(Invoice).invoke(DOCUMENT))
