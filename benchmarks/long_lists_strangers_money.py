"""Strangers' documents of money: statements, payslips, invoices, ledgers, receipts, holdings."""

# ruff: noqa: E501 - lines of documents stand on one line

import random
from typing import Any

from long_lists_strangers_paper import (
    CITIES,
    GOODS,
    PEOPLE,
    Paper,
    Stranger,
    amount,
    days,
    iso,
    money,
    twins,
)


def bank_statement(rows: int, rng: random.Random) -> Stranger:
    """Columns of debit and credit with one of the two blank, carried forward from page to page."""
    balance = amount(rng, 2000, 9000)
    current = [balance]
    paper = Paper(
        rng.choice((30, 44)),
        lambda page: (
            "NORTHGATE BANK PLC" + " " * 40 + f"Page {page}",
            "Account 20-44-91 88213370    Mr T Okafor",
            "",
            f"{'Date':<11}{'Details':<34}{'Paid out':>12}{'Paid in':>12}{'Balance':>13}",
            f"{'':<11}{'Balance brought forward':<34}{'':>24}{money(current[0]):>13}",
        ),
        lambda page: (
            f"{'':<11}{'Balance carried forward':<34}{'':>24}{money(current[0]):>13}",
            "Northgate Bank plc. Registered in England no. 0481516. Continued on next page",
        ),
    )
    items: list[dict[str, Any]] = []
    for date in days(rng, rows):
        kind = rng.choice(("CARD PAYMENT", "DIRECT DEBIT", "BACS CREDIT", "CASH", "STANDING ORDER"))
        paid_in = kind == "BACS CREDIT"
        sum_ = amount(rng)
        details = f"{kind} {rng.choice(CITIES).upper()} {rng.randint(100, 999)}"
        items.append(
            {
                "date": date,
                "details": details,
                "out": None if paid_in else sum_,
                "in": sum_ if paid_in else None,
            }
        )
    for item in twins(rng, items, "details"):
        current[0] = round(current[0] + (item["in"] or 0) - (item["out"] or 0), 2)
        year, month, day_ = item["date"]
        names = "Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec".split()
        out, paid = (money(item[key]) if item[key] else "" for key in ("out", "in"))
        text = f"{f'{day_:02} {names[month - 1]} {year % 100}':<11}{item['details']:<34}{out:>12}{paid:>12}{money(current[0]):>13}"
        data = {
            "date": iso(item["date"]),
            "details": item["details"],
            "paid_out": item["out"],
            "paid_in": item["in"],
        }
        paper.row(text, {**data, "balance": current[0]}, "transactions")
    if not rows:
        paper.add("No transactions in this period.")
    paper.add("", f"{'':<11}{'Closing balance':<34}{'':>24}{money(current[0]):>13}")
    fields = "date:date details:text paid_out:number? paid_in:number? balance:number"
    return paper.done({"transactions": fields}, {"account": "20-44-91 88213370"})


def payslip(rows: int, rng: random.Random) -> Stranger:
    """Earnings and deductions one after the other, each with its total."""
    paper = Paper()
    person = rng.choice(PEOPLE)
    paper.add(
        "PAYSLIP", f"Employee: {person}", f"Employee no.: {rng.randint(1000, 9999)}", "Period: March 2026", ""
    )
    deductions = rows // 3
    totals = []
    for name, title, count, words in (
        (
            "earnings",
            "Earnings",
            rows - deductions,
            ("Basic pay", "Overtime 1.5", "Shift allowance", "Bonus", "On-call"),
        ),
        (
            "deductions",
            "Deductions",
            deductions,
            ("Income tax", "National Insurance", "Pension 5%", "Union dues", "Loan"),
        ),
    ):
        paper.add(f"{title:<32}{'Units':>8}{'Amount':>12}", "-" * 52)
        total = 0.0
        for _ in range(count):
            word, value = f"{rng.choice(words)} wk {rng.randint(1, 52)}", amount(rng, 5, 700)
            units = round(rng.uniform(1, 40), 1) if rng.random() < 0.6 else None
            total += value
            shown = "" if units is None else f"{units:.1f}"
            item = {"description": word, "units": units, "amount": value}
            paper.row(f"{word:<32}{shown:>8}{money(value):>12}", item, name)
        totals.append(round(total, 2))
        paper.add("-" * 52, f"{'Total ' + title.lower():<32}{'':>8}{money(total):>12}", "")
    net = round(totals[0] - totals[1], 2)
    paper.add(f"NET PAY {money(net)}", "Paid by BACS on 27 March 2026")
    fields = "description:text units:number? amount:number"
    return paper.done({"earnings": fields, "deductions": fields}, {"employee": person, "net_pay": net})


