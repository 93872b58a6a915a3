"""Notes about a person, as a practice, an office or a club writes them: who it is, in a list or in prose, among what
else happened and who else was there."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from random import Random
from typing import Any

from structgen.embedded import calendar
from structgen.embedded.asked import Found, Role
from structgen.embedded.world import WorldSource

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
    """What a schema may ask: mostly demographics in the usual nested form, or flat."""
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
_ENGLISH = "English (United States)"
_ENGLISH_SAID = """English (United States)|English (United States)|English (United States)|English|English (US)
|US English|American English|English, specifically as used in the United States|English, the United States variety
|English (specifically the US version)|English as spoken in the U.S.|English - United States""".replace(
    "\n", ""
).split("|")
_AMERICA = "US|US|US|US|USA|United States|the United States|United States of America|U.S.|the US".split("|")
_SUFFIXES = ["", "", "", " Apt {}", " Unit {}", " Suite {}", ", Apt. {}", " #{}"]
_WAYS = """Alley Annex Arcade Avenue Bay Boulevard Brook Bypass Camp Causeway Circle Common Corner Court Crescent Crossing
Dale Drive Estates Ferry Field Forge Gardens Glen Green Grove Heights Hill Hollow Island Junction Key Knoll Landing Lane
Lodge Loop Manor Meadow Mews Mill Mission Mount Orchard Parade Park Pass Path Pike Place Plaza Point Port Ranch Rapid Rest
Ridge Road Row Run Shore Skyway Spur Square Station Street Summit Terrace Trail Tunnel Union Vale Valley View Villa Vista
Walk Way Wells""".split()


@dataclass(slots=True)
class Person:
    """Somebody, and all that may be said of them; `None` where the note says nothing."""

    source: WorldSource
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
        """With the title, if there is one."""
        return f"{self.prefix} {self.full}" if self.prefix else self.full

    @property
    def short(self) -> str:
        """As the note goes on."""
        return f"{self.prefix} {self.family}" if self.prefix else self.given[0]


def person(source: WorldSource) -> Person:
    """Anybody."""
    rng = source.rng
    gender = rng.choice(["male", "female"])
    prefix = rng.choice(["Mr.", "Mr."] if gender == "male" else ["Mrs.", "Ms."])
    if rng.random() < 0.05:
        prefix = rng.choice(["Dr.", "Prof.", "Miss", "Rev.", "Sir"])
    given = [source.first() for _ in range(rng.choice([1, 2, 2, 2, 3] if rng.random() < 0.3 else [1, 2, 2]))]
    america = source.locale == "en_US" or rng.random() < 0.4
    way = f"{source.last()} {rng.choice(_WAYS)}{rng.choice(_SUFFIXES).format(rng.randint(1, 120))}"
    line = f"{rng.randint(1, 1300)} {way}" if america or rng.random() < 0.3 else source.street()
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
        _ENGLISH if rng.random() < 0.65 else rng.choice(_LANGUAGES),
        line,
        source.city(),
        rng.choice([source.drawn("region"), source.region()])
        if not america
        else WorldSource(rng, source.held_out, "en_US").drawn("region"),
        rng.choice([source.digits(5), source.digits(5), "0" + source.digits(4), source.digits(9)])
        if america
        else source.postal(),
        "US" if america else source.country(),
    )


_BIRTH = """{S} was born on {birth}.|Born on {birth}.|{s}'s date of birth is {birth}.|Born {birth}.|DOB: {birth}.
|{P} came into the world on {birth}.|The date of birth given is {birth}.|{S}, born {birth}, is known to us.
|Our records give {birth} as the date of birth.|{p_}s birthday is on {birth}.|{P} saw the light of day on {birth}.
|The birth date on file is {birth}.|A {birth} birth is on record.|Date of birth, as noted: {birth}."""
_PHONE = """The contact number is {phone}.|{P} can be reached at {phone}.|{P_} home phone number is {phone}.
|Contact: home, {phone}.|To reach {o}, dial {phone}.|You can call {o} on {phone}.|Phone (home): {phone}.
|If you need to get hold of {o}, try {phone}.|A phone number is on file: {phone}.|{S} gave {phone} as the number to call.
|Telephone {phone}.|{P_} registered telephone number, used at home, is {phone}.|Ring {phone} to talk to {o}.
|The home line is {phone}.|Best reached by phone under {phone}."""
_MARRIED = {
    "married": """{P} is married.|{S} is a married {noun}.|Marital status: married.|{P} is happily married.
