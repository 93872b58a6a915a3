"""Documents whose rows stand in no countable form, and that the search for rows was not made with."""

from long_lists_draft import Draft
from long_lists_records import person
from long_lists_styles import Style
from long_lists_uncounted import ASIDES, Templates, begun, countless, shown, told, wrapped

HELD_OUT: dict[str, Style] = {}
SENTENCES: Templates = {
    "transactions": (
        "{amount} left for {description} ({date})",
        "{date} brought {description} with {amount}",
        "the entry {description} of {date} stands at {amount}",
    ),
    "prices": (
        "{sku}, the {product}, is now {price}",
        "a {product} sells for {price}, see {sku}",
        "the price of {sku} ({product}) was set to {price}",
    ),
    "parcels": (
        "{town} gets {parcel} of {weight} kg for {name}",
        "{parcel}: {weight} kg, to be handed to {name}, {town}",
        "{name} signed in {town} for {parcel} ({weight} kg)",
    ),
    "orders": (
        "{order}: {quantity} x {product} for {customer}, each {price}",
        "{customer} wants {product} ({quantity} at {price}), filed as {order}",
        "{quantity} units of {product} at {price} were sold to {customer} as {order}",
    ),
    "shifts": (
        "{name} took the duty of {role} on {date}, {start} to {end}",
        "as {role}, {name} stood in from {start} till {end} on {date}",
        "{date}: {role} {name}, begin {start}, end {end}",
    ),
    "materials": (
        "{quantity} x {product}",
        "of {product} we take {quantity}",
        "{product} times {quantity}",
    ),
}


def style(maker: Style) -> Style:
    HELD_OUT[maker.__name__] = countless(maker)
    return maker


@style
def minutes(draft: Draft, count: int) -> None:
    """Minutes that tell row after row in wrapped sentences, each begun by a speaker."""
    kind, rows, pointer = begun(draft, count, "Minutes of the meeting")
    for text in told(draft, kind, rows, SENTENCES, mixed=draft.rng.random() < 0.5):
        speaker = person(draft.rng, "en").split()[-1]
        verb = draft.rng.choice(["reported", "said", "noted"])
        draft.writer.rows(pointer, [*wrapped(f"{speaker} {verb}: {text}. {draft.rng.choice(ASIDES)}")])
        if draft.rng.random() < 0.2:
            draft.writer.line(draft.rng.choice(ASIDES))
    draft.prose(1)


@style
def one_paragraph(draft: Draft, count: int) -> None:
    """All rows in one paragraph, with semicolons between."""
    kind, rows, pointer = begun(draft, count, "Summary")
    texts = told(draft, kind, rows, SENTENCES, mixed=draft.rng.random() < 0.5)
    column = 0
    for i, text in enumerate(texts):
        with draft.writer.row(pointer):
            draft.writer.write(text)
        column += len(text)
        broken = column > 90
        column = 0 if broken else column
        draft.writer.write("." if i == len(texts) - 1 else ";\n" if broken else "; ")
    draft.writer.line("")
    draft.prose(1)


@style
def mail_thread(draft: Draft, count: int) -> None:
    """Mails with one row each, below their heads; some are quoted."""
    kind, rows, pointer = begun(draft, count, "Fwd: your questions")
    for text in told(draft, kind, rows, SENTENCES, mixed=draft.rng.random() < 0.5):
        mark = "> " if draft.rng.random() < 0.3 else ""
        draft.writer.line(f"{mark}From: {person(draft.rng, 'en')}")
        draft.writer.rows(pointer, [f"{mark}{text}"])
        draft.writer.line(f"{mark}{draft.rng.choice(['Regards', 'Thanks', 'Yours'])}", "")
    draft.prose(1)


@style
def questions(draft: Draft, count: int) -> None:
    """A question for each field, and its answer below; the questions of a row in its own order."""
    kind, rows, pointer = begun(draft, count, "Interview")
    titles = {field.name: field.title(draft.rng, "en") for field in kind.fields}
    for row in rows:
        lines = []
        pairs = [*shown(draft, kind, row).items()]
        if draft.rng.random() < 0.5:
            draft.rng.shuffle(pairs)
        for name, text in pairs:
            lines += [f"Q: {titles[name]}?", f"A: {text}"]
        draft.writer.rows(pointer, lines)
        draft.writer.line(draft.rng.choice(["", "Next one.", ""]))
    draft.prose(1)


@style
def table_and_addendum(draft: Draft, count: int) -> None:
    """A table, and further rows in sentences after it."""
    kind, rows, pointer = begun(draft, count, "List with addendum")
    half = len(rows) // 2
    if half:
        draft.table(pointer, kind, rows[:half], draft.rng.choice(["markdown", "fixed", "tsv"]))
    draft.writer.line("", "Later we received word of more:", "")
    for text in told(draft, kind, rows[half:], SENTENCES, mixed=draft.rng.random() < 0.5):
        draft.writer.rows(pointer, [f"{text}."])
    draft.prose(1)


@style
def outline(draft: Draft, count: int) -> None:
    """A heading with the first value of each row, and the others as points below, of different number."""
    kind, rows, pointer = begun(draft, count, "Outline")
    for row in rows:
        first, *others = shown(draft, kind, row).values()
        points = [f"   - {text}" for text in others]
        points += [f"   - {draft.rng.choice(ASIDES)}" for _ in range(draft.rng.choice([0, 0, 1, 2]))]
        draft.writer.rows(pointer, [first, *points])
    draft.prose(1)
