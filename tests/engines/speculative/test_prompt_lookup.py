"""Drafts and hints: guesses that hold, and never anything the grammar refuses."""

import pytest

pytest.importorskip("llguidance", reason="needs the extra `local`")

from hypothesis import given, settings
from hypothesis import strategies as st
from llguidance import LLMatcher, LLTokenizer

from structgen.engines.guidance.grammars import grammar_of_schema
from structgen.engines.speculative.acceptance import AcceptanceModel, DraftSource, PassCost
from structgen.engines.speculative.document_hints import DocumentHints, property_names
from structgen.engines.speculative.json_position import JsonPosition
from structgen.engines.speculative.ngram_index import NgramIndex
from structgen.engines.speculative.prompt_lookup import Drafter
from structgen.schema import Registry, Schema

TOKENIZER = LLTokenizer("byte")
DRAFTER = Drafter(TOKENIZER, 400, PassCost(per_pass=1e9, per_sequence=0))
DOCUMENT = "Full name: Ada Moore\nphone = 555-1234\nCity -> Bonn, Country -> Peru\nUnit Price: USD 12.50 each"
SCHEMA = {
    "type": "object",
    "properties": {
        "fullName": {"type": "string"},
        "unit_price": {"type": "number"},
        "age": {"type": "integer"},
        "phone": {"type": "string"},
    },
    "required": ["fullName", "unit_price"],
    "additionalProperties": False,
}


def drafted(schema: object, document: str, answer: str = "") -> str:
    parsed = Schema.parse(schema)
    matcher = LLMatcher(TOKENIZER, grammar_of_schema(parsed.grammar), log_level=0)
    source = DRAFTER.new_state(DocumentHints(property_names(parsed.grammar), document))
    source.extend(TOKENIZER.tokenize_str(document), 0)
    written = TOKENIZER.tokenize_str(answer)
    source.extend(written, len(written))
    assert matcher.consume_tokens(written)
    made = DRAFTER.draft(matcher, source, 400)
    assert matcher.validate_tokens(made.tokens) == len(made.tokens)
    assert len(made.tokens) == len(made.sources)
    return DRAFTER.text(made.tokens)


def at(answer: str) -> JsonPosition:
    place = JsonPosition()
    place.take(answer.encode())
    return place


def test_a_whole_object_can_be_guessed_from_the_labels_of_its_document() -> None:
    """A draft takes keys that have labels, the text beside these, and the end where no label is left."""
    assert drafted(SCHEMA, DOCUMENT) == '{"fullName":"Ada Moore","unit_price":12.50,"phone":"555-1234"}'


def test_a_value_begun_goes_on_as_the_document_does() -> None:
    """A draft continues an unfinished value as the document does."""
    assert drafted(SCHEMA, DOCUMENT, '{"fullName":"Ada M').startswith('oore"')


@pytest.mark.parametrize(
    ("answer", "texts"),
    [
        ('{"fullName":"', ["Ada Moore", "ada moore"]),
        ('{"fullName":"x","', ['unit_price":"']),
        ('{"city":"', ["Bonn", "bonn"]),
        ('{"country":"', ["Peru", "peru"]),
        ('{"nothing":"', []),
        ('{"fullName"', []),
    ],
    ids=["value", "key", "before a comma", "after one", "not named", "in the middle"],
)
def test_hints(answer: str, texts: list[str]) -> None:
    """Hints come in the order in which they are tried."""
    found, _ = DocumentHints(["fullName", "unit_price", "age", "phone"], DOCUMENT).suggest(at(answer))
    assert found == texts


@pytest.mark.parametrize(
    ("answer", "stands"),
    [
        ("", (None, False, False, "")),
        ('{"', (None, True, False, "")),
        ('{"a', (None, False, False, "a")),
        ('{"a":', ("a", False, True, "")),
        ('{"a":"', ("a", False, True, "")),
        ('{"a":12', ("a", False, False, "12")),
        ('{"a":"b\\"c: d, ', ("a", False, False, 'b\\"c: d, ')),
        ('{"a":"é', ("a", False, False, "é")),
        ('{"a":"b"', ("a", False, False, "")),
        ('{"a":["b","', ("a", True, False, "")),
        ('{"a":{"b\\\\":tr', ("b\\\\", False, False, "tr")),
    ],
)
def test_positions_in_an_answer(answer: str, stands: tuple[str | None, bool, bool, str]) -> None:
    """A position has the last key, the kind of the next token and the prefix, in any chunking."""
    place, slowly = at(answer), JsonPosition()
    for byte in answer.encode():
        slowly = slowly.copy()
        slowly.take(bytes([byte]))
    assert (place.key, place.at_key, place.at_value, place.prefix) == stands
    assert vars(slowly) == vars(place)


def test_a_copied_position_is_independent() -> None:
    """A copy of a position advances without the original."""
    place = at('{"a":1,"')
    ahead = place.copy()
    ahead.take(b'a":2')
    assert (place.keys["a"], place.at_key) == (1, True)
    assert ahead.keys["a"] == 2


