"""Styles of documents that placement was not made with: they tell how it does on others."""

import random
from itertools import pairwise
from typing import Any

from grounding_documents import (
    FIRMS,
    GOODS,
    HELD_OUT,
    PEOPLE,
    STREETS,
    TOWNS,
    Maker,
    cells,
    day,
    head,
    labelled,
    money,
    words,
)
from grounding_rendering import LAYOUTS, Cell, Writer, table


def held_out(maker: Maker) -> Maker:
    HELD_OUT[maker.__name__] = maker
    return maker


@held_out
def payslip(writer: Writer, rng: random.Random) -> Any:
    """Earnings and deductions side by side: two lists share each line."""
    earnings = [
        {"name": name, "hours": rng.randint(1, 40), "amount": money(rng)}
        for name in ("Basic pay", "Overtime", "Bonus")
    ]
    deductions = [{"name": name, "amount": money(rng)} for name in ("Income tax", "Pension", "Union fee")]
    value = {
        "employee": rng.choice(PEOPLE),
        "period_start": day(rng),
        "earnings": earnings,
        "deductions": deductions,
    }
    value["net_pay"] = round(sum(e["amount"] for e in earnings) - sum(d["amount"] for d in deductions), 2)
    value["year_to_date"] = value["net_pay"] if rng.random() < 0.3 else money(rng)
    labelled(writer, rng, head(writer, value, {"employee": "Name", "period_start": "From"}))
    writer.line("Earnings             Hours     Amount     Deductions          Amount")
    for i, (left, right) in enumerate(zip(earnings, deductions, strict=True)):
        start = len(writer.text)
        name, hours, amount = cells(writer, f"/earnings/{i}", left, ["name", "hours", "amount"])
        other, less = cells(writer, f"/deductions/{i}", right, ["name", "amount"])
        writer.write(name, " " * (21 - len(name.text)), hours, " " * (8 - len(hours.text)), amount)
        writer.line(" " * (16 - len(amount.text)), other, " " * (20 - len(other.text)), less)
        writer.rows[f"/earnings/{i}"] = writer.rows[f"/deductions/{i}"] = (start, len(writer.text))
    labelled(writer, rng, head(writer, value, {"net_pay": "Net pay", "year_to_date": "Year to date"}), "left")
    return value


@held_out
def time_sheet(writer: Writer, rng: random.Random) -> Any:
    """Entries with a subtotal after each person, which has the form of an entry."""
    entries: list[dict[str, Any]] = []
    totals = []
    for person in rng.sample(PEOPLE, 3):
        hours = 0.0
        for _ in range(rng.randint(1, 6)):
            one = {"person": person, "day": f"2024-03-{rng.randint(1, 28):02}", "task": rng.choice(GOODS[:5])}
            one["hours"] = rng.choice([8.0, 4.0, 7.5])
            entries.append(one)
            hours += one["hours"]
            start = len(writer.text)
            row = cells(writer, f"/entries/{len(entries) - 1}", one, list(one))
            for cell in row:
                writer.write(cell, "  ")
            writer.blank()
            writer.rows[f"/entries/{len(entries) - 1}"] = (start, len(writer.text))
        totals.append({"person": person, "hours": hours})
        start = len(writer.text)
        name, sum_ = cells(writer, f"/subtotals/{len(totals) - 1}", totals[-1], ["person", "hours"])
        writer.line(words(rng, "Total for ", "Sum "), name, "  ", sum_)
        writer.rows[f"/subtotals/{len(totals) - 1}"] = (start, len(writer.text))
    value = {"entries": entries, "subtotals": totals, "all_hours": sum(one["hours"] for one in totals)}
    labelled(writer, rng, head(writer, value, {"all_hours": "All hours"}), "left")
    return value


