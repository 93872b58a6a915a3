"""Which column of a table has which field of a list's items, by their names."""

from __future__ import annotations

from collections.abc import Sequence

from structgen.longdoc.layout.titles import likeness, title_words


def field_columns(names: Sequence[str], titles: Sequence[str]) -> dict[str, int]:
    """Return the columns of fields: those whose titles share words with the names, the most alike first.

    Where one field and one column are left, they belong together.
    """
    alike = sorted(
        (-share, field, column)
        for field, name in enumerate(names)
        for column, title in enumerate(titles)
        if (share := likeness(title_words(name), title_words(title))) > 0
    )
    columns: dict[int, int] = {}
    taken: set[int] = set()
    for _, field, column in alike:
        if field not in columns and column not in taken:
            columns[field] = column
            taken.add(column)
    fields_left = [field for field in range(len(names)) if field not in columns]
    columns_left = [column for column in range(len(titles)) if column not in taken]
    if len(fields_left) == len(columns_left) == 1:
        columns[fields_left[0]] = columns_left[0]
    return {names[field]: column for field, column in columns.items()}
