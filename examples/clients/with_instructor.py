"""instructor: an invoice as a typed object, and a smaller one while it grows.

Install `instructor`, start `structgen serve`, then run this file.
"""

import os
from datetime import date
from pathlib import Path

import instructor
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


class Parties(BaseModel):
    vendor_name: str
    customer_name: str


client = instructor.from_openai(OpenAI(base_url=URL, api_key=KEY), mode=instructor.Mode.JSON_SCHEMA)
question = {"model": "structgen", "messages": [{"role": "user", "content": DOCUMENT}], "temperature": 0}
print(client.create(response_model=Invoice, **question))
states = list(client.create_partial(response_model=Parties, **question))  # each has a little more
print(states[-1])
