"""Packages and sub-packages import in one direction, and heavy modules only where they belong.

`LEFT` and `ORDER` are the definition of the architecture that ARCHITECTURE.md describes.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

PACKAGE = Path(__file__).parents[1] / "structgen"
VALUES = {
    "backoff",
    "caching",
    "distribution",
    "errors",
    "types",
    "json_text",
    "http_responses",
    "endpoint",
    "suggestions",
    "missing_text",
    "loopback",
    "problem_details",
    "correction_prompt",
}
LEFT: dict[str, set[str]] = {
    "types": set(),
    "backoff": set(),
    "caching": set(),
    "missing_text": set(),
    "correction_prompt": {"types"},
    "json_text": set(),
    "http_responses": set(),
    "suggestions": set(),
    "distribution": set(),
    "errors": {"distribution", "types"},
    "endpoint": {"errors", "loopback"},
    "loopback": set(),
    "problem_details": {"errors"},
    "schema": VALUES,
    "prompts": VALUES | {"schema"},
    "parsing": VALUES | {"schema"},
    "engines": VALUES | {"schema", "prompts", "parsing"},
    "strategies": VALUES | {"schema", "prompts", "parsing", "engines"},
    "generator": VALUES | {"schema", "prompts", "parsing", "engines", "strategies", "embedded"},
    "config": VALUES | {"schema"},
    "workers": VALUES | {"schema", "api", "parsing", "engines"},
    "api": VALUES | {"schema"},
    "client": VALUES | {"schema", "parsing", "api"},
    "server": VALUES
    | {"schema", "prompts", "parsing", "engines", "strategies", "generator", "config", "api"}
    | {"workers"},
    "embedded": VALUES | {"schema", "prompts", "parsing", "engines", "strategies", "generator"},
    "quantize": VALUES,
}
"""What each room may import besides itself. `cli`, the last, may import all."""
ORDER: dict[str, tuple[tuple[str, ...], ...]] = {
    "schema": (
        ("keywords", "regex", "identity"),
        ("traversal", "declared_sizes"),
        ("json_value", "dialects", "reorder"),
        ("duplicates", "limits", "formats", "references", "python_types", "property_order"),
        ("openapi",),
        ("algebra", "validation"),
        ("checks", "lowering", "synthesis"),
        ("loading",),
        ("schema",),
        ("registry",),
    ),
    "parsing": (
        ("incremental", "json_patch", "tolerant"),
        ("decoding", "extraction", "json_diff", "result"),
        ("coercion",),
        ("ranking",),
        ("pipeline",),
    ),
    "engines": (
        ("model_card", "speculative", "stop_tokens", "tokenization"),
        ("base",),
        ("fake", "guidance", "remote"),
        ("local", "outlines", "vllm"),
    ),
    "server": (
        ("access", "body_receiver", "connections", "descriptors", "errors", "metrics", "refusals"),
        (
            "admission",
            "disconnect",
            "guarded_protocol",
            "openapi_examples",
            "responses",
            "schema_cache",
            "sse",
        ),
        ("exception_handlers", "openapi_operations", "text_repair"),
        ("openapi", "service"),
        ("dependencies", "docs_page", "request_bodies", "request_log"),
        ("controllers",),
        ("app",),
        ("uvicorn_server",),
    ),
}
"""The floors of a room's modules and sub-packages, the lowest first: each imports from floors below only."""
HOMES = {
    "torch": ("engines/local", "engines/outlines", "engines/vllm", "embedded", "quantize"),
    "safetensors": ("quantize",),
    "transformers": ("engines/local", "engines/outlines", "embedded"),
    "llguidance": ("engines/guidance", "engines/local", "engines/outlines", "engines/vllm", "embedded"),
    "outlines": ("engines/outlines",),
    "vllm": ("engines/vllm",),
    "litestar": ("server",),
    "uvicorn": ("server",),
    "prometheus_client": ("server",),
    "httpx": ("client", "engines/remote", "endpoint"),
    "httpcore": ("client",),
    "click": ("cli",),
    "rich": ("cli",),
}
"""Where heavy or outward-looking modules may be imported: a prefix of the file's place."""


def imported(source: str, package: str = "structgen") -> Iterator[str]:
    """The full names of all that is imported anywhere in the file, inside functions too."""
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            parts = package.split(".")[: 1 - node.level or None] if node.level else []
            base = ".".join([*parts, *([node.module] if node.module else [])])
            yield from (f"{base}.{alias.name}" for alias in node.names)
        elif isinstance(node, ast.Call) and _is_import(node.func):
            yield from (
                a.value for a in node.args[:1] if isinstance(a, ast.Constant) and isinstance(a.value, str)
            )


