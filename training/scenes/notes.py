"""Notes about a person, as a practice, an office or a club writes them.

Personal data stand in a list or in prose, among other events and other people.
"""

from __future__ import annotations

from datetime import date
from typing import Any

from training.scenes import calendar, note_templates
from training.scenes.locale_source import LocaleSource
from training.scenes.people import AMERICA, ENGLISH, ENGLISH_SAID, person
from training.scenes.role_schemas import RoleValues


class Note:
    """Writer of one note, which records the stated values by role."""

    def __init__(self, source: LocaleSource) -> None:
        self.source, self.rng = source, source.rng
        self.person = person(source)
        rng = self.rng
        share = rng.choice([0.35, 0.5, 0.7, 0.9])
        keys = "gender birth phone marital language address".split()
        self.stated = {key for key in keys if rng.random() < share}
        self.stated |= {key for key in ("email", "number", "job", "maiden", "died") if rng.random() < 0.12}
        self.role_values: dict[str, Any] = {}
        self._other, doctor = person(source), person(source)
        self._doctor = f"{doctor.given[0]} {doctor.family}"
        facility = rng.choice(note_templates.FACILITIES)
        self._facility = rng.choice(
            [f"{source.city().upper()} {facility}", f"{source.city()} {facility.title()}", source.company()]
        )
        self._pieces: dict[str, str] = {}

    def write(self) -> tuple[str, RoleValues]:
        """Write the note, and return its text and values."""
        rng = self.rng
        self._choose_name()
        form = rng.choice(["sheet", "sheet", "prose", "prose", "prose", "both"])
        parts: list[str] = []
        if rng.random() < 0.5:
            parts.append(rng.choice(note_templates.TITLES))
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
        self.role_values |= {"full": self._full(), "oneline": self.role_values.get("oneline")}
        if "first" not in self.role_values:
            given = self.role_values.get("given")
            self.role_values["first"] = " ".join(given) if given else None
        self.role_values["name"] = {
            k: self.role_values.get(k) for k in ("family", "given", "prefix", "first")
        }
        self.role_values["address"] = {
            k: self.role_values.get(k) for k in ("line", "city", "state", "postal", "country")
        }
        return text, self.role_values

    def _full(self) -> str | None:
        parts = [*(self.role_values.get("given") or ()), *filter(None, [self.role_values.get("family")])]
        return " ".join(parts) or None

    def _choose_name(self) -> None:
        """Choose the stated parts of the name."""
        rng, who = self.rng, self.person
        roll = rng.random()
        if roll < 0.08 and who.prefix:
            who.given = []
            self.role_values |= {"given": None, "family": who.family}
        elif roll < 0.13:
            who.family = ""
            self.role_values |= {"given": list(who.given), "family": None}
        else:
            self.role_values |= {"given": list(who.given), "family": who.family}
        self.role_values["prefix"] = who.prefix
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
            "noun": self.rng.choice(nouns), "gender": self.person.gender, "verb": self.rng.choice(note_templates.VERBS),
        }  # fmt: skip

    def _day(self, when: date) -> str:
        return (
            calendar.in_words(self.rng, when)
            if self.rng.random() < 0.85
            else calendar.in_digits(self.rng, when)
        )

    def _fill_template(self, templates: str, **values: str) -> str:
        template = self.rng.choice(templates.replace("\n", "").split("|"))
        text = template.format(**{**self._words(), **values})
        if "noun}" in template:
            self.role_values["gender"] = self.person.gender
        return text[:1].upper() + text[1:]

    def _address(self) -> dict[str, str]:
        """Draw the address once for the whole note, in parts (some may be missing) and in one piece."""
        if self._pieces:
            return self._pieces
        rng, who = self.rng, self.person
        present = {"line", "city", "state", "postal", "country"}
        if rng.random() < 0.3:
            present -= set(rng.sample(sorted(present - {"city"}), rng.choice([1, 1, 2])))
        if "line" in present and rng.random() < 0.06:
            present -= {"city"}
        values = {k: getattr(who, k) for k in present}
        self.role_values |= {k: values.get(k) for k in ("line", "city", "state", "postal", "country")}
        written = dict(values)
        if "country" in present and who.country == "US":
            written["country"] = rng.choice(AMERICA)
        order = ["line", "city", "state", "postal", "country"]
        if rng.random() < 0.15 and {"postal", "country"} <= present:
            order = ["line", "city", "state", "country", "postal"]
        whole = ", ".join(written[k] for k in order if k in written)
        if {"state", "postal"} <= present and order[3] == "postal" and rng.random() < 0.6:
            whole = whole.replace(
                f"{written['state']}, {written['postal']}", f"{written['state']} {written['postal']}"
            )
        self.role_values["oneline"] = whole
        if "postal" in present and len(present) > 2 and rng.random() < 0.2:
            whole = ", ".join(written[k] for k in ("line", "city", "state", "country") if k in written)
            self.role_values["oneline"] = whole
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
        """Write a sentence that states the value of a role."""
        rng, who, role_values = self.rng, self.person, self.role_values
        match key:
            case "gender":
                role_values["gender"] = who.gender
                return self._fill_template(note_templates.GENDERS)
            case "birth":
                role_values["birth"] = who.birth.isoformat()
                return self._fill_template(note_templates.BIRTH, birth=self._day(who.birth))
            case "phone":
                role_values["phone"] = who.phone
                return self._fill_template(note_templates.PHONE, phone=who.phone)
            case "marital":
                role_values["marital"] = who.marital
                template = note_templates.MARRIED[who.marital]
                text = self._fill_template(template)
                if any(noun in text.split(".")[0].split() for noun in ("man", "gentleman", "woman", "lady")):
                    role_values["gender"] = who.gender
                return text
            case "language":
                role_values["language"] = who.language
                phrase = rng.choice(ENGLISH_SAID) if who.language == ENGLISH else who.language
                return self._fill_template(note_templates.LANGUAGE, language=phrase)
            case "address":
                return self._residence()
            case "email":
                role_values["email"] = who.source.email()
                return self._fill_template(
                    "Mail: {email}.|{P} writes from {email}.|{P_} e-mail address is {email}.|Send the papers to {email}.",
                    email=role_values["email"],
                )
            case "number":
                role_values["number"] = who.source.code()
                return self._fill_template(
                    "The file number is {n}.|MRN {n}.|Record no. {n}.|{P} is filed under {n}.|ID: {n}.",
                    n=role_values["number"],
                )
            case "job":
                role_values["job"] = who.source.drawn("job")
                return self._fill_template(
                    "{P} works as {j}.|Occupation: {j}.|Job: {j}.|By trade: {j}.|{P_} profession is given as {j}.",
                    j=role_values["job"],
                )
            case "maiden":
                role_values["maiden"] = who.source.last()
                return self._fill_template(
                    "Maiden name: {m}.|{P} was formerly known as {m}.|Born {m}.|{P_} birth name was {m}.|Née {m}.",
                    m=role_values["maiden"],
                )
            case _:
                role_values["died"] = calendar.day(rng, 1975, 2026).isoformat()
                return self._fill_template(
                    "{P} passed away on {d}.|Deceased on {d}.|{P} died on {d}.|Sadly, {p} passed away on {d}.|Date of death: {d}.",
                    d=self._day(date.fromisoformat(role_values["died"])),
                )

    def _residence(self) -> str:
        pieces = self._address()
        templates = [
            t
            for t in note_templates.PLACE.replace("\n", "").split("|")
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
        return self._fill_template(template, **{**pieces, **parts})

    def _prose(self) -> str:
        """Write the note as prose, with some values in the first sentence."""
        rng = self.rng
        stated = [key for key in self.stated if key != "gender" or rng.random() < 0.8]
        rng.shuffle(stated)
        sentences = []
        if rng.random() < 0.55:
            count = rng.randint(0, min(3, len(stated)))
            taken = [key for key in stated if key not in ("number", "job", "maiden", "died")][:count]
            appositions = [self._apposition(key) for key in taken]
            if not appositions:
                appositions = [
                    rng.choice(["a patient of ours", "known to this office", "a long-standing client"])
                ]
            joint = rng.choice([", ", ", ", " and "]) if len(appositions) == 2 else ", "
            template = rng.choice(note_templates.WHO.replace("\n", "").split("|"))
            sentences.append(template.format(**{**self._words(), "appositions": joint.join(appositions)}))
            stated = [key for key in stated if key not in taken]
        else:
            sentences.append(self._fill_template(note_templates.OPENINGS))
        sentences += [self._fact(key) for key in stated]
        if rng.random() < 0.35:
            sentences.insert(rng.randint(1, len(sentences)), self._fill_template(note_templates.SINGLE))
        if rng.random() < 0.3:
            sentences.insert(rng.randint(1, len(sentences)), self._aside())
        cuts = rng.choice([" ", " ", " ", "\n", "\n\n"])
        if cuts == "\n\n" and len(sentences) > 3:
            half = len(sentences) // 2
            return " ".join(sentences[:half]) + cuts + " ".join(sentences[half:])
        return (" " if cuts == "\n\n" else cuts).join(sentences)

    def _apposition(self, key: str) -> str:
        rng, who, role_values = self.rng, self.person, self.role_values
        words = self._words()
        match key:
            case "gender":
                role_values["gender"] = who.gender
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
                role_values["birth"] = who.birth.isoformat()
                return rng.choice(
                    ["born on {}", "born {}", "whose date of birth is {}", "(DOB {})", "who was born on {}"]
                ).format(self._day(who.birth))
            case "phone":
                role_values["phone"] = who.phone
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
                role_values["marital"] = who.marital
                phrase = who.marital.replace("_", " ")
                if rng.random() < 0.4:
                    role_values["gender"] = who.gender
                    return (
                        f"a {phrase} {words['noun']}"
                        if who.marital != "never_married"
                        else f"a single {words['noun']}"
                    )
                return rng.choice(
                    [
                        phrase,
                        f"{phrase}",
                        f"who is {phrase}" if who.marital != "never_married" else "who never married",
                    ]
                )
            case "language":
                role_values["language"] = who.language
                phrase = rng.choice(ENGLISH_SAID) if who.language == ENGLISH else who.language
                return rng.choice(
                    [
                        "who speaks {}",
                        "speaking {}",
                        "fluent in {}",
                        "having {} as the preferred language",
                        "whose language is {}",
                    ]
                ).format(phrase)
            case "email":
                role_values["email"] = who.source.email()
                return f"e-mail {role_values['email']}"
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
        """Write the note as labels and values."""
        rng, who, role_values = self.rng, self.person, self.role_values
        stated = ["name", *sorted(self.stated)]
        if rng.random() < 0.6:
            rest = stated[1:]
            rng.shuffle(rest)
            stated = [stated[0], *rest]
        bullet = rng.choice(["- ", "- ", "", "* ", "  - ", "• "])
        separator = rng.choice([": ", ": ", ": ", " - ", ":\t", " = "])
        bold = rng.random() < 0.08
        lines = []
        for key in stated:
            label = rng.choice(note_templates.LABELS[key].split("|"))
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
        if "gender" not in self.stated and rng.random() < 0.1:
            role_values["gender"] = who.gender
            lines[0] += f", {who.gender}"
        if rng.random() < 0.4:
            lines.insert(0, rng.choice(note_templates.HEADS) + rng.choice([":", ":", ""]))
        return "\n".join(lines)

    def _cell(self, key: str) -> str:
        rng, who, role_values = self.rng, self.person, self.role_values
        match key:
            case "name":
                if who.family and who.given and rng.random() < 0.08:
                    return f"{who.family}, {' '.join(filter(None, [who.prefix, *who.given]))}"
                return self.titled
            case "gender":
                role_values["gender"] = who.gender
                return rng.choice(
                    [who.gender.capitalize(), who.gender.capitalize(), who.gender, who.gender[0].upper()]
                )
            case "birth":
                role_values["birth"] = who.birth.isoformat()
                return self._day(who.birth)
            case "phone":
                role_values["phone"] = who.phone
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
                role_values["marital"] = who.marital
                return rng.choice(note_templates.STATUS[who.marital].split("|"))
            case "language":
                role_values["language"] = who.language
                return rng.choice(ENGLISH_SAID) if who.language == ENGLISH else who.language
            case "address":
                return self._address()["address"]
            case "email":
                role_values["email"] = who.source.email()
            case "number":
                role_values["number"] = who.source.code()
            case "job":
                role_values["job"] = who.source.drawn("job")
            case "maiden":
                role_values["maiden"] = who.source.last()
            case _:
                role_values["died"] = calendar.day(rng, 1975, 2026).isoformat()
                return self._day(date.fromisoformat(role_values["died"])) + rng.choice(
                    ["", f" at {self._clock()}"]
                )
        return str(role_values[key])

    def _clock(self) -> str:
        rng = self.rng
        clock = f"{rng.randint(0, 23):02d}:{rng.randint(0, 59):02d}:{rng.randint(0, 59):02d}"
        return clock + rng.choice(
            ["", "", " (+02:00)", " (GMT+1)", ", Central European Time", "+01:00", " local time"]
        )

    def _event(self) -> str:
        """Write a sentence about something else: a visit, a finding, another person or place."""
        rng, source = self.rng, self.source
        other, doctor, facility = self._other, self._doctor, self._facility
        day = self._day(calendar.day(rng, 1970, 2026))
        words = self._words() | {
            "day": day, "doctor": doctor, "facility": facility, "clock": self._clock(), "clock2": self._clock(),
            "finding": rng.choice(note_templates.FINDINGS), "drug": source.pseudo_word(), "number": f"{rng.randint(0, 300)}.{source.digits(rng.randint(1, 3))}",
            "condition": rng.choice(note_templates.CONDITIONS), "mail": source.email(), "phone": source.phone() if rng.random() < 0.5 else source.digits(10),
            "address": f"{other.line}, {other.city}, {other.state} {other.postal}", "code": source.code(),
            "other": other.titled, "status": rng.choice(["unknown", "final", "finished", "completed", "active", "resolved", "in progress"]),
            "procedure": rng.choice(note_templates.PROCEDURES),
        }  # fmt: skip
        count = rng.choice([1, 2, 2, 3, 4])
        chosen = rng.sample(note_templates.EVENTS, count)
        events: list[str] = []
        for sentence in chosen:
            text = sentence.format(**words)
            for key, role, value in (("{doctor}", "doctor", doctor), ("{facility}", "place", facility)):
                if key in sentence:
                    self.role_values[role] = value
            events.append(text)
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
            return f"{head}:\n" + "\n".join(bullet + text for text in events)
        return " ".join(events)

    def _aside(self) -> str:
        return self.rng.choice(note_templates.ASIDES)

    def _ending(self) -> str:
        return self.rng.choice(note_templates.ENDINGS).format(**self._words())


def note(source: LocaleSource) -> tuple[str, RoleValues]:
    """Write one note, and return its text and values."""
    return Note(source).write()
