"""A random person and the roles of their data."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from random import Random

from training.scenes import calendar
from training.scenes.locale_source import LocaleSource
from training.scenes.role_schemas import Role

_NAME = Role("name", "object", "name person_name patient_name human_name full_name person", parts=(
    Role("family", "string", "family family_name last last_name surname"),
    Role("given", "strings", "given given_names first_names forenames"),
    Role("prefix", "string", "prefix title salutation honorific"),
))  # fmt: skip
_SPLIT = Role("name", "object", "name full_name patient person", parts=(
    Role("first", "string", "first first_name given_name given forename"),
    Role("family", "string", "last last_name family surname family_name"),
    Role("prefix", "string", "prefix title salutation"),
))  # fmt: skip
_ADDRESS = Role("address", "object", "address home_address residence home location", parts=(
    Role("line", "string", "line street line1 street_address address_line"),
    Role("city", "string", "city town locality"),
    Role("state", "string", "state region province"),
    Role("postal", "string", "postal_code zip postcode zip_code"),
    Role("country", "string", "country country_code"),
))  # fmt: skip
_GENDER = Role(
    "gender",
    "enum",
    "gender sex",
    choices="male female|female male|male female other unknown|male female other|man=male woman=female|m=male f=female",
)
_MARITAL = Role(
    "marital",
    "enum",
    "marital_status civil_status family_status relationship_status",
    choices="married divorced widowed never_married|single=never_married married divorced widowed|never_married married widowed divorced separated|married single=never_married divorced widowed unknown",
)
_PLAIN = (
    Role("birth", "date", "birth_date date_of_birth dob born_on birthday"),
    Role("phone", "string", "phone phone_number telephone contact_phone home_phone mobile"),
    Role("language", "string", "primary_language language preferred_language spoken_language", "The language that they speak|Language"),
    Role("email", "string", "email email_address e_mail contact_email"),
    Role("number", "string", "patient_id record_number mrn member_id id case_number", "Number of the record|Identifier"),
    Role("job", "string", "occupation job profession employment"),
    Role("maiden", "string", "maiden_name birth_name former_name"),
    Role("died", "date", "deceased_date date_of_death death_date"),
    Role("doctor", "string", "doctor practitioner physician seen_by attending", "Without the title, if any|The doctor"),
    Role("place", "string", "facility clinic hospital provider organization"),
)  # fmt: skip
_WHOLE = (
    Role("full", "string", "name full_name patient_name patient person", "Full name, without the title|Name"),
    Role("oneline", "string", "address home_address residence"),
    Role("first", "string", "first_name given_name"),
    Role("family", "string", "last_name surname family_name"),
    Role("city", "string", "city town"),
    Role("state", "string", "state region"),
    Role("postal", "string", "postal_code zip"),
)  # fmt: skip


def roles(rng: Random) -> list[Role]:
    """Draw the roles of a schema: mostly demographics, in the usual nested form or flat."""
    nested = [
        rng.choice([_NAME, _NAME, _SPLIT]),
        _GENDER,
        _PLAIN[0],
        _PLAIN[1],
        _MARITAL,
        _PLAIN[2],
        _ADDRESS,
    ]
    roll = rng.random()
    if roll < 0.45:
        return nested if rng.random() < 0.6 else rng.sample(nested, rng.randint(3, 7))
    if roll < 0.7:
        return rng.sample([*nested, *_PLAIN[3:]], rng.randint(3, 9))
    return rng.sample([*_WHOLE, _GENDER, _MARITAL, *_PLAIN], rng.randint(3, 9))


_LANGUAGES = """Spanish|Vietnamese|Chinese|Korean|Portuguese|Haitian Creole|Russian|Arabic|Hindi|Italian|Polish|Tagalog
|French (Canada)|German (Germany)|French (France)|Portuguese (Brazil)|Spanish (Mexico)|English (United Kingdom)|Urdu
|English (Canada)|Greek|Japanese|Punjabi|Bengali|Turkish|Dutch|Swedish|Ukrainian""".replace("\n", "").split(
    "|"
)
ENGLISH = "English (United States)"
ENGLISH_SAID = """English (United States)|English (United States)|English (United States)|English|English (US)
|US English|American English|English, specifically as used in the United States|English, the United States variety
|English (specifically the US version)|English as spoken in the U.S.|English - United States""".replace(
    "\n", ""
).split("|")
AMERICA = "US|US|US|US|USA|United States|the United States|United States of America|U.S.|the US".split("|")
_SUFFIXES = ["", "", "", " Apt {}", " Unit {}", " Suite {}", ", Apt. {}", " #{}"]
_STREET_TYPES = """Alley Annex Arcade Avenue Bay Boulevard Brook Bypass Camp Causeway Circle Common Corner Court Crescent Crossing
Dale Drive Estates Ferry Field Forge Gardens Glen Green Grove Heights Hill Hollow Island Junction Key Knoll Landing Lane
Lodge Loop Manor Meadow Mews Mill Mission Mount Orchard Parade Park Pass Path Pike Place Plaza Point Port Ranch Rapid Rest
Ridge Road Row Run Shore Skyway Spur Square Station Street Summit Terrace Trail Tunnel Union Vale Valley View Villa Vista
Walk Way Wells""".split()


@dataclass(slots=True)
class Person:
    """A person with all personal data; `None` where a note states none."""

    source: LocaleSource
    prefix: str | None
    given: list[str]
    family: str
    gender: str
    birth: date
    marital: str
    phone: str
    language: str
    line: str
    city: str
    state: str
    postal: str
    country: str

    @property
    def full(self) -> str:
        """Given names and family name."""
        return " ".join([*self.given, self.family])

    @property
    def titled(self) -> str:
        """Full name with the title, if present."""
        return f"{self.prefix} {self.full}" if self.prefix else self.full

    @property
    def short(self) -> str:
        """Short form for later mentions."""
        return f"{self.prefix} {self.family}" if self.prefix else self.given[0]


def person(source: LocaleSource) -> Person:
    """Draw a person."""
    rng = source.rng
    gender = rng.choice(["male", "female"])
    prefix = rng.choice(["Mr.", "Mr."] if gender == "male" else ["Mrs.", "Ms."])
    if rng.random() < 0.05:
        prefix = rng.choice(["Dr.", "Prof.", "Miss", "Rev.", "Sir"])
    given = [source.first() for _ in range(rng.choice([1, 2, 2, 2, 3] if rng.random() < 0.3 else [1, 2, 2]))]
    america = source.locale == "en_US" or rng.random() < 0.4
    street = f"{source.last()} {rng.choice(_STREET_TYPES)}{rng.choice(_SUFFIXES).format(rng.randint(1, 120))}"
    line = f"{rng.randint(1, 1300)} {street}" if america or rng.random() < 0.3 else source.street()
    return Person(
        source,
        None if rng.random() < 0.2 else prefix,
        given,
        source.last(),
        gender,
        calendar.day(rng, 1912, 2024),
        rng.choice(["married", "married", "never_married", "never_married", "divorced", "widowed"]),
        rng.choice(
            [
                f"555-{source.digits(3)}-{source.digits(4)}",
                f"({source.digits(3)}) {source.digits(3)}-{source.digits(4)}",
                source.phone(),
                source.phone(),
            ]
        ),
        ENGLISH if rng.random() < 0.65 else rng.choice(_LANGUAGES),
        line,
        source.city(),
        rng.choice([source.drawn("region"), source.region()])
        if not america
        else LocaleSource(rng, source.held_out, "en_US").drawn("region"),
        rng.choice([source.digits(5), source.digits(5), "0" + source.digits(4), source.digits(9)])
        if america
        else source.postal(),
        "US" if america else source.country(),
    )
