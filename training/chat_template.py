"""The chat template of the shipped model: `structgen.prompts.hermes4` in Jinja."""

from __future__ import annotations

import json

from structgen.prompts import hermes4, tool_markup
from structgen.prompts.reply_events import HERMES

_TEMPLATE = """\
{%- set thinking = thinking is defined and thinking -%}
{%- set keep_cots = keep_cots is defined and keep_cots -%}
{%- set begins_with_system = messages[0]['role'] == 'system' -%}
{%- set turns = messages[1:] if begins_with_system else messages -%}
{{- '<|begin_of_text|><|start_header_id|>system<|end_header_id|>\\n\\n' -}}
{%- if begins_with_system -%}
    {{- messages[0]['content'] -}}
{%- elif thinking -%}
    {{- THINKING -}}
{%- else -%}
    {{- DEFAULT_SYSTEM -}}
{%- endif -%}
{%- if tools -%}
    {{- TOOLS_BEGIN -}}
    {%- for tool in tools -%}
        {{- '' if loop.first else '\\n' -}}
        {{- tool | tojson -}}
    {%- endfor -%}
    {{- TOOLS_END -}}
{%- endif -%}
{{- '<|eot_id|>' -}}
{%- for message in turns -%}
    {%- set content = message['content'] or '' -%}
    {%- if message['role'] == 'tool' -%}
        {%- if loop.first or loop.previtem['role'] != 'tool' -%}
            {{- '<|start_header_id|>user<|end_header_id|>\\n\\n' -}}
        {%- else -%}
            {{- BETWEEN_RESULTS -}}
        {%- endif -%}
        {{- RESULT_BEGIN + content + RESULT_END -}}
        {%- if loop.last or loop.nextitem['role'] != 'tool' -%}
            {{- '<|eot_id|>' -}}
        {%- endif -%}
    {%- else -%}
        {{- '<|start_header_id|>' + message['role'] + '<|end_header_id|>\\n\\n' -}}
        {%- if message['role'] == 'assistant' and thinking and not keep_cots and THINK_CLOSE in content -%}
            {%- set content = EMPTY_THOUGHT + content.split(THINK_CLOSE, 1)[1] -%}
        {%- endif -%}
        {{- content -}}
        {%- for call in message['tool_calls'] or [] -%}
            {%- set function = call['function'] or call -%}
            {{- '' if loop.first and (not content or content.endswith('\\n')) else BEFORE_CALL -}}
            {{- '<tool_call>\\n{"name": ' + (function['name'] | tojson) -}}
            {{- ', "arguments": ' + (function['arguments'] | tojson) + '}\\n</tool_call>' -}}
        {%- endfor -%}
        {{- '<|eot_id|>' -}}
    {%- endif -%}
{%- endfor -%}
{%- if add_generation_prompt -%}
    {{- '<|start_header_id|>assistant<|end_header_id|>\\n\\n' -}}
{%- endif -%}
"""
_WORDS = {
    "THINKING": hermes4.THINKING,
    "DEFAULT_SYSTEM": hermes4.DEFAULT_SYSTEM,
    "TOOLS_BEGIN": tool_markup.BEFORE_TOOLS + tool_markup.TOOLS_BEGIN,
    "TOOLS_END": tool_markup.TOOLS_END,
    "BETWEEN_RESULTS": tool_markup.BETWEEN_RESULTS,
    "RESULT_BEGIN": tool_markup.RESULT_BEGIN,
    "RESULT_END": tool_markup.RESULT_END,
    "BEFORE_CALL": tool_markup.BEFORE_CALL,
    "EMPTY_THOUGHT": tool_markup.EMPTY_THOUGHT,
    "THINK_CLOSE": HERMES.think_close,
}


def chat_template() -> str:
    """Return the Jinja text of the template; its words are those of our renderer."""
    definitions = "".join(
        f"{{%- set {name} = {json.dumps(text, ensure_ascii=False)} -%}}\n" for name, text in _WORDS.items()
    )
    return definitions + _TEMPLATE
