"""PDFs of single objects, as no program for documents writes them."""

from __future__ import annotations

from collections.abc import Sequence

from hostile_files import pdf

HELVETICA = "<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>"


def stream(data: str | bytes, entries: str = "") -> bytes:
    """Return a stream with further entries of its dictionary."""
    data = data.encode() if isinstance(data, str) else data
    return b"<< /Length %d %b >>\nstream\n%b\nendstream" % (len(data), entries.encode(), data)


def drawn_at(x: float, y: float, text: str, size: float = 9) -> str:
    """Return the operators that draw a text."""
    return f"BT /F {size} Tf 1 0 0 1 {x} {y} Tm ({text}) Tj ET\n"


def page(
    content: str, *others: str | bytes, page: str = "", catalog: str = "", resources: str = "",
    font: str = HELVETICA, box: Sequence[float] = (0, 0, 600, 800),
) -> bytes:  # fmt: skip
    """Return a PDF of one page; `others` are objects from 6 on, the other arguments entries of dictionaries."""
    return pdf(
        f"<< /Type /Catalog /Pages 2 0 R {catalog} >>",
        "<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        f"<< /Type /Page /Parent 2 0 R /MediaBox [{' '.join(map(str, box))}] /Contents 4 0 R {page} "
        f"/Resources << /Font << /F 5 0 R >> {resources} >> >>",
        stream(content),
        font,
        *others,
    )