@held_out
def laboratory(writer: Writer, rng: random.Random) -> Any:
    """Results with reference ranges that repeat numbers."""
    tests = rng.sample(
        ["Sodium", "Potassium", "Glucose", "Urea", "Iron", "Calcium", "CRP", "HbA1c"], rng.randint(3, 8)
    )
    results = []
    for test in tests:
        low = rng.randint(1, 5)
        results.append(
            {"test": test, "result": float(rng.randint(1, 9)), "low": low, "high": low + rng.randint(1, 4)}
        )
        results[-1]["unit"] = rng.choice(["mmol/l", "mg/dl", "%"])
        results[-1]["flagged"] = rng.random() < 0.3
    value = {"patient": rng.choice(PEOPLE), "collected": day(rng), "reported": day(rng), "results": results}
    labelled(
        writer,
        rng,
        head(writer, value, {"patient": "Patient", "collected": "Collected", "reported": "Reported"}),
    )
    writer.line("Test  Result  Unit  Reference")
    for i, one in enumerate(results):
        start = len(writer.text)
        base = f"/results/{i}"
        name, result, low, high = cells(writer, base, one, ["test", "result", "low", "high"])
        unit, flag = cells(writer, base, one, ["unit", "flagged"])
        writer.line(name, "  ", result, "  ", unit, "  ", low, " - ", high, "  ", flag)
        writer.rows[base] = (start, len(writer.text))
    return value


@held_out
def itinerary(writer: Writer, rng: random.Random) -> Any:
    """Legs in blocks; the labels are in another language than the names."""
    towns = [rng.choice(TOWNS) for _ in range(rng.randint(3, 6))]
    legs = []
    for i, (start_town, end_town) in enumerate(pairwise(towns)):
        leg = {
            "origin": start_town,
            "destination": end_town,
            "departure": day(rng),
            "seat": rng.randint(1, 9),
        }
        leg["price"] = money(rng)
        legs.append(leg)
        start = len(writer.text)
        writer.line(f"{i + 1}. Fahrt")
        base = f"/legs/{i}"
        origin, destination, when, seat, price = cells(writer, base, leg, list(leg))
        writer.line("von ", origin, " nach ", destination)
        writer.line("Abfahrt ", when, ", Platz ", seat)
        writer.line("Preis ", price)
        writer.rows[base] = (start, len(writer.text))
    value = {
        "traveller": rng.choice(PEOPLE),
        "legs": legs,
        "total_price": round(sum(leg["price"] for leg in legs), 2),
    }
    writer.line("Reisender: ", Cell(value["traveller"], "/traveller"))
    labelled(writer, rng, head(writer, value, {"total_price": "Gesamtpreis"}), "left")
    return value


@held_out
def yaml(writer: Writer, rng: random.Random) -> Any:
    """Nested lists as indented text."""
    clients = []
    for i in range(rng.randint(2, 4)):
        orders = [{"id": rng.randint(1, 5), "pieces": rng.randint(1, 5)} for _ in range(rng.randint(1, 4))]
        tags = rng.sample(["new", "big", "late", "paid"], 2)
        clients.append(
            {"name": rng.choice(FIRMS), "level": rng.randint(1, 3), "tags": tags, "orders": orders}
        )
        name, level = cells(writer, f"/clients/{i}", clients[-1], ["name", "level"])
        writer.line("- name: ", name)
        writer.line("  level: ", level)
        tag_cells = [Cell(tag, f"/clients/{i}/tags/{j}") for j, tag in enumerate(tags)]
        writer.line("  tags: [", tag_cells[0], ", ", tag_cells[1], "]")
        writer.line("  orders:")
        for j, order in enumerate(orders):
            start = len(writer.text)
            number, pieces = cells(writer, f"/clients/{i}/orders/{j}", order, ["id", "pieces"])
            writer.line("    - id: ", number)
            writer.line("      pieces: ", pieces)
            writer.rows[f"/clients/{i}/orders/{j}"] = (start, len(writer.text))
    return {"clients": clients}


