"""Further documents with plain lists that counting was not made with: settings, groups, roles."""

from long_lists_draft import Draft
from long_lists_records import ROLES, person, town
from long_lists_styles import Style
from long_lists_value_styles import entries
from long_lists_values import (
    CITIES,
    CODES,
    DATES,
    KEYWORDS,
    MAILS,
    MEMBERS,
    NAMED,
    READINGS,
    SHORT,
    SUPPLIERS,
    Values,
    add_values,
    columns,
    side_by_side,
)

STYLES: dict[str, Style] = {}
CITIES_DE = Values("staedte", ("Staedte", "Staedte"), town)
MEMBERS_DE = Values("mitglieder", ("Mitglieder", "Mitglieder des Vorstands"), person)


def style(maker: Style) -> Style:
    STYLES[f"values_{maker.__name__}"] = maker
    return maker


@style
def settings(draft: Draft, count: int) -> None:
    """A file of settings: entries below their name, indented or not."""
    values = draft.rng.choice(SHORT)
    gold = values.several(draft.rng, count)
    pointer = add_values(draft, values, gold)
    draft.writer.line(f"name: {town(draft.rng, 'en')}", f"owner: {person(draft.rng, 'en')}")
    draft.writer.line(f"{values.name}:")
    entries(draft, values, pointer, gold, draft.rng.choice(["  - ", "- "]))
    draft.writer.line("enabled: true")


@style
def in_brackets(draft: Draft, count: int) -> None:
    """Values in brackets behind their name."""
    values = draft.rng.choice(SHORT)
    gold = values.several(draft.rng, count)
    pointer = add_values(draft, values, gold)
    draft.writer.line(f"name: {town(draft.rng, 'en')}")
    draft.writer.write(f"{values.name}: [")
    texts = [values.shown(draft, each) for each in gold]
    for i, text in enumerate(texts):
        with draft.writer.row(pointer):
            draft.writer.write(text)
        separator = "; " if values.form == "number" else ", "
        draft.writer.write(separator * (i < len(texts) - 1))
    draft.writer.line("]", "enabled: true")


@style
def whole_file(draft: Draft, count: int) -> None:
    """A file of one column with its title."""
    values = draft.rng.choice(NAMED)
    gold = values.several(draft.rng, count)
    pointer = add_values(draft, values, gold)
    draft.writer.line(values.titles[-1])
    entries(draft, values, pointer, gold, "")


@style
def german(draft: Draft, count: int) -> None:
    """Names in another language."""
    values = draft.rng.choice([CITIES_DE, MEMBERS_DE])
    gold = values.several(draft.rng, count)
    draft.opening("PROTOKOLL")
    pointer = add_values(draft, values, gold)
    draft.writer.line(f"{draft.rng.choice(values.titles)}:")
    if draft.rng.random() < 0.5:
        entries(draft, values, pointer, gold, "- ")
    else:
        side_by_side(draft, pointer, [values.shown(draft, each) for each in gold], "; ", " und ", 60)
    draft.writer.line()
    draft.prose(1)


@style
def beside(draft: Draft, count: int) -> None:
    """Two bullets in each line."""
    draft.writer.countable = False
    gold = MEMBERS.several(draft.rng, count)
    draft.opening("TEAM")
    pointer = add_values(draft, MEMBERS, gold)
    draft.writer.line("Members", "")
    for i, each in enumerate(gold):
        with draft.writer.row(pointer):
            draft.writer.write(f"- {each}")
        is_left = i % 2 == 0 and i < len(gold) - 1
        draft.writer.write(" " * (30 - len(each)) if is_left else draft.writer.newline)
    draft.writer.line()


@style
def groups(draft: Draft, count: int) -> None:
    """Bullets below the headings of groups, all below that of the list."""
    draft.writer.countable = False
    gold = MEMBERS.several(draft.rng, count)
    draft.opening("TEAM")
    pointer = add_values(draft, MEMBERS, gold)
    draft.writer.line("## Members", "")
    first, form = True, draft.rng.choice(["### {}", "{}:", "{}"])
    while gold or first:
        taken = draft.rng.randint(2, 9)
        if not first or draft.rng.random() < 0.5:
            draft.writer.line(form.format(town(draft.rng, "en")), "")
        entries(draft, MEMBERS, pointer, gold[:taken], "- ")
        gold, first = gold[taken:], False
    draft.prose(1)


@style
def roles(draft: Draft, count: int) -> None:
    """Names with a role behind each."""
    gold = MEMBERS.several(draft.rng, count)
    draft.opening("MINUTES")
    pointer = add_values(draft, MEMBERS, gold)
    draft.writer.line(f"Members present ({len(gold)}):", "")
    joint = draft.rng.choice([", {}", " ({})", " - {}"])
    for each in gold:
        draft.writer.rows(pointer, [f"- {each}{joint.format(draft.rng.choice(ROLES['en']))}"])
    draft.writer.line()
    draft.prose(1)


@style
def shortened(draft: Draft, count: int) -> None:
    """A list of which the document leaves out some, and says so."""
    draft.writer.countable = False
    gold = KEYWORDS.several(draft.rng, count)
    draft.opening("NOTE")
    pointer = add_values(draft, KEYWORDS, gold)
    draft.writer.line("Tags", "")
    for each in gold:
        draft.writer.rows(pointer, [f"- {each}"])
    draft.writer.line(draft.rng.choice(["- ... and 12 more", "etc.", "(5 more not shown)"]), "")
    draft.prose(1)


@style
def wide(draft: Draft, count: int) -> None:
    """A column of a wide table with tabs or gaps, some of its cells empty."""
    values = draft.rng.choice([MAILS, CODES, DATES, SUPPLIERS, READINGS, CITIES])
    gold = values.several(draft.rng, count)
    draft.opening("LIST")
    pointer = add_values(draft, values, gold)
    rows = [["No.", "Name", values.titles[-1], "Remark", "Score"]]
    for i, each in enumerate(gold):
        remark = draft.rng.choice(["", "ok", "late", "new"])
        score = str(draft.rng.randint(1, 99))
        rows.append([str(i + 1), person(draft.rng, "en"), values.shown(draft, each), remark, score])
    if values in (SUPPLIERS, CITIES):
        draft.writer.countable = False
    columns(draft, rows, 2, pointer, draft.rng.choice(["csv", "pipes", "gaps", "ruled"]))
    draft.writer.line()
