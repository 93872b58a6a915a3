"""Documents of catalogue records: key-value sheets, prose, e-mails, tables, slips and logs."""

from __future__ import annotations

from collections.abc import Sequence

from training.record_nodes import RecordNode, any_absent, any_comma, flatten_groups, shared_labels
from training.templates import (
    CLOSINGS,
    FILLERS,
    LEADS,
    OPENINGS,
    SENTENCES,
    SEPARATORS,
    TITLES,
    WORDS,
)
from training.values import Source


class Writer:
    """Writer of one record as one document; a held-out source restricts it to held-out templates."""

    def __init__(self, source: Source) -> None:
        self.source, self.rng, self.held_out = source, source.rng, source.held_out
        self.shared: set[str] = set()

    def document(self, nodes: Sequence[RecordNode]) -> str:
        """Write a whole document in a random layout."""
        nodes = list(flatten_groups(nodes))
        self.shared = shared_labels(nodes)
        given = [n for n in nodes if n.given]
        if self.rng.random() < 0.5:
            self.rng.shuffle(given)
        leaves = [n for n in given if n.text is not None]
        blocks = [self._nested(n) for n in given if n.text is None]
        layout = self.rng.choice(
            [self._sheet, self._sheet, self._sheet, self._prose, self._prose, self._log, self._mixed]
        )
        body = layout(leaves)
        if blocks and self.rng.random() < 0.4:
            cut = self.rng.randint(0, len(leaves))
            parts = [layout(leaves[:cut]), *blocks, layout(leaves[cut:])]
        else:
            parts = [body, *blocks]
        return self._frame([p for p in parts if p])

    def key_values(self, nodes: Sequence[RecordNode]) -> str:
        """Write one line of key and value for each present field, in random order."""
        given = [n for n in nodes if n.given]
        self.rng.shuffle(given)
        return self._sheet(given)

    def choose(self, pair: tuple[list[str], list[str]]) -> str:
        """Choose from the training templates or, for a held-out document, from the held-out templates."""
        return self.rng.choice(pair[self.held_out])

    def label(self, node: RecordNode) -> str:
        """Choose a label of the field and its letter case."""
        label = self._choose_label(node, 0.6)
        return self.rng.choice(
            [
                label,
                label.capitalize(),
                label.capitalize(),
                label.title(),
                label.upper(),
                node.field.name,
            ]
        )

    def _choose_label(self, node: RecordNode, plain: float) -> str:
        """Choose a label: the first with probability `plain`, else any that no other field shares."""
        first, *others = node.field.labels
        if self.rng.random() < plain:
            return first
        return self.rng.choice([first, *(label for label in others if label not in self.shared)])

    def _frame(self, parts: list[str]) -> str:
        gap = self.rng.choice(["\n", "\n", "\n\n"])
        roll = self.rng.random()
        fillers = self.rng.choice([0, 0, 1, 1, 2] if self.held_out else [0, 0, 1, 1, 2, 3, 4])
        for _ in range(fillers):
            parts.insert(self.rng.randint(0, len(parts)), self._filler())
        if roll < 0.25:
            lead = f"{self.choose(OPENINGS)}{gap}{self.choose(LEADS)}"
            return gap.join([lead, *parts, f"{self.choose(CLOSINGS)}\n{self.source.first()}"])
        if roll < 0.4:
            title = self.choose(TITLES)
            return gap.join(
                [self.rng.choice([title, f"*** {title} ***", f"# {title}", f"{title}\n====="]), *parts]
            )
        return gap.join(parts)

    def _filler(self) -> str:
        if self.rng.random() < 0.4:
            return self._decoy()
        if not self.held_out and self.rng.random() < 0.4:
            return f"{self.source.random_words(3, 10).capitalize()}{self.rng.choice('.. !')}".rstrip()
        return self.choose(FILLERS)

    def _decoy(self) -> str:
        """Write a key and a value that belong to no field of the schema."""
        key = f"{self.source.pseudo_word()} {self.rng.choice(['code', 'no', 'ref', 'level', 'mark'])}"
        return (
            f"{key.capitalize()}{self._separator()}{self.rng.choice([self.source.word, self.source.code])()}"
        )

    def _sheet(self, nodes: Sequence[RecordNode]) -> str:
        separator, bullet = self._separator(), self.rng.choice(["", "", "", "", "- ", "* ", "  "])
        lines = [f"{bullet}{self.label(n)}{separator}{self._text(n)}" for n in nodes]
        if lines and self.rng.random() < 0.12:
            lines.insert(self.rng.randint(0, len(lines)), self._decoy())
        return "\n".join(lines)

    def _prose(self, nodes: Sequence[RecordNode]) -> str:
        sentences = []
        for node in nodes:
            label = self._choose_label(node, 0.7)
            template = self.choose(SENTENCES)
            if not self.held_out and self.rng.random() < 0.55:
                template = self._improvised()
            filled = template.replace("{label}", label).replace("{Label}", label[:1].upper() + label[1:])
            sentences.append(filled.replace("{value}", self._text(node)))
        return self.rng.choice([" ", " ", "\n"]).join(sentences)

    def _improvised(self) -> str:
        before, between = (
            " ".join(self.rng.choice(WORDS) for _ in range(self.rng.randint(low, 3))) for low in (0, 1)
        )
        if self.rng.random() < 0.5:
            before = before.capitalize()
        order = self.rng.choice(
            ["{label} %s {value}", "{label} %s {value}", "{label}, %s {value}", "{value} %s {label}"]
        )
        return f"{before} {order % between}{self.rng.choice('..,;!')}".strip()

    def _separator(self) -> str:
        """Choose the separator of key and value: a common one or, in training only, random punctuation."""
        if self.held_out or self.rng.random() < 0.7:
            return self.choose(SEPARATORS)
        marks = "".join(self.rng.choice(":=-.>~|#*_") for _ in range(self.rng.randint(1, 4)))
        joint = f"{self.rng.choice(['', ' '])}{marks}{self.rng.choice([' ', ' ', '  '])}"
        return ": " if joint.strip() in {s.strip() for s in SEPARATORS[1]} else joint

    def _log(self, nodes: Sequence[RecordNode]) -> str:
        if not nodes:
            return ""
        stamp = f"20{self.source.digits(2)}-0{self.rng.randint(1, 9)}-1{self.rng.randint(0, 9)}T{self.source.clock()}"
        head = self.rng.choice(
            ["", f"{stamp} INFO ", f"[{stamp}] ", f"{stamp} app[{self.rng.randint(1, 99)}]: "]
        )
        pairs = []
        for node in nodes:
            text = self._text(node)
            quoted = f'"{text}"' if " " in text else text
            name = self.rng.choice([node.field.name, node.field.name, node.field.labels[0]]).replace(" ", "_")
            pairs.append(f"{name}={quoted}")
        return head + self.rng.choice([" ", " ", ", ", "; "]).join(pairs)

    def _mixed(self, nodes: Sequence[RecordNode]) -> str:
        cut = self.rng.randint(0, len(nodes))
        return "\n".join(p for p in (self._sheet(nodes[:cut]), self._prose(nodes[cut:])) if p)

    def _text(self, node: RecordNode) -> str:
        assert node.text is not None
        return node.text

    def _nested(self, node: RecordNode) -> str:
        match node.field.kind:
            case "object":
                return self._object(node)
            case "list":
                return self._list(node)
        return self._rows(node)

    def _object(self, node: RecordNode) -> str:
        inner = [n for n in self._parts(node) if n.given]
        if any(n.text is None for n in inner):
            heads = "\n".join(self._nested(n) for n in inner if n.text is None)
            return "\n".join([self._object_of(node, [n for n in inner if n.text is not None]), heads])
        return self._object_of(node, inner)

    def _object_of(self, node: RecordNode, inner: Sequence[RecordNode]) -> str:
        label, separator = self.label(node), self._separator()
        roll, bare = self.rng.random(), len(inner) == len(self._parts(node))
        if roll < 0.3:
            lines = [f"{label} {self.label(n)}{separator}{self._text(n)}" for n in inner]
            return "\n".join(lines)
        if bare and roll < 0.45 and not any_comma(inner):
            return f"{label}: " + ", ".join(self._text(n) for n in inner)
        if bare and roll < 0.6:
            pad = self._indent()
            return f"{label}:\n" + "\n".join(f"{pad}{self._text(n)}" for n in inner)
        pad = self._indent()
        lines = [f"{pad}{self.label(n)}{separator}{self._text(n)}" for n in inner]
        head = self.rng.choice([f"{label}:", f"[{label}]", f"-- {label} --", label.upper(), f"{label}"])
        return "\n".join([head, *lines])

    def _indent(self) -> str:
        return self.rng.choice(["", "  ", "  ", "    ", "- "])

    def _parts(self, node: RecordNode) -> tuple[RecordNode, ...]:
        return node.value  # type: ignore[return-value]

    def _list(self, node: RecordNode) -> str:
        texts = [str(v.text) for v in node.value]  # type: ignore[union-attr]
        label = self.label(node)
        if self.rng.random() < 0.65:
            comma = self.rng.choice([", ", ", ", "; ", " / "])
            if any("," in t for t in texts):
                comma = "; "
            return f"{label}{self._separator()}{comma.join(texts)}"
        bullet = self.rng.choice(["- ", "* ", "  - ", "  "])
        return "\n".join([f"{label}:", *(f"{bullet}{t}" for t in texts)])

    def _rows(self, node: RecordNode) -> str:
        rows: tuple[tuple[RecordNode, ...], ...] = node.value  # type: ignore[assignment]
        head = self.rng.choice(
            ["", "", f"{self.label(node)}:", f"{self.label(node)}", f"-- {self.label(node)} --"]
        )
        write = self.rng.choice(
            [self._table, self._table, self._table, self._lines, self._lines, self._slips]
        )
        return "\n".join([head, *write(rows)] if head else write(rows))

    def _table(self, rows: Sequence[Sequence[RecordNode]]) -> list[str]:
        header = [self.label(n) for n in rows[0]]
        cells = [[self._cell(n) for n in row] for row in rows]
        style = self.rng.choice(["pipe", "pipe", "markdown", "comma", "tab", "wide", "wide"])
        table = [header, *cells]
        if style == "wide":
            widths = [max(len(r[i]) for r in table) + 2 for i in range(len(header))]
            lines = ["".join(c.ljust(w) for c, w in zip(r, widths, strict=True)).rstrip() for r in table]
            return (
                [lines[0], "-" * self.rng.choice([10, 20, 30]), *lines[1:]]
                if self.rng.random() < 0.3
                else lines
            )
        joint = {"pipe": " | ", "markdown": " | ", "comma": ", ", "tab": "\t"}[style]
        lines = [joint.join(r) for r in table]
        if style == "comma" and any("," in c for r in cells for c in r):
            lines = ["; ".join(r) for r in table]
        if style == "markdown":
            lines = [f"| {line} |" for line in lines]
            lines.insert(1, "|" + "---|" * len(header))
        return lines if self.rng.random() < 0.85 else lines[1:]

    def _cell(self, node: RecordNode) -> str:
        return "-" if node.value is None else self._text(node)

    def _lines(self, rows: Sequence[Sequence[RecordNode]]) -> list[str]:
        """Write each row on a line; labels may be omitted only where no row lacks a value."""
        labelled, joint = self.rng.random() < 0.6, self.rng.choice([", ", ", ", " - ", "; ", "  "])
        labelled = labelled or any_absent(rows)
        if joint == ", " and any(any_comma(row) for row in rows):
            joint = "; "
        bullets = self.rng.choice(["number", "dash", "none", "none"])
        lines = []
        for index, row in enumerate(rows, 1):
            parts = [
                self._labelled(n) if labelled and i else self._text(n)
                for i, n in enumerate(row)
                if n.value is not None
            ]
            lead = {"number": f"{index}. ", "dash": "- ", "none": ""}[bullets]
            lines.append(lead + joint.join(parts))
        return lines

    def _labelled(self, node: RecordNode) -> str:
        return f"{node.field.labels[0]} {self._text(node)}"

    def _slips(self, rows: Sequence[Sequence[RecordNode]]) -> list[str]:
        lines, headed = [], self.rng.random() < 0.5 or any_absent(rows)
        for index, row in enumerate(rows, 1):
            if headed:
                lines.append(f"{self.rng.choice(['No.', '#', 'Entry'])} {index}")
            lines += [f"{self.label(n)}: {self._text(n)}" for n in row if n.value is not None]
        return lines