def test_of_a_very_long_prompt_only_the_end_is_looked_up() -> None:
    """The index counts tokens that it does not index, so that later positions are right."""
    lookup = NgramIndex(frozenset())
    lookup.extend([1, 2, *range(10, 40_000)])
    lookup.extend([7])
    assert len(lookup) == 40_000 - 10 + 3
    assert lookup.find([1]) is None
    assert lookup.token_at(lookup.find([39_999]) or 0) == 7


def test_the_same_label_again_is_the_next_row() -> None:
    """The nth occurrence of a key gets the text beside its nth label."""
    hints = DocumentHints(["name"], "name: Ann\nname: Bob\n")
    assert hints.suggest(at('[{"name":"'))[0][0] == "Ann"
    assert hints.suggest(at('[{"name":"Ann"},{"name":"'))[0][0] == "Bob"


def test_the_longest_match_is_copied_from_its_latest_place() -> None:
    """The longest n-gram match wins, at its latest position; punctuation alone matches nothing."""
    lookup = NgramIndex(frozenset([9]))
    lookup.extend([1, 2, 3, 4, 7, 2, 3, 5, 9, 6])
    assert lookup.token_at(lookup.find([1, 2, 3]) or 0) == 4
    assert lookup.token_at(lookup.find([2, 3]) or 0) == 5
    assert lookup.find([8, 9]) is None


def test_draft_length_adapts() -> None:
    """Drafts are shorter the more requests share a pass, and end before tokens that were rejected."""
    parsed = Schema.parse(SCHEMA)
    matcher = LLMatcher(TOKENIZER, grammar_of_schema(parsed.grammar), log_level=0)
    drafter = Drafter(TOKENIZER, 400, PassCost(per_pass=20, per_sequence=2))
    source = drafter.new_state(DocumentHints(property_names(parsed.grammar), DOCUMENT))
    whole = DRAFTER.draft(matcher, source, 400)
    alone, crowded = (drafter.draft(matcher, source, 400, running) for running in (1, 64))
    assert len(whole.tokens) > len(alone.tokens) > len(crowded.tokens) > 0
    assert whole.tokens[: len(alone.tokens)] == alone.tokens
    for _ in range(100):
        drafter.acceptance.update(alone.sources, alone.sources.index(DraftSource.VALUE))
    assert DraftSource.VALUE not in drafter.draft(matcher, source, 400, 1).sources


def test_acceptance_rates_follow_the_drafts() -> None:
    """Rates are learnt up to the first rejected token; forced tokens are always accepted."""
    FORCED, KEY, VALUE, VALUE_END = (  # noqa: N806
        DraftSource.FORCED,
        DraftSource.KEY,
        DraftSource.VALUE,
        DraftSource.VALUE_END,
    )
    acceptance = AcceptanceModel(PassCost(per_pass=30, per_sequence=5))
    for number in range(2000):
        acceptance.update([FORCED, KEY, VALUE, VALUE_END], 3 if number % 4 else 1)
    assert acceptance.rate(KEY) == pytest.approx(0.75, abs=0.1)
    assert acceptance.rate(VALUE) > 0.99
    assert acceptance.rate(VALUE_END) < 0.01
    assert acceptance.rate(FORCED) == 1
    assert acceptance.threshold(1) < acceptance.threshold(8) < acceptance.threshold(64) < 1
    assert 0.0 in {acceptance.threshold(64) for _ in range(100)}


@settings(max_examples=150, deadline=None)
@given(document=st.text(max_size=200), name=st.sampled_from(Registry().names()), cut=st.integers(0, 60))
def test_no_draft_breaks_the_grammar(document: str, name: str, cut: int) -> None:
    """Every drafted token is valid, for any document and from any position of the answer."""
    parsed = Registry().get(name)
    begun = drafted(parsed, document)[:cut]
    drafted(parsed, document, begun)


def test_names_come_in_the_order_of_an_answer() -> None:
    """The properties of an inner object follow the property that holds it."""
    schema = {
        "properties": {
            "a": {"properties": {"b": {}, "c": {}}},
            "d": {"type": "array", "items": {"properties": {"e": {}}}},
        }
    }
    assert property_names(schema) == ["a", "b", "c", "d", "e"]


def test_a_draft_tells_what_it_copied_from_the_document() -> None:
    """Values are copied, keys and marks are not; what only the schema's turn has is no document."""
    parsed = Schema.parse(SCHEMA)
    matcher = LLMatcher(TOKENIZER, grammar_of_schema(parsed.grammar), log_level=0)
    end = TOKENIZER.tokenize_str("\n")[0]
    prompt = TOKENIZER.tokenize_str(f"Ada Lovelace\n{DOCUMENT.replace(chr(10), ' ')}\n")
    state = DRAFTER.state_for(prompt, property_names(parsed.grammar), [end])
    state.extend(prompt, 0)
    draft = DRAFTER.draft(matcher, state, 400)
    copied = [token for token, is_copied in zip(draft.tokens, draft.copied, strict=True) if is_copied]
    assert DRAFTER.text(copied).startswith("Ada Moore")
    assert "fullName" not in DRAFTER.text(copied)
    written = TOKENIZER.tokenize_str('{"fullName":"Ada L')
    state.extend(written, len(written))
    assert matcher.consume_tokens(written)
    other = DRAFTER.draft(matcher, state, 400)
    assert DRAFTER.text(other.tokens).startswith("ovelace")
    assert not any(other.copied[: len("ovelace")])
