"""Documents with lists of plain values: styles that counting was not made with."""

from typing import Any

from long_lists_draft import Draft
from long_lists_records import firm, person, town
from long_lists_styles import Style, paged
from long_lists_value_more import STYLES as FURTHER
from long_lists_value_styles import entries, heading
from long_lists_values import (
    CITIES,
    CODES,
    COUNTS,
    DATES,
    MAILS,
    MEMBERS,
    NAMED,
    READINGS,
    SHORT,
    SUPPLIERS,
    TASKS_OPEN,
    add_values,
    columns,
    other,
    side_by_side,
)

STYLES: dict[str, Style] = dict(FURTHER)


def style(maker: Style) -> Style:
    STYLES[f"values_{maker.__name__}"] = maker
    return maker


@style
def checkboxes(draft: Draft, count: int) -> None:
    """Boxes to tick, letters in brackets, or arrows."""
    values = draft.rng.choice(NAMED)
    gold = values.several(draft.rng, count)
    draft.opening("CHECKLIST")
    pointer = add_values(draft, values, gold)
    heading(draft, values.titles[0])
    mark = draft.rng.choice(["- [ ] ", "- [x] ", "→ ", "{n}) ", "[{n}] "])
    entries(draft, values, pointer, gold, mark)
    draft.prose(1)


@style
def introduced(draft: Draft, count: int) -> None:
    """A sentence introduces the list."""
    values = draft.rng.choice(NAMED)
    gold = values.several(draft.rng, count)
    draft.opening("Dear Ms. Doe,")
    pointer = add_values(draft, values, gold)
    noun = values.titles[0].split(" of ")[0].lower()
    intro = draft.rng.choice(
        ["Please find below the {}:", "The following {} were recorded:", "These are the {} of this year:"]
    )
    draft.writer.line(intro.format(noun), "")
    entries(draft, values, pointer, gold, draft.rng.choice(["- ", "{n}. ", "  * "]))
    draft.prose(2)


@style
def bold_label(draft: Draft, count: int) -> None:
    """A label in bold, items with semicolons or dots between, in a list of labels."""
    values = draft.rng.choice(SHORT)
    gold = values.several(draft.rng, count)
    draft.opening("Profile")
    pointer = add_values(draft, values, gold)
    draft.writer.line(f"**Contact:** {person(draft.rng, 'en')}")
    separator = draft.rng.choice(["; ", " · ", " | "])
    draft.writer.write(f"**{values.titles[0]}:** " if gold else f"**{values.titles[0]}:** n/a")
    side_by_side(draft, pointer, [values.shown(draft, each) for each in gold], separator, separator)
    draft.writer.line(f"**Seat:** {town(draft.rng, 'en')}", "")
    draft.prose(1)


@style
def indented(draft: Draft, count: int) -> None:
    """Items in lines of their own width below a label."""
    values = draft.rng.choice(SHORT)
    gold = values.several(draft.rng, count)
    draft.opening("FORM")
    pointer = add_values(draft, values, gold)
    draft.writer.line(f"{values.titles[0]}:")
    if gold:
        draft.writer.write("    ")
        separator = ", " if values.form == "text" else "; "
        side_by_side(draft, pointer, [values.shown(draft, each) for each in gold], separator, separator, 50)
    draft.writer.line()
    draft.prose(1)


@style
def wrapped(draft: Draft, count: int) -> None:
    """Entries that go on below, indented."""
    values = draft.rng.choice([TASKS_OPEN, SUPPLIERS, MEMBERS])
    gold = values.several(draft.rng, count)
    draft.opening("PLAN")
    pointer = add_values(draft, values, gold)
    heading(draft, values.titles[0])
    for i, value in enumerate(gold):
        pieces = values.shown(draft, value).split(" ")
        cut = draft.rng.randint(1, len(pieces))
        rest = [f"   {' '.join(pieces[cut:])}"] if pieces[cut:] else []
        draft.writer.rows(pointer, [f"{i + 1}. {' '.join(pieces[:cut])}", *rest])
    draft.writer.line()
    draft.prose(1)


