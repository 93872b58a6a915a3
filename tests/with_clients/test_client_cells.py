"""Real clients, unmodified, each in its own environment, get valid answers from the service over real sockets."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from answer_checks import check
from client_cells import Client, clients
from client_process import KEY, ClientProcess
from scripted_replies import REPLIES

from structgen.engines.fake import FakeEngine

pytestmark = [pytest.mark.slow, pytest.mark.sockets]
CELLS = {f"{client.name}-{cell}": (client, cell) for client in clients() for cell in client.cells}
ON_RANDOM_WEIGHTS = [name for name in CELLS if name not in REPLIES]


@pytest.mark.parametrize("name", ON_RANDOM_WEIGHTS)
def test_a_client_gets_what_it_asks_for(name: str, process_of: Callable[[Client], ClientProcess]) -> None:
    """A model of random weights gives this client a valid answer, or an error that says what to change."""
    client, cell = CELLS[name]
    check(cell, process_of(client).call(cell))


@pytest.mark.parametrize("name", REPLIES)
def test_a_client_reads_what_it_asked_for_in_words(
    name: str, process_of: Callable[[Client], ClientProcess], serve: Callable[..., str]
) -> None:
    """A scripted engine answers in the form that the client's prompt asks for; the text arrives as it is."""
    client, cell = CELLS[name]
    url = serve(FakeEngine(REPLIES[name]), api_key=KEY) + "/v1"
    check(cell, process_of(client).call(cell, [url]))
