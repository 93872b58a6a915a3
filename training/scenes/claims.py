"""Reports of damage to an insurer: forms, calls, e-mails and counter notes, with dates relative to the report's."""

from __future__ import annotations

from datetime import date, timedelta
from random import Random
from typing import Any

from training.scenes import calendar
from training.scenes.locale_source import LocaleSource
from training.scenes.role_schemas import Number, Role, RoleValues

# Kinds of damage: what a schema calls them, where they happen, and how people tell of them.
_INCIDENTS = {
    "rear_end_collision": ("Vehicle", "ran into me from behind|hit the back of my car|bumped into our rear bumper|was hit from behind at a standstill"),
    "side_impact_collision": ("Vehicle", "hit the driver's side|ran into the side of the car|T-boned me|struck the passenger door"),
    "head_on_collision": ("Vehicle", "came towards me in my lane and we crashed front to front|hit us head-on|collided with my front"),
    "parking_lot_collision": ("Vehicle", "scraped my car while it was parked|backed into my parked car|was sideswiped in its parking space"),
    "windshield_damage": ("Vehicle", "a stone cracked the windshield|the windscreen burst|glass of the front window broke"),
    "animal_collision": ("Vehicle", "a deer ran into the car|we hit a wild boar|an animal jumped in front of the car"),
    "house_fire": ("Building", "the house caught fire|a fire broke out in the bedroom|flames spread through the house"),
    "kitchen_fire": ("Building", "the oil in the pan caught fire|a fire started on the stove|the kitchen burned"),
    "electrical_fire": ("Building", "faulty wiring started a fire|a short circuit in the wall caused a fire|sparks from a socket set the room on fire"),
    "burst_pipe_flood": ("Building", "a pipe burst and flooded the floor|a water pipe broke|water from a burst pipe ran everywhere"),
    "storm_damage": ("Building", "the storm tore shingles off|a tree fell on the house in the storm|strong winds damaged the siding"),
    "hail_damage": ("Building", "hail broke the skylights|hailstones dented the roof|hail smashed the greenhouse"),
    "roof_leak": ("Building", "water leaked in through the roof|the roof leaks and the ceiling came down|rain came through the roof"),
    "slip_and_fall": ("Building", "a visitor slipped and fell|somebody fell on the wet floor|a guest lost her footing on the stairs"),
    "property_injury": ("Person", "a customer was hurt in my shop|somebody was injured on our premises|a child was hurt by a falling shelf"),
    "product_liability": ("Other", "the device we sold exploded|our product made a customer ill|a chair of ours broke under a customer"),
    "theft_burglary": ("Building", "someone broke in and took things|burglars emptied the office|we were burgled"),
    "bicycle_theft": ("Other", "my bicycle was stolen|the lock was cut and the bike is gone|someone took my bike"),
    "vandalism": ("Building", "somebody sprayed the walls and broke windows|vandals trashed the place|the front was smeared with paint on purpose"),
    "lost_luggage": ("Other", "my suitcase never arrived|the airline lost my bags|our luggage went missing"),
    "medical_emergency": ("Person", "I had to see a doctor abroad|I was taken to hospital on holiday|an emergency operation was needed"),
}  # fmt: skip
_PLACES = {
    "intersection": "at a crossing|at the intersection|where two roads cross",
    "highway": "on the highway|on the motorway|on the interstate",
    "parking_lot": "in a parking lot|in the car park of a mall|on the lot of the grocery store",
    "driveway": "in my driveway|as I left our drive",
    "residential_street": "on a quiet street near home|in our neighborhood|in a residential street",
    "residence_interior": "in the living room|inside my home|in the upstairs bedroom|in our kitchen",
    "residence_exterior": "outside the house|on the roof of our house|in the garden",
    "commercial_property": "at my store|in our office|in the lobby of my business|at the shop",
    "public_property": "in a public park|at the town hall|at the station",
}
_TYPES = "|".join(
    " ".join(keys)
    for keys in (
        list(_INCIDENTS),
        ["rear_end_collision", "side_impact_collision", "head_on_collision", "parking_lot_collision", "windshield_damage", "animal_collision", "house_fire",
         "kitchen_fire", "electrical_fire", "burst_pipe_flood", "storm_damage", "hail_damage", "roof_leak", "slip_and_fall", "property_injury",
         "product_liability", "theft_burglary", "bicycle_theft", "vandalism", "lost_luggage", "medical_emergency", "other"],
    )
)  # fmt: skip
_HEADER = (
    Role("id", "string", "claim_id claim_number claim_no reference", "CLM-XXXXXX|Number of the claim"),
    Role("reported", "date", "report_date reported_on date_reported"),
    Role("happened", "date", "incident_date date_of_loss loss_date happened_on"),
    Role("by", "string", "reported_by reporter claimant caller", "Who reports it"),
    Role("channel", "enum", "channel intake_channel received_by", choices="email phone portal in_person|email phone portal in_person|email phone portal in_person letter|mail=email call=phone web=portal counter=in_person"),
)  # fmt: skip
_POLICY = (
    Role("policy", "string", "policy_number policy_no policy", "POL-XXXXXXXXX|Number of the policy"),
    Role("holder", "string", "policyholder_name policyholder insured_name insured"),
    Role("coverage", "enum", "coverage_type coverage line_of_business", choices="property auto liability health travel other|auto home=property liability health travel other|auto property liability travel"),
    Role("from", "date", "effective_date valid_from start_date"),
    Role("to", "date", "expiration_date valid_to expiry_date end_date"),
)  # fmt: skip
_OBJECT = (
    Role("object", "string", "object_id item_id asset_id vin"),
    Role("kind", "enum", "object_type asset_type", choices="vehicle building person other|building vehicle other person"),
    Role("model", "string", "make_model model description_of_object"),
    Role("year", "integer", "year built model_year year_of_construction"),
    Role("where", "string", "location_address address location"),
    Role("value", "integer", "estimated_value value insured_value"),
)  # fmt: skip
_INCIDENT = (
    Role("type", "enum", "incident_type cause type_of_damage event", choices=_TYPES),
    Role("place", "enum", "location_type place_type where", choices=" ".join(_PLACES) + "|" + " ".join([*_PLACES, "other"])),
    Role("damage", "integer", "estimated_damage_amount damage estimate repair_cost"),
    Role("police", "string", "police_report_number police_report report_number"),
)  # fmt: skip


