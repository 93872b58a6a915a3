"""Strangers' documents near prose: minutes, bibliographies, mail threads, recipes, dockets, catalogues."""

# ruff: noqa: E501 - lines of documents stand on one line

import random
import textwrap

from long_lists_strangers_paper import CITIES, PEOPLE, Paper, Stranger, day, days, iso

MONTHS = "January February March April May June July August September October November December".split()
TOPICS = (
    "budget",
    "new roof",
    "summer fair",
    "software update",
    "parking",
    "website",
    "annual report",
    "insurance",
)


def minutes_actions(rows: int, rng: random.Random) -> Stranger:
    """Minutes by agenda item: paragraphs, and between them action items with owner and date."""
    paper = Paper()
    paper.add(
        "Minutes of the board meeting, 12 May 2026",
        "",
        f"Present: {', '.join(rng.sample(PEOPLE, 5))}",
        "Apologies: none",
        "",
    )
    left, number = rows, 0
    while left or number < 2:
        number += 1
        topic = rng.choice(TOPICS)
        paper.add(f"{number}. {topic.capitalize()}", "")
        words = f"{rng.choice(PEOPLE)} reported on the {topic}. The board discussed costs of about £{rng.randint(2, 90)}00 and agreed to go on."
        paper.add(*textwrap.wrap(words, 78), "")
        for _ in range(min(left, rng.randint(0, 5))):
            left -= 1
            owner, (year, month, date) = rng.choice(PEOPLE), day(rng)
            task = f"{rng.choice(('send', 'check', 'prepare', 'circulate'))} the {rng.choice(TOPICS)} {rng.choice(('draft', 'figures', 'quote'))}"
            text = f"ACTION: {owner} to {task} by {date} {MONTHS[month - 1]} {year}."
            paper.row(text, {"owner": owner, "task": task, "due": iso((year, month, date))}, "actions")
            paper.add("")
    paper.add("The meeting closed at 21:10.")
    return paper.done({"actions": "owner:text task:text due:date"})


def bibliography(rows: int, rng: random.Random) -> Stranger:
    """Numbered references that wrap over lines with a hanging indent."""
    paper = Paper()
    paper.add("Conclusion", "", "We have shown that rows can be counted [1].", "", "References", "")
    for number in range(1, rows + 1):
        authors = ", ".join(rng.sample(PEOPLE, rng.randint(1, 3)))
        title = f"{rng.choice(('On', 'Towards', 'A study of'))} the {rng.choice(TOPICS)} and {rng.choice(TOPICS)} in {rng.choice(CITIES)}"
        journal, year = (
            rng.choice(("J. Applied Lists", "Ann. Counting", "Proc. ROW")),
            rng.randint(1975, 2025),
        )
        text = f"[{number}] {authors}. “{title}.” {journal} {rng.randint(1, 60)}({rng.randint(1, 12)}), {rng.randint(1, 400)}–{rng.randint(401, 900)}, {year}."
        item = {"number": number, "authors": authors, "title": title, "journal": journal, "year": year}
        paper.row(
            "\n".join(textwrap.wrap(text, 76, subsequent_indent="    ", break_on_hyphens=False)),
            item,
            "references",
        )
    return paper.done({"references": "number:integer authors:text title:text journal:text year:integer"})


def mail_heads(rows: int, rng: random.Random) -> Stranger:
    """A thread of mails, each with its header lines and some paragraphs, quoted lines included."""
    paper = Paper()
    subject = f"Re: {rng.choice(TOPICS)}"
    for date in days(rng, rows):
        sender, to = rng.sample(PEOPLE, 2)
        clock = f"{rng.randint(7, 19):02}:{rng.randint(0, 59):02}"
        body = textwrap.wrap(
            f"Hi {to.split()[0]}, I think the {rng.choice(TOPICS)} can wait until {rng.choice(MONTHS)}. "
            * rng.randint(1, 3),
            72,
        )
        quote = ["", "> Could you look at this: it is urgent.", "> Thanks"] if rng.random() < 0.5 else []
        head = [f"From: {sender}", f"To: {to}", f"Date: {iso(date)} {clock}", f"Subject: {subject}"]
        item = {"sender": sender, "recipient": to, "date": iso(date), "subject": subject}
        paper.row("\n".join(head), item, "messages")
        paper.add("", *body, *quote, "", f"Best, {sender.split()[0]}", "", "-----")
    paper.add("End of the thread.")
    return paper.done({"messages": "sender:text recipient:text date:date subject:text"})


