"""Documents with lists of plain values: styles that counting was made with."""

from long_lists_draft import Draft
from long_lists_records import firm, person, town
from long_lists_styles import Style
from long_lists_values import (
    CITIES,
    MAILS,
    MEMBERS,
    NAMED,
    PRODUCTS,
    READINGS,
    SHORT,
    SUPPLIERS,
    Values,
    add_values,
    columns,
    other,
    side_by_side,
)

STYLES: dict[str, Style] = {}
GENERIC = ("things", "items", "entries", "values")


def style(maker: Style) -> Style:
    STYLES[f"values_{maker.__name__}"] = maker
    return maker


def heading(draft: Draft, title: str) -> None:
    """Write a heading in one of several forms."""
    form = draft.rng.choice(["# {}", "## {}", "{}:", "{}\n", "**{}**"])
    text = form.format(title)
    draft.writer.line(text.rstrip("\n"))
    if text.endswith("\n") or (text.startswith(("#", "*")) and draft.rng.random() < 0.7):
        draft.writer.line()


def entries(draft: Draft, values: Values, pointer: str, gold: list, mark: str) -> None:
    for i, value in enumerate(gold):
        draft.writer.rows(pointer, [mark.format(n=i + 1) + values.shown(draft, value)])
    draft.writer.line()


@style
def bulleted(draft: Draft, count: int) -> None:
    """Bullets or numbers below a heading, prose around."""
    values = draft.rng.choice(NAMED)
    gold = values.several(draft.rng, count)
    draft.opening("NOTE")
    pointer = add_values(draft, values, gold)
    heading(draft, values.titles[0])
    entries(draft, values, pointer, gold, draft.rng.choice(["- ", "* ", "• ", "{n}. ", "({n}) ", "  - "]))
    draft.prose(draft.rng.choice([0, 1, 2]))


@style
def two_bulleted(draft: Draft, count: int) -> None:
    """Two lists of bullets, of which the schema asks for one."""
    values = draft.rng.choice(NAMED)
    aside = other(draft.rng, values)
    gold = values.several(draft.rng, count)
    draft.opening("MINUTES")
    pointer, is_first = add_values(draft, values, gold), draft.rng.random() < 0.5
    for turn in (True, False):
        if turn == is_first:
            heading(draft, values.titles[0])
            entries(draft, values, pointer, gold, "- ")
        else:
            heading(draft, aside.titles[0])
            for value in aside.several(draft.rng, draft.rng.randint(2, 12)):
                draft.writer.line(f"- {aside.shown(draft, value)}")
            draft.writer.line()
    draft.prose(1)


@style
def plain_lines(draft: Draft, count: int) -> None:
    """Lines without any mark below a heading."""
    values = draft.rng.choice(NAMED)
    gold = values.several(draft.rng, count)
    draft.opening("NOTE")
    pointer = add_values(draft, values, gold)
    heading(draft, values.titles[0])
    entries(draft, values, pointer, gold, "")
    draft.prose(draft.rng.choice([0, 1]))


@style
def label(draft: Draft, count: int) -> None:
    """Items in a line behind a label, over several lines where they are many."""
    values = draft.rng.choice(SHORT)
    gold = values.several(draft.rng, count)
    draft.opening("DATA SHEET")
    pointer = add_values(draft, values, gold)
    draft.writer.line(f"Weight: {draft.rng.randint(2, 40)} kg")
    separator = ", " if values.form == "text" else "; "
    draft.writer.write(f"{values.titles[0]}: " if gold else f"{values.titles[0]}: none")
    last = draft.rng.choice([separator, separator + "and ", " and "])
    side_by_side(draft, pointer, [values.shown(draft, each) for each in gold], separator, last, 70)
    draft.writer.line(f"Origin: {town(draft.rng, 'en')}", "")
    draft.prose(1)


@style
def column(draft: Draft, count: int) -> None:
    """A column of a table of other things."""
    values = draft.rng.choice([MAILS, READINGS, SUPPLIERS, PRODUCTS])
    gold = values.several(draft.rng, count)
    draft.opening("REGISTER")
    pointer = add_values(draft, values, gold)
    rows = [["No.", values.titles[-1], "Town"]]
    rows += [[str(i + 1), values.shown(draft, each), town(draft.rng, "en")] for i, each in enumerate(gold)]
    columns(draft, rows, 1, pointer, draft.rng.choice(["csv", "pipes", "gaps"]))
    draft.writer.line()
    draft.prose(1)


@style
def one_column(draft: Draft, count: int) -> None:
    """A table of one column."""
    values = draft.rng.choice(NAMED)
    gold = values.several(draft.rng, count)
    draft.opening("REGISTER")
    pointer = add_values(draft, values, gold)
    title = values.titles[0]
    if draft.rng.random() < 0.5:
        draft.writer.line(f"| {title} |", "|---|")
        for each in gold:
            draft.writer.rows(pointer, [f"| {values.shown(draft, each)} |"])
    else:
        draft.writer.line(title, "-" * 24)
        entries(draft, values, pointer, gold, "")
    draft.writer.line()
    draft.prose(1)


@style
def different(draft: Draft, count: int) -> None:
    """The different values of a column that repeats them."""
    gold = list(dict.fromkeys(CITIES.several(draft.rng, count)))
    draft.opening("CUSTOMERS")
    pointer = add_values(draft, CITIES, gold, uniqueItems=True)
    writer, seen = draft.writer, set()
    writer.line("Customer;City")
    rows = [*gold, *(draft.rng.choice(gold) for _ in range(len(gold)))] if gold else []
    for each in rows:
        writer.write(f"{firm(draft.rng)};")
        if each in seen:
            writer.line(each)
            continue
        seen.add(each)
        with writer.row(pointer):
            writer.write(each)
        writer.line()
    writer.line()
    draft.prose(1)


@style
def unnamed(draft: Draft, count: int) -> None:
    """Bullets below a heading that has no word of the list's name, and text around."""
    draft.writer.countable = False
    values = draft.rng.choice(NAMED)
    gold = values.several(draft.rng, count)
    draft.opening("NOTE")
    pointer = add_values(draft, values, gold, draft.rng.choice(GENERIC))
    heading(draft, "As agreed")
    entries(draft, values, pointer, gold, draft.rng.choice(["- ", "{n}. "]))
    draft.prose(2)


@style
def nothing(draft: Draft, _: int) -> None:
    """No list at all."""
    draft.writer.countable = False
    draft.opening("To whom it may concern")
    add_values(draft, draft.rng.choice(NAMED), [])
    draft.prose(3)


@style
def sub_bullets(draft: Draft, count: int) -> None:
    """Numbered entries with bullets of other things below some."""
    draft.writer.countable = False
    gold = MEMBERS.several(draft.rng, count)
    draft.opening("TEAM")
    pointer = add_values(draft, MEMBERS, gold)
    heading(draft, "Members")
    for i, each in enumerate(gold):
        draft.writer.rows(pointer, [f"{i + 1}. {each}"])
        for _ in range(draft.rng.choice([0, 0, 1, 2])):
            draft.writer.line(f"   - assisted by {person(draft.rng, 'en')}")
    draft.writer.line()
    draft.prose(1)
