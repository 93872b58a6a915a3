"""Strangers' documents of goods: packing lists, price lists, manifests, inventories, bookings."""

# ruff: noqa: E501 - lines of documents stand on one line

import random

from long_lists_strangers_paper import (
    CITIES,
    EXTRAS,
    GOODS,
    PEOPLE,
    Paper,
    Stranger,
    amount,
    day,
    iso,
    money,
)


def packing_list(rows: int, rng: random.Random) -> Stranger:
    """Cartons on pallets: a heading and a subtotal for each pallet, descriptions that wrap."""
    paper = Paper()
    paper.add("PACKING LIST", f"Consignee: {rng.choice(PEOPLE)}, {rng.choice(CITIES)}", "")
    left, pallet, gross_total = rows, 0, 0.0
    header = f"{'Carton':<9}{'Description':<30}{'Qty':>6}{'Net kg':>10}{'Gross kg':>10}"
    while left:
        pallet += 1
        count = min(left, rng.randint(1, 12))
        left -= count
        paper.add(f"PALLET {pallet}", header)
        subtotal = 0.0
        for _ in range(count):
            goods, quantity, net = rng.choice(GOODS), rng.randint(1, 300), round(rng.uniform(0.5, 60), 1)
            gross = round(net * 1.1, 1)
            carton = f"C{rng.randint(1000, 9999)}"
            subtotal += gross
            extra = rng.choice(EXTRAS) if rng.random() < 0.35 else ""
            text = f"{carton:<9}{goods:<30}{quantity:>6}{net:>10.1f}{gross:>10.1f}"
            text += f"\n{'':<9}{extra}" if extra else ""
            item = {"carton": carton, "description": f"{goods} {extra}".strip(), "quantity": quantity}
            paper.row(text, {**item, "net_weight": net, "gross_weight": gross}, "cartons")
        gross_total += subtotal
        paper.add(f"{'Subtotal pallet ' + str(pallet):<55}{subtotal:>10.1f}", "")
    paper.add(f"{'TOTAL ' + str(rows) + ' cartons':<55}{gross_total:>10.1f}", "Signed: ______________")
    fields = "carton:text description:text quantity:integer net_weight:number gross_weight:number"
    return paper.done({"cartons": fields})


def price_list_german(rows: int, rng: random.Random) -> Stranger:
    """Articles under group headings, with a no-break space before the euro sign and prices on request."""
    paper = Paper()
    paper.add("Preisliste Frühjahr 2026", "Alle Preise verstehen sich netto zzgl. MwSt.", "")
    number = 100
    for index in range(rows):
        if index % 9 == 0:
            paper.add(
                "", rng.choice(("Schrauben", "Beleuchtung", "Büro", "Garten")) + f" {index // 9 + 1}", ""
            )
        number += rng.randint(1, 40)
        goods, price = f"{rng.choice(GOODS)}, {rng.choice(EXTRAS)}", amount(rng, 0.1, 1900)
        ask = rng.random() < 0.07
        shown = "auf Anfrage" if ask else f"{money(price, 'de')}\u00a0€"
        text = f"{number}-{rng.choice('ABC')}  {goods} ... {shown}"
        item = {"article": text.split("  ")[0], "description": goods, "price": None if ask else price}
        paper.row(text, item)
    paper.add("", "Irrtümer und Änderungen vorbehalten. Stand: 01.03.2026")
    return paper.done({"items": "article:text description:text price:number?"})


def shipping_manifest(rows: int, rng: random.Random) -> Stranger:
    """A manifest with pipes; the header repeats on every page, and the page says that it is continued."""
    vessel = f"MV {rng.choice(CITIES)} Star"
    line = "+----+-------------+----------------------+--------+-----------+"
    paper = Paper(
        rng.choice((22, 40)),
        lambda page: (
            f"CARGO MANIFEST   {vessel}   Voyage 0{page % 2 + 31}E",
            line,
            f"|{'No':>4}|{'Container':<13}|{'Goods':<22}|{'Pkgs':>8}|{'Weight t':>11}|",
            line,
        ),
        lambda page: (line, f"*** continued on next page ***   sheet {page}"),
    )
    for number in range(1, rows + 1):
        box, goods = f"MSKU{rng.randint(10**6, 10**7 - 1)}", rng.choice(GOODS)
        packages, weight = rng.randint(1, 900), round(rng.uniform(0.2, 29), 3)
        blank = rng.random() < 0.1
        shown = "" if blank else f"{weight:.3f}"
        text = f"|{number:>4}|{box:<13}|{goods:<22}|{packages:>8}|{shown:>11}|"
        item = {"number": number, "container": box, "goods": goods, "packages": packages}
        paper.row(text, {**item, "weight": None if blank else weight}, "cargo")
    paper.add(line, f"Total containers: {rows}", "Master's signature")
    return paper.done(
        {"cargo": "number:integer container:text goods:text packages:integer weight:number?"},
        {"vessel": vessel},
    )


