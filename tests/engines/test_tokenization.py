"""What a prompt costs before it runs: bounded by the context, off the event loop, ended with its caller."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Iterator
from typing import Any

import pytest

from structgen.engines.tokenization import TokenizerQueue
from structgen.errors import EngineUnavailable, Overloaded, PromptTooLong
from structgen.prompts import text_length
from structgen.prompts.chat_template import PromptEncoder
from structgen.types import Conversation, Message

pytest.importorskip("transformers")


@pytest.fixture(scope="module")
def tokenizer() -> Any:
    """Load the tokenizer of the shipped model."""
    import transformers

    from structgen.models import DEMO_MODEL

    return transformers.AutoTokenizer.from_pretrained(str(DEMO_MODEL), local_files_only=True)


@pytest.fixture
def encoder(tokenizer: Any) -> PromptEncoder:
    """Return an encoder for a context of a thousand tokens."""
    return PromptEncoder(tokenizer, 1000)


@pytest.fixture
def tokenizing(encoder: PromptEncoder) -> Iterator[TokenizerQueue]:
    made = TokenizerQueue(encoder, longest=3)
    yield made
    made.close()


def ask(text: str) -> Conversation:
    return Conversation((Message("user", text),))


TEXTS = [
    "",
    "a",
    "é",
    "日本語",
    "\U0001f9ff",
    " " * 999,
    "a" * 999,
    "e\u0301",
    "\x00\x7f\ufeff",
    "0123456789",
]


def _tokenizer(normalizer: Any = None, pre: Any = None, **model: Any) -> Any:
    """Build a small byte-level tokenizer."""
    from tokenizers import Tokenizer, models, pre_tokenizers
    from transformers import PreTrainedTokenizerFast

    symbols = {char: i for i, char in enumerate(sorted(pre_tokenizers.ByteLevel.alphabet()))}
    made = Tokenizer(models.BPE(vocab=symbols, merges=[], **model))
    made.pre_tokenizer = pre or pre_tokenizers.ByteLevel(add_prefix_space=False)
    if normalizer is not None:
        made.normalizer = normalizer
    return PreTrainedTokenizerFast(tokenizer_object=made)


@pytest.mark.parametrize("text", TEXTS, ids=ascii)
def test_no_token_stands_for_more_characters_than_the_longest(tokenizer: Any, text: str) -> None:
    """The longest token bounds the characters of a text that fits the context."""
    most = text_length.characters_per_token(tokenizer)
    assert most is not None
    assert len(text) <= most * len(tokenizer.encode(text, add_special_tokens=False))


def test_where_text_is_dropped_or_merged_there_is_no_such_bound() -> None:
    """There is no bound with a shortening normalizer, dropped white space, or characters without a token."""
    from tokenizers import Regex, normalizers, pre_tokenizers
    from transformers import PreTrainedTokenizerFast

    nfc = normalizers.NFC()
    assert text_length.characters_per_token(_tokenizer()) == 1
    assert text_length.characters_per_token(_tokenizer(nfc)) == 4
    assert (
        text_length.characters_per_token(
            _tokenizer(normalizers.Sequence([nfc, normalizers.Replace(" ", "_")]))
        )
        == 4
    )
    shortening = [normalizers.Strip(), normalizers.Replace(Regex(" +"), " "), normalizers.Replace("aa", "b")]
    for normalizer in shortening:
        assert text_length.characters_per_token(_tokenizer(normalizer)) is None
    dropping = pre_tokenizers.Sequence([pre_tokenizers.Whitespace(), pre_tokenizers.ByteLevel()])
    assert text_length.characters_per_token(_tokenizer(pre=dropping)) is None
    assert text_length.characters_per_token(_tokenizer(pre=pre_tokenizers.Metaspace())) is None
    from tokenizers import Tokenizer, models

    pieces = Tokenizer(models.WordLevel({"a": 0}, unk_token="a"))
    assert text_length.characters_per_token(PreTrainedTokenizerFast(tokenizer_object=pieces)) is None


def test_a_text_beyond_all_tokens_is_refused_by_its_length(encoder: PromptEncoder) -> None:
    """A text that is too long is refused without tokenization, with a lower bound of its tokens."""
    encoder._tokenizer = None  # whatever asks it, fails
    with pytest.raises(PromptTooLong) as refused:
        encoder.encode(ask("a" * 4_000_000))
    assert refused.value.allowed == 999
    assert refused.value.tokens == 4_000_000 // 25
    assert encoder.count(ask("a" * 4_000_000)) == refused.value.tokens


def test_a_long_text_is_counted_no_further_than_the_context(
    tokenizer: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Counting stops at the context, where the length of the text gives no bound."""
    monkeypatch.setattr(text_length, "characters_per_token", lambda _: None)
    counted: list[int] = []
    count = text_length._count
    monkeypatch.setattr(text_length, "_count", lambda t, text: counted.append(len(text)) or count(t, text))
    with pytest.raises(PromptTooLong) as refused:
        PromptEncoder(tokenizer, 1000).encode(ask("the quick brown fox " * 200_000))
    assert sum(counted) <= 2 * text_length.SLICE_CHARACTERS
    assert refused.value.tokens > 1000


