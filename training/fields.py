"""Fields of training schemas: a catalogue of common names, and generated names outside it."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from random import Random
from typing import Any

from training import words

# name kind[/label/label...]: what a document may call the field, besides its own name.
_CATALOGUE = """
invoice_number code/Invoice no./Invoice #/Invoice; invoice_date date/Issued/Date/Issue date
issue_date date/Issued/Date; due_date date/Due/Payment due/Pay by; order_number code/Order no./Order #/Order
purchase_order_number code/PO number/PO no./PO; po_number code/PO/PO no.; order_date date/Ordered/Date
vendor company/From/Seller/Supplier; vendor_name company/Vendor/From/Supplier; seller company/From
seller_name company/Seller; supplier company/Vendor; supplier_name company/Supplier; customer person/Bill to/Client
customer_name person/Customer/Bill to; buyer company/Bill to; buyer_name company/Buyer; buyer_contact person
client company/Customer; company company/Organisation/Employer; company_name company/Company; organization company
merchant company/Store; merchant_name company/Merchant; store company/Shop; store_name company/Store
subtotal money/Sub-total/Net; tax money/VAT/Sales tax; tax_amount money/VAT/Tax; tax_rate number/VAT rate
vat number; vat_number code/VAT ID; total money/Total due/TOTAL/Amount due; total_amount money/Total/Total due
amount money/Total/Sum; amount_due money/Balance due; balance money; discount money/Rebate; tip money/Gratuity
shipping_cost money/Freight; price money/Cost; unit_price money/Price/Each/Rate; cost money; fee money
budget money; salary money/Pay; salary_min integer/Salary from/Minimum salary; salary_max integer/Salary to
currency currency/Cur.; quantity integer/Qty/Count; qty integer; count integer; units integer; stock integer
description product/Item/Article; item product; item_name product; product product/Article; product_name product
sku code/Article no./Item no.; part_number code; serial_number code/Serial/S/N; article product; name person
full_name person/Name; first_name first/Given name; given_name first; last_name last/Surname/Family name
family_name last/Surname; middle_name first; contact_name person/Contact; contact_person person/Contact
manager person; author person; owner person; agent person; employee person; applicant person; candidate person
instructor person; speaker person; organizer person/Hosted by/Host; host person; recipient person/To
recipient_name person/Recipient; sender person; sender_name person/Sender; requester person/Reported by
requester_name person/Requester; reporter person/Submitted by; reported_by person; assignee person/Assigned to
assigned_to person/Assignee; approver person; approved_by person; signed_by person; driver person; doctor person
physician person/Doctor; primary_physician person/Doctor/GP; nurse person; patient person; patient_name person
policyholder person/Insured; policyholder_name person/Policyholder/Insured; claimant person; claimant_name person
claimant_email email; title topic/Subject; job_title topic/Position/Role/Title; position topic/Role; role topic
subject topic/Re/Title; event_name topic/Event; topic topic; department word/Dept.; team word; category word
brand company; model code; email email/E-mail/Mail; contact_email email/E-mail/Contact; customer_email email
requester_email email/E-mail; phone phone/Tel/Tel./Telephone/Phone number; mobile phone/Cell; fax phone
contact_phone phone/Phone; phone_number phone/Phone/Tel; telephone phone; website url/Web/Site; url url/Link
homepage url; link url; registration_url url/Register at; application_url url/Apply at; address address
street street/Address; street_address street/Street; city city/Town; town city; postal_code postal/ZIP/Postcode
zip postal; zip_code postal/ZIP; postcode postal; state word/Region; region word; country country; location city
venue company/Place; place city; origin city/From; destination city/To; birthplace city; branch city
date date; start_date date/Starts/From; end_date date/Ends/Until; birth_date date/DOB/Date of birth/Born
date_of_birth date/DOB/Born; hire_date date; expiry_date date/Expires; created date; created_at moment/Opened
updated_at moment; opened_at moment/Opened; reported_at moment; start moment; end moment; timestamp moment
delivery_date date/Deliver by/Delivery; ship_date date/Shipped; shipped_date date; shipped_at date/Shipped
posted_date date/Posted; application_deadline date/Apply by/Deadline; deadline date; estimated_delivery date/ETA
expected_delivery date/ETA; payment_date date; incident_date date/Date of loss/Date of incident; claim_date date
report_date date/Reported; date_reported date/Reported; admission_date date; visit_date date; effective_date date
time clock; start_time clock/Starts at/Begins; end_time clock/Ends at; duration_minutes integer/Duration
ticket_id code/Ticket/Ticket no.; ticket_number code/Ticket; claim_number code/Claim no./Claim; claim_id code
policy_number code/Policy no./Policy; tracking_number code/Tracking/Tracking no.; shipment_id code/Shipment
receipt_number code/Receipt no./Receipt; transaction_id code/Trans./Transaction; reference code/Ref/Ref.
reference_number code/Reference; account_number code/Account; case_number code; contract_number code; id code
patient_id code/MRN/Patient no.; medical_record_number code/MRN; insurance_id code/Insurance no.; member_id code
order_id code/Order; job_id code; batch code; license_plate code/Plate; vin code; iban code; room code; gate code
carrier company/Shipped with; insurer company; insurance_provider company/Insurance; hospital company; bank company
manufacturer company; employer company; school company; publisher company; weight number; weight_kg number/Weight
total_weight_kg number/Total weight; length number; width number; height number; temperature number; distance number
rating number; score number; percentage number; rate number; hours number; age integer; capacity integer/Seats
pages integer; floor integer; guests integer; attendees integer; passengers integer; rooms integer; nights integer
mileage integer; year integer; experience_years integer/Years of experience; min_experience_years integer
paid boolean; is_paid boolean/Paid; remote boolean; active boolean; urgent boolean; confirmed boolean
approved boolean; is_free boolean/Free; insured boolean; verified boolean; online boolean; is_online boolean
signature_required boolean; police_report_filed boolean; smoker boolean; newsletter boolean; taxable boolean
available boolean; registration_required boolean; notes phrase/Note/Remarks/Comment; comment phrase/Remark
comments phrase; remarks phrase; message phrase; summary phrase/Problem; reason phrase; details phrase
issue phrase/Problem; damage phrase; damage_description phrase/Damage; incident_description phrase/What happened
instructions phrase; delivery_instructions phrase/Instructions; special_instructions phrase; diagnosis phrase
allergy product; ingredient product; medication product; contents product/Content; relationship word; language word
gender word; nationality country; occupation topic; industry word; project word; campaign word; payment_method word
steps_to_reproduce phrase; affected_product product; estimated_amount money/Estimate; claimed_amount money
estimated_cost money/Estimate; estimated_damage money/Estimate; insured_value money; deductible money; rent money
cash money; change money; card_last_four four/Card ending in/Card no. ending; cashier person; terms word; payment_terms word/Terms
"""

LISTS = {
    "skills": "skill", "tags": "skill", "labels": "skill", "topics": "skill", "keywords": "skill",
    "required_skills": "skill", "requirements": "skill", "allergies": "product", "medications": "product",
    "products": "product", "items": "product", "attendees": "person", "speakers": "person", "members": "person",
    "languages": "skill", "cities": "city", "benefits": "skill", "equipment": "product", "names": "person",
    "codes": "code", "ingredients": "product", "countries": "country", "attachments": "code", "witnesses": "person",
    "conditions": "product", "phones": "phone", "emails": "email", "responsibilities": "phrase",
}  # fmt: skip

OBJECTS = {
    "customer": "name email phone city", "buyer": "company_name contact_name email phone",
    "vendor": "company_name address vat_number phone", "seller": "company_name email address",
    "address": "street city postal_code country", "billing_address": "street city postal_code country",
    "shipping_address": "street city postal_code country", "ship_to": "name street city postal_code country",
    "contact": "name phone email", "emergency_contact": "name relationship phone", "shipper": "name city country",
    "sender": "name street city country", "recipient": "name street city postal_code country",
    "venue": "name city address capacity", "organizer": "name email phone", "requester": "name email phone",
    "policyholder": "name phone email", "vehicle": "brand model year license_plate", "company": "name city website",
    "manager": "first_name last_name email", "location": "city country", "payment": "amount currency payment_date",
    "employer": "company_name city industry", "insurance": "insurer policy_number expiry_date",
    "salary": "salary_min salary_max currency", "applicant": "full_name email birth_date",
}  # fmt: skip

ROWS = {
    "line_items": "description quantity unit_price amount", "items": "description quantity price",
    "lines": "sku description quantity unit_price", "products": "product_name quantity unit_price",
    "packages": "tracking_number weight_kg contents", "attendees": "name email company", "speakers": "name topic",
    "contacts": "name phone email", "payments": "date amount reference", "events": "date location comment",
    "tracking_events": "timestamp location comment", "damaged_items": "description estimated_cost",
    "medications": "name hours", "witnesses": "name phone", "positions": "job_title company start_date",
    "sessions": "title start_time room", "agenda": "start_time topic speaker", "expenses": "date description amount",
    "deliveries": "delivery_date product quantity", "employees": "full_name department hire_date",
    "orders": "order_number order_date total", "parts": "part_number quantity price", "rooms": "room capacity",
    "visits": "visit_date physician reason", "transactions": "transaction_id date amount", "guests": "name age",
    "vehicles": "license_plate brand mileage", "courses": "title instructor hours", "vaccinations": "name date",
}  # fmt: skip

ENUMS = """new used refurbished|low medium high urgent|low normal high|open pending resolved closed
|draft sent paid overdue cancelled|pending shipped in_transit out_for_delivery delivered returned
|full_time part_time contract internship temporary|junior mid senior lead|male female other unknown
|cash card transfer check|credit_card debit_card cash bank_transfer|auto home health travel life
|ground express overnight freight|standard express same_day|billing technical account shipping other
|red green blue yellow|small medium large|monthly quarterly yearly|email phone chat portal
|conference workshop meetup webinar concert|single married divorced widowed|yes no maybe
|active inactive suspended|north south east west|gold silver bronze|on_site hybrid remote
|collision theft fire water_damage vandalism|net_15 net_30 net_60 prepaid|bug question feature_request""".replace(
    "\n", ""
).split("|")
ENUM_NAMES = """status priority severity category type method payment_method employment_type level size color
shipping_method service claim_type coverage_type event_type gender marital_status channel condition frequency
workplace grade payment_terms incident_type product_area""".split()


@dataclass(frozen=True, slots=True)
class Field:
    """A node of a record to come: a leaf of a kind, an object (`fields`), or a list of either.

    An object may be a `composite`, which documents write in one piece, or a `group`, whose members stand
    among the others.
    """

    name: str
    kind: str
    labels: tuple[str, ...]
    fields: tuple[Field, ...] = ()
    choices: tuple[str, ...] = ()
    required: bool = True
    nullable: bool = False
    schema: Mapping[str, Any] = field(default_factory=dict)
    """The given schema of the field, where it does not follow from the kind."""
    description: str = ""
    """Its description."""


def split_name(name: str) -> str:
    """Split a name into lower-case words: `unitPrice`, `unit_price` and `unit-price` become `unit price`."""
    return re.sub(r"(?<=[a-z0-9])(?=[A-Z])", " ", name).replace("_", " ").replace("-", " ").lower()


def _read_catalogue() -> dict[str, tuple[str, tuple[str, ...]]]:
    entries = {}
    for entry in _CATALOGUE.replace("\n", ";").split(";"):
        if entry.strip():
            name, rest = entry.strip().split(" ", 1)
            kind, *labels = rest.split("/")
            entries[name] = (kind, tuple(labels))
    return entries


CATALOGUE = _read_catalogue()


def catalogue_field(name: str) -> Field:
    """Return the catalogue's field of the given name."""
    kind, labels = CATALOGUE[name]
    return Field(name, kind, (split_name(name), *labels))


