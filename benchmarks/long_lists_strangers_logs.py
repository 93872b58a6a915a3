"""Strangers' exports: web and system logs, call records, CSV, Kanban boards, quotations."""

# ruff: noqa: E501 - lines of documents stand on one line

import random

from long_lists_strangers_paper import CITIES, GOODS, PEOPLE, Paper, Stranger, amount, day, days, iso, money

MONTHS = "Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec".split()


def nginx_log(rows: int, rng: random.Random) -> Stranger:
    """An access log in the combined format; identical lines occur."""
    paper = Paper()
    text, item = "", {}
    for year, month, date in days(rng, rows):
        if not text or rng.random() > 0.08:
            address = ".".join(str(rng.randint(1, 254)) for _ in range(4))
            clock = f"{rng.randint(0, 23):02}:{rng.randint(0, 59):02}:{rng.randint(0, 59):02}"
            path = rng.choice(
                ("/", "/login", "/api/v1/items?page=3", "/img/logo.png", "/search?q=oak%20shelf")
            )
            status, size = rng.choice((200, 200, 304, 404, 500)), rng.randint(0, 90000)
            method = rng.choice(("GET", "GET", "POST"))
            agent = rng.choice(("Mozilla/5.0 (X11; Linux x86_64)", "curl/8.5.0", "-"))
            text = (
                f'{address} - - [{date:02}/{MONTHS[month - 1]}/{year}:{clock} +0000] "{method} {path} HTTP/1.1" '
                f'{status} {size} "-" "{agent}"'
            )
            item = {"ip": address, "method": method, "path": path, "status": status, "bytes": size}
        paper.row(text, item, "requests")
    return paper.done({"requests": "ip:text method:text path:text status:integer bytes:integer"})


def syslog_traces(rows: int, rng: random.Random) -> Stranger:
    """System messages, some followed by indented lines of a trace that belong to them."""
    paper = Paper()
    for year, month, date in days(rng, rows):
        host, process = rng.choice(("web01", "db02", "gw")), rng.choice(("sshd", "cron", "kernel", "app"))
        message = rng.choice(
            (
                "session opened for user root",
                "connection timed out",
                "job finished in 3.2 s",
                "retrying: attempt 2 of 5",
            )
        )
        clock = f"{rng.randint(0, 23):02}:{rng.randint(0, 59):02}:{rng.randint(0, 59):02}"
        pid = rng.randint(100, 9999)
        text = f"{year}-{month:02}-{date:02}T{clock}Z {host} {process}[{pid}]: {message}"
        if process == "app" and rng.random() < 0.5:
            text += "".join(
                f"\n    at com.shop.Order.step{n}(Order.java:{rng.randint(10, 400)})"
                for n in range(rng.randint(1, 4))
            )
        item = {"host": host, "process": process, "pid": pid, "message": message}
        paper.row(text, {"time": f"{year}-{month:02}-{date:02}T{clock}Z", **item}, "events")
    return paper.done({"events": "time:text host:text process:text pid:integer message:text"})


def call_records(rows: int, rng: random.Random) -> Stranger:
    """CSV with quotes, commas and line breaks inside quotes, and a line of totals."""
    paper = Paper()
    paper.add('"Date","Caller","Called number","Duration","Cost","Note"')
    cost = 0.0
    for date in days(rng, rows):
        caller, number = rng.choice(PEOPLE), f"+44 20 {rng.randint(1000, 9999)} {rng.randint(1000, 9999)}"
        seconds, price = rng.randint(1, 4000), amount(rng, 0.01, 9)
        cost += price
        shown = f"{seconds // 3600:02}:{seconds // 60 % 60:02}:{seconds % 60:02}"
        note = rng.choice(("", "", "", 'asked for ""the boss""', "sales, urgent", "call back\nafter 5 pm"))
        plain = note.replace('""', '"').replace("\n", " ") or None
        text = f'"{iso(date)}","{caller}","{number}","{shown}","{price:.2f}","{note}"'
        item = {
            "date": iso(date),
            "caller": caller,
            "called_number": number,
            "duration": shown,
            "cost": price,
        }
        paper.row(text, {**item, "note": plain}, "calls")
    paper.add(f'"Total","","","","{cost:.2f}",""')
    return paper.done(
        {"calls": "date:date caller:text called_number:text duration:text cost:number note:text?"}
    )