def test_a_long_text_that_fits_has_the_tokens_of_the_whole(tokenizer: Any) -> None:
    """The slices of the count do not change the tokens of the prompt."""
    text = "Total: 1,069.22 EUR\n" * 5000
    whole = PromptEncoder(tokenizer, 10**6).encode(ask(text))
    assert len(text) > text_length.MAX_UNCOUNTED
    assert len(whole) >= len(tokenizer.encode(text, add_special_tokens=False))
    with pytest.raises(PromptTooLong):
        PromptEncoder(tokenizer, len(whole)).encode(ask(text))
    assert PromptEncoder(tokenizer, len(whole) + 1).encode(ask(text)) == whole


async def test_a_cancelled_caller_ends_the_count(tokenizer: Any) -> None:
    """A cancelled caller frees the thread within one slice."""
    tokenizing = TokenizerQueue(PromptEncoder(tokenizer, 10**9))
    task = asyncio.ensure_future(tokenizing.encode(ask("the quick brown fox " * 500_000)))
    await asyncio.sleep(0.05)
    task.cancel()
    await asyncio.gather(task, return_exceptions=True)
    assert len(await asyncio.wait_for(tokenizing.encode(ask("x")), 5)) > 0
    tokenizing.close()


async def test_short_prompts_go_first_and_the_queue_is_bounded(
    tokenizing: TokenizerQueue, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A cancelled call leaves the queue, and closing ends the waiting ones with an error."""
    started, go = threading.Event(), threading.Event()
    order: list[int] = []
    encode = PromptEncoder.encode

    def held(self: PromptEncoder, prompt: Any, ended: Any = None) -> list[int]:
        started.set()
        go.wait(10)
        order.append(len(prompt.messages[0].content))
        return encode(self, prompt, ended)

    monkeypatch.setattr(PromptEncoder, "encode", held)
    tasks = [asyncio.ensure_future(tokenizing.encode(ask("x" * n))) for n in (900, 800, 10, 500)]
    await asyncio.to_thread(started.wait, 10)
    assert tokenizing.waiting == 3
    assert tokenizing.full
    with pytest.raises(Overloaded):
        await tokenizing.encode(ask("x"))
    tasks[3].cancel()
    await asyncio.gather(tasks[3], return_exceptions=True)
    tasks[3] = asyncio.ensure_future(tokenizing.encode(ask("x" * 5)))
    await asyncio.sleep(0)
    go.set()
    await asyncio.gather(*tasks)
    assert order == [900, 5, 10, 800]
    go.clear()
    tasks = [asyncio.ensure_future(tokenizing.encode(ask("x" * n))) for n in (9, 8)]
    await asyncio.sleep(0.01)
    tokenizing.close()
    go.set()
    ids, refused = await asyncio.gather(*tasks, return_exceptions=True)
    assert isinstance(ids, list)
    assert isinstance(refused, EngineUnavailable)


async def test_what_was_counted_is_not_made_again(
    tokenizing: TokenizerQueue, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A prompt that was counted is not tokenized again for its generation."""
    assert await tokenizing.count(ask("the quick brown fox")) == 0 + len(
        await TokenizerQueue(tokenizing.encoder).encode(ask("the quick brown fox"))
    )
    monkeypatch.setattr(PromptEncoder, "encode", None)
    assert await tokenizing.encode(ask("the quick brown fox"))
