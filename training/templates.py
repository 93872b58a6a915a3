"""Templates of the documents: pairs of training templates and held-out templates."""

from __future__ import annotations

# Each pair: what training sees, what it never sees (for the held-out set).
SEPARATORS = (
    [": ", ": ", ": ", " : ", " - ", " = ", ":\t", " | ", "..... ", ":  "],
    [" -> ", " :: ", " => ", " ... "],
)
SENTENCES = (
    [
        "The {label} is {value}.", "{Label}: {value}.", "The {label} was set to {value}.", "{Label} is {value}.",
        "Our records show {value} as the {label}.", "For the {label} we have {value}.", "{label}: {value},",
        "As {label}, {value} was given.", "We noted {value} for the {label}.", "Its {label} is {value}.",
        "Please use {value} as {label}.", "with {label} {value}.", "{Label} {value}.", "the {label} being {value},",
        "It lists the {label} as {value}.", "{Label} - {value}.", "The {label} given was {value}.",
        "We have received {value} for {label}.", "Enclosed is {value} as your {label}.", "{Label} remains {value}.",
        "The form names {value} under the heading {label}.", "I can report {value} for the {label}.",
        "In the field {label} it says {value}.", "They told us that {value} is the {label}.", "{Label} amounts to {value}.",
        "Kindly record {value} next to {label}.", "The {label} on the card reads {value}.", "For {label}, write {value}.",
        "You can see {value} beside {label}.", "It was agreed that the {label} shall be {value}.",
        "The {label} from the last visit was {value}.", "Somebody put {value} down as {label}.",
    ],
    [
        "The {label} on file is {value}.", "We confirm that the {label} is {value}.", "{Label} stands at {value}.",
        "You will find {value} under {label}.", "For {label}, enter {value}.",
    ],
)  # fmt: skip
# Sentences are also put together of these at random, so that the model reads by where label and value
# stand and not by the words between them.
WORDS = """find confirm file stands enter keep hold know think say said told report reported show shows get got
came comes goes went made makes gave gives took takes want wanted need needs ask asked call called use used fill filled
send sent receive received check checked verify verified include included contain contains mention mentions mentioned
state states stated copy copied type typed form sheet page line box entry record records list card letter mail desk
office team colleague customer client file files system book notes today yesterday currently still again already just
only always usually probably certainly clearly there where which what who whose into onto over near beside behind after
before between against about around through within without upon during since until if because while although so than
too very more most any some each every all both no not one two three first second last new old same other such my your
his her their its me him them us I he she the our this that is was has been are noted found given stated listed under as for of with on in by
we you they see read shows marked entered filed here it please at from reads now set equals means comes to be
should stay remains kept put write take note below above next also and then known""".split()
OPENINGS = (
    [
        "Hello,",
        "Hi team,",
        "Dear all,",
        "Good morning,",
        "Dear Sir or Madam,",
        "Hi,",
        "To whom it may concern,",
    ],
    ["Greetings,", "Dear colleagues,", "Hey there,"],
)
LEADS = (
    [
        "please find the details below.", "here is what we have:", "as discussed on the phone:", "the data you asked for:",
        "thanks for your patience.", "see below.", "I am writing to you about the following.", "quick summary:",
    ],
    ["the facts are these:", "this is what the form says.", "everything we know so far:"],
)  # fmt: skip
CLOSINGS = (
    ["Best regards,", "Thanks,", "Kind regards,", "Sincerely,", "Cheers,", "Many thanks"],
    ["Warm wishes,", "With thanks,"],
)
FILLERS = (
    [
        "Thank you for your business.", "Page 1 of 1", "This is a computer generated document.", "Please keep for your records.",
        "Let us know if anything is missing.", "Sent from my phone", "Confidential", "--- end ---", "We look forward to it.",
        "Goods sold are not returnable.", "No signature required.", "Terms and conditions apply.", "The weather was fine.",
        "Questions? Just reply to this message.", "*** COPY ***", "All prices include tax.", "Have a nice day!",
    ],
    ["Printed on recycled paper.", "Visit us again soon!", "Please do not reply to this mail.", "Draft, subject to change."],
)  # fmt: skip
TITLES = (
    [
        "INVOICE",
        "Record",
        "FORM",
        "Summary",
        "NOTICE",
        "Details",
        "RECEIPT",
        "Report",
        "Order",
        "Registration",
        "Data sheet",
    ],
    ["STATEMENT", "Overview", "Bulletin"],
)
