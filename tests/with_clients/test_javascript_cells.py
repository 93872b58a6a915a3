"""`cells.json` lists what the scripts in JavaScript have, and names the releases that `package.json` pins."""

from __future__ import annotations

import json
from collections.abc import Callable

import pytest
from client_cells import JAVASCRIPT, Client, clients
from client_process import ClientProcess

IN_JAVASCRIPT = [client for client in clients() if client.environment == "javascript"]


@pytest.mark.slow
@pytest.mark.sockets
@pytest.mark.parametrize("client", IN_JAVASCRIPT, ids=lambda client: client.name)
def test_the_list_has_every_cell_of_the_script(
    client: Client, process_of: Callable[[Client], ClientProcess]
) -> None:
    """A cell that the list lacks would never run."""
    assert tuple(process_of(client).call("cells")) == client.cells


@pytest.mark.parametrize("client", IN_JAVASCRIPT, ids=lambda client: client.name)
def test_the_table_names_the_pinned_releases(client: Client) -> None:
    """The lock file decides what is installed."""
    packages = json.loads((JAVASCRIPT / "package-lock.json").read_text("utf-8"))["packages"]
    for release in client.releases:
        name, version = release.split()
        assert packages[f"node_modules/{name}"]["version"] == version