_OPEN_KINDS = (
    "word words words code code integer money number date boolean person company city phrase product email"
).split()
NAME_STYLES = ("snake", "snake", "snake", "camel", "pascal", "kebab", "upper", "spaced")


def draw_uncatalogued_field(rng: Random, held_out: bool = False) -> Field:
    """Draw a field outside the catalogue, named by one to three words, the first perhaps invented."""
    pool = words.NAME_WORDS
    parts = [invented_word(rng) if held_out or rng.random() < 0.3 else rng.choice(pool)]
    parts += [rng.choice(pool) for _ in range(rng.choice([0, 1, 1, 2]))]
    return Field(join_words(rng.choice(NAME_STYLES), parts), rng.choice(_OPEN_KINDS), (" ".join(parts),))


def invented_word(rng: Random) -> str:
    """Draw an invented word of two to four syllables."""
    return "".join(rng.choice("bcdfgklmnprstvz") + rng.choice("aeiou") for _ in range(rng.randint(2, 4)))


def join_words(style: str, parts: list[str]) -> str:
    """Join words into one name in the given style of `NAME_STYLES`."""
    match style:
        case "camel":
            return parts[0] + "".join(p.capitalize() for p in parts[1:])
        case "pascal":
            return "".join(p.capitalize() for p in parts)
        case "kebab":
            return "-".join(parts)
        case "upper":
            return "_".join(parts).upper()
        case "spaced":
            return " ".join(parts)
    return "_".join(parts)
