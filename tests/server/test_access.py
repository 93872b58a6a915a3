"""Access control: several keys and their rights; without keys, no requests from pages of other sites."""

import re
import socket
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from pathlib import Path
from typing import Any

import httpx
import pytest

from structgen.config import ApiKey, ServerConfig, read_keys
from structgen.engines.fake import FakeEngine
from structgen.errors import ConfigError

Serve = Callable[..., str]
Running = Callable[..., AbstractContextManager[str]]
SCHEMA = {"type": "object", "properties": {"a": {"type": "integer"}}, "required": ["a"]}
ASK: dict[str, Any] = {"schema": SCHEMA, "document": "x"}


@pytest.fixture(scope="module")
def without_key(running: Running) -> Iterator[str]:
    """Serve without API keys."""
    with running(FakeEngine(['{"a":1}'])) as url:
        yield url


@pytest.fixture(scope="module")
def with_key(running: Running) -> Iterator[str]:
    """Serve with the key `k`."""
    with running(FakeEngine(['{"a":1}']), api_key="k") as url:
        yield url


def post(url: str, headers: dict[str, str] | None = None, **limits: Any) -> httpx.Response:
    return httpx.post(f"{url}/v1/extract", json={**ASK, "limits": limits}, headers=headers)


def bearer(key: str) -> dict[str, str]:
    return {"authorization": f"Bearer {key}"}


def test_each_of_several_keys_opens_the_service_and_has_its_name_in_the_metrics(serve: Serve) -> None:
    """Commas separate the keys of the environment; half a key or two keys at once are refused."""
    keys = (ApiKey("ops", "key-of-operations"),)
    url = serve(FakeEngine(['{"a":1}']), api_key="one,two", named_keys=keys)
    for key in ("one", "two", "key-of-operations"):
        assert post(url, bearer(key)).status_code == 200
    for wrong in ("one,two", "on", "key-1"):
        assert post(url, bearer(wrong)).status_code == 401
    metrics = httpx.get(f"{url}/metrics", headers=bearer("one")).text
    assert 'structgen_caller_requests_total{caller="ops",status="200"} 1.0' in metrics
    assert 'structgen_caller_requests_total{caller="key-2",status="200"} 1.0' in metrics
    assert "key-of-operations" not in metrics
    assert "127.0.0.1" not in metrics  # as many callers as there are connections


@pytest.mark.parametrize(
    ("key", "asked", "given"),
    [("batch", -100, 10), ("batch", 20, 20), ("ops", -100, -10), ("ops", 0, 0), ("", -100, 0)],
)
def test_no_request_is_more_urgent_than_its_key_allows(
    serve: Serve, monkeypatch: pytest.MonkeyPatch, key: str, asked: int, given: int
) -> None:
    """A request can lower its urgency below that of its key, never raise it."""
    from structgen.server.admission import Admission

    seen: list[int] = []  # what the queue is asked for
    place = Admission.place

    def noted(self: Admission, priority: int = 0, *more: Any, **named: Any) -> Any:
        seen.append(priority)
        return place(self, priority, *more, **named)

    monkeypatch.setattr(Admission, "place", noted)
    keys = (ApiKey("ops", "ops-secret", -10), ApiKey("batch", "batch-secret", 10)) if key else ()
    url = serve(FakeEngine(['{"a":1}']), named_keys=keys)
    assert post(url, bearer(f"{key}-secret") if key else None, priority=asked).status_code == 200
    assert seen == [given]


def test_keys_are_read_from_a_file(tmp_path: Path) -> None:
    """Each table of the file becomes a key with its rights."""
    file = tmp_path / "keys.toml"
    file.write_text('[keys.ops]\nkey = "a"\npriority = -5\n[keys.batch]\nkey = "b"\n')
    assert read_keys(file) == (ApiKey("ops", "a", -5), ApiKey("batch", "b"))
    assert "'a'" not in repr(ServerConfig(named_keys=read_keys(file)))


@pytest.mark.parametrize(
    ("text", "named"),
    {
        "no TOML": ("[keys", "cannot be read"),
        "nothing": ("", r"\[keys.NAME\]"),
        "no key": ("[keys.a]\npriority = 1", r"\[keys.a\]"),
        "unknown member": ('[keys.a]\nkey = "k"\nprio = 1', r"\[keys.a\]"),
        "priority": ('[keys.a]\nkey = "k"\npriority = -101', "-100"),
        "space": ('[keys.a]\nkey = "k k"', "'a'"),
    }.values(),
    ids=repr,
)
def test_a_file_of_keys_that_cannot_be_used_says_where(tmp_path: Path, text: str, named: str) -> None:
    """The error of a keys file names the table or the member at fault."""
    file = tmp_path / "keys.toml"
    file.write_text(text)
    with pytest.raises(ConfigError, match=named):
        read_keys(file)


def test_a_short_key_is_refused_off_loopback() -> None:
    """A short key can be guessed: it is accepted on loopback only."""
    assert ServerConfig(host="0.0.0.0", api_key="k" * 16).keys
    assert ServerConfig(api_key="k").keys
    with pytest.raises(ConfigError, match="16 or more"):
        ServerConfig(host="0.0.0.0", api_key="k" * 16 + ",k")


@pytest.mark.parametrize("keys", ["a,a", "default", "a,,b", ","], ids=repr)
def test_keys_that_cannot_be_told_apart_are_refused(keys: str) -> None:
    """Two keys need different names and secrets, and none may be empty."""
    with pytest.raises(ConfigError):
        ServerConfig(api_key=keys, named_keys=(ApiKey("default", "default"),))


