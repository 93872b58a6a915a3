"""Where a document says each value of an object, without a model: `python examples/evidence.py`."""

import json
from pathlib import Path

import structgen

FOLDER = Path(__file__).parent


def main() -> None:
    document = (FOLDER / "invoice.txt").read_text()
    invoice = json.loads((FOLDER / "invoice.json").read_text())
    invoice["tax"] = 190.72  # a mistake: the document says 170.72
    for pointer, evidence in structgen.ground(invoice, None, document).items():
        if evidence.kind == "none":
            print(f"{pointer:28} not in the document, score {evidence.score:.2f}")
        else:
            line = document.count("\n", 0, evidence.start) + 1
            text = document[evidence.start : evidence.end]
            print(f"{pointer:28} line {line:2} {evidence.kind:10} score {evidence.score:.2f} {text}")


if __name__ == "__main__":
    main()