@held_out
def budget(writer: Writer, rng: random.Random) -> Any:
    """Two years beside each other, with equal amounts, and sums between the lines."""
    lines = []
    layout = rng.choice(LAYOUTS)
    for name in rng.sample(["Rent", "Wages", "Travel", "Repairs", "Energy", "Insurance", "Training"], 6):
        this = money(rng)
        lines.append({"item": name, "last_year": rng.choice([this, money(rng), 0.0]), "this_year": this})
    body = [cells(writer, f"/lines/{i}", one, list(one)) for i, one in enumerate(lines)]
    value = {"town": rng.choice(TOWNS), "lines": lines}
    value["sum_last_year"] = round(sum(one["last_year"] for one in lines), 2)
    value["sum_this_year"] = round(sum(one["this_year"] for one in lines), 2)
    writer.line("Budget of ", Cell(value["town"], "/town"))
    table(writer, rng, ["Item", "2023", "2024"], body, layout)
    last, this_sum = cells(writer, "", value, ["sum_last_year", "sum_this_year"])
    writer.line("Sum  ", last, "  ", this_sum)
    return value


@held_out
def vitae(writer: Writer, rng: random.Random) -> Any:
    """Jobs from the latest to the first, with years that meet; duties as bullets below each."""
    year, jobs = 2024, []
    name = rng.choice(PEOPLE)
    writer.line(Cell(name, "/name"))
    writer.line(rng.choice(STREETS))
    writer.line("Experience")
    for i in range(rng.randint(2, 5)):
        span = rng.randint(1, 3)
        job = {
            "from": year - span,
            "to": year,
            "employer": rng.choice(FIRMS),
            "duties": rng.sample(GOODS[:8], 2),
        }
        year -= span
        start = len(writer.text)
        first, last, employer = cells(writer, f"/jobs/{i}", job, ["from", "to", "employer"])
        writer.line(first, "–", last, "  ", employer, ", ", rng.choice(TOWNS))
        for j, duty in enumerate(job["duties"]):
            writer.line("• ", Cell(duty, f"/jobs/{i}/duties/{j}"))
        writer.rows[f"/jobs/{i}"] = (start, len(writer.text))
        jobs.append(job)
    return {"name": name, "jobs": jobs}


@held_out
def matrix(writer: Writer, rng: random.Random) -> Any:
    """A list of lists of small numbers."""
    rows = [[rng.randint(0, 3) for _ in range(4)] for _ in range(rng.randint(2, 8))]
    writer.line("Scores (0 to 3) of 4 judges")
    for i, row in enumerate(rows):
        start = len(writer.text)
        for j, number in enumerate(row):
            writer.write("  ", Cell(str(number), f"/scores/{i}/{j}"))
        writer.blank()
        writer.rows[f"/scores/{i}"] = (start, len(writer.text))
    return {"scores": rows}


@held_out
def paragraphs(writer: Writer, rng: random.Random) -> Any:
    """Facts of each case told in running text."""
    cases = []
    for i in range(rng.randint(2, 5)):
        case = {
            "plaintiff": rng.choice(PEOPLE),
            "court": rng.choice(TOWNS),
            "filed": day(rng),
            "damages": money(rng),
        }
        case["settled"] = rng.choice([case["damages"], money(rng)])
        base = f"/cases/{i}"
        who, court, filed, damages, settled = cells(writer, base, case, list(case))
        start = len(writer.text)
        writer.write("On ", filed, " ", who, " brought a claim before the court of ", court, ". ")
        writer.write(
            "The claim was for damages of ", damages, " and was handled by ", rng.choice(PEOPLE), ". "
        )
        writer.line("The parties settled for ", settled, ".")
        writer.rows[base] = (start, len(writer.text))
        cases.append(case)
    return {"cases": cases}


@held_out
def value_above_label(writer: Writer, rng: random.Random) -> Any:
    """A form whose labels stand below the lines that were filled in."""
    start = day(rng)
    value = {"tenant": rng.choice(PEOPLE), "landlord": rng.choice(FIRMS), "start": start, "signed": day(rng)}
    value.update(rent=money(rng), deposit=money(rng), rooms=rng.randint(1, 5), floor=rng.randint(1, 5))
    for name in value:
        writer.line(cells(writer, "", value, [name])[0])
        writer.line("_" * 20)
        writer.line(name.capitalize())
    return value
