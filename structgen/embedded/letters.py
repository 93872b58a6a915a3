"""Letters, mails, chats and logs in many languages, and forms whose labels are in the language of their document."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from random import Random
from typing import Any

from structgen.embedded import calendar
from structgen.embedded.asked import Found, Number, Role, Sheet, ask, sheet
from structgen.embedded.phrasebook import (
    CLOCKS,
    CLOSINGS,
    GREETINGS,
    HEADS,
    KINDS,
    LABELS,
    LANGUAGES,
    NUMBERS,
    SENTENCES,
    STATEMENTS,
    TRUTH,
)
from structgen.embedded.vocabulary import SCRIPTS
from structgen.embedded.world import WorldSource

_LETTER = (
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
_CHAT = (
    Role("messages", "rows", "messages chat turns conversation", parts=(Role("author", "string", "author user sender who", sure=True), Role("text", "string", "text message content said", sure=True)), sure=True),
    *[role for role in _LETTER if role.key in ("amount", "weekday", "clock", "place", "third", "phone", "email", "order", "broken", "count", "product")],
    Role("people", "strings", "participants users people"),
)  # fmt: skip
_LOG = (
    Role("stamp", "string", "timestamp time logged_at at", "As written"),
    Role("level", "string", "level severity log_level"),
    Role("logger", "string", "logger component class module source"),
    Role("message", "string", "message msg text event"),
    Role("exception", "string", "exception error error_class exception_type"),
    Role("host", "string", "host hostname server machine"),
    Role("ip", "string", "ip client_ip remote_addr address"),
    Role("method", "string", "method http_method verb"),
    Role("path", "string", "path url endpoint request_path"),
    Role("status", "integer", "status status_code http_status code"),
    Role("millis", "integer", "duration_ms elapsed_ms took latency"),
    Role("attempt", "integer", "attempt attempts retry tries"),
    Role("user", "string", "user username login account"),
    Role("thread", "string", "thread worker pool process"),
    Role("pid", "integer", "pid process_id"),
    Role("bytes", "integer", "bytes size response_bytes"),
)  # fmt: skip
_SPOKEN = [locale for locale in SCRIPTS if locale[:2] in LANGUAGES]


@dataclass(frozen=True, slots=True)
class Scene:
    """What writes the documents of one schema, and the schema."""

    sheet: Sheet
    write: Callable[[WorldSource], tuple[str, Found]]


def scene(rng: Random, locales: Sequence[str] = ()) -> Scene:
    """A kind of document, and what is asked of it; forms are in a language of the locales, if any are given."""
    roll = rng.random()
    if roll < 0.4:
        made = ask(rng, _LETTER, 2, 9)
        return Scene(made, partial(letter, wanted=_wanted(made)))
    if roll < 0.52:
        made = ask(rng, _CHAT, 1, 6)
        return Scene(made, partial(chat, wanted=_wanted(made)))
    if roll < 0.7:
        return Scene(ask(rng, _LOG, 2, 8), log)
    return form(rng, [locale for locale in _SPOKEN if not locales or locale in locales])


_TOLD = {"currency": "amount", "count": "product", "weekday": "meeting", "clock": "meeting"}


def _wanted(made: Sheet) -> frozenset[str]:
    """What a document should tell, at the chance of three in four: most questions have an answer."""
    parts = [inner for part in made.parts for inner in (part.parts or (part,))]
    return frozenset(_TOLD.get(part.role.key, part.role.key) for part in parts)


def _keys(rng: Random, known: list[str], wanted: frozenset[str], most: int) -> list[str]:
    keys = [key for key in known if key in wanted and rng.random() < 0.75]
    others = [key for key in known if key not in wanted]
    keys += rng.sample(others, min(len(others), rng.randint(0 if keys else 1, most)))
    rng.shuffle(keys)
    return keys or [known[0]]


def _locale(rng: Random, language: str) -> str:
    fitting = [locale for locale in _SPOKEN if locale[:2] == language]
    return rng.choices(fitting, [SCRIPTS[locale] for locale in fitting])[0]


class _Pen:
    """Fills sentences, and keeps what they say."""

    def __init__(self, source: WorldSource) -> None:
        self.rng = rng = source.rng
        self.language = source.language if source.language in SENTENCES else "en"
        fits = self.language == source.language and source.locale in _SPOKEN
        self.source = source if fits else WorldSource(rng, source.held_out, "en_US")
        self.found: dict[str, Any] = {}

    def sentence(self, key: str) -> str:
        """A sentence that tells it."""
        rng, source, found = self.rng, self.source, self.found
        template = rng.choice(SENTENCES[self.language][key].split("|"))
        values: dict[str, str] = {}
        match key:
            case "amount":
                plain = f"{rng.choice([rng.randint(5, 99), rng.randint(100, 999), rng.randint(1000, 99999)])}.{source.digits(2)}"
                if rng.random() < 0.25:
                    plain = plain.split(".")[0]
                values["amount"], found["currency"] = calendar.price(rng, plain, self.language)
                found["amount"] = Number(plain)
            case "deadline" | "day":
                day = calendar.day(rng, 2005, 2030)
                found[key] = day.isoformat()
                values[key] = calendar.written(rng, day, self.language)
            case "product" | "delay":
                name = "count" if key == "product" else "delay"
                number = rng.randint(2, 12) if rng.random() < 0.7 else rng.randint(13, 480)
                words = NUMBERS.get(self.language, "").split()
                values[name] = (
                    words[number - 1] if number <= len(words) and rng.random() < 0.6 else str(number)
                )
                found[name] = Number(str(number))
                if key == "product":
                    values["product"] = found["product"] = source.product().split(" (")[0]
            case "meeting":
                values["weekday"] = found["weekday"] = source.drawn("weekday")
                clock = source.clock()
                values["clock"] = found["clock"] = rng.choice(
                    [clock, clock, clock.lstrip("0") or clock, *(CLOCKS if self.language == "en" else ())]
                )
            case "broken":
                values["thing"] = found["broken"] = rng.choice(
                    [
                        source.drawn("word"),
                        super(WorldSource, source).product().lower()
                        if self.language == "en"
                        else source.drawn("word"),
                    ]
                )
            case "order":
                values["order"] = found["order"] = source.code()
            case "place":
                values["place"] = found["place"] = rng.choice(
                    [source.city(), source.street(), source.company()]
                )
            case "third":
                values["third"] = found["third"] = rng.choice([source.person(), source.first()])
            case _:
                values[key] = found[key] = getattr(source, key)()
        return template.format(**values)


def letter(source: WorldSource, wanted: frozenset[str] = frozenset()) -> tuple[str, Found]:
    """A letter or a mail."""
    pen = _Pen(source)
    rng, source, found, language = pen.rng, pen.source, pen.found, pen.language
    keys = _keys(rng, list(SENTENCES[language]), wanted, 3)
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


def chat(source: WorldSource, wanted: frozenset[str] = frozenset()) -> tuple[str, Found]:
    """Messages of two or three people."""
    pen = _Pen(source)
    rng, source = pen.rng, pen.source
    names = [
        rng.choice([source.first(), source.first().lower(), source.pseudo_word(), source.person()])
        for _ in range(rng.choice([2, 2, 3]))
    ]
    names = list(dict.fromkeys(names))
    form = rng.choice(
        [
            "@{n}: {t}",
            "{n}: {t}",
            "[{c}] {n}: {t}",
            "<{n}> {t}",
            "{n} ({c}): {t}",
            "{n} - {t}",
            "{c} {n}: {t}",
            "**{n}**: {t}",
        ]
    )
    messages = []
    known = [k for k in SENTENCES[pen.language] if k not in ("day", "delay", "deadline")]
    for key in _keys(rng, known, wanted, 2):
        text = pen.sentence(key)
        if rng.random() < 0.3:
            text = rng.choice(["ok. {}", "yep, {}", "lol {}", "{} :)", "hm. {}", "{}!!"]).format(text)
        messages.append(text)
    for _ in range(rng.choice([0, 1, 1, 2])):
        messages.insert(
            rng.randint(0, len(messages)),
            rng.choice([source.phrase(), source.drawn("sentence"), "ok", "thanks!", "no idea", "sure"]),
        )
    rows = [{"author": rng.choice(names), "text": text} for text in messages]
    lines = [form.format(n=row["author"], t=row["text"], c=source.clock()) for row in rows]
    pen.found["messages"] = rows
    pen.found["people"] = list(dict.fromkeys(row["author"] for row in rows))
    return "\n".join(lines), pen.found


_LEVELS = "INFO WARN ERROR DEBUG FATAL WARNING TRACE CRITICAL NOTICE".split()
_EXCEPTIONS = """java.net.SocketTimeoutException|java.lang.NullPointerException|ValueError|KeyError|TimeoutError|org.postgresql.util.PSQLException
|System.IO.IOException|ConnectionRefusedError|java.lang.IllegalStateException|TypeError|OSError|requests.exceptions.HTTPError
|com.mysql.jdbc.CommunicationsException|ZeroDivisionError|AssertionError|RuntimeException|Errno::ECONNREFUSED|panic""".replace(
    "\n", ""
).split("|")


def log(source: WorldSource) -> tuple[str, Found]:
    """Lines of a program, a web server or a system."""
    rng = source.rng
    return rng.choice([_access, _program, _program, _pairs, _system])(source, rng)


def _path(source: WorldSource, rng: Random) -> str:
    steps = [
        rng.choice(
            [
                source.pseudo_word(),
                source.digits(rng.randint(1, 5)),
                "api",
                "v1",
                "v2",
                "orders",
                "users",
                "search",
                "static",
            ]
        )
        for _ in range(rng.randint(1, 4))
    ]
    return "/" + "/".join(steps) + rng.choice(["", "", "", f"?page={rng.randint(1, 40)}", ".html", "/"])


def _ip(rng: Random) -> str:
    return ".".join(str(rng.randint(1, 254)) for _ in range(4))


def _stamp(rng: Random) -> str:
    day = calendar.day(rng, 2012, 2030)
    clock = f"{rng.randint(0, 23):02d}:{rng.randint(0, 59):02d}:{rng.randint(0, 59):02d}"
    milli = f"{rng.randint(0, 999):03d}"
    return rng.choice(
        [
            f"{day}T{clock}Z",
            f"{day}T{clock}.{milli}Z",
            f"{day} {clock},{milli}",
            f"{day} {clock}",
            day.strftime(f"%b %d {clock}"),
            day.strftime(f"%d/%b/%Y:{clock} +0000"),
            f"{day.strftime('%Y/%m/%d')} {clock}",
            f"{day}T{clock}+02:00",
        ]
    )


def _access(source: WorldSource, rng: Random) -> tuple[str, Found]:
    ip, method, path = (
        _ip(rng),
        rng.choice(["GET", "GET", "POST", "PUT", "DELETE", "PATCH", "HEAD"]),
        _path(source, rng),
    )
    status, size, stamp = (
        rng.choice([200, 200, 201, 204, 301, 304, 400, 401, 403, 404, 429, 500, 502, 503]),
        rng.randint(0, 99999),
        _stamp(rng),
    )
    user = rng.choice(["-", "-", source.pseudo_word()])
    millis = rng.randint(1, 9000) if rng.random() < 0.4 else None
    text = f'{ip} - {user} [{stamp}] "{method} {path} HTTP/1.1" {status} {size}'
    if rng.random() < 0.5:
        text += f' "{rng.choice(["-", source.url()])}" "{rng.choice(["Mozilla/5.0 (X11; Linux x86_64)", "curl/8.5.0", "Go-http-client/2.0", "python-requests/2.31"])}"'
    if millis is not None:
        text += f" {millis}ms"
    return text, {
        "ip": ip,
        "method": method,
        "path": path,
        "status": Number(str(status)),
        "bytes": Number(str(size)),
        "stamp": stamp,
        "user": None if user == "-" else user,
        "millis": None if millis is None else Number(str(millis)),
    }


def _program(source: WorldSource, rng: Random) -> tuple[str, Found]:
    level, logger, stamp = rng.choice(_LEVELS), _logger(source, rng), _stamp(rng)
    found: dict[str, Any] = {"stamp": stamp, "level": level, "logger": logger}
    message = source.phrase()
    roll = rng.random()
    if roll < 0.3:
        found["attempt"], found["millis"] = (
            Number(str(rng.randint(1, 9))),
            Number(str(rng.randint(10, 30000))),
        )
        message += rng.choice(
            [" after {m}ms, attempt {a}", " (attempt {a}, took {m} ms)", ", try {a} of 9, {m}ms"]
        ).format(a=found["attempt"].literal, m=found["millis"].literal)
    elif roll < 0.6:
        found["method"], found["path"] = rng.choice(["GET", "POST", "PUT"]), _path(source, rng)
        message += rng.choice([" on {m} {p}", ": {m} {p}", " ({m} {p})"]).format(
            m=found["method"], p=found["path"]
        )
    found["message"] = message
    thread = rng.choice(
        [
            f"pool-{rng.randint(1, 9)}",
            "main",
            f"worker-{rng.randint(1, 40)}",
            f"http-nio-{rng.randint(1, 99)}",
        ]
    )
    form = rng.choice(
        [
            "[{s}] {l} ({t}) {g} - {m}",
            "{s} {l} [{t}] {g}: {m}",
            "{s} [{t}] {l}  {g} - {m}",
            "{l} {s} {g} {m}",
            "{s} - {g} - {l} - {m}",
            "{s} | {l} | {g} | {m}",
        ]
    )
    if "{t}" in form:
        found["thread"] = thread
    lines = [form.format(s=stamp, l=level, t=thread, g=logger, m=message)]
    if rng.random() < 0.45:
        found["exception"] = rng.choice(_EXCEPTIONS)
        lines.append(f"{found['exception']}: {source.phrase()}")
        if rng.random() < 0.7:
            lines += [
                f"\tat {_logger(source, rng)}.{source.pseudo_word()}({source.pseudo_word().title()}.java:{rng.randint(10, 900)})"
                for _ in range(rng.randint(1, 4))
            ]
    return "\n".join(lines), found


def _logger(source: WorldSource, rng: Random) -> str:
    words = [source.pseudo_word() for _ in range(rng.choice([1, 2, 3]))]
    return rng.choice(
        [
            ".".join([*words, source.pseudo_word().title()]),
            "_".join(words),
            words[0],
            "c.a." + words[0] + "." + source.pseudo_word().title() + "Handler",
            words[0].title() + "Service",
        ]
    )


def _pairs(source: WorldSource, rng: Random) -> tuple[str, Found]:
    found: dict[str, Any] = {"stamp": _stamp(rng).replace(" ", "T"), "level": rng.choice(_LEVELS).lower()}
    drawn = {
        "message": source.phrase(), "host": f"{source.pseudo_word()}-{rng.randint(1, 40)}", "ip": _ip(rng), "path": _path(source, rng), "method": rng.choice(["GET", "POST"]),
        "status": Number(str(rng.choice([200, 404, 500, 503, 429]))), "millis": Number(str(rng.randint(1, 9000))), "user": source.pseudo_word(), "pid": Number(str(rng.randint(2, 65000))),
        "attempt": Number(str(rng.randint(1, 9))),
    }  # fmt: skip
    found |= {key: drawn[key] for key in rng.sample(list(drawn), rng.randint(2, 7))}
    names = {
        "stamp": "ts time timestamp",
        "level": "level lvl severity",
        "message": "msg message",
        "millis": "duration_ms elapsed took_ms",
        "attempt": "attempt retry",
        "ip": "ip remote_addr client",
    }
    pairs = {rng.choice(names.get(key, key).split()): value for key, value in found.items()}
    if rng.random() < 0.5:
        plain = {
            name: int(value.literal) if isinstance(value, Number) else value for name, value in pairs.items()
        }
        return json.dumps(plain, ensure_ascii=False), found
    parts = []
    for name, value in pairs.items():
        text = value.literal if isinstance(value, Number) else str(value)
        parts.append(f'{name}="{text}"' if " " in text else f"{name}={text}")
    return " ".join(parts), found


def _system(source: WorldSource, rng: Random) -> tuple[str, Found]:
    stamp, host, pid = _stamp(rng), f"{source.pseudo_word()}{rng.randint(1, 99)}", rng.randint(100, 65000)
    program = rng.choice(["sshd", "kernel", "cron", "postgres", "nginx", "systemd", source.pseudo_word()])
    found: dict[str, Any] = {"stamp": stamp, "host": host, "pid": Number(str(pid)), "logger": program}
    roll = rng.random()
    if roll < 0.4:
        found["user"], found["ip"] = source.pseudo_word(), _ip(rng)
        message = rng.choice(
            [
                "Failed password for {u} from {i} port 4022 ssh2",
                "Accepted publickey for {u} from {i}",
                "session opened for user {u} ({i})",
            ]
        ).format(u=found["user"], i=found["ip"])
    else:
        message = source.phrase()
    found["message"] = message
    return f"{stamp} {host} {program}[{pid}]: {message}", found


def form(rng: Random, locales: Sequence[str]) -> Scene:
    """Labels and values in one language; the schema's names in it, or in English."""
    languages = [locale[:2] for locale in locales]
    language = rng.choices(languages, [SCRIPTS[locale] for locale in locales])[0]
    if language == "en" and rng.random() < 0.6:
        language = rng.choice(languages)
    keys = rng.sample(list(LABELS), rng.randint(2, 8))
    labels = {key: LABELS[key][language] for key in keys}
    keys = [key for key in keys if list(labels.values()).count(labels[key]) == 1] or keys[:1]
    native = rng.random() < 0.35
    roles = [_field(key, labels[key], native) for key in keys]
    made = sheet(rng, roles, grouped=0.1)

    def write(source: WorldSource) -> tuple[str, Found]:
        return _form(WorldSource(source.rng, source.held_out, _locale(source.rng, language)), keys, language)

    return Scene(made, write)