def roles(rng: Random) -> list[Role]:
    """Draw the roles of a schema: the usual four objects, or some of their members."""
    if rng.random() < 0.6:
        names = {
            "header": "header claim_header report claim",
            "policy_details": "policy_details policy insurance contract",
            "insured_objects": "insured_objects objects assets items",
            "incident_description": "incident_description incident loss event",
        }
        whole = [
            Role("header", "object", names["header"], parts=_HEADER),
            Role("policy_details", "object", names["policy_details"], parts=_POLICY),
            Role("insured_objects", "rows", names["insured_objects"], parts=_OBJECT),
            Role("incident_description", "object", names["incident_description"], parts=_INCIDENT),
        ]
        return whole if rng.random() < 0.7 else rng.sample(whole, rng.randint(1, 3))
    return rng.sample([*_HEADER, *_POLICY, *_INCIDENT], rng.randint(3, 9))


_CHANNELS = {"Email": "email", "Phone": "phone", "Portal": "portal", "In-Person": "in_person"}
_MAKES = """Toyota Honda Ford Mazda Nissan Subaru Opel Fiat Skoda Seat Volvo Kia Hyundai Renault Peugeot Citroën Audi BMW Mercedes
Volkswagen Tesla Chevrolet Jeep Lexus Dacia Suzuki Mitsubishi""".split()
_MODELS = """Corolla Civic Focus CX-5 Leaf Outback Corsa Panda Octavia Leon XC60 Sportage i30 Clio 308 C3 A4 X3 GLC Golf 3 Malibu
Wrangler RX Duster Swift Outlander Escape CR-V Fiesta Astra Polo Captur Model-3 Rio Tucson 500 V40""".split()
_HOMES = [
    "Single Family Home",
    "Townhouse",
    "Commercial Office",
    "Apartment",
    "Condo",
    "Warehouse",
    "Duplex",
    "Bungalow",
]


def claim(source: LocaleSource) -> tuple[str, RoleValues]:
    """Write one report, and return its text and values."""
    return _Report(source).write()


