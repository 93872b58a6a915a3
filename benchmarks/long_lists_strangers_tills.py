"""Strangers' documents of money beside the books: receipts and holdings."""

# ruff: noqa: E501 - lines of documents stand on one line

import random

from long_lists_strangers_paper import Paper, Stranger, amount, days, iso, money


def till_receipt(rows: int, rng: random.Random) -> Stranger:
    """A till receipt: quantity lines of their own under some articles, discounts between."""
    paper = Paper()
    paper.add(
        "    FRESH & FAST MARKET", "   12 Harbour Road, Hull", "  VAT no GB 229 8812 04", "", f"{'':<26}GBP"
    )
    total = 0.0
    for _ in range(rows):
        name = f"{rng.choice(('Oat milk', 'Rye bread', 'Apples', 'Soap', 'Tuna tin', 'Batteries AA'))} {rng.randint(1, 9)}00g"
        price, count = amount(rng, 0.3, 12), rng.choice((1, 1, 1, 2, 3, 6))
        line = round(price * count, 2)
        total += line
        text = f"{name:<22}{line:>8.2f} {rng.choice('AB')}"
        if count > 1:
            text += f"\n   {count} x {price:.2f}"
        paper.row(text, {"article": name, "quantity": count if count > 1 else None, "price": line})
        if rng.random() < 0.05:
            paper.add(f"{'  Multibuy saving':<22}{-0.5:>8.2f}")
            total -= 0.5
    paper.add(
        "-" * 32,
        f"{'TOTAL':<22}{total:>8.2f}",
        f"{'CARD':<22}{total:>8.2f}",
        "",
        "Thank you for shopping with us",
    )
    return paper.done({"items": "article:text quantity:integer? price:number"}, {"total": round(total, 2)})


def portfolio(rows: int, rng: random.Random) -> Stranger:
    """A securities report with two tables: holdings, then movements, with footnotes."""
    paper = Paper()
    paper.add("Portfolio report as of 31 December 2026", "", "1. Holdings", "")
    paper.add("| Security | ISIN | Units | Price | Value CHF |", "|---|---|---:|---:|---:|")
    names = ("Alpine Water", "Nordic Pulp", "Helio Grid", "Terra Rail", "Quartz Bio", "Lumen Foods")
    half, value = rows // 2, 0.0
    for _ in range(half):
        name, units, price = (
            f"{rng.choice(names)} {rng.choice(('N', 'I', 'PS'))}",
            rng.randint(5, 900),
            amount(rng, 4, 300),
        )
        isin = f"CH{rng.randint(10**9, 10**10 - 1)}"
        worth = round(units * price, 2)
        value += worth
        text = f"| {name} | {isin} | {units} | {money(price, 'ch')} | {money(worth, 'ch')} |"
        item = {"security": name, "isin": isin, "units": units, "price": price, "value": worth}
        paper.row(text, item, "holdings")
    paper.add(
        f"| **Total** | | | | **{money(value, 'ch')}** |", "", "¹ Prices in the currency of the listing.", ""
    )
    paper.add("2. Transactions", "", "| Date | Type | Security | Amount CHF |", "|---|---|---|---:|")
    for date in days(rng, rows - half):
        kind, name, sum_ = rng.choice(("Buy", "Sell", "Dividend")), rng.choice(names), amount(rng, 20, 4000)
        shown = "{2:02}.{1:02}.{0}".format(*date)
        text = f"| {shown} | {kind} | {name} | {money(sum_, 'ch')} |"
        item = {"date": iso(date), "type": kind, "security": name, "amount": sum_}
        paper.row(text, item, "transactions")
    paper.add("", "This report is for information only.")
    return paper.done(
        {
            "holdings": "security:text isin:text units:integer price:number value:number",
            "transactions": "date:date type:text security:text amount:number",
        }
    )
