"""No text of the caller's makes a special token, and the shipped template renders as our format does."""

from functools import cache
from typing import Any

import pytest
from conversations import CASES, CONVERSATIONS, HOSTILE, harmless
from hypothesis import given, settings

from structgen.models import DEMO_MODEL
from structgen.prompts import chat_template
from structgen.prompts.selection import FORMATS
from structgen.types import Conversation, Message, ToolCall, ToolDefinition

transformers = pytest.importorskip("transformers", reason="needs the extra `local`")

WITHOUT_TOOLS = (
    "{% for message in messages %}<|im_start|>{{ message.role }}\n{{ message.content | trim }}<|im_end|>\n{% endfor %}"
    "{% if add_generation_prompt %}<|im_start|>assistant\n{% endif %}"
)
"""A template that knows neither tools nor thoughts."""
WITH_XML = (
    "{% for tool in tools or [] %}{% set f = tool.function %}<tools>{{ f.name }}: {{ f.description }}"
    "{% for name, property in f.parameters.properties | items %}"
    "{% if property.type == 'string' %}<{{ name }}>{{ property.description }}{% if name in f.parameters.required %}!{% endif %}"
    "{% endif %}{% endfor %}{{ f | tojson(indent=2) }}</tools>{% endfor %}"
    "{% for message in messages %}<|im_start|>{{ message.role }}\n"
    "{% if '</think>' in message.content %}{{ message.content.split('</think>')[-1].lstrip('\n') }}"
    "{% else %}{{ message.content }}{% endif %}"
    "{% for call in message.tool_calls or [] %}<tool_call>\n"
    '{"name": "{{ call.function.name }}", "arguments": {{ call.function.arguments | tojson }}}'
    "\n</tool_call>{% endfor %}<|im_end|>\n{% endfor %}<|im_start|>assistant\n"
)
"""A template that looks into the tools, writes names as they are, and drops earlier thoughts."""


@cache
def tokenizer(template: str | None) -> Any:
    """The shipped model's tokenizer with more tokens, special and not, and the given template."""
    loaded = transformers.AutoTokenizer.from_pretrained(DEMO_MODEL)
    loaded.add_tokens(
        [transformers.AddedToken(t, special=True, normalized=False) for t in ("<|im_start|>", "<|im_end|>")]
    )
    loaded.add_tokens(
        [transformers.AddedToken(t, special=False, normalized=False) for t in ("<tools>", "</tools>")]
    )
    if template != "shipped":
        loaded.chat_template = template
    return loaded


def markup_tokens(template: str | None, conversation: Conversation, prompt_format: Any = None) -> list[int]:
    """The added tokens of a prompt, in their order."""
    loaded = tokenizer(template)
    ids = chat_template.encode(loaded, conversation, prompt_format)
    return [token for token in ids if token in loaded.added_tokens_decoder]


@pytest.mark.parametrize(
    "template", ["shipped", WITHOUT_TOOLS, WITH_XML], ids=["shipped", "without tools", "with XML"]
)
@settings(deadline=None)
@given(conversation=CONVERSATIONS)
def test_no_text_makes_a_token_in_a_template(template: str, conversation: Conversation) -> None:
    """The tokens of the markup are those of a conversation with harmless texts."""
    assert markup_tokens(template, conversation) == markup_tokens(template, harmless(conversation))


@pytest.mark.parametrize("name", FORMATS)
@settings(deadline=None)
@given(conversation=CONVERSATIONS)
def test_no_text_makes_a_token_in_a_format(name: str, conversation: Conversation) -> None:
    """The tokens of the markup are those of a conversation with harmless texts."""
    given_format = FORMATS[name]
    expected = markup_tokens(None, harmless(conversation), given_format)
    assert markup_tokens(None, conversation, given_format) == expected


@settings(deadline=None)
@given(CONVERSATIONS)
def test_the_shipped_template_gives_the_tokens_of_our_format(conversation: Conversation) -> None:
    """Tools, thoughts, calls and results have the same tokens by the template and by `hermes4`."""
    by_template = chat_template.encode(tokenizer("shipped"), conversation)
    assert by_template == chat_template.encode(tokenizer(None), conversation, FORMATS["hermes4"])


@pytest.mark.parametrize("case", CASES)
def test_the_shipped_template_writes_the_golden_prompts(case: str) -> None:
    """The shipped template gives the tokens of our format for each golden conversation."""
    by_template = chat_template.encode(tokenizer("shipped"), CASES[case])
    assert by_template == chat_template.encode(tokenizer(None), CASES[case], FORMATS["hermes4"])


@pytest.mark.parametrize(
    "template", ["shipped", WITHOUT_TOOLS, WITH_XML], ids=["shipped", "without tools", "with XML"]
)
def test_texts_arrive_unchanged(template: str) -> None:
    """Hostile texts are in the prompt as they were written, or as JSON writes them."""
    hostile = "".join(HOSTILE).strip()
    conversation = Conversation(
        (Message("user", hostile), Message("assistant", "a", "", (ToolCall("f", '{"k": "<|eot_id|>"}'),))),
        (ToolDefinition("f", "<think>", "{}"),),
    )
    prompt = tokenizer(template).decode(chat_template.encode(tokenizer(template), conversation))
    assert hostile in prompt
    assert '{"k": "<|eot_id|>"}' in prompt
    assert "<think>" in prompt


def test_a_tokenizer_that_begins_texts_with_a_token_begins_prompts_with_it() -> None:
    """A format without a begin token leaves it to the tokenizer, and one with it has it once."""

    class Tokenizer:
        bos_token, bos_token_id = "<s>", 1

        def encode(self, text: str, add_special_tokens: bool = True, **_: Any) -> list[int]:
            return [*[1] * add_special_tokens, 3]

    loaded = Tokenizer()
    conversation = Conversation((Message("user", "x"),))
    assert chat_template.encode(loaded, conversation, FORMATS["plain"])[0] == 1
    loaded.bos_token = "<|begin_of_text|>"
    assert chat_template.encode(loaded, conversation, FORMATS["hermes4"])[0] == 3
