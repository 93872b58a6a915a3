"""Documents whose rows stand in no countable form: paragraphs, chats, free bullets, blocks of any length.

`UNCOUNTED` may be looked at while the search for rows is made; `long_lists_uncounted_held_out` may not.
"""

from collections.abc import Iterator, Mapping, Sequence

from long_lists_draft import Draft, Rows
from long_lists_records import KINDS, Kind, person
from long_lists_styles import Style

UNCOUNTED: dict[str, Style] = {}
Templates = Mapping[str, Sequence[str]]
"""Sentences with the names of fields in braces, by the name of the list."""
SENTENCES: Templates = {
    "transactions": (
        "On {date} we booked {amount} for {description}.",
        "{description} came to {amount} on {date}.",
        "The statement shows {description}, dated {date}, at {amount}.",
    ),
    "prices": (
        "We offer the {product} at {price}; order it as {sku}.",
        "Article {sku} is a {product} and costs {price}.",
        "For {price} you get {product} (our number {sku}).",
    ),
    "parcels": (
        "Parcel {parcel} went to {name} in {town} and weighed {weight} kg.",
        "{name} of {town} receives {parcel}, which weighs {weight} kg.",
        "With {weight} kg, {parcel} is on its way to {town}, where {name} waits.",
    ),
    "orders": (
        "{customer} ordered {quantity} of {product} under {order} at {price} each.",
        "Order {order} by {customer} is for {product}, quantity {quantity}, at {price}.",
        "At {price} apiece, {quantity} pieces of {product} go to {customer} under {order}.",
    ),
    "shifts": (
        "On {date}, {name} served as {role} from {start} to {end}.",
        "{name} ({role}) worked from {start} until {end} on {date}.",
        "The {role} on {date} was {name}, who came at {start} and left at {end}.",
    ),
    "materials": (
        "We need {quantity} of the {product}.",
        "The {product} is wanted: {quantity} pieces, please.",
        "Please add {product}, {quantity} in number.",
    ),
}
ASIDES = (
    "All went well.",
    "There is nothing to add to that.",
    "The papers are in the usual folder.",
    "Nobody complained.",
    "We talked about it on the phone.",
)
Told = list[str]
"""The text of each row."""


def uncounted(maker: Style) -> Style:
    UNCOUNTED[maker.__name__] = countless(maker)
    return maker


def countless(maker: Style) -> Style:
    """Return a style whose documents are marked as such that show no number of rows."""

    def write(draft: Draft, count: int) -> None:
        draft.writer.countable = False
        maker(draft, count)

    return write


def shown(draft: Draft, kind: Kind, row: Mapping[str, object]) -> dict[str, str]:
    return {field.name: field.shown(row[field.name], draft.writer.notation) for field in kind.fields}


def told(draft: Draft, kind: Kind, rows: Rows, sentences: Templates, *, mixed: bool) -> Told:
    """Return a sentence for each row: of one template, or of all by chance."""
    choices = sentences[kind.list_name]
    one = draft.rng.choice(choices)
    return [(draft.rng.choice(choices) if mixed else one).format(**shown(draft, kind, row)) for row in rows]


def begun(draft: Draft, count: int, title: str) -> tuple[Kind, Rows, str]:
    """Begin a document; return the kind of its rows, the rows and the pointer of their list.

    In one document of four some rows stand twice.
    """
    kind = draft.kind(*KINDS)
    rows = kind.rows(draft.rng, "en", count)
    if draft.rng.random() < 0.25:
        rows = [row for each in rows for row in [each] * draft.rng.choice([1, 1, 1, 2])][:count]
    draft.opening(title)
    return kind, rows, draft.add_list(kind, rows)


@uncounted
def paragraphs(draft: Draft, count: int) -> None:
    """A paragraph about each row, now and then with a sentence about nothing."""
    kind, rows, pointer = begun(draft, count, "Report of the quarter")
    for text in told(draft, kind, rows, SENTENCES, mixed=draft.rng.random() < 0.6):
        aside = f" {draft.rng.choice(ASIDES)}" if draft.rng.random() < 0.4 else ""
        draft.writer.rows(pointer, [text + aside])
        draft.writer.line()
    draft.prose(1)


@uncounted
def column_letter(draft: Draft, count: int) -> None:
    """A letter with the rows in its left column, and talk in the right one."""
    kind, rows, pointer = begun(draft, count, "Dear all,")
    texts = told(draft, kind, rows, SENTENCES, mixed=draft.rng.random() < 0.3)
    for text in texts:
        with draft.writer.row(pointer):
            draft.writer.write(text)
        talk = draft.rng.choice(ASIDES) if draft.rng.random() < 0.7 else ""
        draft.writer.line(" " * (100 - len(text)) + talk if talk else "")
    draft.writer.line()
    draft.prose(1)


