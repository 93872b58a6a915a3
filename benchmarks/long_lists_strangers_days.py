"""Strangers' documents of times and people: timetables, results, time sheets, directories."""

# ruff: noqa: E501 - lines of documents stand on one line

import random

from long_lists_strangers_paper import CITIES, PEOPLE, Paper, Stranger, day, iso

MONTHS = "Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec".split()


def timetable(rows: int, rng: random.Random) -> Stranger:
    """Departures by hour, separated by runs of blanks; the hour's heading stands before them."""
    station = rng.choice(CITIES)
    paper = Paper()
    paper.add(f"Departures from {station}", "Monday to Friday, except holidays (h)", "")
    minutes = sorted(rng.randrange(1440) for _ in range(rows))
    hour = -1
    for minute in minutes:
        if minute // 60 != hour:
            hour = minute // 60
            paper.add("", f"{hour:02} h", "Time   Train     To                  Pl.")
        train, to = f"{rng.choice(('RE', 'IC', 'S'))} {rng.randint(1, 99)}", rng.choice(CITIES)
        platform = rng.choice(("1", "2", "3a", "3b", "10"))
        shown = f"{hour:02}:{minute % 60:02}"
        paper.row(
            f"{shown}  {train:<9} {to:<19} {platform}",
            {"time": shown, "train": train, "destination": to, "platform": platform},
            "departures",
        )
    paper.add("", "h = does not run on public holidays")
    return paper.done(
        {"departures": "time:text train:text destination:text platform:text"}, {"station": station}
    )


def match_results(rows: int, rng: random.Random) -> Stranger:
    """Football results by matchday, with dashes, goal scorers in the next line, and tables of no interest."""
    paper = Paper()
    paper.add("Premier Amateur League 2026", "")
    for index in range(rows):
        if index % 6 == 0:
            year, month, date = day(rng)
            paper.add("", f"Matchday {index // 6 + 1} ({date} {MONTHS[month - 1]} {year})", "")
        home, away = rng.sample(CITIES, 2)
        goals = (rng.randint(0, 5), rng.randint(0, 4))
        text = f"{home} {rng.choice(('United', 'Town', 'FC'))} – {away} {rng.choice(('Rovers', 'City'))}  {goals[0]}:{goals[1]}"
        names = text.split("  ")[0].split(" – ")
        if rng.random() < 0.3:
            text += f"\n   ({rng.choice(PEOPLE).split()[-1]} {rng.randint(1, 90)}')"
        item = {"home": names[0], "away": names[1], "home_goals": goals[0], "away_goals": goals[1]}
        paper.row(text, item, "matches")
    paper.add("", "Source: league office. Results are provisional.")
    return paper.done({"matches": "home:text away:text home_goals:integer away_goals:integer"})


def time_sheet(rows: int, rng: random.Random) -> Stranger:
    """Days with start, end and hours; weeks have a subtotal, free days have no times."""
    person = rng.choice(PEOPLE)
    paper = Paper()
    paper.add("TIME SHEET", f"Name: {person}", "", f"{'Date':<14}{'Start':<8}{'End':<8}{'Hours':>6}  Project")
    week, total = 0.0, 0.0
    for index in range(rows):
        date = (2024 + index // 336, index // 28 % 12 + 1, index % 28 + 1)
        shown = f"{('Mo', 'Tu', 'We', 'Th', 'Fr', 'Sa', 'Su')[index % 7]} {date[2]:02}/{date[1]:02}/{date[0]}"
        item = {"date": iso(date), "start": None, "end": None, "hours": None, "project": None}
        if rng.random() < 0.15:
            text = f"{shown:<14}{'':<22}  Holiday"
            item["project"] = "Holiday"
        else:
            start, hours = rng.randint(6, 10), rng.choice((4.0, 7.5, 8.0, 8.25))
            end = f"{int(start + hours):02}:{int(hours % 1 * 60):02}"
            project = f"{rng.choice(CITIES)} {rng.choice(('site', 'office'))}"
            text = f"{shown:<14}{start:02}:00   {end:<8}{hours:>6.2f}  {project}"
            item |= {"start": f"{start:02}:00", "end": end, "hours": hours, "project": project}
            week += hours
        paper.row(text, item, "days")
        if index % 7 == 6:
            paper.add(f"{'Week total':<30}{week:>6.2f}", "")
            total, week = total + week, 0.0
    paper.add(f"{'Total hours':<30}{total + week:>6.2f}", "", "Approved: ____________")
    return paper.done(
        {"days": "date:date start:text? end:text? hours:number? project:text?"}, {"name": person}
    )


def members_directory(rows: int, rng: random.Random) -> Stranger:
    """A directory with dotted leaders under letters of the alphabet."""
    paper = Paper(
        46, lambda page: ("Rowing Club — Directory of Members", ""), lambda page: ("", f"– {page} –")
    )
    people = sorted((rng.choice(PEOPLE).split(" ", 1)[::-1] for _ in range(rows)), key=lambda pair: pair[0])
    letter = ""
    for surname, first in people:
        if surname[0] != letter:
            letter = surname[0]
            paper.add("", letter, "")
        phone = f"0{rng.randint(20, 99)} {rng.randint(100, 999)} {rng.randint(10, 99)}"
        name = f"{surname}, {first}"
        paper.row(f"{name} {'.' * (40 - len(name))} {phone}", {"name": name, "phone": phone}, "members")
    return paper.done({"members": "name:text phone:text"})
