"""Documents of many trades, written by someone who had not seen the counting: half of them are held out."""

import random
from collections.abc import Callable

import long_lists_strangers_days as days
import long_lists_strangers_foreign as foreign
import long_lists_strangers_goods as goods
import long_lists_strangers_health as health
import long_lists_strangers_logs as logs
import long_lists_strangers_money as money
import long_lists_strangers_prose as prose
import long_lists_strangers_tills as tills
from long_lists_strangers_paper import Stranger
from long_lists_writing import Document

Writer = Callable[[int, random.Random], Stranger]

TUNED: tuple[Writer, ...] = (
    money.bank_statement,
    money.payslip,
    money.invoice_carry_german,
    goods.packing_list,
    goods.price_list_german,
    goods.hotel_bookings,
    logs.nginx_log,
    logs.call_records,
    logs.kanban,
    days.time_sheet,
    logs.parts_with_prices,
    prose.minutes_actions,
    prose.bibliography,
    prose.mail_heads,
    prose.recipe,
    health.medication,
    health.lab_report,
    foreign.expenses_english,
)
HELD_OUT: tuple[Writer, ...] = (
    money.account_ledger,
    tills.till_receipt,
    tills.portfolio,
    goods.shipping_manifest,
    goods.inventory,
    goods.insurance_covers,
    logs.syslog_traces,
    logs.ragged_csv,
    days.timetable,
    days.match_results,
    days.members_directory,
    prose.court_docket,
    prose.course_catalogue,
    foreign.releve_french,
    foreign.factura_spanish,
    foreign.invoice_japanese,
    foreign.waybill_russian,
    foreign.agenda_german,
)
STRANGERS = {writer.__name__: writer for writer in (*TUNED, *HELD_OUT)}
SIZES = (0, 1, 2, 3, 7, 12, 30, 55, 90, 200, 400)
"""Rows of documents whose size is not given."""


def stranger(style: str, seed: int, rows: int | None = None) -> Document:
    """Return one document, always the same for a seed."""
    rng = random.Random(f"{style} {seed}")
    made = STRANGERS[style](rng.choice(SIZES) if rows is None else rows, rng)
    return Document(
        style,
        made.text,
        made.schema,
        made.data,
        tuple(made.text.split("\f")),
        {f"/{name}": ranges for name, ranges in made.spans.items()},
        {f"/{name}": place for name, place in made.scalars.items()},
    )
