"""The table of clients × features as docs/clients.md shows it; `python tests/with_clients/client_table.py` writes it anew."""

from __future__ import annotations

from pathlib import Path

from client_cells import FEATURES, clients

PAGE = Path(__file__).parents[2] / "docs" / "clients.md"
BEGIN, END = "<!-- table of the tests -->\n", "<!-- end of the table -->\n"


def table() -> str:
    """Return the table: one row for each client, and in each cell the modes that the tests try."""
    rows = [["client", *FEATURES.values()], ["---"] * (len(FEATURES) + 1)]
    for client in clients():
        modes = [", ".join(f"`{mode}`" for mode in client.modes(feature)) or "–" for feature in FEATURES]
        rows.append([f"**{client.name}** ({', '.join(client.releases)})", *modes])
    return "\n" + "".join(f"| {' | '.join(row)} |\n" for row in rows) + "\n"


def shown(page: str) -> str:
    """Return the table that a page shows."""
    return page.split(BEGIN)[1].split(END)[0]


if __name__ == "__main__":
    text = PAGE.read_text("utf-8")
    PAGE.write_text(text.replace(BEGIN + shown(text) + END, BEGIN + table() + END), "utf-8")
