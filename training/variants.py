"""Variants of schemas beyond the catalogue.

Other spellings of names and choices, nested objects, groups (objects whose members stand anywhere in the document),
composites (objects written in one piece), and names that only their description explains.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from random import Random

from training import composites
from training.fields import NAME_STYLES, Field, invented_word, join_words, split_name
from training.records import randomize_required

_GROUPS = "header details info metadata summary general basics record terms facts core main".split()


def apply_variants(rng: Random, fields: Sequence[Field], required: float) -> list[Field]:
    """Apply random variants to the fields and keep their names distinct."""
    varied_fields = list(fields)
    if rng.random() < 0.3:
        drawn = (composites.draw(rng) for _ in range(rng.choice([1, 1, 2])))
        varied_fields += [randomize_required(rng, composite, required) for composite in drawn]
        rng.shuffle(varied_fields)
    if rng.random() < 0.15:
        varied_fields = _nested(rng, varied_fields)
    if rng.random() < 0.15:
        varied_fields = _grouped(rng, varied_fields)
    if rng.random() < 0.15:
        coded = rng.choice([0.0, 0.0, 0.5])
        varied_fields = [_with_description(rng, f, coded) for f in varied_fields]
    if rng.random() < 0.3:
        style = rng.choice(NAME_STYLES)
        varied_fields = [_restyle_names(f, style) for f in varied_fields]
    if rng.random() < 0.3:
        style = rng.choice(["upper", "title", "words", "camel"])
        varied_fields = [_restyle_choices(f, style) for f in varied_fields]
    if rng.random() < 0.12:
        varied_fields.append(_code_enum(rng, required))
    return list(distinct(varied_fields))


_CODES = {
    "currency currency_code": "USD EUR GBP CHF JPY SEK NOK DKK CAD AUD PLN CZK HUF CNY INR BRL MXN TRY",
    "country country_code": "US DE FR GB ES IT NL BE AT CH PL SE DK NO FI JP CN IN BR MX CA AU",
    "language language_code locale": "en de fr es it nl pt pl sv da no fi ja zh ko ru",
    "unit unit_of_measure": "kg g mg lb oz l ml m cm mm km pcs box hour day",
    "size": "XS S M L XL XXL",
    "incoterm incoterms terms": "EXW FCA FOB CFR CIF DAP DDP",
}


def _code_enum(rng: Random, required: float) -> Field:
    """Draw an enum of codes."""
    names = rng.choice(list(_CODES))
    codes = _CODES[names].split()
    name, choices = rng.choice(names.split()), rng.sample(codes, rng.randint(3, len(codes)))
    return randomize_required(rng, Field(name, "enum", (split_name(name),), choices=tuple(choices)), required)


def distinct(fields: Sequence[Field]) -> tuple[Field, ...]:
    """One of each name, on every level: names that were spelled anew may have met."""
    return tuple({f.name: replace(f, fields=distinct(f.fields)) for f in fields}.values())


def _nested(rng: Random, fields: list[Field]) -> list[Field]:
    """One of them within an object of theirs."""
    outer = [f for f in fields if f.kind == "object"]
    inner = [f for f in fields if f.kind in ("object", "rows", "list", "composite")]
    pairs = [(a, b) for a in outer for b in inner if a is not b and b.name not in {f.name for f in a.fields}]
    if not pairs:
        return fields
    host, guest = rng.choice(pairs)
    members = list(host.fields)
    members.insert(rng.randint(0, len(members)), guest)
    extended = replace(host, fields=tuple(members))
    return [extended if f is host else f for f in fields if f is not guest]


def _grouped(rng: Random, fields: list[Field]) -> list[Field]:
    """Move some scalar fields into an object whose name the document does not state."""
    fit = [f for f in fields if f.kind not in ("rows", "list", "object")]
    if len(fit) < 2:
        return fields
    chosen = rng.sample(fit, rng.randint(1, min(5, len(fit))))
    group = Field(rng.choice(_GROUPS), "group", ("",), tuple(f for f in fields if f in chosen))
    place = fields.index(chosen[0])
    return [group if i == place else f for i, f in enumerate(fields) if i == place or f not in chosen]


def _with_description(rng: Random, field: Field, coded: float) -> Field:
    """Add a description; a leaf's name becomes meaningless with probability `coded`."""
    label = field.labels[0]
    inner = tuple(_with_description(rng, f, coded) for f in field.fields)
    if not label:
        return replace(field, fields=inner)
    template = rng.choice(
        ["The {}", "{}", "{} as stated", "The {} of the record", "{}, if given", "What is the {}?"]
    )
    name = field.name
    if not field.fields and rng.random() < coded:
        name = rng.choice([f"field_{rng.randint(1, 40)}", f"f{rng.randint(1, 99)}", invented_word(rng)])
    text = template.format(label)
    return replace(field, name=name, fields=inner, description=text[:1].upper() + text[1:])


def _restyle_names(field: Field, style: str) -> Field:
    """Rewrite the snake-case names in one style; other names stay."""
    parts = split_name(field.name).split()
    name = join_words(style, parts) if field.name == "_".join(parts) else field.name
    return replace(field, name=name, fields=tuple(_restyle_names(f, style) for f in field.fields))


def _restyle_choices(field: Field, style: str) -> Field:
    choices = field.choices
    if field.kind == "enum":
        choices = tuple(_spelled(split_name(choice).split(), style) for choice in choices)
    return replace(field, choices=choices, fields=tuple(_restyle_choices(f, style) for f in field.fields))


def _spelled(parts: list[str], style: str) -> str:
    match style:
        case "upper":
            return "_".join(parts).upper()
        case "title":
            return "-".join(parts).title()
        case "words":
            return " ".join(parts).capitalize()
    return "".join(part.capitalize() for part in parts)