def inventory(rows: int, rng: random.Random) -> Stranger:
    """Stock by shelf: the description goes on in up to two further lines; some quantities are negative or blank."""
    paper = Paper()
    paper.add(
        f"Stock take, warehouse {rng.choice(CITIES)}",
        "",
        f"{'Shelf':<8}{'SKU':<12}{'Description':<26}{'On hand':>8}",
    )
    paper.add("=" * 54)
    for _ in range(rows):
        shelf, sku = f"{rng.choice('ABCD')}{rng.randint(1, 40):02}", f"SK-{rng.randint(10000, 99999)}"
        words = rng.choice(GOODS).split() + rng.choice(EXTRAS).split() + rng.choice(EXTRAS).split()
        lines, line = [], ""
        for word in words[: rng.randint(2, len(words))]:
            if len(line) + len(word) > 22:
                lines.append(line.strip())
                line = ""
            line += " " + word
        lines.append(line.strip())
        count = rng.choice((None, rng.randint(0, 400), rng.randint(0, 400), -rng.randint(1, 9)))
        text = f"{shelf:<8}{sku:<12}{lines[0]:<26}{'' if count is None else count:>8}"
        text += "".join(f"\n{'':<20}{more}" for more in lines[1:])
        item = {"shelf": shelf, "sku": sku, "description": " ".join(lines), "on_hand": count}
        paper.row(text, item, "stock")
    paper.add("=" * 54, f"Counted by {rng.choice(PEOPLE)}")
    return paper.done({"stock": "shelf:text sku:text description:text on_hand:integer?"})


def hotel_bookings(rows: int, rng: random.Random) -> Stranger:
    """Bookings as blocks of labelled lines; some lines are missing."""
    paper = Paper()
    hotel = f"Hotel {rng.choice(CITIES)}"
    paper.add(f"{hotel} — reservations export", f"Printed 2026-02-01 by {rng.choice(PEOPLE)}", "")
    for _ in range(rows):
        code, guest, night = f"{rng.randint(10**7, 10**8 - 1)}", rng.choice(PEOPLE), day(rng)
        price, nights = amount(rng, 60, 1500), rng.randint(1, 9)
        note = rng.choice((None, None, "late arrival", "quiet room", "baby cot"))
        lines = [f"Booking: {code}", f"Guest: {guest}", f"Arrival: {iso(night)}", f"Nights: {nights}"]
        lines += [f"Rate: EUR {money(price)}"] + ([f"Remark: {note}"] if note else [])
        item = {
            "booking": code,
            "guest": guest,
            "arrival": iso(night),
            "nights": nights,
            "rate": price,
            "remark": note,
        }
        paper.row("\n".join(lines), item, "bookings")
        paper.add("")
    paper.add("End of export")
    fields = "booking:text guest:text arrival:date nights:integer rate:number remark:text?"
    return paper.done({"bookings": fields}, {"hotel": hotel})


def insurance_covers(rows: int, rng: random.Random) -> Stranger:
    """Covers in a Markdown table without outer pipes, with footnote marks and cells that say 'not covered'."""
    paper = Paper()
    policy = f"HH-{rng.randint(100000, 999999)}"
    paper.add(
        f"# Household policy {policy}",
        "",
        "## What is covered",
        "",
        "Cover | Limit £ | Excess £ | Notes",
        "--- | ---: | ---: | ---",
    )
    risks = ("Fire", "Storm", "Escape of water", "Theft", "Glass", "Bicycle", "Legal costs", "Subsidence")
    for _ in range(rows):
        risk = f"{rng.choice(risks)} ({rng.choice(('building', 'contents', 'garden', 'garage'))}, zone {rng.randint(1, 60)})"
        limit, excess = rng.choice((None, rng.randint(1, 90) * 500)), rng.choice((None, 100, 250, 350))
        note = rng.choice((None, "per event", "only if locked", "new for old"))
        mark = rng.choice(("", "", "¹", "²"))
        shown = "not covered" if limit is None else f"{limit:,}{mark}"
        text = f"{risk} | {shown} | {'' if excess is None else excess} | {note or ''}".rstrip()
        paper.row(text, {"cover": risk, "limit": limit, "excess": excess, "notes": note}, "covers")
    paper.add(
        "",
        "¹ Index-linked each April.",
        "² Subject to survey.",
        "",
        "## How to claim",
        "",
        "Call us within 30 days.",
    )
    return paper.done(
        {"covers": "cover:text limit:integer? excess:integer? notes:text?"}, {"policy_number": policy}
    )
