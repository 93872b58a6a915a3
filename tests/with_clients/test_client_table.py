"""The table of clients in the documentation is what the tests try."""

from __future__ import annotations

import pytest
from client_cells import FEATURES, Client, clients
from client_table import PAGE, shown, table
from scripted_replies import REPLIES


def test_the_page_shows_the_table_of_the_tests() -> None:
    """`python tests/with_clients/client_table.py` writes the table into docs/clients.md."""
    assert shown(PAGE.read_text("utf-8")) == table()


@pytest.mark.parametrize("client", clients(), ids=lambda client: client.name)
def test_every_cell_belongs_to_a_column(client: Client) -> None:
    """A cell is the only one of its name, and its feature is a column."""
    assert {cell.split("-")[0] for cell in client.cells} <= set(FEATURES)
    assert len(set(client.cells)) == len(client.cells) > 0


def test_every_scripted_reply_has_its_cell() -> None:
    """No reply is left from a cell that is gone."""
    assert set(REPLIES) <= {f"{client.name}-{cell}" for client in clients() for cell in client.cells}


@pytest.mark.parametrize("client", clients(), ids=lambda client: client.name)
def test_the_page_says_how_to_reach_the_service(client: Client) -> None:
    """Every client has a row that says how to point it at the service, and an example."""
    assert f"\n| {client.name} |" in PAGE.read_text("utf-8")
