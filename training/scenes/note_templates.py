"""The sentences and labels of notes about a person."""

from __future__ import annotations

BIRTH = """{S} was born on {birth}.|Born on {birth}.|{s}'s date of birth is {birth}.|Born {birth}.|DOB: {birth}.
|{P} came into the world on {birth}.|The date of birth given is {birth}.|{S}, born {birth}, is known to us.
|Our records give {birth} as the date of birth.|{p_}s birthday is on {birth}.|{P} saw the light of day on {birth}.
|The birth date on file is {birth}.|A {birth} birth is on record.|Date of birth, as noted: {birth}."""
PHONE = """The contact number is {phone}.|{P} can be reached at {phone}.|{P_} home phone number is {phone}.
|Contact: home, {phone}.|To reach {o}, dial {phone}.|You can call {o} on {phone}.|Phone (home): {phone}.
|If you need to get hold of {o}, try {phone}.|A phone number is on file: {phone}.|{S} gave {phone} as the number to call.
|Telephone {phone}.|{P_} registered telephone number, used at home, is {phone}.|Ring {phone} to talk to {o}.
|The home line is {phone}.|Best reached by phone under {phone}."""
MARRIED = {
    "married": """{P} is married.|{S} is a married {noun}.|Marital status: married.|{P} is happily married.
|{S} is married, according to our records.|Married.|{P} lives with {p_} spouse.|{P} tied the knot some years ago.""",
    "never_married": """{P} has never been married.|Marital status: never married.|{P} is single and was never married.
|{S} never married.|{P} has not married so far.|Not married, never was.|{P} is single.|Never married.
|{P_} marital status is recorded as 'S', i.e. never married.|{S} is unmarried.|{P} remains single.""",
    "divorced": """{P} is divorced.|Marital status: divorced.|{S} is a divorced {noun}.|{P} is currently divorced.
|Divorced.|{P_} marriage ended in divorce.|{P} went through a divorce.""",
    "widowed": """{P} is widowed.|Marital status: widowed.|{S} is a widowed {noun}.|Widowed.|{P} lost {p_} spouse and is widowed.""",
}  # fmt: skip
LANGUAGE = """{P} speaks {language}.|{P_} primary language is {language}.|Language: {language}.|{P} prefers {language}.
|{S} communicates in {language}.|Preferred language of communication: {language}.|{P} is fluent in {language}.
|Please use {language} when you talk to {o}.|{language} is the language {p} prefers.|The language spoken at home is {language}.
|{P_} communication is done in {language}.|We talk to {o} in {language}.|Communication: {language}.
|{P} expressed a preference for {language}.|The language of choice is {language}."""
PLACE = """{P} lives at {address}.|{P} resides at {address}.|{P_} address is {address}.|Address: {address}.
|{S} lives in {city}{state}. The exact address is {line}{postal}{country}.|Home address: {address}.
|The residence is listed as {address}.|{P} makes {p_} home at {address}.|You will find {o} at {address}.
|{S} calls {city}{state} home: {line}{postal}{country}.|Letters reach {o} at {address}.|Residing at {address}.
|{P} is a resident of {city}{state}. House: {line}{postal}{country}.|{P_} home is located at {address}.
|Currently {p} lives at {line}. This is in {city}{state}{postal}{country}.|Mail goes to {address}."""
GENDERS = """{P} is {gender}.|Gender: {gender}.|Sex: {gender}.|{S} is a {noun}.|{P} identifies as {gender}.|The gender on file is {gender}.
|{P} is a {gender} patient.|Recorded as {gender}.|Our {gender} client {s} is well known here."""
SINGLE = """{P} is not a twin.|No multiple birth is recorded.|{P} was a single birth.|Multiple birth: no.|{P} has no twin siblings.
|There were no twins or other multiples at {p_} birth.|{P} is part of a multiple birth.|Multiple births: negative."""
OPENINGS = """This note is about {titled}.|This is a summary for {titled}.|Patient: {titled}.|Here is what we know of {titled}.
|The patient is {titled}.|{titled} is the subject of this note.|The record concerns {titled}.|Re: {titled}.
|Let me tell you about {titled}.|{titled} came to see us.|Here's the note you asked for: {titled}.|Patient name: {titled}.
|Today we look at the file of {titled}.|In this document you find the details of {titled}.|Patient {titled} was seen.
|The collected records belong to one person named {titled}.|Quick note on {titled}.|A person named {titled} is registered with us.
|These records pertain to {titled}.|So, {titled}.|Meet {titled}.|Our files hold one individual, {titled}.
|{titled} had an appointment.|Client: {titled}|Name: {titled}|This text refers to {titled}."""
WHO = """{titled}, {appositions}, {verb}|The note pertains to {titled}, {appositions}.|{titled} is {appositions}.
|We have a record of {titled}, {appositions}.|This concerns {titled}, {appositions}.|{titled} ({appositions}) {verb}
|Patient {titled}, {appositions}, {verb}|Let us start with {titled}, {appositions}.|We focus on {titled}, {appositions}."""
VERBS = """was seen at our practice.|is known to us.|visited us recently.|has been with us for years.|is the subject of this report.
|came in for a check-up.|is registered here.|asked for a copy of the file.""".replace("\n", "").split("|")
TITLES = """Clinical Note:|Patient Record|Summary|Notes|PATIENT INFORMATION|Medical summary|Health record|Client file|Intake note
|Record of the patient|Personal details|Member profile|Case summary|Registration|# Note|**Patient**|Admission note|Follow-up""".replace(
    "\n", ""
).split("|")
HEADS = """Patient Information|Patient|Patient Details|Demographics|Personal data|About the patient|Profile|Person|Who""".split(
    "|"
)