@uncounted
def chat(draft: Draft, count: int) -> None:
    """A chat in which some lines tell a row, others nothing."""
    kind, rows, pointer = begun(draft, count, "Chat of the team")
    speakers = [person(draft.rng, "en").split()[0] for _ in range(3)]
    minute = 480
    for text in told(draft, kind, rows, SENTENCES, mixed=draft.rng.random() < 0.5):
        for line in (text, draft.rng.choice(ASIDES) if draft.rng.random() < 0.4 else None):
            if line is None:
                continue
            minute += draft.rng.randint(0, 5)
            said = f"[{minute // 60 % 24:02}:{minute % 60:02}] {draft.rng.choice(speakers)}: {line}"
            if line is text:
                draft.writer.rows(pointer, [said])
            else:
                draft.writer.line(said)
    draft.prose(1)


@uncounted
def mixed_notations(draft: Draft, count: int) -> None:
    """Lines of which each has its own marks between values, in one order."""
    kind, rows, pointer = begun(draft, count, "Notes")
    for row in rows:
        first, *others = shown(draft, kind, row).values()
        line = draft.rng.choice(
            [
                f"- {first}: {', '.join(others)}",
                f"{first} ({'; '.join(others)})",
                f"* {first} -- {' / '.join(others)}",
                f"{first} | {' | '.join(others)}",
            ]
        )
        draft.writer.rows(pointer, [line])
    draft.prose(1)


@uncounted
def free_bullets(draft: Draft, count: int) -> None:
    """Bullet points with the labelled values in any order."""
    kind, rows, pointer = begun(draft, count, "Points")
    titles = {field.name: field.title(draft.rng, "en") for field in kind.fields}
    for row in rows:
        pairs = [f"{titles[name].lower()} {text}" for name, text in shown(draft, kind, row).items()]
        draft.rng.shuffle(pairs)
        draft.writer.rows(pointer, [f"• {'; '.join(pairs)}"])
    draft.prose(1)


@uncounted
def ragged_blocks(draft: Draft, count: int) -> None:
    """Blocks of labels in any order, with labels of other things between, and no blank line after some."""
    kind, rows, pointer = begun(draft, count, "Records")
    titles = {field.name: field.title(draft.rng, "en") for field in kind.fields}
    for row in rows:
        pairs = [f"{titles[name]}: {text}" for name, text in shown(draft, kind, row).items()]
        pairs += draft.rng.sample(["Remark: none", "Clerk: n/a", "Checked: yes"], draft.rng.randint(0, 2))
        draft.rng.shuffle(pairs)
        draft.writer.rows(pointer, pairs)
        if draft.rng.random() < 0.8:
            draft.writer.line()
    draft.prose(1)


@uncounted
def speeches(draft: Draft, count: int) -> None:
    """Speeches of which each tells a row, wrapped and led by the speaker's name."""
    kind, rows, pointer = begun(draft, count, "Record of the session")
    for text in told(draft, kind, rows, SENTENCES, mixed=draft.rng.random() < 0.5):
        speaker = person(draft.rng, "en").upper()
        aside = f" {draft.rng.choice(ASIDES)}" if draft.rng.random() < 0.6 else ""
        draft.writer.rows(pointer, [*wrapped(f"{speaker}. {text}{aside}", 60)])
    draft.prose(1)


@uncounted
def bullets_and_prose(draft: Draft, count: int) -> None:
    """Bullets of a form, and further rows in a paragraph of sentences after them."""
    kind, rows, pointer = begun(draft, count, "List with a remark")
    half = (len(rows) + 1) // 2
    for row in rows[:half]:
        draft.writer.rows(pointer, [f"- {', '.join(shown(draft, kind, row).values())}"])
    draft.writer.line("", "Besides these:", "")
    for i, text in enumerate(told(draft, kind, rows[half:], SENTENCES, mixed=draft.rng.random() < 0.5)):
        with draft.writer.row(pointer):
            draft.writer.write(text)
        draft.writer.write("\n" if i % 2 else " ")
    draft.writer.line("")
    draft.prose(1)


def wrapped(text: str, width: int = 76) -> Iterator[str]:
    """Yield the lines of a text."""
    line = ""
    for word in text.split():
        if line and len(line) + 1 + len(word) > width:
            yield line
            line = word
        else:
            line = f"{line} {word}" if line else word
    yield line