def recipe(rows: int, rng: random.Random) -> Stranger:
    """Ingredients with amounts, vulgar fractions and 'to taste', under group headings; then steps."""
    paper = Paper()
    paper.add("Harvest stew", "Serves 4 · 45 minutes", "", "Ingredients")
    for index in range(rows):
        if index % 8 == 0:
            paper.add("", f"For the {rng.choice(('broth', 'filling', 'topping', 'dough'))}:")
        food = f"{rng.choice(('red', 'dried', 'fresh', 'ground'))} {rng.choice(('onion', 'lentils', 'thyme', 'flour', 'pepper', 'tomatoes'))}"
        kind = rng.randrange(4)
        number, unit = rng.randint(1, 900), rng.choice(("g", "ml", "tbsp"))
        if kind == 0:
            text, item = f"• {food}, to taste", {"amount": None, "unit": None, "ingredient": food}
        elif kind == 1:
            text, item = f"• ½ {unit} {food}", {"amount": 0.5, "unit": unit, "ingredient": food}
        else:
            text, item = f"• {number} {unit} {food}", {"amount": number, "unit": unit, "ingredient": food}
        paper.row(text, item, "ingredients")
    paper.add(
        "", "Method", "", "1. Wash and chop everything.", "2. Simmer for 30 minutes.", "3. Season and serve."
    )
    return paper.done({"ingredients": "amount:number? unit:text? ingredient:text"}, {"title": "Harvest stew"})


def court_docket(rows: int, rng: random.Random) -> Stranger:
    """Docket entries: date and number in front, text that wraps at an indent, references to other entries inside."""
    case = f"{rng.randint(1, 9)}:26-cv-{rng.randint(1000, 99999):05}"
    paper = Paper(
        50, lambda page: (f"Case {case}   Docket report   Page {page}", "", "Date Filed   #    Docket Text")
    )
    for number, (year, month, date) in enumerate(days(rng, rows), 1):
        words = f"{rng.choice(('MOTION to dismiss', 'ORDER granting 12 Motion', 'NOTICE of appearance', 'REPLY to 3 Response'))} by {rng.choice(PEOPLE)}"
        more = rng.choice(
            (
                "",
                f". (Attachments: # {rng.randint(1, 4)} Exhibit A)",
                f". Responses due by {month}/{date}/{year}. Signed by Judge {rng.choice(PEOPLE)}",
            )
        )
        shown = f"{month:02}/{date:02}/{year}"
        lines = textwrap.wrap(words + more + ".", 58)
        text = f"{shown:<13}{number:<5}{lines[0]}" + "".join(f"\n{'':<18}{line}" for line in lines[1:])
        paper.row(
            text,
            {"date_filed": iso((year, month, date)), "number": number, "text": words + more + "."},
            "entries",
        )
    return paper.done({"entries": "date_filed:date number:integer text:text"}, {"case_number": case})


def course_catalogue(rows: int, rng: random.Random) -> Stranger:
    """Courses with code, title and credits in one line and a paragraph below that mentions other courses."""
    paper = Paper()
    paper.add("Course catalogue 2026/27", "", "Students choose courses of 30 credits for each term.", "")
    number = 100
    for _ in range(rows):
        number += rng.randint(1, 5)
        code, title = (
            f"{rng.choice(('CS', 'MATH', 'HIST'))} {number}",
            f"{rng.choice(('Introduction to', 'Advanced', 'Topics in'))} {rng.choice(TOPICS)}",
        )
        credits_, teacher = rng.choice((3, 5, 6, 10)), rng.choice(PEOPLE)
        body = f"This course covers the {rng.choice(TOPICS)} and the {rng.choice(TOPICS)}. Prerequisite: CS {rng.randint(90, 400)} or consent of the teacher. Examination: written, {rng.randint(1, 3)} hours."
        lines = [f"{code}  {title} ({credits_} credits)", f"Instructor: {teacher}", *textwrap.wrap(body, 70)]
        paper.row(
            "\n".join(lines),
            {"code": code, "title": title, "credits": credits_, "instructor": teacher},
            "courses",
        )
        paper.add("")
    return paper.done({"courses": "code:text title:text credits:integer instructor:text"})