def ragged_csv(rows: int, rng: random.Random) -> Stranger:
    """Semicolons with mixed newlines, blank cells, near duplicates, and an export notice before the header."""
    paper = Paper(newlines=("\n", "\r\n", "\n"))
    paper.add(
        "Export created 2026-01-05 08:00;user=admin", "", "Id;First name;Last name;City;Discount %;Last order"
    )
    last: list[str] = []
    for _ in range(rows):
        first, surname = rng.choice(PEOPLE).rsplit(" ", 1)
        discount = rng.choice(("", "5", "7.5", "10"))
        order = rng.choice(("", iso(day(rng))))
        cells = [str(rng.randint(1000, 99999)), first, surname, rng.choice((*CITIES, "")), discount, order]
        if last and rng.random() < 0.15:
            cells = [cells[0], *last[1:]]
        last = cells
        item = {"id": int(cells[0]), "first_name": cells[1], "last_name": cells[2], "city": cells[3] or None}
        number = float(cells[4]) if cells[4] else None
        paper.row(";".join(cells), {**item, "discount": number, "last_order": cells[5] or None}, "customers")
    fields = "id:integer first_name:text last_name:text city:text? discount:number? last_order:text?"
    return paper.done({"customers": fields})


def kanban(rows: int, rng: random.Random) -> Stranger:
    """A board as Markdown: a heading for each column, cards as bullets, some with an indented comment."""
    paper = Paper()
    paper.add("# Board: Website relaunch", "")
    number = 10
    cards = sorted(rng.randrange(4) for _ in range(rows))
    for column, title in enumerate(("Backlog", "Doing", "Review", "Done")):
        paper.add(f"## {title}", "")
        count = cards.count(column)
        if not count:
            paper.add("_empty_")
        for _ in range(count):
            number += rng.randint(1, 7)
            verb, thing = (
                rng.choice(("Fix", "Draft", "Test", "Remove")),
                rng.choice(("login page", "price table", "mail form")),
            )
            points, person = rng.choice((None, 1, 2, 3, 5, 8)), rng.choice(PEOPLE)
            text = f"- **WEB-{number}** {verb} {thing} (@{person.split()[0]}" + (
                f", {points} pts)" if points else ")"
            )
            if rng.random() < 0.2:
                text += "\n  - comment: waiting for the supplier’s answer"
            item = {
                "key": f"WEB-{number}",
                "title": f"{verb} {thing}",
                "assignee": person.split()[0],
                "points": points,
            }
            paper.row(text, {**item, "status": title}, "cards")
        paper.add("")
    return paper.done({"cards": "key:text title:text assignee:text points:integer? status:text"})


def parts_with_prices(rows: int, rng: random.Random) -> Stranger:
    """A copied table: single blanks between cells, so that only types tell the columns apart."""
    paper = Paper()
    paper.add("Spare parts quotation Q-8841", "Item Qty Unit price Total")
    total = 0.0
    for _ in range(rows):
        goods, count, price = rng.choice(GOODS), rng.randint(1, 40), amount(rng, 1, 1500)
        line = round(count * price, 2)
        total += line
        item = {"item": goods, "quantity": count, "unit_price": price, "total": line}
        paper.row(f"{goods} {count} ${money(price)} ${money(line)}", item)
    paper.add(f"Subtotal ${money(total)}", f"Shipping ${money(25)}", f"Total due ${money(total + 25)}")
    return paper.done({"items": "item:text quantity:integer unit_price:number total:number"})
