"""Packages and sub-packages import in one direction, and heavy libraries only where they are allowed.

`DEPENDENCIES` and `LAYERS` are the definition of the architecture that ARCHITECTURE.md describes.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

PACKAGE = Path(__file__).parents[1] / "structgen"
BASE_MODULES = {
    "backoff",
    "caching",
    "distribution",
    "error_members",
    "errors",
    "types",
    "json_text",
    "http_responses",
    "endpoint",
    "messages",
    "suggestions",
    "missing_text",
    "text_argument",
    "loopback",
    "problem_details",
    "correction_prompt",
    "resource_limits",
}
DEPENDENCIES: dict[str, set[str]] = {
    "types": set(),
    "backoff": set(),
    "caching": set(),
    "missing_text": set(),
    "correction_prompt": {"types"},
    "json_text": set(),
    "resource_limits": set(),
    "http_responses": set(),
    "messages": {"types"},
    "suggestions": set(),
    "distribution": set(),
    "error_members": {"types"},
    "errors": {"distribution", "error_members", "messages", "types"},
    "endpoint": {"errors", "loopback"},
    "loopback": set(),
    "problem_details": {"errors"},
    "text_argument": {"errors", "types"},
    "schema": BASE_MODULES,
    "prompts": BASE_MODULES | {"schema"},
    "parsing": BASE_MODULES | {"schema"},
    "evidence": BASE_MODULES | {"schema", "parsing"},
    "files": BASE_MODULES | {"evidence"},
    "longdoc": BASE_MODULES | {"schema", "evidence"},
    "engines": BASE_MODULES | {"schema", "prompts", "parsing"},
    "strategies": BASE_MODULES | {"schema", "prompts", "parsing", "engines", "evidence", "longdoc"},
    "chat": BASE_MODULES | {"schema", "prompts", "parsing", "engines", "strategies"},
    "generator": BASE_MODULES
    | {"schema", "prompts", "parsing", "evidence", "files", "engines", "strategies", "chat", "models"},
    "text_repair": BASE_MODULES | {"schema", "parsing", "engines", "generator"},
    "config": BASE_MODULES | {"schema", "files"},
    "workers": BASE_MODULES | {"schema", "api", "parsing", "evidence", "files", "longdoc", "engines"},
    "api": BASE_MODULES | {"schema", "files"},
    "client": BASE_MODULES | {"schema", "parsing", "evidence", "files", "api"},
    "server": BASE_MODULES
    | {
        "schema",
        "prompts",
        "parsing",
        "evidence",
        "files",
        "longdoc",
        "engines",
        "strategies",
        "chat",
        "generator",
        "config",
        "api",
    }
    | {"workers"},
    "models": set(),
    "quantize": BASE_MODULES,
}
"""The packages that each package may import besides itself. `cli`, the last, may import all."""
LAYERS: dict[str, tuple[tuple[str, ...], ...]] = {
    "schema": (
        ("keywords", "regex", "identity", "name_lists"),
        ("traversal", "declared_sizes"),
        ("json_value", "dialects", "python_patterns", "reorder"),
        ("duplicates", "limits", "formats", "references", "python_types", "property_order"),
        ("openapi",),
        ("algebra", "validation"),
        ("checks", "lowering", "synthesis"),
        ("loading",),
        ("schema",),
        ("list_items", "registry"),
    ),
    "prompts": (
        ("json_scanner", "reply_events", "text_formats", "text_length"),
        ("base", "open_call", "parsed_call", "tag_pattern"),
        ("reply_splitter", "segment_encoding", "template_marks", "tool_markup"),
        ("tagged_turns",),
        ("hermes4", "template_rendering"),
        ("chatml", "plain", "server_messages"),
        ("selection",),
        ("chat_template",),
    ),
    "parsing": (
        ("incremental", "json_patch", "tolerant"),
        ("decoding", "extraction", "json_diff", "result"),
        ("coercion", "lost_text"),
        ("ranking",),
        ("pipeline",),
    ),
    "evidence": (
        ("assignment", "comparison", "cycle_collection", "row_members", "source", "statistics"),
        ("answer_tokens", "canonical_forms", "grounding", "packed_words"),
        ("alignment",),
        ("docubench", "scoring", "token_signals"),
        ("answer_signals", "evaluation", "labelled"),
        ("calibration", "report"),
        ("answer_evidence",),
    ),
    "files": (
        ("limits", "decoding", "docx_inline", "docx_numbering", "kinds", "number_formats"),
        ("cell_formats", "html_numbers", "source_builder", "zip_directory"),
        ("docx_package", "workbook_unread"),
        ("docling", "docx", "html", "pdf", "spreadsheet"),
        ("mail_parts",),
        ("mail",),
        ("read",),
        ("isolated",),
        ("child",),
    ),
    "longdoc": (
        (
            "absent_members",
            "layout",
            "lists",
            "monotone",
            "nullable",
            "profiling_documents",
            "row_owners",
            "rows",
            "row_values",
            "schema_copy",
            "segments",
            "verbatim",
        ),
        (
            "composition",
            "day_runs",
            "field_columns",
            "field_titles",
            "headed_rows",
            "list_rules",
            "planning",
            "profiling",
            "row_cells",
            "row_check",
            "row_needs",
            "run_edges",
            "run_parts",
            "section_rows",
            "sections",
            "side_cells",
            "totals",
        ),
        ("group_heads", "leaf_lists", "row_text"),
        ("group_columns", "row_doubts", "row_forms"),
        (
            "absence",
            "claims",
            "cutting",
            "doubt_tally",
            "frame_schema",
            "item_joining",
            "leftovers",
            "likely_rows",
            "row_lacks",
            "row_readings",
            "value_patch",
        ),
        ("list_matching", "plain_lists"),
        ("named_runs", "run_choice", "side_columns", "two_sides"),
        ("row_groups",),
        ("counting", "induction", "readings", "segment_schema"),
        ("derivation", "list_merge"),
        ("merge",),
    ),
    "engines": (
        ("hub_models", "json_regions", "model_card", "stop_tokens", "tokenization"),
        ("speculative",),
        ("base",),
        ("background_loop", "fake", "guidance"),
        ("local", "outlines", "remote", "vllm"),
    ),
    "server": (
        (
            "access",
            "body_receiver",
            "connections",
            "descriptors",
            "errors",
            "event_streams",
            "file_sources",
            "metrics",
            "openai_errors",
            "openapi_forms",
            "openapi_operation",
            "refusals",
            "waiting",
        ),
        (
            "admission",
            "calibration_process",
            "disconnect",
            "guarded_protocol",
            "openai",
            "openapi_examples",
            "responses",
            "schema_cache",
            "sse",
        ),
        ("chat_turns", "exception_handlers", "openapi_chat_examples", "text_formats", "text_repair"),
        ("openapi_chat_operations", "service"),
        ("openapi_operations",),
        ("dependencies", "openapi", "request_bodies", "request_log"),
        ("docs_page",),
        ("controllers",),
        ("app",),
        ("uvicorn_server",),
    ),
}
"""Layers of the modules and sub-packages of a package: each imports only from layers above its own here."""
ALLOWED_IMPORTERS = {
    "torch": ("engines/local", "engines/outlines", "engines/vllm", "quantize"),
    "safetensors": ("quantize",),
    "transformers": ("engines/local", "engines/outlines"),
    "llguidance": ("engines/guidance", "engines/local", "engines/outlines", "engines/vllm"),
    "outlines": ("engines/outlines",),
    "vllm": ("engines/vllm",),
    "litestar": ("server",),
    "uvicorn": ("server",),
    "prometheus_client": ("server",),
    "httpx": ("client", "engines/remote", "endpoint", "files/docling"),
    "httpcore": ("client",),
    "click": ("cli",),
    "rich": ("cli",),
    "sklearn": ("evidence/calibration",),
    "pypdfium2": ("files/pdf",),
    "docx": ("files/docx",),
    "lxml": ("files/docx",),
    "python_calamine": ("files/spreadsheet",),
    "selectolax": ("files/html",),
    "multipart": ("api/forms",),
}
"""Files that may import a library that is heavy or does I/O, by the beginning of their paths."""


def imported(source: str, package: str = "structgen") -> Iterator[str]:
    """Yield the full names of all imports of a file, those in functions included."""
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
    """Return the imports of the file at that path under `structgen/` that its package may not have."""
    importer = place.split("/")[0].removesuffix(".py")
    package = ".".join(["structgen", *place.split("/")[:-1]])
    wrong = []
    for name in imported(source, package):
        top, *rest = name.split(".")
        if (
            top == "structgen"
            and rest
            and (PACKAGE / rest[0]).exists() | (PACKAGE / f"{rest[0]}.py").exists()
        ):
            if importer not in ("cli", rest[0]) and rest[0] not in DEPENDENCIES.get(importer, set()):
                wrong.append(f"{place} imports {name}: {rest[0]} does not stand above {importer}")
        elif top in ALLOWED_IMPORTERS and not place.startswith(ALLOWED_IMPORTERS[top]):
            wrong.append(f"{place} imports {name}, allowed in {', '.join(ALLOWED_IMPORTERS[top])}")
    return wrong


FILES = sorted(
    p.relative_to(PACKAGE).as_posix()
    for p in PACKAGE.rglob("*.py")
    if p.parent != PACKAGE or p.stem != "__init__"
)


@pytest.mark.parametrize("place", FILES)
def test_packages_import_only_from_above(place: str) -> None:
    """A file imports only packages above its own, and no library that other packages keep to themselves."""
    assert faults(place, (PACKAGE / place).read_text()) == []


def test_every_package_has_its_dependencies() -> None:
    """The table of dependencies has every package and module."""
    packages = {place.split("/")[0].removesuffix(".py") for place in FILES}
    assert packages <= DEPENDENCIES.keys() | {"cli"}


def layer_faults(place: str, source: str) -> list[str]:
    """Return the imports of a file, inside its package, that do not lead to a layer above its own."""
    package, module, *_ = place.removesuffix(".py").split("/")
    layers = {name: layer for layer, names in enumerate(LAYERS[package]) for name in names}
    own_layer = layers.get(module, len(LAYERS[package]))
    faults = []
    for name in imported(source, ".".join(["structgen", *place.split("/")[:-1]])):
        target = name.removeprefix(f"structgen.{package}.").split(".")[0]
        if (
            name.startswith(f"structgen.{package}.")
            and target != module
            and layers.get(target, -1) >= own_layer
        ):
            faults.append(f"{place} imports {name}: {target} does not stand above {module} in {package}")
    return faults


@pytest.mark.parametrize("place", [place for place in FILES if place.split("/")[0] in LAYERS])
def test_modules_import_only_from_layers_above(place: str) -> None:
    """A module or sub-package imports only from the layers above its own."""
    assert layer_faults(place, (PACKAGE / place).read_text()) == []


@pytest.mark.parametrize("package", LAYERS)
def test_every_module_of_a_layered_package_has_its_layer(package: str) -> None:
    """The table has each module and sub-package of the package once, and no other."""
    modules = {place.removesuffix(".py").split("/")[1] for place in FILES if place.startswith(f"{package}/")}
    assert sorted(name for names in LAYERS[package] for name in names) == sorted(modules - {"__init__"})


@pytest.mark.parametrize(
    ("place", "source"),
    [
        pytest.param("schema/keywords.py", "from structgen.schema.traversal import children", id="below"),
        pytest.param(
            "schema/validation/validator.py", "from structgen.schema import checks", id="by-the-package"
        ),
        pytest.param("schema/checks/lint.py", "from ..lowering import lower", id="beside-relative"),
    ],
)
def test_an_import_from_a_lower_layer_is_a_fault(place: str, source: str) -> None:
    """Imports from the same layer or a lower one are faults, in every form."""
    assert layer_faults(place, source)


@pytest.mark.parametrize(
    ("place", "source"),
    {
        "from below": ("schema/traversal.py", "from structgen.engines import Engine"),
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
def test_an_import_from_a_lower_package_is_a_fault(place: str, source: str) -> None:
    """An import from below is a fault in every form."""
    assert faults(place, source)


@pytest.mark.parametrize(
    "source", ["from . import steps", "from ..types import Usage", "from structgen import json_text"]
)
def test_an_import_from_above_is_no_fault(source: str) -> None:
    """A file may import its own package and those above."""
    assert faults("client/sync.py", source) == []