LABELS = {
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
STATUS = {
    "married": "Married|married|M (married)|Currently married",
    "never_married": "Never Married|Never married|Single|Not married|Single, never married|Unmarried|S",
    "divorced": "Divorced|divorced",
    "widowed": "Widowed|widowed",
}

FACILITIES = """INTERNAL MEDICINE PC|FAMILY PRACTICE|OUTPATIENT CLINIC|NURSING HOME|HEALTH CENTER INC|HOSPITAL|PRIMARY CARE LLC
|URGENT CARE|MEDICAL GROUP|WELLNESS ASSOCIATES LLC|REHABILITATION CENTER|SURGERY""".replace("\n", "").split(
    "|"
)
FINDINGS = """body weight|body mass index|blood pressure|hemoglobin|glucose|cholesterol|creatinine|heart rate|pain score|height|temperature
|oxygen saturation|sodium|platelets|respiratory rate|calcium""".replace("\n", "").split("|")
CONDITIONS = """sinusitis|hypertension|a sprained ankle|anemia|bronchitis|asthma|a fracture|diabetes|migraine|an ear infection|gingivitis
|chronic pain|an allergy|stress|obesity|full-time employment|social isolation""".replace("\n", "").split("|")
PROCEDURES = """depression screening|medication reconciliation|a chest X-ray|an assessment of health needs|a dental check|physiotherapy
|removal of stitches|a blood test|an influenza vaccination|patient referral|a general examination|a colonoscopy""".replace(
    "\n", ""
).split("|")
EVENTS = """{P} had an ambulatory visit on {day}.|The visit started at {clock} and ended at {clock2}.|It was handled by Dr. {doctor}.
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
ASIDES = """All of this is confidential.|Nothing else is known.|Please double-check before filing.|This was confirmed twice.
|The rest of the file is being scanned.|We could not verify it all.|As far as we know, that is current.|More details may follow.
|Some of it comes from an older system.|The usual rules on privacy apply.|Easy, right?|That much is certain.""".replace(
    "\n", ""
).split("|")
ENDINGS = """That is all we know about {s}.|This completes the note.|Please handle these data with care.|End of note.
|No further details were given.|Follow up on the open points, please.|That's all the notes I have on {s}.|Filed for reference.
|This summary was generated from the record.|If anything is missing, ask the front desk.""".replace(
    "\n", ""
).split("|")
