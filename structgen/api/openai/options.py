"""Members that requests of both routes have: sampling, tools, formats, and the service's own options."""

from __future__ import annotations

from typing import Annotated, Any, ClassVar

from pydantic import AfterValidator, BeforeValidator, Field, WithJsonSchema

from structgen.api.base import Body
from structgen.api.openai.tolerant import TolerantBody
from structgen.types import Limits


def _is_schema(value: Any) -> Any:
    if not isinstance(value, dict | bool):
        raise ValueError("give a JSON Schema: an object, true or false")
    return value


SchemaMember = Annotated[
    Any, AfterValidator(_is_schema), WithJsonSchema({"anyOf": [{"type": "object"}, {"type": "boolean"}]})
]


def _as_list(value: Any) -> Any:
    return [value] if isinstance(value, str) else value


Texts = Annotated[
    list[str], Field(max_length=16), BeforeValidator(_as_list, json_schema_input_type=str | list[str])
]


class FunctionBody(TolerantBody):
    """A function that the model may call."""

    name: str = Field(min_length=1, max_length=256)
    description: str | None = None
    parameters: SchemaMember | None = Field(default=None, description="JSON Schema of the arguments.")
    strict: bool | None = Field(default=None, description="Arguments are always valid under the schema.")


class ToolBody(TolerantBody):
    """A tool: of type `function`, with its definition under `function` or in the tool itself."""

    HARMLESS: ClassVar[frozenset[str]] = frozenset({"cache_control"})

    type: str = "function"
    function: FunctionBody | None = None
    name: str | None = Field(default=None, min_length=1, max_length=256)
    description: str | None = None
    parameters: SchemaMember | None = None
    strict: bool | None = None


class JsonSchemaFormat(TolerantBody):
    """A named JSON Schema."""

    name: str | None = None
    description: str | None = None
    schema_: SchemaMember | None = Field(default=None, alias="schema")
    strict: bool | None = Field(default=None, description="Answers are always valid under the schema.")


class FormatBody(JsonSchemaFormat):
    """The format of an answer: `text`, `json_object` or `json_schema`."""

    type: str
    json_schema: JsonSchemaFormat | None = None


class StructuredOutputs(TolerantBody):
    """vLLM's formats; give one member."""

    HARMLESS: ClassVar[frozenset[str]] = frozenset({"disable_fallback", "disable_any_whitespace"})

    json_: Any = Field(default=None, alias="json", description="A JSON Schema.")
    regex: str | None = None
    choice: list[str] | None = None
    grammar: str | None = Field(default=None, description="A Lark grammar, as llguidance reads it.")
    json_object: bool | None = None
    structural_tag: Any = Field(default=None, description="Not supported.")


class TemplateOptions(TolerantBody):
    """Options of the chat template."""

    thinking: bool | None = Field(default=None, description="The model thinks before it answers.")
    enable_thinking: bool | None = Field(default=None, description="The same.")
    keep_cots: bool | None = Field(
        default=None, description="The prompt keeps the thoughts of earlier turns."
    )


class NativeOptions(Body):
    """Options of structgen."""

    limits: Limits = Limits()


class RequestOptions(TolerantBody):
    """The members that both routes have."""

    HARMLESS: ClassVar[frozenset[str]] = frozenset(
        {"metadata", "prediction", "prompt_cache_key", "prompt_cache_retention", "safety_identifier"}
        | {"service_tier", "skip_special_tokens", "store", "user"}
    )
    NEUTRAL: ClassVar[dict[str, Any]] = {
        "frequency_penalty": 0, "presence_penalty": 0, "repetition_penalty": 1, "logit_bias": {}, "min_p": 0,
        "modalities": ["text"], "min_tokens": 0, "echo": False, "add_generation_prompt": True,
        "ignore_eos": False, "truncation": "disabled", "background": False,
    }  # fmt: skip

    model: str | None = Field(default=None, description="The served model; any other name is accepted too.")
    temperature: float | None = Field(default=None, ge=0, le=5, description="Default: 0, and 1 for `n` > 1.")
    top_p: float | None = Field(default=None, ge=0, le=1)
    top_k: int | None = Field(default=None, ge=-1, description="-1 and 0: all tokens.")
    seed: int | None = None
    stop: Texts | None = Field(default=None, description="Texts before which free text ends.")
    stream: bool | None = Field(default=None, description="Respond with server-sent events.")
    tools: list[ToolBody] | None = Field(default=None, max_length=512)
    tool_choice: Any = Field(
        default=None,
        description="`none`, `auto`, `required`, a named function, or `allowed_tools`.",
    )
    parallel_tool_calls: bool | None = Field(default=None, description="Default: true.")
    structured_outputs: StructuredOutputs | None = Field(default=None, description="vLLM's formats.")
    guided_json: Any = Field(default=None, description="As `structured_outputs.json`.")
    guided_regex: str | None = Field(default=None, description="As `structured_outputs.regex`.")
    guided_choice: list[str] | None = Field(default=None, description="As `structured_outputs.choice`.")
    guided_grammar: str | None = Field(default=None, description="As `structured_outputs.grammar`.")
    chat_template_kwargs: TemplateOptions | None = None
    structgen: NativeOptions | None = Field(default=None, description="Options of structgen.")
