"""Names of the Hugging Face hub: downloaded once, and clear words where that is impossible."""

from __future__ import annotations

import hashlib
import json
import os
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest

from structgen.engines.hub_models import is_hub_name, local_folder
from structgen.errors import ConfigError

pytest.importorskip("huggingface_hub", reason="needs the extra `local`")
COMMIT = "0" * 40
FILES = {"config.json": b"{}", "model.safetensors": b"weights", "README.md": b"not needed"}


@contextmanager
def hub(status: int = 200, code: str = "") -> Iterator[tuple[str, list[str]]]:
    """A hub of one model on loopback: its address, and the paths that were asked for."""
    paths: list[str] = []

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            paths.append(self.path)
            name = self.path.rpartition("/")[2].partition("?")[0]
            if status != 200:
                self._send(status, b'{"error":"no"}', {"X-Error-Code": code})
            elif "/tree/" in self.path:
                tree = [
                    {"type": "file", "path": name, "size": len(data), "oid": "1" * 40}
                    for name, data in FILES.items()
                ]
                self._send(200, json.dumps(tree).encode())
            elif self.path.startswith("/api/models/"):
                siblings = [{"rfilename": name} for name in FILES]
                self._send(
                    200, json.dumps({"id": "owner/model", "sha": COMMIT, "siblings": siblings}).encode()
                )
            else:
                etag = hashlib.sha1(FILES[name]).hexdigest()
                self._send(200, FILES[name], {"ETag": f'"{etag}"', "X-Repo-Commit": COMMIT})

        def do_HEAD(self) -> None:
            self.do_GET()

        def _send(self, status: int, body: bytes, headers: dict[str, str] | None = None) -> None:
            self.send_response(status)
            for header, value in {"Content-Length": str(len(body)), **(headers or {})}.items():
                self.send_header(header, value)
            self.end_headers()
            if self.command == "GET":
                self.wfile.write(body)

        def log_message(self, *_: Any) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}", paths
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


def resolved(cache: Path, endpoint: str, *, offline: bool = False, name: str = "owner/model") -> str:
    """Return the folder of the model, or the error, from a process of its own."""
    script = (
        "from structgen.engines.hub_models import local_folder\n"
        "from structgen.errors import ConfigError\n"
        f"try: print(local_folder({name!r}))\nexcept ConfigError as error: print(f'ConfigError: {{error}}')"
    )
    environment = {**os.environ, "HF_HOME": str(cache), "HF_ENDPOINT": endpoint, "HF_HUB_DISABLE_XET": "1"}
    environment |= {"HF_HUB_OFFLINE": "1" if offline else "0", "HF_HUB_DISABLE_TELEMETRY": "1"}
    done = subprocess.run([sys.executable, "-c", script], env=environment, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    return done.stdout.strip()


def test_a_model_is_downloaded_once(tmp_path: Path) -> None:
    """The second start needs no network; only files of the model are fetched."""
    with hub() as (endpoint, paths):
        folder = Path(resolved(tmp_path, endpoint))
    assert (folder / "model.safetensors").read_bytes() == b"weights"
    assert not any("README" in path for path in paths)
    assert Path(resolved(tmp_path, "http://127.0.0.1:9")) == folder


ERRORS = {
    "offline": (None, True, ["HF_HUB_OFFLINE forbids", "hf download owner/model --local-dir model"]),
    "no network": (None, False, ["cannot be reached", "on a machine with network", "--model model"]),
    "no such model": ((404, "RepoNotFound"), False, ["check the name", "HF_TOKEN"]),
    "terms": ((403, "GatedRepo"), False, ["accept the model's terms at https://huggingface.co/owner/model"]),
}


@pytest.mark.parametrize(("answer", "offline", "words"), ERRORS.values(), ids=ERRORS.keys())
def test_an_error_says_what_to_do(
    tmp_path: Path, answer: tuple[int, str] | None, offline: bool, words: list[str]
) -> None:
    """Each names the model, the reason and the remedy."""
    if answer is None:
        message = resolved(tmp_path, "http://127.0.0.1:9", offline=offline)
    else:
        with hub(*answer) as (endpoint, _):
            message = resolved(tmp_path, endpoint)
    assert message.startswith("ConfigError: --model owner/model: ")
    assert all(word in message for word in words), message


@pytest.mark.parametrize(
    "source", ["no/such/model", "model", "./owner/model", "/owner/model", "a b/c", "../x"]
)
def test_other_sources_are_folders(source: str) -> None:
    """Nothing is looked up for them."""
    assert not is_hub_name(source)
    assert local_folder(source) == Path(source)


def test_a_folder_here_comes_before_the_hub(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """`owner/model` is the folder of that name where there is one."""
    (tmp_path / "owner" / "model").mkdir(parents=True)
    monkeypatch.chdir(tmp_path)
    assert not is_hub_name("owner/model")


def test_the_error_reaches_the_user(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Where the hub's library is missing the folder is asked for."""
    monkeypatch.setitem(sys.modules, "huggingface_hub", None)
    with pytest.raises(ConfigError, match="give a folder with --model"):
        local_folder("owner/model")