def _is_import(function: ast.expr) -> bool:
    name = function.attr if isinstance(function, ast.Attribute) else getattr(function, "id", "")
    return name in ("import_module", "__import__", "importorskip")


def faults(place: str, source: str) -> list[str]:
    """What the file at that place (under `structgen/`, with slashes) may not import."""
    room = place.split("/")[0].removesuffix(".py")
    package = ".".join(["structgen", *place.split("/")[:-1]])
    found = []
    for name in imported(source, package):
        top, *rest = name.split(".")
        if (
            top == "structgen"
            and rest
            and (PACKAGE / rest[0]).exists() | (PACKAGE / f"{rest[0]}.py").exists()
        ):
            if room != "cli" and rest[0] != room and rest[0] not in LEFT.get(room, set()):
                found.append(f"{place} imports {name}: {room} is not to the right of {rest[0]}")
        elif top in HOMES and not place.startswith(HOMES[top]):
            found.append(f"{place} imports {name}, which lives in {', '.join(HOMES[top])}")
    return found


FILES = sorted(
    p.relative_to(PACKAGE).as_posix()
    for p in PACKAGE.rglob("*.py")
    if p.parent != PACKAGE or p.stem != "__init__"
)


@pytest.mark.parametrize("place", FILES)
def test_imports_point_left(place: str) -> None:
    """No file imports from the right of its room, nor a library that lives elsewhere."""
    assert faults(place, (PACKAGE / place).read_text()) == []


def test_every_room_has_its_place() -> None:
    """A new room says where it stands."""
    rooms = {place.split("/")[0].removesuffix(".py") for place in FILES}
    assert rooms <= LEFT.keys() | {"cli"}


def upward(place: str, source: str) -> list[str]:
    """Return the imports of a file that do not lead to a floor below its own, inside its room."""
    room, module, *_ = place.removesuffix(".py").split("/")
    floors = {name: floor for floor, names in enumerate(ORDER[room]) for name in names}
    own_floor = floors.get(module, len(ORDER[room]))
    faults = []
    for name in imported(source, ".".join(["structgen", *place.split("/")[:-1]])):
        target = name.removeprefix(f"structgen.{room}.").split(".")[0]
        if name.startswith(f"structgen.{room}.") and target != module and floors.get(target, -1) >= own_floor:
            faults.append(f"{place} imports {name}: {module} is not above {target} in {room}")
    return faults


@pytest.mark.parametrize("place", [place for place in FILES if place.split("/")[0] in ORDER])
def test_imports_inside_a_room_point_down(place: str) -> None:
    """A module or sub-package imports from the floors below its own only."""
    assert upward(place, (PACKAGE / place).read_text()) == []


@pytest.mark.parametrize("room", ORDER)
def test_every_module_of_an_ordered_room_has_its_floor(room: str) -> None:
    """The table has each module and sub-package of the room once, and no other."""
    modules = {place.removesuffix(".py").split("/")[1] for place in FILES if place.startswith(f"{room}/")}
    assert sorted(name for names in ORDER[room] for name in names) == sorted(modules - {"__init__"})


@pytest.mark.parametrize(
    ("place", "source"),
    [
        pytest.param("schema/keywords.py", "from structgen.schema.traversal import children", id="above"),
        pytest.param(
            "schema/validation/validator.py", "from structgen.schema import checks", id="by-the-room"
        ),
        pytest.param("schema/checks/lint.py", "from ..lowering import lower", id="beside-relative"),
    ],
)
def test_an_import_that_points_up_is_seen(place: str, source: str) -> None:
    """Imports from the same floor or a higher one are faults, in every form."""
    assert upward(place, source)


@pytest.mark.parametrize(
    ("place", "source"),
    {
        "to the right": ("schema/traversal.py", "from structgen.engines import Engine"),
        "in a function": ("client/sync.py", "def f():\n    from structgen.server import app"),
        "by the package": ("parsing/pipeline.py", "from structgen import engines"),
        "relative": ("prompts/base.py", "from ..server import app"),
        "by a call": ("types.py", "import importlib\nimportlib.import_module('structgen.schema')"),
        "for types alone": ("errors.py", "if TYPE_CHECKING:\n    from structgen.schema import Schema"),
        "torch outside": ("generator.py", "def f():\n    import torch.nn"),
        "metrics outside": ("strategies/base.py", "from prometheus_client import Counter"),
    }.values(),
    ids=lambda value: value.split("\n")[0],
)
def test_the_test_sees(place: str, source: str) -> None:
    """Each way to import from the right is found."""
    assert faults(place, source)


@pytest.mark.parametrize(
    "source", ["from . import steps", "from ..types import Usage", "from structgen import json_text"]
)
def test_the_test_lets_through(source: str) -> None:
    """Neighbours and the left are no faults."""
    assert faults("client/sync.py", source) == []
