"""Tables of one to forty rows, as Markdown, CSV, fixed columns or boxes.

Tables have columns outside the schema, empty cells and totals.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from random import Random
from typing import Any

from training.fields import invented_word, split_name
from training.scenes import calendar
from training.scenes.locale_source import LocaleSource
from training.scenes.role_schemas import Number, Property, Role, RoleSchema, RoleValues, build_role_schema

# name kind[/head of the column...]
_COLUMNS = """name person/Name/Full name/Person; customer person/Customer/Client; employee person/Employee; lead person/Lead/Responsible
team word/Team/Group; department word/Dept./Department; role job/Role/Position; city city/City/Town; country country/Country
company company/Company/Firm/Supplier; item product/Item/Article/Description; product product/Product; sku code/SKU/Art. no./Code
order_number code/Order/Order no./PO; id serial/ID/No./#; reference code/Ref./Reference; invoice code/Invoice/Inv. no.
quantity integer/Qty/Quantity/Count/Pcs; stock integer/Stock/On hand; price money/Price/Unit price; amount money/Amount/Total/Sum
total money/Total/Line total; cost money/Cost; balance money/Balance; salary money/Salary/Pay; date date/Date/Day; due date/Due/Due date
start date/Start/From; end date/End/Until/To; born date/Born/DOB; email email/E-mail/Email; phone phone/Phone/Tel.; status word/Status
weight number/Weight/Weight (kg)/kg; score number/Score/Points; rate number/Rate/%; temperature number/Temp./Temperature; hours number/Hours/Hrs
age integer/Age; year integer/Year; open integer/Open; fte integer/FTE; visits integer/Visits; floor integer/Floor; room code/Room
paid boolean/Paid; active boolean/Active; notes phrase/Notes/Remarks/Comment; reason phrase/Reason; title topic/Title/Subject
language language/Language; food food/Dish/Ingredient; street street/Street/Address; postal_code postal/ZIP/Postcode; clock clock/Time/At
distance number/Distance/km; student person/Student; grade number/Grade/Mark; species food/Species; region region/Region/State; url url/Link"""
_NAMES = """rows items entries lines records table people employees orders line_items products teams customers results positions members
transactions measurements shipments invoices stock_items visits list data participants""".split()
_LOOSE = ("word", "code", "integer", "number", "money", "person", "city", "date", "product", "company")
_LEADS = """Here is the list:|See the table below.|As requested, the current figures.|Attached is the overview.|Please find the data below.|Table 1
|Overview|## Overview|### Current state|Export of today|Q3 report|These are the entries:|Stand: heute|Voici le tableau :|Lista actual:
|List as agreed|The following was recorded:|Report""".replace("\n", "").split("|")
_TAILS = """End of table.|Please check.|Let me know if something is missing.|Page 1 of 1|All prices without tax.|Source: own data|---|(generated)
|Kind regards|Updated weekly.|Figures are preliminary.""".replace("\n", "").split("|")
ROWS = (
    1,
    1,
    1,
    2,
    2,
    2,
    2,
    3,
    3,
    3,
    3,
    3,
    4,
    4,
    4,
    5,
    5,
    5,
    6,
    6,
    7,
    8,
    9,
    10,
    11,
    12,
    12,
    13,
    15,
    18,
    22,
    28,
    36,
    40,
)
"""Row counts to draw from."""


@dataclass(frozen=True, slots=True)
class Column:
    """A column of a table: its schema name, its kind, and its possible headings."""

    name: str
    kind: str
    heads: tuple[str, ...]


def _read() -> tuple[Column, ...]:
    columns = []
    for entry in _COLUMNS.replace("\n", ";").split(";"):
        name, rest = entry.strip().split(" ", 1)
        kind, *heads = rest.split("/")
        columns.append(Column(name, kind, tuple(heads)))
    return tuple(columns)


COLUMNS = _read()
_TYPES = {
    "integer": "integer",
    "money": "number",
    "number": "number",
    "boolean": "boolean",
    "date": "date",
    "serial": "integer",
}


@dataclass(frozen=True, slots=True)
class TableSpec:
    """The columns of a table, its schema, and the bounds of its row count."""

    columns: tuple[Column, ...]
    role_schema: RoleSchema
    rows: Property
    sparse: float
    least: int
    most: int


def draw_table_spec(rng: Random, least: int = 1, most: int = 40) -> TableSpec:
    """Draw the columns and row count of a table, and its schema."""
    count = rng.choice([1, 2, 3, 3, 4, 4, 5, 6, 7])
    if most > 12:
        count = min(count, rng.choice([3, 4, 4, 5]))
    columns = _columns(rng, count)
    sparse = rng.choice([0.0, 0.0, 0.0, 0.08, 0.2])
    selected = [c for c in columns if rng.random() < rng.choice([0.7, 1.0])] or [columns[0]]
    if rng.random() < 0.15:
        rng.shuffle(selected)
    parts = tuple(
        Role(c.name, _TYPES.get(c.kind, "string"), c.name, always_stated=sparse == 0.0) for c in selected
    )
    outer = [Role("rows", "rows", rng.choice(_NAMES), parts=parts, always_stated=True)]
    if rng.random() < 0.15:
        outer.append(Role("title", "string", "title caption heading"))
    role_schema = build_role_schema(rng, outer)
    return TableSpec(columns, role_schema, role_schema.parts[0], sparse, least, most)


def _columns(rng: Random, count: int) -> tuple[Column, ...]:
    chosen: dict[str, Column] = {}
    heads: set[str] = set()
    while len(chosen) < count:
        if rng.random() < 0.15:
            words = [invented_word(rng) for _ in range(rng.choice([1, 1, 2]))]
            drawn = Column("_".join(words), rng.choice(_LOOSE), (" ".join(words), " ".join(words).title()))
        else:
            drawn = rng.choice(COLUMNS)
        head = rng.choice([*drawn.heads, split_name(drawn.name), split_name(drawn.name).title(), drawn.name])
        if drawn.name not in chosen and head.lower() not in heads:
            chosen[drawn.name] = Column(drawn.name, drawn.kind, (head,))
            heads.add(head.lower())
    return tuple(chosen.values())


def table(source: LocaleSource, spec: TableSpec) -> tuple[str, RoleValues]:
    """Write one table, and return its text and rows."""
    rng = source.rng
    choices = [n for n in ROWS if spec.least <= n <= spec.most] or [spec.least]
    count = rng.choice(choices)
    if count > 8 and rng.random() < 0.5:
        count = min(spec.most, max(spec.least, count + rng.randint(-2, 2)))
    writer = _Cells(source, rng.random() < 0.3)
    pools = {c.name: writer.pool(c, count) for c in spec.columns}
    cells, rows = [], []
    for index in range(count):
        texts: list[str] = []
        row: dict[str, Any] = {}
        for column in spec.columns:
            if rng.random() < spec.sparse:
                texts.append("")
                row[column.name] = None
                continue
            text, value = pools[column.name](index)
            texts.append(text)
            row[column.name] = value
        cells.append(texts)
        rows.append(row)
    blank = rng.choice(["", "", "-", "—", "n/a"])
    cells = [[text or blank for text in row] for row in cells]
    head = [c.heads[0] for c in spec.columns]
    if rng.random() < 0.15:
        head = [h.upper() for h in head]
    right = [c.kind in ("integer", "money", "number", "serial") for c in spec.columns]
    numbered = rng.random() < 0.1 and "serial" not in {c.kind for c in spec.columns}
    if numbered:
        head, right = [rng.choice(["#", "No.", "Nr."]), *head], [True, *right]
        cells = [[str(i), *row] for i, row in enumerate(cells, 1)]
    lines = rng.choice(_STYLES)(rng, head, cells, right)
    if rng.random() < 0.12 and count > 1:
        lines += _sums(rng, spec, rows, lines)
    title = None
    parts = ["\n".join(lines)]
    if any(p.role.key == "title" for p in spec.role_schema.parts) and rng.random() < 0.7:
        title = source.topic()
        parts.insert(0, rng.choice(["{}", "# {}", "## {}", "Table: {}", "**{}**"]).format(title))
    elif rng.random() < 0.3:
        parts.insert(0, rng.choice(_LEADS))
    if rng.random() < 0.2:
        parts.append(rng.choice(_TAILS))
    return rng.choice(["\n", "\n\n"]).join(parts), {"rows": rows, "title": title}


def _sums(rng: Random, spec: TableSpec, rows: Sequence[dict[str, Any]], lines: Sequence[str]) -> list[str]:
    kinds = {c.kind for c in spec.columns}
    if not kinds & {"money", "number", "integer"}:
        return []
    total = f"{rng.randint(10, 99999)}.{rng.randint(0, 99):02d}"
    return rng.choice([["", f"Total: {total}"], [f"Sum {total}"], [f"{len(rows)} rows, total {total}"]])


class _Cells:
    """Generator of the cells of one table; each column has one format."""

    def __init__(self, source: LocaleSource, few: bool) -> None:
        self.source, self.rng, self.few = source, source.rng, few

    def pool(self, column: Column, count: int) -> Callable[[int], tuple[str, Any]]:
        """Return a function from a row's index to the cell's text and value."""
        rng, source = self.rng, self.source
        language = source.language if rng.random() < 0.5 else "en"
        match column.kind:
            case "serial":
                first, step = rng.choice([(1, 1), (1, 1), (rng.randint(1, 9000), 1), (100, 10)])
                return lambda i: (str(first + i * step), Number(str(first + i * step)))
            case "integer":
                top = rng.choice([9, 99, 999, 20000])
                return lambda i: self._integer(rng.randint(0, top), language)
            case "money":
                style, top = (
                    rng.choice(["plain", "plain", "local", "sign", "code"]),
                    rng.choice([99, 999, 25000]),
                )
                sign = rng.choice(["$", "€", "£"])
                grouped = rng.random() < 0.6
                return lambda i: self._money(style, top, sign, grouped, language)
            case "number":
                places, top, unit = (
                    rng.choice([1, 1, 2, 3]),
                    rng.choice([9, 100, 900]),
                    rng.choice(["", "", "", "", " kg", "%", " %"]),
                )
                return lambda i: self._number(places, top, unit, language)
            case "boolean":
                yes, no = rng.choice(
                    [
                        ("yes", "no"),
                        ("Yes", "No"),
                        ("x", "-"),
                        ("true", "false"),
                        ("Y", "N"),
                        ("✓", "✗"),
                        ("1", "0"),
                    ]
                )
                return lambda i: (yes, True) if rng.random() < 0.5 else (no, False)
            case "date":
                form, first = rng.choice(["iso", "iso", "digits", "words"]), rng.randint(1990, 2027)
                seed = rng.random()
                return lambda i: self._date(form, first, language, seed)
        make = self._maker(column.kind)
        if self.few and column.kind in ("word", "city", "company", "product") and count > 2:
            some = [make() for _ in range(rng.randint(2, 4))]
            return lambda i: (lambda t: (t, t))(rng.choice(some))
        return lambda i: (lambda t: (t, t))(make())

    def _maker(self, kind: str) -> Callable[[], str]:
        source = self.source
        methods: dict[str, Callable[[], str]] = {
            "job": lambda: source.drawn("job"), "language": lambda: source.drawn("language"),
            "food": lambda: source.drawn("food"), "region": source.region,
        }  # fmt: skip
        make = methods.get(kind) or getattr(source, kind)
        if kind == "phrase":
            return lambda: (
                source.random_words(1, 4) if self.rng.random() < 0.5 else source.phrase()[:60].strip()
            )
        return lambda: make().replace("|", "/").strip()

    def _integer(self, number: int, language: str) -> tuple[str, Any]:
        text = str(number)
        if number > 999 and self.rng.random() < 0.3:
            text = calendar.decimal(self.rng, text, language, grouped=True)
        return text, Number(str(number))

    def _money(self, style: str, top: int, sign: str, grouped: bool, language: str) -> tuple[str, Any]:
        plain = f"{self.rng.randint(0, top)}.{self.source.digits(2)}"
        shown = calendar.decimal(self.rng, plain, language if style == "local" else "en", grouped=grouped)
        text = {"sign": f"{sign}{shown}", "code": f"{shown} {'USD' if sign == '$' else 'EUR'}"}.get(
            style, shown
        )
        return text, Number(plain)

    def _number(self, places: int, top: int, unit: str, language: str) -> tuple[str, Any]:
        plain = f"{self.rng.randint(0, top)}.{self.source.digits(places)}"
        if self.rng.random() < 0.04:
            plain = f"-{plain}"
        return calendar.decimal(self.rng, plain, language, grouped=False) + unit, Number(plain)

    def _date(self, form: str, first: int, language: str, seed: float) -> tuple[str, Any]:
        day = calendar.day(self.rng, first, first + 3)
        same = Random(seed)  # one form for the whole column
        if form == "iso":
            return day.isoformat(), day.isoformat()
        text = (
            calendar.in_words(same, day, language)
            if form == "words"
            else calendar.in_digits(same, day, language)
        )
        return text.replace(",", "") if form == "words" else text, day.isoformat()


Cells = Sequence[Sequence[str]]


def _markdown(rng: Random, head: Sequence[str], cells: Cells, right: Sequence[bool]) -> list[str]:
    padded = rng.random() < 0.5
    marks = ["---:" if r and rng.random() < 0.5 else rng.choice(["---", ":---", "----"]) for r in right]
    rows = [[c.replace("|", "\\|") for c in row] for row in [head, *cells]]
    if padded:
        widths = [max(4, *(len(row[i]) for row in rows)) for i in range(len(head))]
        lines = [
            "| "
            + " | ".join(
                c.rjust(w) if r and n else c.ljust(w) for c, w, r in zip(row, widths, right, strict=True)
            )
            + " |"
            for n, row in enumerate(rows)
        ]
        rule = (
            "|"
            + "|".join(
                "-" * (w + 1) + (":" if m.endswith(":") else "-") for w, m in zip(widths, marks, strict=True)
            )
            + "|"
        )
    else:
        lines = ["| " + " | ".join(row) + " |" for row in rows]
        rule = "|" + "|".join(marks) + "|"
        if rng.random() < 0.2:
            lines, rule = [line[2:-2] for line in lines], rule[1:-1]
    return [lines[0], rule, *lines[1:]]


def _csv(rng: Random, head: Sequence[str], cells: Cells, right: Sequence[bool]) -> list[str]:
    out = io.StringIO()
    delimiter = rng.choice([",", ",", ";", ";", "\t", "|"])
    writer = csv.writer(
        out,
        delimiter=delimiter,
        quoting=csv.QUOTE_ALL if rng.random() < 0.33 else csv.QUOTE_MINIMAL,
        lineterminator="\n",
    )
    writer.writerows([head, *cells])
    return out.getvalue().rstrip("\n").split("\n")


def _fixed(rng: Random, head: Sequence[str], cells: Cells, right: Sequence[bool]) -> list[str]:
    gap = rng.choice([1, 2, 2, 3, 4])
    rows = [head, *cells]
    align = [r and rng.random() < 0.6 for r in right]
    widths = [max(len(row[i]) for row in rows) for i in range(len(head))]
    lines = [
        (" " * gap)
        .join(c.rjust(w) if a else c.ljust(w) for c, w, a in zip(row, widths, align, strict=True))
        .rstrip()
        for row in rows
    ]
    roll = rng.random()
    if roll < 0.3:
        lines.insert(1, rng.choice("-=") * rng.choice([len(lines[0]), 20, 40]))
    elif roll < 0.45:
        lines.insert(1, (" " * gap).join("-" * w for w in widths))
    return lines


def _pipes(rng: Random, head: Sequence[str], cells: Cells, right: Sequence[bool]) -> list[str]:
    joint = rng.choice([" | ", " | ", " ¦ ", "  ·  ", "   "])
    return [joint.join(row) for row in [head, *cells]]


def _box(rng: Random, head: Sequence[str], cells: Cells, right: Sequence[bool]) -> list[str]:
    rows = [head, *cells]
    widths = [max(len(row[i]) for row in rows) for i in range(len(head))]
    bar, cross, edge = rng.choice([("-", "+", "|"), ("─", "┼", "│"), ("=", "+", "|")])
    rule = cross + cross.join(bar * (w + 2) for w in widths) + cross
    lines = [
        f"{edge} " + f" {edge} ".join(c.ljust(w) for c, w in zip(row, widths, strict=True)) + f" {edge}"
        for row in rows
    ]
    return [rule, lines[0], rule, *lines[1:], rule]


def _records(rng: Random, head: Sequence[str], cells: Cells, right: Sequence[bool]) -> list[str]:
    """Write the rows one after the other, with the column's name before each cell."""
    joint, separator = rng.choice([", ", "; ", "\n", " | "]), rng.choice([": ", "=", ": ", " "])
    lines = []
    for number, row in enumerate(cells, 1):
        lead = rng.choice([f"{number}. ", "- ", ""]) if joint != "\n" else ""
        body = joint.join(f"{h}{separator}{c}" for h, c in zip(head, row, strict=True))
        lines += (lead + body + ("\n" if joint == "\n" else "")).split("\n")
    return lines


def _html(rng: Random, head: Sequence[str], cells: Cells, right: Sequence[bool]) -> list[str]:
    def line(row: Sequence[str], tag: str) -> str:
        return "<tr>" + "".join(f"<{tag}>{c}</{tag}>" for c in row) + "</tr>"

    return ["<table>", line(head, "th"), *(line(row, "td") for row in cells), "</table>"]


_STYLES = (_markdown, _markdown, _markdown, _csv, _csv, _fixed, _fixed, _fixed, _pipes, _box, _records, _html)
