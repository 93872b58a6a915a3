"""Generate JSON Schemas of Python types: models, dataclasses, typed dictionaries, any other annotation.

The schema allows what the type accepts: an object without extra members where the type ignores or forbids
them, and points of time in each form that Pydantic reads, so that a model need not invent a zone.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from enum import Enum
from typing import Any, Literal

from pydantic import TypeAdapter, ValidationError
from pydantic.errors import PydanticInvalidForJsonSchema
from pydantic.json_schema import GenerateJsonSchema
from pydantic_core import InitErrorDetails, PydanticCustomError, PydanticSerializationError, to_json

from structgen.errors import InvalidSchema
from structgen.schema import json_value
from structgen.schema.python_patterns import in_ecma
from structgen.schema.traversal import pointer, subschemas
from structgen.types import Violation

Json = dict[str, Any]
_DATE = "[0-9]{4}-(0[1-9]|1[0-2])-(0[1-9]|[12][0-9]|3[01])"
_CLOCK = "([01][0-9]|2[0-3]):[0-5][0-9](:[0-5][0-9]([.][0-9]{1,6})?)?"
_ZONE = "(Z|[+-]([01][0-9]|2[0-3]):[0-5][0-9])"
_PERIOD = "P(([0-9]+[YMWD])+(T([0-9]+([.][0-9]+)?[HMS])+)?|T([0-9]+([.][0-9]+)?[HMS])+)"
_DURATION = f"^[+-]?({_PERIOD}|[0-9]{{2}}:[0-5][0-9](:[0-5][0-9]([.][0-9]{{1,6}})?)?)$"
_HEX = "[0-9a-fA-F]"
_OCTET = "(25[0-5]|2[0-4][0-9]|1[0-9][0-9]|[1-9]?[0-9])"
_FOUR = f"{_OCTET}([.]{_OCTET}){{3}}(/(3[0-2]|[12]?[0-9]))?"
_BASE64 = "([{0}]{{4}})*([{0}]{{2}}==|[{0}]{{3}}=)?"
_FORMATS: dict[str, Json] = {
    **{
        f"uuid{version}": {
            "pattern": f"^{_HEX}{{8}}-{_HEX}{{4}}-{version}{_HEX}{{3}}-[89abAB]{_HEX}{{3}}-{_HEX}{{12}}$"
        }
        for version in (1, 3, 4, 5, 6, 7, 8)
    },
    "ipv4network": {"pattern": f"^{_FOUR}$"},
    "ipv4interface": {"pattern": f"^{_FOUR}$"},
    "ipvanyaddress": {"anyOf": [{"format": "ipv4"}, {"format": "ipv6"}]},
    "base64": {"pattern": f"^{_BASE64.format('A-Za-z0-9+/')}$"},
    "base64url": {"pattern": f"^{_BASE64.format('A-Za-z0-9_-')}$"},
}
"""Formats of Pydantic, in JSON Schema."""
_NEVER_CHECKED = frozenset({
    "binary", "path", "file-path", "directory-path", "password", "json-string", "multi-host-uri", "color",
    "ipv6network", "ipv6interface", "ipvanynetwork", "ipvanyinterface",
})  # fmt: skip
"""Formats that only Pydantic's validators check."""


def adapter(annotation: Any) -> TypeAdapter[Any]:
    """Return the adapter that validates a type; raise `InvalidSchema` where Pydantic has none."""
    if isinstance(annotation, list | tuple | set | frozenset | int | float):
        kind = "a number" if isinstance(annotation, int | float) else f"a {type(annotation).__name__}"
        hint = "" if isinstance(annotation, int | float) else _choice_hint(annotation)
        message = f"a JSON Schema is an object, true or false, not {kind}: {annotation!r:.80}{hint}"
        raise InvalidSchema(message)
    if isinstance(annotation, Enum):
        kind = type(annotation).__name__
        raise InvalidSchema(f"{annotation!r} is a member of an Enum: give the Enum itself, {kind}")
    try:
        return TypeAdapter(annotation)
    except MemoryError:
        raise
    except Exception as error:  # the code of types runs here
        kind = getattr(annotation, "__name__", None) or repr(annotation)
        raise InvalidSchema(f"no JSON Schema can be made of {kind[:80]}: {_first_line(error)}") from error