def invoice_carry_german(rows: int, rng: random.Random) -> Stranger:
    """A German invoice over pages with Übertrag and Zwischensumme."""
    total = [0.0]
    number = f"RE-{rng.randint(10000, 99999)}"
    paper = Paper(
        rng.choice((26, 38)),
        lambda page: (
            f"Muster & Söhne GmbH · Rechnung {number}",
            f"Seite {page}",
            "",
            "Pos  Menge  Einheit  Bezeichnung                       Einzelpreis     Gesamt",
            *([f"Übertrag{money(total[0], 'de'):>71}"] if page > 1 else []),
        ),
        lambda page: (f"Zwischensumme{money(total[0], 'de'):>66}", "", "Fortsetzung auf der nächsten Seite"),
    )
    for position in range(1, rows + 1):
        goods, count, price = rng.choice(GOODS), rng.randint(1, 60), amount(rng, 0.2, 90)
        unit = rng.choice(("Stk", "m", "kg", "Pkt"))
        line = round(count * price, 2)
        total[0] = round(total[0] + line, 2)
        text = f"{position:>3}  {count:>5}  {unit:<7}  {goods:<32}{money(price, 'de'):>13}{money(line, 'de'):>11}"
        if rng.random() < 0.2:
            text += "\n" + " " * 21 + f"Charge {rng.randint(1000, 9999)}"
        item = {"position": position, "quantity": count, "unit": unit, "description": goods}
        paper.row(text, {**item, "unit_price": price, "total": line})
    vat = round(total[0] * 0.19, 2)
    paper.add(f"Nettobetrag{money(total[0], 'de'):>68}", f"zzgl. 19 % USt.{money(vat, 'de'):>64}")
    paper.add(
        f"Rechnungsbetrag{money(total[0] + vat, 'de'):>64}", "", "Zahlbar innerhalb von 14 Tagen ohne Abzug."
    )
    fields = "position:integer quantity:integer unit:text description:text unit_price:number total:number"
    return paper.done({"items": fields}, {"invoice_number": number})


def account_ledger(rows: int, rng: random.Random) -> Stranger:
    """A general ledger by account with negative amounts in brackets and a total under each account."""
    paper = Paper(newlines=("\r\n",))
    paper.add("General ledger 2026", "")
    left, account, running = rows, 4000, 0.0
    while left:
        count = min(left, rng.randint(1, 25))
        left -= count
        account += rng.randint(1, 90)
        name = rng.choice(("Sales domestic", "Travel", "Office costs", "Rent", "Freight in"))
        paper.add(f"Account {account}  {name}", "Date\tVoucher\tText\tAmount\tBalance")
        subtotal = 0.0
        for date in days(rng, count):
            value = amount(rng) * rng.choice((1, 1, -1))
            subtotal = round(subtotal + value, 2)
            voucher, words = f"V{rng.randint(10000, 99999)}", f"{rng.choice(GOODS)} {rng.choice(CITIES)}"
            cells = (iso(date), voucher, words, money(value, "()"), money(subtotal, "()"))
            item = {"account": account, "date": iso(date), "voucher": voucher, "text": words, "amount": value}
            paper.row("\t".join(cells), item, "entries")
        running += subtotal
        paper.add(f"\t\tTotal {account}\t{money(subtotal, '()')}\t", "")
    paper.add(f"Grand total\t{money(round(running, 2), '()')}")
    return paper.done({"entries": "account:integer date:date voucher:text text:text amount:number"})
