"""Composites: objects that a document writes in one piece, such as a name, an address or a period."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from random import Random

from training.fields import Field, split_name
from training.values import KINDS, MONTHS, Source, Value, string

Parts = Mapping[str, Value | tuple[Value, ...]]
"""Values by role; the document states no value of an absent role."""
Roles = Mapping[str, bool]
"""Requested roles, and whether each may be absent."""

# Role: kind (for its type), and the names that schemas give it.
_ROLES = {
    "prefix": ("word", "prefix title salutation honorific"),
    "first": ("word", "given first first_name given_name forename"),
    "firsts": ("list", "given given_names first_names"),
    "last": ("word", "family last last_name family_name surname"),
    "street": ("word", "street line line1 street_address address_line"),
    "postal": ("word", "postal_code zip zip_code postcode postalCode"),
    "city": ("word", "city town locality"),
    "region": ("word", "state region province"),
    "country": ("word", "country country_name"),
    "amount": ("money", "amount value number sum"),
    "currency": ("word", "currency currency_code iso_code"),
    "start": ("date", "start from start_date begin"),
    "end": ("date", "end to end_date until"),
    "size": ("number", "value amount number magnitude"),
    "unit": ("word", "unit units uom"),
}
_SHAPES = {
    "person": "prefix first last|first last|firsts last|prefix firsts last",
    "place": "street postal city country|street city region postal|street postal city|city country"
    "|street city region postal country",
    "sum": "amount currency",
    "span": "start end",
    "measure": "size unit",
}
_NAMES = {
    "person": "name full_name patient customer employee contact_person author tenant owner doctor",
    "place": "address home_address location site shipping_address residence branch",
    "sum": "price total cost fee budget balance amount payment",
    "span": "period validity stay term coverage dates",
    "measure": "weight dose length volume distance size power",
}
_SIGNS = {"$": "USD", "€": "EUR", "£": "GBP"}


def draw(rng: Random) -> Field:
    """Draw a composite with its members in random order."""
    which = rng.choice(list(_SHAPES))
    roles = rng.choice(_SHAPES[which].split("|")).split()
    if rng.random() < 0.4:
        rng.shuffle(roles)
    members = tuple(_member(rng, role) for role in roles)
    name = rng.choice(_NAMES[which].split())
    return Field(name, "composite", (split_name(name),), members, (which,))


def _member(rng: Random, role: str) -> Field:
    kind, names = _ROLES[role]
    name = rng.choice(names.split())
    return Field(name, kind, (split_name(name),), choices=(role,))


def write(field: Field, source: Source) -> tuple[str, Parts]:
    """Return the text of a composite value and the parts of the value."""
    roles = {member.choices[0]: member.nullable or not member.required for member in field.fields}
    return _WRITERS[field.choices[0]](source, roles)


def _person(source: Source, roles: Roles) -> tuple[str, Parts]:
    rng = source.rng
    prefix = rng.choice(["Mr.", "Ms.", "Mrs.", "Dr.", "Prof."])
    titled = "prefix" in roles and (not roles["prefix"] or rng.random() < 0.6)
    firsts = [source.first() for _ in range(rng.choice([1, 1, 1, 2]))]
    last, given = source.last(), " ".join(firsts)
    parts: dict[str, Value | tuple[Value, ...]] = {"first": string(given), "last": string(last)}
    parts["firsts"] = tuple(map(string, firsts))
    if titled:
        parts["prefix"] = string(prefix)
    lead = f"{prefix} " if titled else ""
    return rng.choice([f"{lead}{given} {last}"] * 3 + [f"{last}, {lead}{given}"]), parts


def _place(source: Source, roles: Roles) -> tuple[str, Parts]:
    rng = source.rng
    parts: dict[str, Value | tuple[Value, ...]] = {}
    generators = {
        "street": source.street,
        "postal": source.postal,
        "city": source.city,
        "region": source.word,
    }
    for role, make in generators.items():
        if role == "city" or (role in roles and (not roles[role] or rng.random() < 0.85)):
            parts[role] = string(make())
    if "country" in roles and (not roles["country"] or rng.random() < 0.8):
        parts["country"] = KINDS["country"](source)
    text = {role: part.text for role, part in parts.items() if isinstance(part, Value)}
    town = [text.get("postal"), text["city"]]
    if rng.random() < 0.3:
        town.reverse()
    pieces = [text.get("street"), " ".join(filter(None, town)), text.get("region"), text.get("country")]
    return rng.choice([", ", ", ", "; ", " / "]).join(filter(None, pieces)), parts


def _sum(source: Source, roles: Roles) -> tuple[str, Parts]:
    rng = source.rng
    plain = f"{rng.choice([rng.randint(0, 99), rng.randint(0, 999), rng.randint(1000, 99999)])}.{source.digits(2)}"
    if rng.random() < 0.3:
        plain = plain.split(".", maxsplit=1)[0]
    whole, *cents = plain.split(".")
    shown = rng.choice([plain, ".".join([f"{int(whole):,}", *cents])])
    if rng.random() < 0.5:
        sign = rng.choice(list(_SIGNS))
        currency, text = _SIGNS[sign], rng.choice([f"{sign}{shown}", f"{sign}{shown}", f"{shown} {sign}"])
    else:
        currency = rng.choice(["USD", "EUR", "GBP", "CHF", "JPY", "SEK", "MYR", "INR"])
        text = rng.choice([f"{shown} {currency}", f"{currency} {shown}"])
    return text, {"amount": Value(plain, plain), "currency": string(currency)}


def _span(source: Source, roles: Roles) -> tuple[str, Parts]:
    rng = source.rng
    style, days, shown = rng.choice(["iso", "iso", "name", "dots"]), [], []
    for _ in range(2):
        year, month, day = rng.randint(1990, 2031), rng.randint(1, 12), rng.randint(1, 28)
        days.append(f"{year}-{month:02d}-{day:02d}")
        forms = {"iso": days[-1], "name": f"{day} {MONTHS[month - 1]} {year}"}
        shown.append({**forms, "dots": f"{day:02d}.{month:02d}.{year}"}[style])
    joint = rng.choice(["{} to {}", "{} - {}", "from {} to {}", "{} until {}", "{} through {}", "{} / {}"])
    return joint.format(*shown), {"start": string(days[0]), "end": string(days[1])}


def _measure(source: Source, roles: Roles) -> tuple[str, Parts]:
    rng = source.rng
    number = rng.choice(
        [str(rng.randint(1, 999)), f"{rng.randint(0, 500)}.{source.digits(rng.randint(1, 2))}"]
    )
    unit = rng.choice("kg g mg lb m cm mm km l ml kW V mbar °C hours days pcs %".split())
    return rng.choice([f"{number} {unit}", f"{number} {unit}", f"{number}{unit}"]), {
        "size": Value(number, number),
        "unit": string(unit),
    }


_WRITERS: dict[str, Callable[[Source, Roles], tuple[str, Parts]]] = {
    "person": _person,
    "place": _place,
    "sum": _sum,
    "span": _span,
    "measure": _measure,
}
