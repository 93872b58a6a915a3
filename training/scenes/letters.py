"""Letters and mails in many languages."""

from __future__ import annotations

from random import Random

from training.scenes import calendar
from training.scenes.locale_source import LocaleSource
from training.scenes.phrasebook import CLOSINGS, GREETINGS, HEADS, SENTENCES
from training.scenes.role_schemas import Role, RoleValues
from training.scenes.sentence_writer import SentenceWriter, choose_keys

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


def letter(source: LocaleSource, preferred_keys: frozenset[str] = frozenset()) -> tuple[str, RoleValues]:
    """Write a letter or an e-mail, and return its text and values."""
    writer = SentenceWriter(source)
    rng, source, role_values, language = writer.rng, writer.source, writer.role_values, writer.language
    keys = choose_keys(rng, list(SENTENCES[language]), preferred_keys, 3)
    if "day" in keys and rng.random() < 0.6:
        keys.sort(key=lambda key: key != "day")
    sentences = [writer.sentence(key) for key in keys]
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
    headed = rng.random() < (0.7 if preferred_keys & {"subject", "sender_mail", "date"} else 0.4)
    if headed:
        heads = HEADS[language if rng.random() < 0.8 else "en"].split("|")
        mail, when = source.email(), calendar.day(rng, 2005, 2030)
        values = [
            rng.choice([sender, f"{sender} <{mail}>", mail]),
            rng.choice([to, to, source.email()]),
            calendar.written(rng, when, language),
            source.topic(),
        ]
        role_values["date"], role_values["subject"] = when.isoformat(), values[3]
        role_values["sender_mail"] = mail if mail in values[0] else None
        if values[1] == to:
            role_values["recipient"] = to
        order = list(range(4))
        if rng.random() < 0.3:
            rng.shuffle(order)
        lines += [f"{heads[i]}: {values[i]}" for i in order] + [""]
    elif rng.random() < 0.4:
        when = calendar.day(rng, 2005, 2030)
        role_values["date"] = when.isoformat()
        town = source.city()
        lines += [rng.choice(["{d}", "{t}, {d}"]).format(t=town, d=calendar.written(rng, when, language)), ""]
        if rng.random() < 0.4:
            role_values["subject"] = source.topic()
            lines += [
                rng.choice([HEADS[language].split("|")[3] + ": {}", "Re: {}", "{}"]).format(
                    role_values["subject"]
                ),
                "",
            ]
    if greeting:
        lines += [greeting, ""] if rng.random() < 0.7 else [greeting]
        if not headed:
            if to_first in greeting and to_last in greeting:
                role_values["recipient"] = to
            elif to_last in greeting:
                role_values["recipient"] = to_last
            elif to_first in greeting:
                role_values["recipient"] = to_first
    gap = "" if asian and rng.random() < 0.7 else " "
    cut = rng.randint(1, len(sentences))
    body = [gap.join(sentences[:cut]), gap.join(sentences[cut:])]
    body = [_wrap(rng, part) for part in body if part]
    lines.append(rng.choice(["\n\n", "\n"]).join(body))
    signed = rng.random() < 0.85
    if signed:
        short = rng.random() < 0.3 and not headed and not asian
        name = sender_first if short else sender
        lines += ["", rng.choice(CLOSINGS[language].split("|")), name]
        role_values["sender"] = sender if headed and mail != values[0] else name
        if rng.random() < (0.7 if "company" in preferred_keys else 0.35):
            role_values["company"] = source.company()
            lines.append(role_values["company"])
    elif headed and mail != values[0]:
        role_values["sender"] = sender
    if rng.random() < 0.08:
        lines += [
            "",
            *(
                f"> {line}"
                for line in _wrap(rng, source.phrase() + " " + source.drawn("sentence")).split("\n")
            ),
        ]
    return "\n".join(lines), role_values


def _wrap(rng: Random, text: str) -> str:
    """Wrap the text to a random width, or leave it."""
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
