"""Schemas and values for Hypothesis: small names and values, so that schemas and values meet."""

from __future__ import annotations

from typing import Any

from hypothesis import strategies as st

NAMES = st.sampled_from(["a", "b", "c", "xy"])
SCALARS = st.sampled_from(
    [None, True, False, 0, 1, -1, 2, 3, 1.5, 10, "", "a", "b", "ab", "abc", "é", '"', "\n"]
)
VALUES = st.recursive(
    SCALARS,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(NAMES, inner, max_size=4),
    max_leaves=8,
)
_TYPES = st.sampled_from(["null", "boolean", "integer", "number", "string", "array", "object"])
_SIZES = st.integers(0, 3)


def schemas(depth: int = 2) -> st.SearchStrategy[Any]:
    """Of all keywords that assert something, nested `depth` times."""
    if depth == 0:
        return _leaves()
    return st.one_of(_leaves(), _objects(depth), _arrays(depth), _combined(depth), _siblings(depth))


def _some(**keywords: st.SearchStrategy[Any]) -> st.SearchStrategy[dict[str, Any]]:
    return st.fixed_dictionaries({}, optional={name.replace("_", ""): s for name, s in keywords.items()})


def _leaves() -> st.SearchStrategy[Any]:
    values = st.lists(SCALARS, min_size=1, max_size=3)
    return st.one_of(
        st.booleans(),
        st.just({}),
        st.builds(lambda name: {"type": name}, _TYPES),
        st.builds(lambda names: {"type": names}, st.lists(_TYPES, min_size=1, max_size=3, unique=True)),
        st.builds(lambda v: {"enum": v}, values),
        st.builds(lambda v: {"const": v}, SCALARS),
        _some(type_=st.just("string"), minLength=_SIZES, maxLength=_SIZES, pattern=_PATTERNS),
        _some(type_=st.sampled_from(["integer", "number"]), minimum=st.integers(-2, 3), maximum=_SIZES,
              exclusiveMinimum=_SIZES, multipleOf=st.sampled_from([1, 2, 0.5])),
    )  # fmt: skip


@st.composite
def _siblings(draw: st.DrawFn, depth: int) -> dict[str, Any]:
    """A `oneOf` of objects that share most of their members, as branches mostly do."""
    pool = {name: draw(schemas(depth - 1)) for name in ("a", "b", "c")}
    branches = []
    for _ in range(draw(st.integers(2, 3))):
        names = draw(st.lists(st.sampled_from(list(pool)), unique=True, max_size=3))
        branch = {"properties": {name: pool[name] for name in names}}
        if draw(st.booleans()):
            branch["properties"]["xy"] = draw(_leaves())
        branches.append(branch | draw(_some(type_=st.just("object"), required=st.just(names[:1]),
                                            additionalProperties=st.just(False))))  # fmt: skip
    return {"oneOf": branches}


_PATTERNS = st.sampled_from(["^a", "b$", "^[ab]*$", "a|b", "^$", "."])


def _objects(depth: int) -> st.SearchStrategy[Any]:
    inner = schemas(depth - 1)
    names = st.lists(NAMES, max_size=2, unique=True)
    return _some(
        type_=st.just("object"),
        properties=st.dictionaries(NAMES, inner, max_size=3),
        required=names,
        additionalProperties=inner,
        patternProperties=st.dictionaries(st.sampled_from(["^a", "^x", "^(a|b)$", "y$"]), inner, max_size=2),
        minProperties=_SIZES,
        maxProperties=_SIZES,
        dependentRequired=st.dictionaries(NAMES, names, max_size=2),
        dependentSchemas=st.dictionaries(NAMES, inner, max_size=1),
        propertyNames=_some(pattern=_PATTERNS, maxLength=_SIZES),
        unevaluatedProperties=st.booleans(),
    )


def _arrays(depth: int) -> st.SearchStrategy[Any]:
    inner = schemas(depth - 1)
    return _some(
        type_=st.just("array"),
        items=inner,
        prefixItems=st.lists(inner, min_size=1, max_size=2),
        minItems=_SIZES,
        maxItems=_SIZES,
        uniqueItems=st.booleans(),
        contains=inner,
    )


def _combined(depth: int) -> st.SearchStrategy[Any]:
    inner = schemas(depth - 1)
    parts = st.lists(inner, min_size=1, max_size=3)
    choices = _some(allOf=parts, anyOf=parts, oneOf=parts, not_=inner, if_=inner, then_=inner, else_=inner)
    return st.builds(lambda one, other: {**one, **other}, choices, st.one_of(_leaves(), _objects(depth)).filter(
        lambda schema: isinstance(schema, dict)
    ))  # fmt: skip
