"""Letters and mails in many languages."""

from __future__ import annotations

from random import Random

from training.scenes import calendar
from training.scenes.pen import Pen, keys_of
from training.scenes.phrasebook import CLOSINGS, GREETINGS, HEADS, SENTENCES
from training.scenes.questions import Found, Role
from training.scenes.source import WorldSource

ROLES = (
    Role("sender", "string", "sender from_name author signed_by absender expediteur remitente von", "Who wrote it|Name of the sender"),
    Role("recipient", "string", "recipient to_name addressee empfaenger destinataire an", "To whom it is written"),
    Role("sender_mail", "string", "sender_email from_address from"),
    Role("company", "string", "company organization firma societe empresa sender_company"),
    Role("subject", "string", "subject title betreff objet asunto topic"),
    Role("date", "date", "date sent_on written_on datum letter_date"),
    Role("day", "date", "received_on mentioned_date event_date referred_date letter_of", "The day that the text mentions"),
    Role("amount", "number", "amount total sum betrag montant importe price"),
    Role("currency", "string", "currency currency_code waehrung", "ISO code"),
    Role("deadline", "date", "deadline due_date respond_by frist valid_until"),
    Role("order", "string", "order_number order reference bestellnummer reference_number ticket"),
    Role("product", "string", "product item article artikel produit goods"),
    Role("count", "integer", "quantity count anzahl number_of_items pieces"),
    Role("delay", "integer", "delay_weeks verzug_wochen weeks_late delay"),
    Role("weekday", "string", "weekday meeting_day day_of_week tag"),
    Role("clock", "string", "time meeting_time start_time uhrzeit at"),
    Role("place", "string", "place venue city ort lieu lugar location"),
    Role("phone", "string", "phone telephone telefon callback_number"),
    Role("email", "string", "email reply_to contact_email email_address"),
    Role("third", "string", "mentioned_person colleague other_person third_party cc"),
    Role("broken", "string", "broken_item equipment defect defective_thing"),
)  # fmt: skip


def letter(source: WorldSource, wanted: frozenset[str] = frozenset()) -> tuple[str, Found]:
    """Write a letter or an e-mail, and return its text and values."""
    pen = Pen(source)
    rng, source, found, language = pen.rng, pen.source, pen.found, pen.language
    keys = keys_of(rng, list(SENTENCES[language]), wanted, 3)
    if "day" in keys and rng.random() < 0.6:
        keys.sort(key=lambda key: key != "day")
    sentences = [pen.sentence(key) for key in keys]
    for _ in range(rng.choice([0, 0, 1, 2, 3])):
        filler = source.drawn("sentence") if rng.random() < 0.5 else source.phrase().capitalize() + "."
        sentences.insert(rng.randint(0, len(sentences)), filler)
    sender_first, sender_last = source.first(), source.last()
    to_first, to_last = source.first(), source.last()
    asian = language in ("zh", "ja", "ko")
    sender = sender_last + sender_first if asian else f"{sender_first} {sender_last}"
    to = to_last + to_first if asian else f"{to_first} {to_last}"
    greeting = (
        rng.choice(GREETINGS[language].split("|")).format(first=to_first, last=to_last)
        if rng.random() < 0.9
        else ""
    )
    lines: list[str] = []
    headed = rng.random() < (0.7 if wanted & {"subject", "sender_mail", "date"} else 0.4)
    if headed:
        heads = HEADS[language if rng.random() < 0.8 else "en"].split("|")
        mail, when = source.email(), calendar.day(rng, 2005, 2030)
        values = [
            rng.choice([sender, f"{sender} <{mail}>", mail]),
            rng.choice([to, to, source.email()]),
            calendar.written(rng, when, language),
            source.topic(),
        ]
        found["date"], found["subject"] = when.isoformat(), values[3]
        found["sender_mail"] = mail if mail in values[0] else None
        if values[1] == to:
            found["recipient"] = to
        order = list(range(4))
        if rng.random() < 0.3:
            rng.shuffle(order)
        lines += [f"{heads[i]}: {values[i]}" for i in order] + [""]
    elif rng.random() < 0.4:
        when = calendar.day(rng, 2005, 2030)
        found["date"] = when.isoformat()
        town = source.city()
        lines += [rng.choice(["{d}", "{t}, {d}"]).format(t=town, d=calendar.written(rng, when, language)), ""]
        if rng.random() < 0.4:
            found["subject"] = source.topic()
            lines += [
                rng.choice([HEADS[language].split("|")[3] + ": {}", "Re: {}", "{}"]).format(found["subject"]),
                "",
            ]
    if greeting:
        lines += [greeting, ""] if rng.random() < 0.7 else [greeting]
        if not headed:
            if to_first in greeting and to_last in greeting:
                found["recipient"] = to
            elif to_last in greeting:
                found["recipient"] = to_last
            elif to_first in greeting:
                found["recipient"] = to_first
    gap = "" if asian and rng.random() < 0.7 else " "
    cut = rng.randint(1, len(sentences))
    body = [gap.join(sentences[:cut]), gap.join(sentences[cut:])]
    body = [_folded(rng, part) for part in body if part]
    lines.append(rng.choice(["\n\n", "\n"]).join(body))
    signed = rng.random() < 0.85
    if signed:
        short = rng.random() < 0.3 and not headed and not asian
        name = sender_first if short else sender
        lines += ["", rng.choice(CLOSINGS[language].split("|")), name]
        found["sender"] = sender if headed and mail != values[0] else name
        if rng.random() < (0.7 if "company" in wanted else 0.35):
            found["company"] = source.company()
            lines.append(found["company"])
    elif headed and mail != values[0]:
        found["sender"] = sender
    if rng.random() < 0.08:
        lines += [
            "",
            *(
                f"> {line}"
                for line in _folded(rng, source.phrase() + " " + source.drawn("sentence")).split("\n")
            ),
        ]
    return "\n".join(lines), found


def _folded(rng: Random, text: str) -> str:
    """Over lines of some width, at times."""
    if rng.random() < 0.6 or " " not in text:
        return text
    width, lines, line = rng.randint(60, 110), [], ""
    for word in text.split(" "):
        if line and len(line) + len(word) + 1 > width:
            lines.append(line)
            line = word
        else:
            line = f"{line} {word}" if line else word
    return "\n".join([*lines, line])