def _field(key: str, label: str, native: bool) -> Role:
    kind = {
        "money": "number",
        "number": "number",
        "integer": "integer",
        "boolean": "boolean",
        "date": "date",
    }.get(KINDS[key], "string")
    name = (
        "".join(
            c for c in label.replace(" ", "_").replace("-", "_").replace("'", "_") if c.isalnum() or c == "_"
        ).lower()
        if native
        else key
    )
    return Role(key, kind, name or key, f"{label}|{key.replace('_', ' ').capitalize()}")


def _form(source: WorldSource, keys: list[str], language: str) -> tuple[str, Found]:
    rng = source.rng
    found: dict[str, Any] = {}
    texts: list[tuple[str, str]] = []
    for key in keys:
        if rng.random() < 0.2:
            continue
        text, value = _value(source, rng, KINDS[key], language)
        found[key] = value
        label = LABELS[key][language]
        texts.append((label, text))
    if rng.random() < 0.5:
        rng.shuffle(texts)
    others = [
        key
        for key in LABELS
        if key not in keys and LABELS[key][language] not in {LABELS[k][language] for k in keys}
    ]
    for key in rng.sample(others, rng.choice([0, 0, 1, 2, 3])):
        text, _ = _value(source, rng, KINDS[key], language)
        texts.insert(rng.randint(0, len(texts)), (LABELS[key][language], text))
    if not texts:
        return source.phrase(), found
    if rng.random() < 0.35:
        made = []
        for label, text in texts:
            shown = label if language == "de" or rng.random() < 0.5 else label.lower()
            line = rng.choice(STATEMENTS[language].split("|")).format(label=shown, value=text)
            made.append(line[:1].upper() + line[1:] if not line.startswith(text) else line)
        joint = "" if language in ("zh", "ja") and rng.random() < 0.5 else rng.choice([" ", "\n"])
        return joint.join(made), found
    separator = rng.choice(
        [
            ": ",
            ": ",
            ": ",
            " : ",
            "\t",
            " - ",
            "：" if language in ("zh", "ja") else ": ",
            "\u00a0: " if language == "fr" else ": ",
            " | ",
            " ..... ",
        ]
    )
    bullet = rng.choice(["", "", "", "- ", "* ", "• "])
    lines = [f"{bullet}{label}{separator}{text}" for label, text in texts]
    if rng.random() < 0.1:
        lines = [f"**{label}**: {text}" for label, text in texts]
    if rng.random() < 0.1:
        lines = [f"{label}\n{text}" for label, text in texts]
    if rng.random() < 0.25:
        lines.insert(
            0, rng.choice([source.company(), source.topic(), source.topic().upper(), f"# {source.topic()}"])
        )
    if rng.random() < 0.15:
        lines.append(source.drawn("sentence"))
    return "\n".join(lines), found


def _value(source: WorldSource, rng: Random, kind: str, language: str) -> tuple[str, Any]:
    match kind:
        case "date":
            day = calendar.day(rng, 1940, 2031)
            return calendar.written(rng, day, language), day.isoformat()
        case "money":
            plain = f"{rng.choice([rng.randint(0, 99), rng.randint(100, 999), rng.randint(1000, 99999)])}.{source.digits(2)}"
            text = (
                calendar.price(rng, plain, language)[0]
                if rng.random() < 0.6
                else calendar.decimal(rng, plain, language)
            )
            return text, Number(plain)
        case "number":
            plain = f"{rng.randint(0, 900)}.{source.digits(rng.choice([1, 2]))}"
            return calendar.decimal(rng, plain, language, grouped=False) + rng.choice(
                ["", "", " kg", " g", "\u00a0kg"]
            ), Number(plain)
        case "integer":
            number = str(rng.choice([rng.randint(1, 20), rng.randint(1, 900)]))
            return number, Number(number)
        case "boolean":
            yes, no = TRUTH[language].split()
            truth = rng.random() < 0.5
            return (yes if truth else no), truth
        case "job" | "nationality":
            text = source.drawn(kind)
            return text, text
    text = str(getattr(source, kind)()).strip()
    return text, text