class _Report:
    def __init__(self, source: LocaleSource) -> None:
        self.source, self.rng = source, source.rng
        rng = self.rng
        self.reported = calendar.day(rng, 2016, 2028)
        self.happened = self.reported - timedelta(rng.choice([0, 1, 1, 1, 2, 2, 3, 5, 9]))
        self.by = (
            source.person()
            if rng.random() < 0.6
            else f"{LocaleSource(rng, source.held_out, 'en_US').first()} {LocaleSource(rng, source.held_out, 'en_US').last()}"
        )
        self.type = rng.choice(list(_INCIDENTS))
        self.kind = _INCIDENTS[self.type][0]
        self.coverage = {
            "Vehicle": "Auto",
            "Building": "Property",
            "Person": "Liability",
            "Other": "Property",
        }[self.kind]
        if self.type in ("slip_and_fall", "property_injury", "product_liability"):
            self.coverage = "Liability"
        if self.type in ("lost_luggage", "medical_emergency"):
            self.coverage = "Travel"
        self.header: dict[str, Any] = {
            "by": self.by,
            "reported": None,
            "happened": None,
            "id": None,
            "channel": None,
        }
        self.policy: dict[str, Any] = {}
        self.incident: dict[str, Any] = {}
        self.objects: list[dict[str, Any]] = []

    def write(self) -> tuple[str, RoleValues]:
        form = self.rng.choice([self._form, self._narrative, self._narrative, self._narrative])
        text = form()
        role_values: dict[str, Any] = {
            "header": self.header, "policy_details": self.policy, "incident_description": self.incident,
            "insured_objects": self.objects, **self.header, **self.policy, **self.incident,
        }  # fmt: skip
        return text, role_values

    def _one(self, choices: str, **values: Any) -> str:
        return self.rng.choice(choices.replace("\n", "").split("|")).format(**values)

    def _id(self) -> str:
        rng, source = self.rng, self.source
        self.header["id"] = rng.choice(
            [
                f"CLM-{source.digits(6)}",
                f"CLM-{source.digits(6)}",
                f"C-{source.digits(5)}",
                source.code(),
                f"CL/{source.digits(4)}/{source.digits(2)}",
            ]
        )
        return str(self.header["id"])

    def _number(self) -> str:
        rng, source = self.rng, self.source
        self.policy["policy"] = rng.choice(
            [f"POL-{source.digits(9)}", f"POL-{source.digits(9)}", f"P{source.digits(8)}", source.code()]
        )
        return str(self.policy["policy"])

    def _sum(self, key: str, low: int, high: int, where: dict[str, Any]) -> str:
        amount = self.rng.randint(low, high)
        if self.rng.random() < 0.25:
            amount = round(amount, -2)
        where[key] = Number(str(amount))
        return self.rng.choice(["$", "$", "$", "USD ", "€"]) + (
            f"{amount:,}" if self.rng.random() < 0.85 else str(amount)
        )

    def _day(self, when: date) -> str:
        return calendar.written(self.rng, when)

    def _object(self) -> dict[str, Any]:
        rng, source = self.rng, self.source
        if self.kind == "Vehicle":
            thing: dict[str, Any] = {
                "kind": "vehicle",
                "model": f"{rng.choice(_MAKES)} {rng.choice(_MODELS)}",
                "year": Number(str(rng.randint(1995, 2026))),
            }
            thing["object"] = f"VIN{source.digits(17)}" if rng.random() < 0.5 else None
        elif self.kind == "Building":
            thing = {
                "kind": "building",
                "model": rng.choice(_HOMES),
                "year": Number(str(rng.randint(1920, 2024))),
            }
            thing["object"] = f"PROP-{source.digits(6)}" if rng.random() < 0.4 else None
            thing["where"] = (
                f"{rng.randint(1, 9900)} {source.last()} {rng.choice(['St', 'Rd', 'Lane', 'Drive', 'Ave', 'Street', 'Ct'])}, {source.city()}"
            )
        else:
            return {}
        self.objects.append(thing)
        return thing

    def _stamp(self) -> str:
        """Write a system line with the date and the channel of the report."""
        day = self.rng.choice(
            [self.reported.isoformat(), self.reported.isoformat(), self._day(self.reported)]
        )
        channel = self.rng.choice(["Email", "Phone", "Portal", "In-Person"])
        self.header |= {"reported": self.reported.isoformat(), "channel": _CHANNELS[channel]}
        phrase = {
            "Email": "[Email received: {d}]|E-mail received: {d}|Received by mail on {d}|[Mail, {d}]",
            "Phone": "[Phone log: {d}]|Phone transcript, {d}|Call log [{d}]|Telephone report of {d}|[Call received {d}]",
            "Portal": "[Portal submission timestamp: {d}]|Submitted through the portal on {d}|[Web form: {d}]|[Portal entry {d}]",
            "In-Person": "[In-person report: {d}]|Intake at the counter, {d}|[Filed in the office on {d}]|[In-person statement, {d}]",
        }[channel]
        return self._one(phrase, d=day)

    def _form(self) -> str:
        """Write the report as labels and values."""
        rng, objects = self.rng, self._object()
        self.header |= {"reported": self.reported.isoformat(), "happened": self.happened.isoformat()}
        lines = [
            self._one("Claim ID|Claim|Claim no.|Claim reference|CLAIM REF") + f": {self._id()}",
            self._one("Reported|Report date|Date of report|REPORTED ON") + f": {self._day(self.reported)}",
            self._one("Date of incident|Incident|Date of loss|Date|Happened on")
            + f": {self._day(self.happened)}",
            self._one("Submitted by|Name|Reported by|Customer|Claimant") + f": {self.by}",
        ]
        if rng.random() < 0.5:
            channel = rng.choice(list(_CHANNELS))
            self.header["channel"] = _CHANNELS[channel]
            lines.append(self._one("Channel|Received via|Intake") + f": {channel}")
        if rng.random() < 0.75:
            self.policy |= {"holder": self.by, "coverage": self.coverage.lower()}
            start = self.reported - timedelta(rng.randint(20, 700))
            end = start + timedelta(rng.choice([364, 365, 729, rng.randint(100, 900)]))
            self.policy |= {"from": start.isoformat(), "to": end.isoformat()}
            lines += [
                self._one("Policy Number|Policy|Policy no.|Policy #") + f": {self._number()}",
                self._one("Coverage type|Coverage|Type of coverage") + f": {self.coverage}",
                self._one("Effective|Effective date|Valid from|Active since") + f": {self._day(start)}",
                self._one("Expires|Expiration date|Valid until|Exp.") + f": {self._day(end)}",
            ]
        if objects:
            lines += self._object_lines(objects)
        self.incident |= {"type": self.type, "place": None}
        lines.append(
            self._one("Damage|What happened|Description|Incident type")
            + ": "
            + (self.type.replace("_", " ") if rng.random() < 0.5 else self._one(_INCIDENTS[self.type][1]))
        )
        if rng.random() < 0.5:
            self.incident["place"] = place = rng.choice(list(_PLACES))
            lines.append(
                self._one("Location|Where|Place")
                + ": "
                + (place.replace("_", " ") if rng.random() < 0.5 else self._one(_PLACES[place]))
            )
        if rng.random() < 0.7:
            lines.append(
                self._one("Estimated repair cost|Estimate|Est. damage|Damage estimate")
                + f": {self._sum('damage', 300, 90000, self.incident)}"
            )
        if rng.random() < 0.5:
            lines.append(self._one("Police report|Report number|Police") + f": {self._police()}")
        elif rng.random() < 0.4:
            lines.append(self._one("No police.|Police: not called|No police report was filed."))
        if rng.random() < 0.3:
            head, *rest = lines
            rng.shuffle(rest)
            lines = [head, *rest]
        if rng.random() < 0.4:
            lines.insert(
                rng.randint(0, len(lines)),
                self._one(
                    "Notes: photos attached.|---|Additional notes: none.|Please confirm.|Statement attached."
                ),
            )
        if rng.random() < 0.3:
            lines.insert(0, self._stamp() if self.header["channel"] is None else "CLAIM FORM")
        return "\n".join(lines)

    def _object_lines(self, thing: dict[str, Any]) -> list[str]:
        lines = [
            self._one(
                "Insured|Vehicle|Object|Item"
                if self.kind == "Vehicle"
                else "Insured|Building|Property|Object"
            )
            + f": {thing['year'].literal} {thing['model']}"
        ]
        if thing["object"]:
            lines[0] += self._one(" ({i})|, {i}| (id: {i})", i=thing["object"])
        if thing.get("where"):
            lines.append(self._one("Address|Located at|Location of the property") + f": {thing['where']}")
        if self.rng.random() < 0.5:
            lines.append(
                self._one("Value|Estimated value|Insured for|Val")
                + f": {self._sum('value', 2000, 900000, thing)}"
            )
        return lines

    def _police(self) -> str:
        self.incident["police"] = self._one(
            "PR-{d}-{n}|PR-{d}-{n}|PD {n}|{n}/{m}",
            d=self.happened.strftime("%Y%m%d"),
            n=self.source.digits(4),
            m=self.source.digits(2),
        )
        return str(self.incident["police"])

    def _when(self) -> str:
        """Write the date of the damage relative to the date of the report."""
        days, rng = (self.reported - self.happened).days, self.rng
        self.header["happened"] = self.happened.isoformat()
        weekday = calendar.DAYS[self.happened.weekday()]
        month = self.happened.strftime("%B")
        if rng.random() < 0.45:
            return rng.choice(["on {}", "on {}", f"on {weekday}, {{}}"]).format(
                calendar.in_words(rng, self.happened)
            )
        near = {
            0: "today|this morning|earlier today|just now",
            1: "yesterday|last night|yesterday evening",
            2: "two days ago|the day before yesterday",
        }
        if days in near and rng.random() < 0.75:
            phrase = self._one(near[days])
            return phrase + rng.choice(
                [
                    "",
                    "",
                    f" ({weekday})",
                    f", {month} {self.happened.day}",
                    f", the {calendar.ordinal(self.happened.day)}",
                ]
            )
        return (
            rng.choice(
                [
                    f"on {weekday}, the {calendar.ordinal(self.happened.day)}",
                    f"on {month} {calendar.ordinal(self.happened.day)}",
                    f"on the {calendar.ordinal(self.happened.day)} of {month}",
                ]
            )
            if self.happened.month == self.reported.month
            else f"on {calendar.in_words(rng, self.happened)}"
        )

    def _narrative(self) -> str:
        """Write the report as a narrative in the first person."""
        rng, thing = self.rng, self._object()
        stamp = self._stamp()
        place = rng.choice(list(_PLACES))
        if self.kind == "Vehicle":
            place = rng.choice(["intersection", "highway", "parking_lot", "driveway", "residential_street"])
        elif self.kind == "Building":
            place = rng.choice(["residence_interior", "residence_exterior", "commercial_property"])
        if self.type == "parking_lot_collision":
            place = "parking_lot"
        self.incident |= {"type": self.type, "place": place}
        sentences = [
            self._one(
                "This is {b}.|Hi, my name is {b}.|{b} here.|Hello, I am {b} and I want to report something.|My name is {b}, I hope I am in the right place.|I'm {b}.",
                b=self.by,
            ),
        ]
        middle = [
            self._one(
                "It happened {w}: {i} {p}.|So {w} {i}, {p}.|{w}, {i} {p}.|What happened is that {i} {p}, {w}.|Basically {i}. That was {w}, {p}.",
                w=self._when(),
                i=self._one(_INCIDENTS[self.type][1]),
                p=self._one(_PLACES[place]),
            ),
        ]
        if rng.random() < 0.85:
            middle.insert(
                0,
                self._one(
                    "The claim number I was given is {c}.|They gave me {c} as a reference.|My claim id should be {c}, I think.|I wrote down {c} for the claim.|The system says {c}.|Claim {c}, by the way.",
                    c=self._id(),
                ),
            )
        if rng.random() < 0.65:
            middle.append(self._insurance())
        if thing:
            middle.append(self._thing(thing))
        if rng.random() < 0.7:
            middle.append(
                self._one(
                    "The repair will cost {d}.|The shop quoted {d}.|A contractor estimated {d} for the damage.|They say the damage comes to {d}.|I was told {d} for repairs.|The estimate is {d}, which shocked me.",
                    d=self._sum("damage", 300, 90000, self.incident),
                )
            )
        if rng.random() < 0.45:
            middle.append(
                self._one(
                    "The police took a report, {r}.|An officer gave me the number {r}.|Police report: {r}.|The officer wrote {r} on a slip.|There is a report of the police under {r}.",
                    r=self._police(),
                )
            )
        elif rng.random() < 0.4:
            middle.append(
                self._one("No police were called.|We did not call the police.|The police was not involved.")
            )
        for _ in range(rng.choice([0, 1, 2, 3, 5])):
            middle.insert(rng.randint(0, len(middle)), rng.choice(_ASIDES))
        first, *rest = middle
        if rng.random() < 0.4:
            rng.shuffle(rest)
        sentences += [first, *rest]
        if rng.random() < 0.4:
            sentences.append(
                self._one(
                    "Thanks, {n}|Let me know if you need more.|Signed: {n}|Sorry for rambling.|Please call me back.",
                    n=self.by,
                )
            )
        cut = rng.randint(1, len(sentences))
        body = " ".join(sentences[:cut]) + rng.choice(["\n\n", "\n", " "]) + " ".join(sentences[cut:])
        return f"{stamp}\n\n{body}" if rng.random() < 0.8 else f"{body}\n\n{stamp}"

    def _insurance(self) -> str:
        rng = self.rng
        holder = self.by
        start = self.reported - timedelta(rng.randint(20, 700))
        end = start + timedelta(rng.choice([364, 729, rng.randint(100, 900)]))
        self.policy |= {"holder": holder, "coverage": None, "from": None, "to": None}
        text = self._one(
            "My policy is {p}|The policy number is {p}|I am insured under {p}|It is covered by {p}|You have me under policy {p}",
            p=self._number(),
        )
        if rng.random() < 0.6:
            self.policy["coverage"] = self.coverage.lower()
            phrase = {
                "Auto": "auto|car|auto",
                "Property": "property|home|property",
                "Liability": "liability",
                "Travel": "travel",
                "Health": "health",
            }[self.coverage]
            text += self._one(" ({c})|, the {c} policy|, {c} coverage", c=self._one(phrase))
        if rng.random() < 0.75:
            self.policy |= {"from": start.isoformat(), "to": end.isoformat()}
            text += self._one(
                ". It started on {a} and runs until {b}|, valid from {a} to {b}|, in force since {a}, and it expires on {b}| ({a} to {b})",
                a=self._day(start),
                b=self._day(end),
            )
        if rng.random() < 0.12:
            other = f"{self.source.first()} {self.source.last()}"
            self.policy["holder"] = other
            text += self._one(
                ". The policy is in the name of {o}|, which belongs to my husband {o}|; the policyholder is {o}",
                o=other,
            )
        return text + "."

    def _thing(self, thing: dict[str, Any]) -> str:
        year, model = thing["year"].literal, thing["model"]
        if self.kind == "Vehicle":
            text = self._one(
                "The car is a {y} {m}|I drive a {y} {m}|My {m}, built in {y}, is the damaged one|It is my {m} ({y})",
                y=year,
                m=model,
            )
            if thing["object"]:
                text += self._one(", VIN {v}| (VIN: {v})|, {v}", v=thing["object"])
        else:
            text = self._one(
                "The building is a {m} at {w}, built in {y}|We talk about the {m} at {w}, from {y}|It is my {m}, {w} (built {y})",
                m=model,
                w=thing["where"],
                y=year,
            )
            if thing["object"]:
                text += self._one(", system id {v}| ({v})", v=thing["object"])
        if self.rng.random() < 0.45:
            text += self._one(
                ". It is worth {s}|, valued at {s}| and was appraised at {s}",
                s=self._sum("value", 2000, 900000, thing),
            )
        return text + "."


_ASIDES = """Honestly, I am still shaken.|My dog would not stop barking.|The neighbor brought coffee, which was nice.|Nobody was hurt, thank goodness.
|I have never had to do this before.|I took photos but they are blurry.|The kids were at school.|I tried to call twice.|My brother has a policy with you too.
|It was raining all day.|The other driver was polite.|I will be on vacation next week.|Sorry if this is too much.|We painted it only last year.
|I lost my glasses that day as well.|The tow truck took an hour.|The smell is terrible.|Someone from your office was very helpful.|I do not have the receipts yet.
|My phone was out of battery.|We had guests.|The contractor cannot come before Thursday.|It could have been worse.|I think that is all.""".replace(
    "\n", ""
).split("|")