def definition(adapter: TypeAdapter[Any]) -> Any:
    """Return the JSON Schema of the values that the type accepts."""
    try:
        generated = adapter.json_schema(schema_generator=_Generator)
    except MemoryError:
        raise
    except Exception as error:  # hooks of types run here
        raise InvalidSchema(f"no JSON Schema can be made of this type: {_first_line(error)}") from error
    for _, schema in subschemas(generated):
        if isinstance(schema, dict):
            _translate_format(schema)
    return generated


def load(adapter: TypeAdapter[Any], text: str) -> Any:
    """Build the typed value; raise `ValidationError` also for other exceptions of a validator."""
    try:
        return adapter.validate_json(text)
    except (ValidationError, MemoryError):
        raise
    except Exception as error:
        message = f"a validator of the type raised {error!r}"[:400].replace("{", "(")
        kind = PydanticCustomError("validator_error", message.replace("}", ")"))
        details: list[InitErrorDetails] = [{"type": kind, "loc": (), "input": text}]
        raise ValidationError.from_exception_data("value", details) from error


def violations(error: ValidationError, value: Any) -> list[Violation]:
    """Return the violations that the type's own validators report."""
    return [
        Violation(_pointer(value, fault["loc"], fault["type"] == "missing"), fault["type"], fault["msg"])
        for fault in error.errors(include_url=False, include_context=False)
    ]


def _pointer(value: Any, location: tuple[int | str, ...], missing: bool) -> str:
    """Return the pointer of Pydantic's location, which also names the branches of unions."""
    path: list[int | str] = []
    for step in location:
        index = isinstance(value, list) and isinstance(step, int) and step < len(value)
        if index or (isinstance(value, dict) and step in value):
            value = value[step]
            path.append(step)
        elif missing and step == location[-1]:
            path.append(step)
    return pointer(path)


def _translate_format(schema: Json) -> None:
    """Replace a format of Pydantic by keywords of JSON Schema."""
    name = schema.get("format")
    if name in _NEVER_CHECKED:
        del schema["format"]
    elif name in _FORMATS and schema.get("pattern") is None and "anyOf" not in schema:
        del schema["format"]
        schema.update(_FORMATS[name])