@style
def over_pages(draft: Draft, count: int) -> None:
    """A list over pages with headers and footers."""
    values = draft.rng.choice(NAMED)
    gold = values.several(draft.rng, count)
    paged(draft, "Annual report", draft.rng.randint(14, 40))
    draft.opening("Annual report")
    pointer = add_values(draft, values, gold)
    heading(draft, values.titles[0])
    entries(draft, values, pointer, gold, draft.rng.choice(["- ", "{n}. "]))
    draft.prose(1)


@style
def ruled(draft: Draft, count: int) -> None:
    """A column of a ruled or a spaced table, beside a column with a like name."""
    values = draft.rng.choice([READINGS, MAILS, DATES, COUNTS, CODES])
    gold = values.several(draft.rng, count)
    draft.opening("MEASUREMENTS")
    pointer = add_values(draft, values, gold)
    rows = [["Station", values.titles[-1], "Checked by"]]
    rows += [[town(draft.rng, "en"), values.shown(draft, each), person(draft.rng, "en")] for each in gold]
    columns(draft, rows, 1, pointer, draft.rng.choice(["ruled", "gaps", "pipes"]))
    draft.writer.line()
    draft.prose(1)


@style
def three_lists(draft: Draft, count: int) -> None:
    """Three lists, two of which the schema asks for."""
    values = draft.rng.choice(NAMED)
    second = other(draft.rng, values)
    third = draft.rng.choice([one for one in NAMED if one not in (values, second)])
    draft.opening("Overview")
    for one in draft.rng.sample([values, second, third], 3):
        gold: list[Any] = one.several(draft.rng, count if one is values else draft.rng.randint(2, 9))
        heading(draft, one.titles[0])
        if one is third:
            draft.writer.line(*(f"- {one.shown(draft, each)}" for each in gold), "")
        else:
            entries(draft, one, add_values(draft, one, gold), gold, "- ")
    draft.prose(1)


@style
def repeated_cells(draft: Draft, count: int) -> None:
    """Cities of customers, not said whether each once: the truth has each once."""
    draft.writer.countable = False
    gold = list(dict.fromkeys(CITIES.several(draft.rng, count)))
    draft.opening("CUSTOMERS")
    pointer = add_values(draft, CITIES, gold, description="All the different cities of the customers")
    writer, seen = draft.writer, set()
    writer.line("Customer;City")
    for each in [*gold, *(draft.rng.choice(gold) for _ in range(len(gold)))]:
        writer.write(f"{firm(draft.rng)};")
        if each in seen:
            writer.line(each)
            continue
        seen.add(each)
        with writer.row(pointer):
            writer.write(each)
        writer.line()
    writer.line()


@style
def in_sentences(draft: Draft, count: int) -> None:
    """Values within sentences."""
    draft.writer.countable = False
    values = draft.rng.choice(SHORT)
    gold = values.several(draft.rng, count)
    draft.opening("Report")
    pointer = add_values(draft, values, gold)
    for each in gold:
        draft.writer.write(draft.rng.choice(["We noted ", "The report also names ", "There is "]))
        with draft.writer.row(pointer):
            draft.writer.write(values.shown(draft, each))
        draft.writer.line(draft.rng.choice([" in the spring.", " again.", ", as was agreed."]))
    draft.writer.line()
    draft.prose(1)


@style
def chosen(draft: Draft, count: int) -> None:
    """Bullets of which the schema wants those of one kind only."""
    draft.writer.countable = False
    every = MEMBERS.several(draft.rng, count)
    own = [draft.rng.random() < 0.4 for _ in every]
    draft.opening("Board")
    gold = [each for each, is_own in zip(every, own, strict=True) if is_own]
    pointer = add_values(draft, MEMBERS, gold, description="The members who are elected")
    heading(draft, "Members")
    for each, is_own in zip(every, own, strict=True):
        if is_own:
            draft.writer.rows(pointer, [f"- {each}, elected"])
        else:
            draft.writer.line(f"- {each}, appointed")
    draft.writer.line()
    draft.prose(1)