FOREIGN = [
    pytest.param({"host": "evil.example"}, id="name-pointed-here"),
    pytest.param({"host": "evil.example:8000"}, id="name-and-port"),
    pytest.param({"host": "localhost.evil.example"}, id="localhost-as-a-part"),
    pytest.param({"host": "a:b"}, id="no-port"),
    pytest.param({"host": "["}, id="broken"),
    pytest.param({"origin": "https://evil.example"}, id="origin"),
    pytest.param({"origin": "null"}, id="origin-null"),
    pytest.param({"origin": "http://["}, id="origin-broken"),
    pytest.param({"origin": "http://127.0.0.1:1"}, id="another-port"),
    pytest.param({"sec-fetch-site": "cross-site"}, id="cross-site"),
    pytest.param({"sec-fetch-site": "same-site"}, id="same-site"),
]


@pytest.mark.parametrize("headers", FOREIGN)
def test_without_a_key_no_page_of_another_site_may_ask(without_key: str, headers: dict[str, str]) -> None:
    """A service without keys refuses a page of another site with 403, before it reads the body."""
    refused = post(without_key, headers)
    assert (refused.status_code, refused.json()["type"]) == (403, "/problems/forbidden")
    assert httpx.get(f"{without_key}/v1/schemas", headers=headers).status_code == 403
    assert httpx.get(f"{without_key}/health", headers=headers).status_code == 200


@pytest.mark.parametrize("headers", FOREIGN)
def test_with_a_key_names_and_origins_do_not_matter(with_key: str, headers: dict[str, str]) -> None:
    """A service with keys accepts every host and origin: no foreign page has the key."""
    assert post(with_key, {**headers, **bearer("k")}).status_code == 200
    assert post(with_key, headers).status_code == 401


def test_without_a_key_its_own_names_and_pages_may_ask(serve: Serve) -> None:
    """Loopback by name or number, the documentation page, a followed link and allowed hosts are accepted."""
    url = serve(FakeEngine(['{"a":1}']), allowed_hosts=("box.lan",), allowed_origins=("https://app.example",))
    address = url.removeprefix("http://")
    port = address.rpartition(":")[2]
    for host in (address, f"localhost:{port}", f"[::1]:{port}", "LOCALHOST", "x.localhost", "box.lan"):
        assert post(url, {"host": host}).status_code == 200
    assert post(url, {"origin": url, "sec-fetch-site": "same-origin"}).status_code == 200
    link = {"sec-fetch-site": "cross-site", "sec-fetch-mode": "navigate"}
    assert httpx.get(f"{url}/docs", headers=link).status_code == 200
    assert post(url, link).status_code == 403
    allowed = post(url, {"origin": "https://app.example", "sec-fetch-site": "cross-site"})
    assert (allowed.status_code, allowed.headers["access-control-allow-origin"]) == (
        200,
        "https://app.example",
    )
    asks = {"origin": "https://app.example", "access-control-request-method": "POST"}
    preflight = httpx.options(f"{url}/v1/extract", headers=asks)
    assert preflight.headers["access-control-allow-origin"] == "https://app.example"


@pytest.mark.parametrize(
    ("kind", "status"),
    [
        ("application/json", 200),
        ("application/json; charset=utf-8", 200),
        ("application/problem+json", 200),
        ("text/plain", 415),
        ("application/x-www-form-urlencoded", 415),
        ("multipart/form-data; boundary=x", 415),
        ("", 415),
    ],
)
@pytest.mark.parametrize("service", ["without_key", "with_key"])
def test_a_body_wants_to_be_json(
    request: pytest.FixtureRequest, service: str, kind: str, status: int
) -> None:
    """A body that is not declared as JSON is a 415 that names the header."""
    url = request.getfixturevalue(service)
    headers = {"content-type": kind, **bearer("k")}
    answer = httpx.post(f"{url}/v1/validate", content='{"schema":true,"value":1}', headers=headers)
    assert answer.status_code == status
    if status == 415:
        assert "Content-Type: application/json" in answer.json()["detail"]


def test_a_body_without_a_type_is_json_unless_a_browser_sends_it(without_key: str) -> None:
    """A page can omit the Content-Type without a preflight, so a browser must send it."""
    url, body = without_key, '{"schema":true,"value":1}'
    assert httpx.post(f"{url}/v1/validate", content=body).status_code == 200
    refused = httpx.post(f"{url}/v1/validate", content=body, headers={"origin": url})
    assert refused.status_code == 415


@pytest.mark.parametrize("service", ["without_key", "with_key"])
@pytest.mark.parametrize("host", ["a:b", "[::", "\xff", "", "a b", "%"], ids=repr)
def test_no_header_host_makes_a_500(request: pytest.FixtureRequest, service: str, host: str) -> None:
    """A malformed header Host is refused, never an internal error."""
    name, port = request.getfixturevalue(service).removeprefix("http://").split(":")
    with socket.create_connection((name, int(port)), timeout=5) as sock:
        lines = f"GET /v1/schemas HTTP/1.1\r\nHost: {host}\r\nAuthorization: Bearer k\r\nConnection: close\r\n\r\n"
        sock.sendall(lines.encode("latin-1"))
        status = re.match(rb"HTTP/1.1 (\d+)", sock.recv(4096))
    assert status is not None
    assert status[1] in (b"200", b"400", b"403")