class _Generator(GenerateJsonSchema):
    """Generates the schema of the values that a type accepts."""

    def emit_warning(self, kind: Any, detail: str) -> None:
        """Ignore warnings: a default that JSON cannot represent is left out."""

    def model_schema(self, schema: Any) -> Json:
        generated = super().model_schema(schema)
        return generated if schema.get("root_model") else _closed(generated)

    def dataclass_schema(self, schema: Any) -> Json:
        return _closed(super().dataclass_schema(schema))

    def typed_dict_schema(self, schema: Any) -> Json:
        return _closed(super().typed_dict_schema(schema))

    def dict_schema(self, schema: Any) -> Json:
        """Restrict names to integers where the keys are integers: JSON has only strings for them."""
        generated = super().dict_schema(schema)
        if schema.get("keys_schema", {}).get("type") != "int" or "patternProperties" in generated:
            return generated
        values = generated.pop("additionalProperties", True)
        return {**generated, "patternProperties": {"^[+-]?[0-9]+$": values}, "additionalProperties": False}

    def field_is_present(self, field: Any) -> bool:
        """Return whether the schema declares a field, rather than reading it from a path in other members."""
        alias = field.get("validation_alias")
        paths = [alias] if isinstance(alias, list) and alias and not isinstance(alias[0], list) else alias
        if isinstance(paths, list) and not any(len(path) == 1 and isinstance(path[0], str) for path in paths):
            if self.field_is_required(field, total=True):
                path = "/".join(map(str, paths[0]))
                raise PydanticInvalidForJsonSchema(
                    f"a field is read from the path {path}: give it a plain alias"
                )
            return False
        return super().field_is_present(field)

    def datetime_schema(self, schema: Any) -> Json:
        zone = schema.get("tz_constraint")
        strict = schema.get("strict") or self._config.strict
        day = [] if strict or zone not in (None, "naive") else ["date"]
        if zone == "naive":
            return _text(f"{_DATE}[T ]{_CLOCK}", *day)
        return _text(f"{_DATE}[T ]{_CLOCK}{_ZONE}{'?' if zone is None else ''}", "date-time", *day)

    def time_schema(self, schema: Any) -> Json:
        zone = schema.get("tz_constraint")
        if zone == "naive":
            return _text(_CLOCK)
        return _text(f"{_CLOCK}{_ZONE}{'?' if zone is None else ''}", "time")

    def timedelta_schema(self, schema: Any) -> Json:
        return {"type": "string", "pattern": _DURATION}

    def decimal_schema(self, schema: Any) -> Json:
        generated = super().decimal_schema(schema)
        for branch in generated.get("anyOf", ()):
            if branch.get("type") == "string":
                branch["pattern"] = _decimal(schema)
        return generated

    def str_schema(self, schema: Any) -> Json:
        generated = super().str_schema(schema)
        if (given := schema.get("pattern")) is not None:
            del generated["pattern"]
            if (pattern := in_ecma(given)) is not None:
                generated["pattern"] = pattern
        return generated

    def enum_schema(self, schema: Any) -> Json:
        _check_readable(schema["members"], schema["cls"])
        return super().enum_schema(schema)

    def literal_schema(self, schema: Any) -> Json:
        members = [value for value in schema["expected"] if isinstance(value, Enum)]
        if members:
            _check_readable(members, Literal[tuple(schema["expected"])])
        return super().literal_schema(schema)

    def url_schema(self, schema: Any) -> Json:
        generated = super().url_schema(schema)
        schemes = schema.get("allowed_schemes")
        return {**generated, "pattern": f"^({'|'.join(map(re.escape, schemes))}):"} if schemes else generated

    def encode_default(self, dft: Any) -> Any:
        encoded = super().encode_default(dft)
        if next(iter(json_value.representation_violations(encoded)), None) is not None:
            raise PydanticSerializationError("not a JSON value")
        return encoded


def _closed(schema: Json) -> Json:
    """Forbid undeclared members where the type does not allow them."""
    if schema.get("type") == "object" and "additionalProperties" not in schema:
        schema["additionalProperties"] = False
    return schema


def _text(pattern: str, *formats: str) -> Json:
    """Return the schema of strings of one of the formats, or of the pattern."""
    whole = {"pattern": f"^{pattern}$"}
    named: list[Json] = [{"format": name} for name in formats]
    return {"type": "string", **({"anyOf": [*named, whole]} if named else whole)}


def _decimal(schema: Any) -> str:
    """Return the pattern of the digits that the type allows, without an exponent."""
    digits, places = schema.get("max_digits"), schema.get("decimal_places")
    whole = "+" if digits is None else f"{{1,{max(1, digits - (places or 0))}}}"
    fraction = "+" if places is None else f"{{1,{places}}}"
    return f"^[+-]?[0-9]{whole}{'' if places == 0 else f'([.][0-9]{fraction})?'}$"


def _choice_hint(values: Any) -> str:
    """Return the spelling of a choice, where the values look like one."""
    if not values or not all(isinstance(value, str | int | bool | None) for value in values):
        return ""
    return f"; for a choice of these values give Literal[{', '.join(map(repr, values))}]"[:200]


def _check_readable(values: Iterable[Any], kind: Any) -> None:
    """Raise the error for a value of an Enum or Literal that its JSON does not give back."""
    for value in values:
        shown = value.value if isinstance(value, Enum) else value
        try:
            read = TypeAdapter(kind).validate_json(to_json(shown))
        except (ValidationError, PydanticSerializationError):
            read = None if value is not None else value
        if read is not value and read != value:
            name = getattr(kind, "__name__", None) or str(kind).removeprefix("typing.")
            reason = f"{name} has {value!r}, which cannot be read back from JSON"
            raise PydanticInvalidForJsonSchema(
                f"{reason}: give it a text, a number, true, false or null"
                if isinstance(kind, type)
                else f"{reason}: give the value itself, or the whole Enum"
            )


def _first_line(error: Exception) -> str:
    return str(error).partition("\n")[0] or type(error).__name__