|{S} is married, according to our records.|Married.|{P} lives with {p_} spouse.|{P} tied the knot some years ago.""",
    "never_married": """{P} has never been married.|Marital status: never married.|{P} is single and was never married.
|{S} never married.|{P} has not married so far.|Not married, never was.|{P} is single.|Never married.
|{P_} marital status is recorded as 'S', i.e. never married.|{S} is unmarried.|{P} remains single.""",
    "divorced": """{P} is divorced.|Marital status: divorced.|{S} is a divorced {noun}.|{P} is currently divorced.
|Divorced.|{P_} marriage ended in divorce.|{P} went through a divorce.""",
    "widowed": """{P} is widowed.|Marital status: widowed.|{S} is a widowed {noun}.|Widowed.|{P} lost {p_} spouse and is widowed.""",
}  # fmt: skip
_LANGUAGE = """{P} speaks {language}.|{P_} primary language is {language}.|Language: {language}.|{P} prefers {language}.
|{S} communicates in {language}.|Preferred language of communication: {language}.|{P} is fluent in {language}.
|Please use {language} when you talk to {o}.|{language} is the language {p} prefers.|The language spoken at home is {language}.
|{P_} communication is done in {language}.|We talk to {o} in {language}.|Communication: {language}.
|{P} expressed a preference for {language}.|The language of choice is {language}."""
_PLACE = """{P} lives at {address}.|{P} resides at {address}.|{P_} address is {address}.|Address: {address}.
|{S} lives in {city}{state}. The exact address is {line}{postal}{country}.|Home address: {address}.
|The residence is listed as {address}.|{P} makes {p_} home at {address}.|You will find {o} at {address}.
|{S} calls {city}{state} home: {line}{postal}{country}.|Letters reach {o} at {address}.|Residing at {address}.
|{P} is a resident of {city}{state}. House: {line}{postal}{country}.|{P_} home is located at {address}.
|Currently {p} lives at {line}. This is in {city}{state}{postal}{country}.|Mail goes to {address}."""
_GENDERS = """{P} is {gender}.|Gender: {gender}.|Sex: {gender}.|{S} is a {noun}.|{P} identifies as {gender}.|The gender on file is {gender}.
|{P} is a {gender} patient.|Recorded as {gender}.|Our {gender} client {s} is well known here."""
_SINGLE = """{P} is not a twin.|No multiple birth is recorded.|{P} was a single birth.|Multiple birth: no.|{P} has no twin siblings.
|There were no twins or other multiples at {p_} birth.|{P} is part of a multiple birth.|Multiple births: negative."""
_OPENINGS = """This note is about {titled}.|This is a summary for {titled}.|Patient: {titled}.|Here is what we know of {titled}.
|The patient is {titled}.|{titled} is the subject of this note.|The record concerns {titled}.|Re: {titled}.
|Let me tell you about {titled}.|{titled} came to see us.|Here's the note you asked for: {titled}.|Patient name: {titled}.
|Today we look at the file of {titled}.|In this document you find the details of {titled}.|Patient {titled} was seen.
|The collected records belong to one person named {titled}.|Quick note on {titled}.|A person named {titled} is registered with us.
|These records pertain to {titled}.|So, {titled}.|Meet {titled}.|Our files hold one individual, {titled}.
|{titled} had an appointment.|Client: {titled}|Name: {titled}|This text refers to {titled}."""
_WHO = """{titled}, {appositions}, {verb}|The note pertains to {titled}, {appositions}.|{titled} is {appositions}.
|We have a record of {titled}, {appositions}.|This concerns {titled}, {appositions}.|{titled} ({appositions}) {verb}
|Patient {titled}, {appositions}, {verb}|Let us start with {titled}, {appositions}.|We focus on {titled}, {appositions}."""
_VERBS = """was seen at our practice.|is known to us.|visited us recently.|has been with us for years.|is the subject of this report.
|came in for a check-up.|is registered here.|asked for a copy of the file.""".replace("\n", "").split("|")
_TITLES = """Clinical Note:|Patient Record|Summary|Notes|PATIENT INFORMATION|Medical summary|Health record|Client file|Intake note
|Record of the patient|Personal details|Member profile|Case summary|Registration|# Note|**Patient**|Admission note|Follow-up""".replace(
    "\n", ""
).split("|")
_HEADS = """Patient Information|Patient|Patient Details|Demographics|Personal data|About the patient|Profile|Person|Who""".split(
    "|"
)

