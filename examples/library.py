"""In process, without a service: `python examples/library.py`."""

from pathlib import Path

from pydantic import BaseModel

from structgen import Generator


class LineItem(BaseModel):
    description: str
    quantity: int
    unit_price: float


class Invoice(BaseModel):
    invoice_number: str
    issue_date: str
    total: float
    line_items: list[LineItem]


def main() -> None:
    document = (Path(__file__).parent / "invoice.txt").read_text()
    with Generator() as generator:
        invoice = generator.extract(Invoice, document)
    print(invoice.model_dump_json(indent=2))


if __name__ == "__main__":
    main()