_LABELS = {
    "name": "Name|Patient|Patient Name|Full Name|Patient's name|Name of patient|Client",
    "gender": "Gender|Sex|Gender identity|Recorded sex",
    "birth": "Date of Birth|Birth Date|DOB|Born|Born on|Birthday|D.O.B.",
    "phone": "Phone|Home phone|Contact|Contact number|Telephone|Contact (home)|Home phone number|Tel.|Phone (home)",
    "marital": "Marital Status|Civil status|Relationship|Marital",
    "language": "Language|Preferred Language|Communication|Primary language|Speaks|Preferred language for communication",
    "address": "Address|Home address|Residence|Place of residence|Lives at|Current address",
    "email": "E-mail|Email|Mail",
    "number": "MRN|Record no.|Patient ID|File number|ID",
    "job": "Occupation|Works as|Job|Profession",
    "maiden": "Maiden name|Birth name|Née",
    "died": "Deceased|Date of death|Passed away on",
}
_STATUS = {
    "married": "Married|married|M (married)|Currently married",
    "never_married": "Never Married|Never married|Single|Not married|Single, never married|Unmarried|S",
    "divorced": "Divorced|divorced",
    "widowed": "Widowed|widowed",
}


class Note:
    """One note, and what it says."""

    def __init__(self, source: WorldSource) -> None:
        self.source, self.rng = source, source.rng
        self.person = person(source)
        rng = self.rng
        share = rng.choice([0.35, 0.5, 0.7, 0.9])
        keys = "gender birth phone marital language address".split()
        self.told = {key for key in keys if rng.random() < share}
        self.told |= {key for key in ("email", "number", "job", "maiden", "died") if rng.random() < 0.12}
        self.found: dict[str, Any] = {}
        self._other, doctor = person(source), person(source)
        self._doctor = f"{doctor.given[0]} {doctor.family}"
        facility = rng.choice(_FACILITIES)
        self._facility = rng.choice(
            [f"{source.city().upper()} {facility}", f"{source.city()} {facility.title()}", source.company()]
        )
        self._pieces: dict[str, str] = {}

    def write(self) -> tuple[str, Found]:
        """Text and values."""
        rng = self.rng
        self._named()
        form = rng.choice(["sheet", "sheet", "prose", "prose", "prose", "both"])
        parts: list[str] = []
        if rng.random() < 0.5:
            parts.append(rng.choice(_TITLES))
        around = [self._event() for _ in range(rng.choice([0, 1, 1, 2, 3, 4]))]
        if rng.random() < 0.12 and around:
            parts.append(around.pop())
        if form in ("sheet", "both"):
            parts.append(self._sheet())
        if form in ("prose", "both"):
            parts.append(self._prose())
        parts += around
        if rng.random() < 0.3:
            parts.append(self._ending())
        text = "\n\n".join(part for part in parts if part)
        roll = rng.random()
        if roll < 0.025:
            text = text.upper()
        elif roll < 0.05:
            text = text.lower()
        elif roll < 0.08:
            text = f'"{text}"'
        self.found |= {"full": self._full(), "oneline": self.found.get("oneline")}
        if "first" not in self.found:
            given = self.found.get("given")
            self.found["first"] = " ".join(given) if given else None
        self.found["name"] = {k: self.found.get(k) for k in ("family", "given", "prefix", "first")}
        self.found["address"] = {k: self.found.get(k) for k in ("line", "city", "state", "postal", "country")}
        return text, self.found

    def _full(self) -> str | None:
        parts = [*(self.found.get("given") or ()), *filter(None, [self.found.get("family")])]
        return " ".join(parts) or None

    def _named(self) -> None:
        """How much of the name the note tells."""
        rng, who = self.rng, self.person
        roll = rng.random()
        if roll < 0.08 and who.prefix:
            who.given = []
            self.found |= {"given": None, "family": who.family}
        elif roll < 0.13:
            who.family = ""
            self.found |= {"given": list(who.given), "family": None}
        else:
            self.found |= {"given": list(who.given), "family": who.family}
        self.found["prefix"] = who.prefix
        self.titled = " ".join(filter(None, [who.prefix, *who.given, who.family]))
        self.short = (
            who.prefix + " " + who.family if who.prefix and who.family else (who.given or [who.family])[0]
        )

    def _words(self) -> dict[str, str]:
        he = self.person.gender == "male"
        nouns = ["man", "gentleman", "man"] if he else ["woman", "lady", "woman"]
        return {
            "titled": self.titled, "S": self.short, "s": self.short,
            "P": self.rng.choice(["He" if he else "She", self.short]), "p": "he" if he else "she",
            "P_": "His" if he else "Her", "p_": "his" if he else "her", "o": "him" if he else "her",
            "noun": self.rng.choice(nouns), "gender": self.person.gender, "verb": self.rng.choice(_VERBS),
        }  # fmt: skip

    def _day(self, when: date) -> str:
        return (
            calendar.in_words(self.rng, when)
            if self.rng.random() < 0.85
            else calendar.in_digits(self.rng, when)
        )

    def _say(self, templates: str, **values: str) -> str:
        template = self.rng.choice(templates.replace("\n", "").split("|"))
        text = template.format(**{**self._words(), **values})
        if "noun}" in template:
            self.found["gender"] = self.person.gender
        return text[:1].upper() + text[1:]

    def _address(self) -> dict[str, str]:
        """The address in pieces, some of which may be missing, and whole: the same all over the note."""
        if self._pieces:
            return self._pieces
        rng, who = self.rng, self.person
        kept = {"line", "city", "state", "postal", "country"}
        if rng.random() < 0.3:
            kept -= set(rng.sample(sorted(kept - {"city"}), rng.choice([1, 1, 2])))
        if "line" in kept and rng.random() < 0.06:
            kept -= {"city"}
        values = {k: getattr(who, k) for k in kept}
        self.found |= {k: values.get(k) for k in ("line", "city", "state", "postal", "country")}
        written = dict(values)
        if "country" in kept and who.country == "US":
            written["country"] = rng.choice(_AMERICA)
        order = ["line", "city", "state", "postal", "country"]
        if rng.random() < 0.15 and {"postal", "country"} <= kept:
            order = ["line", "city", "state", "country", "postal"]
        whole = ", ".join(written[k] for k in order if k in written)
        if {"state", "postal"} <= kept and order[3] == "postal" and rng.random() < 0.6:
            whole = whole.replace(
                f"{written['state']}, {written['postal']}", f"{written['state']} {written['postal']}"
            )
        self.found["oneline"] = whole
        if "postal" in kept and len(kept) > 2 and rng.random() < 0.2:
            whole = ", ".join(written[k] for k in ("line", "city", "state", "country") if k in written)
            self.found["oneline"] = whole
            whole += rng.choice(
                [
                    ", with the postal code {}",
                    ", postal code {}",
                    " ({})",
                    ", zip {}",
                    ". The postal code is {}",
                    " with a zip code of {}",
                ]
            ).format(written["postal"])
        self._pieces = {"address": whole, **{k: written.get(k, "") for k in order}}
        return self._pieces

    def _fact(self, key: str) -> str:
        """A sentence that tells it."""
        rng, who, found = self.rng, self.person, self.found
        match key:
            case "gender":
                found["gender"] = who.gender
                return self._say(_GENDERS)
            case "birth":
                found["birth"] = who.birth.isoformat()
                return self._say(_BIRTH, birth=self._day(who.birth))
            case "phone":
                found["phone"] = who.phone
                return self._say(_PHONE, phone=who.phone)
            case "marital":
                found["marital"] = who.marital
                template = _MARRIED[who.marital]
                text = self._say(template)
                if any(noun in text.split(".")[0].split() for noun in ("man", "gentleman", "woman", "lady")):
                    found["gender"] = who.gender
                return text
            case "language":
                found["language"] = who.language
                said = rng.choice(_ENGLISH_SAID) if who.language == _ENGLISH else who.language
                return self._say(_LANGUAGE, language=said)
            case "address":
                return self._residence()
            case "email":
                found["email"] = who.source.email()
                return self._say(
                    "Mail: {email}.|{P} writes from {email}.|{P_} e-mail address is {email}.|Send the papers to {email}.",
                    email=found["email"],
                )
            case "number":
                found["number"] = who.source.code()
                return self._say(
                    "The file number is {n}.|MRN {n}.|Record no. {n}.|{P} is filed under {n}.|ID: {n}.",
                    n=found["number"],
                )
            case "job":
                found["job"] = who.source.drawn("job")
                return self._say(
                    "{P} works as {j}.|Occupation: {j}.|Job: {j}.|By trade: {j}.|{P_} profession is given as {j}.",
                    j=found["job"],
                )
            case "maiden":
                found["maiden"] = who.source.last()
                return self._say(
                    "Maiden name: {m}.|{P} was formerly known as {m}.|Born {m}.|{P_} birth name was {m}.|Née {m}.",
                    m=found["maiden"],
                )
            case _:
                found["died"] = calendar.day(rng, 1975, 2026).isoformat()
                return self._say(
                    "{P} passed away on {d}.|Deceased on {d}.|{P} died on {d}.|Sadly, {p} passed away on {d}.|Date of death: {d}.",
                    d=self._day(date.fromisoformat(found["died"])),
                )

    def _residence(self) -> str:
        pieces = self._address()
        templates = [
            t
            for t in _PLACE.replace("\n", "").split("|")
            if "{line}" not in t or (pieces["line"] and pieces["city"])
        ]
        parts = {
            "state": self.rng.choice([", {}", ", {}", " in {}", " ({})"]).format(pieces["state"])
            if pieces["state"]
            else "",
            "postal": self.rng.choice(
                [
                    ", postal code {}",
                    ", {}",
                    ", with zip code {}",
                    " ({})",
                    ". The postal code is {}",
                    " with a postal code of {}",
                ]
            ).format(pieces["postal"])
            if pieces["postal"]
            else "",
            "country": self.rng.choice(
                [", {}", " in {}", ", in the country of {}", ". The country is {}"]
            ).format(pieces["country"])
            if pieces["country"]
            else "",
        }
        template = self.rng.choice(templates)
        return self._say(template, **{**pieces, **parts})

    def _prose(self) -> str:
        """Sentences, some of the facts in the first."""
        rng = self.rng
        told = [key for key in self.told if key != "gender" or rng.random() < 0.8]
        rng.shuffle(told)
        sentences = []
        if rng.random() < 0.55:
            count = rng.randint(0, min(3, len(told)))
            taken = [key for key in told if key not in ("number", "job", "maiden", "died")][:count]
            appositions = [self._apposition(key) for key in taken]
            if not appositions:
                appositions = [
                    rng.choice(["a patient of ours", "known to this office", "a long-standing client"])
                ]
            joint = rng.choice([", ", ", ", " and "]) if len(appositions) == 2 else ", "
            template = rng.choice(_WHO.replace("\n", "").split("|"))
            sentences.append(template.format(**{**self._words(), "appositions": joint.join(appositions)}))
            told = [key for key in told if key not in taken]
        else:
            sentences.append(self._say(_OPENINGS))
        sentences += [self._fact(key) for key in told]
        if rng.random() < 0.35:
            sentences.insert(rng.randint(1, len(sentences)), self._say(_SINGLE))
        if rng.random() < 0.3:
            sentences.insert(rng.randint(1, len(sentences)), self._aside())
        cuts = rng.choice([" ", " ", " ", "\n", "\n\n"])
        if cuts == "\n\n" and len(sentences) > 3:
            half = len(sentences) // 2
            return " ".join(sentences[:half]) + cuts + " ".join(sentences[half:])
        return (" " if cuts == "\n\n" else cuts).join(sentences)

    def _apposition(self, key: str) -> str:
        rng, who, found = self.rng, self.person, self.found
        words = self._words()
        match key:
            case "gender":
                found["gender"] = who.gender
                return rng.choice(
                    [
                        f"a {who.gender}",
                        f"{who.gender}",
                        f"a {who.gender} patient",
                        f"a {words['noun']}",
                        f"a {who.gender} individual",
                    ]
                )
            case "birth":
                found["birth"] = who.birth.isoformat()
                return rng.choice(
                    ["born on {}", "born {}", "whose date of birth is {}", "(DOB {})", "who was born on {}"]
                ).format(self._day(who.birth))
            case "phone":
                found["phone"] = who.phone
                return rng.choice(
                    [
                        "phone number {}",
                        "reachable at {}",
                        "whose home phone number is {}",
                        "home phone {}",
                        "who can be called on {}",
                    ]
                ).format(who.phone)
            case "marital":
                found["marital"] = who.marital
                said = who.marital.replace("_", " ")
                if rng.random() < 0.4:
                    found["gender"] = who.gender
                    return (
                        f"a {said} {words['noun']}"
                        if who.marital != "never_married"
                        else f"a single {words['noun']}"
                    )
                return rng.choice(
                    [
                        said,
                        f"{said}",
                        f"who is {said}" if who.marital != "never_married" else "who never married",
                    ]
                )
            case "language":
                found["language"] = who.language
                said = rng.choice(_ENGLISH_SAID) if who.language == _ENGLISH else who.language
                return rng.choice(
                    [
                        "who speaks {}",
                        "speaking {}",
                        "fluent in {}",
                        "having {} as the preferred language",
                        "whose language is {}",
                    ]
                ).format(said)
            case "email":
                found["email"] = who.source.email()
                return f"e-mail {found['email']}"
        pieces = self._address()
        return rng.choice(
            [
                "living at {}",
                "residing at {}",
                "who lives at {}",
                "of {}",
                "hailing from {}",
                "currently residing at {}",
            ]
        ).format(pieces["address"])

    def _sheet(self) -> str:
        """Labels and values."""
        rng, who, found = self.rng, self.person, self.found
        told = ["name", *sorted(self.told)]
        if rng.random() < 0.6:
            rest = told[1:]
            rng.shuffle(rest)
            told = [told[0], *rest]
        bullet = rng.choice(["- ", "- ", "", "* ", "  - ", "• "])
        separator = rng.choice([": ", ": ", ": ", " - ", ":\t", " = "])
        bold = rng.random() < 0.08
        lines = []
        for key in told:
            label = rng.choice(_LABELS[key].split("|"))
            label = f"**{label}**" if bold else label
            lines.append(f"{bullet}{label}{separator}{self._cell(key)}")
        if rng.random() < 0.35:
            lines.insert(
                rng.randint(1, len(lines)),
                f"{bullet}{rng.choice(['Multiple birth', 'Multiple Births', 'Twins'])}{separator}{rng.choice(['No', 'Not applicable', 'no'])}",
            )
        if rng.random() < 0.25:
            lines.insert(
                rng.randint(1, len(lines)),
                f"{bullet}{rng.choice(['Status', 'Allergy status', 'Record status', 'Insurance'])}{separator}{rng.choice(['Active', 'Unknown', 'Confirmed', 'Final'])}",
            )
        if "gender" not in self.told and rng.random() < 0.1:
            found["gender"] = who.gender
            lines[0] += f", {who.gender}"
        if rng.random() < 0.4:
            lines.insert(0, rng.choice(_HEADS) + rng.choice([":", ":", ""]))
        return "\n".join(lines)

    def _cell(self, key: str) -> str:
        rng, who, found = self.rng, self.person, self.found
        match key:
            case "name":
                if who.family and who.given and rng.random() < 0.08:
                    return f"{who.family}, {' '.join(filter(None, [who.prefix, *who.given]))}"
                return self.titled
            case "gender":
                found["gender"] = who.gender
                return rng.choice(
                    [who.gender.capitalize(), who.gender.capitalize(), who.gender, who.gender[0].upper()]
                )
            case "birth":
                found["birth"] = who.birth.isoformat()
                return self._day(who.birth)
            case "phone":
                found["phone"] = who.phone
                return rng.choice(
                    [
                        "{}",
                        "{}",
                        "{}",
                        "Home number is {}",
                        "{} (home)",
                        "home, {}",
                        "Home - {}",
                        "Home phone number is {}",
                    ]
                ).format(who.phone)
            case "marital":
                found["marital"] = who.marital
                return rng.choice(_STATUS[who.marital].split("|"))
            case "language":
                found["language"] = who.language
                return rng.choice(_ENGLISH_SAID) if who.language == _ENGLISH else who.language
            case "address":
                return self._address()["address"]
            case "email":
                found["email"] = who.source.email()
            case "number":
                found["number"] = who.source.code()
            case "job":
                found["job"] = who.source.drawn("job")
            case "maiden":
                found["maiden"] = who.source.last()
            case _:
                found["died"] = calendar.day(rng, 1975, 2026).isoformat()
                return self._day(date.fromisoformat(found["died"])) + rng.choice(["", f" at {self._clock()}"])
        return str(found[key])

    def _clock(self) -> str:
        rng = self.rng
        clock = f"{rng.randint(0, 23):02d}:{rng.randint(0, 59):02d}:{rng.randint(0, 59):02d}"
        return clock + rng.choice(
            ["", "", " (+02:00)", " (GMT+1)", ", Central European Time", "+01:00", " local time"]
        )

    def _event(self) -> str:
        """What else the note tells: visits, findings, other people and places."""
        rng, source = self.rng, self.source
        other, doctor, facility = self._other, self._doctor, self._facility
        day = self._day(calendar.day(rng, 1970, 2026))
        words = self._words() | {
            "day": day, "doctor": doctor, "facility": facility, "clock": self._clock(), "clock2": self._clock(),
            "finding": rng.choice(_FINDINGS), "drug": source.pseudo_word(), "number": f"{rng.randint(0, 300)}.{source.digits(rng.randint(1, 3))}",
            "condition": rng.choice(_CONDITIONS), "mail": source.email(), "phone": source.phone() if rng.random() < 0.5 else source.digits(10),
            "address": f"{other.line}, {other.city}, {other.state} {other.postal}", "code": source.code(),
            "other": other.titled, "status": rng.choice(["unknown", "final", "finished", "completed", "active", "resolved", "in progress"]),
            "procedure": rng.choice(_PROCEDURES),
        }  # fmt: skip
        count = rng.choice([1, 2, 2, 3, 4])
        chosen = rng.sample(_EVENTS, count)
        told: list[str] = []
        for sentence in chosen:
            text = sentence.format(**words)
            for key, role, value in (("{doctor}", "doctor", doctor), ("{facility}", "place", facility)):
                if key in sentence:
                    self.found[role] = value
            told.append(text)
        if rng.random() < 0.3:
            head = rng.choice(
                [
                    "Encounter",
                    "Medical history",
                    "Visits",
                    "Procedures",
                    "Observation",
                    "Other",
                    "Conditions",
                    "History",
                ]
            )
            bullet = rng.choice(["- ", "  - ", "* "])
            return f"{head}:\n" + "\n".join(bullet + text for text in told)
        return " ".join(told)

    def _aside(self) -> str:
        return self.rng.choice(_ASIDES)

    def _ending(self) -> str:
        return self.rng.choice(_ENDINGS).format(**self._words())


_FACILITIES = """INTERNAL MEDICINE PC|FAMILY PRACTICE|OUTPATIENT CLINIC|NURSING HOME|HEALTH CENTER INC|HOSPITAL|PRIMARY CARE LLC
|URGENT CARE|MEDICAL GROUP|WELLNESS ASSOCIATES LLC|REHABILITATION CENTER|SURGERY""".replace("\n", "").split(
    "|"
)
_FINDINGS = """body weight|body mass index|blood pressure|hemoglobin|glucose|cholesterol|creatinine|heart rate|pain score|height|temperature
|oxygen saturation|sodium|platelets|respiratory rate|calcium""".replace("\n", "").split("|")
_CONDITIONS = """sinusitis|hypertension|a sprained ankle|anemia|bronchitis|asthma|a fracture|diabetes|migraine|an ear infection|gingivitis
|chronic pain|an allergy|stress|obesity|full-time employment|social isolation""".replace("\n", "").split("|")
_PROCEDURES = """depression screening|medication reconciliation|a chest X-ray|an assessment of health needs|a dental check|physiotherapy
|removal of stitches|a blood test|an influenza vaccination|patient referral|a general examination|a colonoscopy""".replace(
    "\n", ""
).split("|")
_EVENTS = """{P} had an ambulatory visit on {day}.|The visit started at {clock} and ended at {clock2}.|It was handled by Dr. {doctor}.
|The primary performer was Dr. {doctor}.|The encounter took place at {facility}.|{facility} is an active healthcare provider.
|{facility} is located at {address}.|It can be reached at {phone}.|Contact of the organization: {phone}.|Dr. {doctor} can be mailed at {mail}.
|Dr. {doctor} is a practitioner of {facility}.|A test of {finding} was made on {day} at {clock}.|The {finding} was {number}.
|The result of the {finding} test is {status}.|The status of the encounter is {status}.|{P} underwent {procedure}.
|On {day}, {procedure} was performed, from {clock} to {clock2}.|{S} was diagnosed with {condition}.|The condition, {condition}, is {status}.
|The condition began on {day} at {clock}.|{P} takes {drug}, a dose of {number} mg.|The claim has the number {code}.
|An immunization was given on {day} ({clock}).|The vaccine is from a primary source.|{P} was accompanied by {other}.
|The next of kin is {other}, phone {phone}.|{other} sent in the papers.|The reason for the visit remains {status}.
|A second visit followed on {day}.|This was an emergency.|The bill went to {other}, {address}.|The status is {status}.
|The report was issued on {day} at {clock}.|Two procedures are listed as {status}.|An allergy was recorded on {day}.
|The organization has the postal code {code}.|Medication review is due.|The visit type: well child visit (procedure).
|{S} reported some pain, {number} on the scale.|The {finding} was measured at {number}; nothing else was done.""".replace(
    "\n", ""
).split("|")
_ASIDES = """All of this is confidential.|Nothing else is known.|Please double-check before filing.|This was confirmed twice.
|The rest of the file is being scanned.|We could not verify it all.|As far as we know, that is current.|More details may follow.
|Some of it comes from an older system.|The usual rules on privacy apply.|Easy, right?|That much is certain.""".replace(
    "\n", ""
).split("|")
_ENDINGS = """That is all we know about {s}.|This completes the note.|Please handle these data with care.|End of note.
|No further details were given.|Follow up on the open points, please.|That's all the notes I have on {s}.|Filed for reference.
|This summary was generated from the record.|If anything is missing, ask the front desk.""".replace(
    "\n", ""
).split("|")


def note(source: WorldSource) -> tuple[str, Found]:
    """One note, and what it says."""
    return Note(source).write()
