"""Log lines of programs, web servers and systems."""

from __future__ import annotations

import json
from random import Random
from typing import Any

from training.scenes import calendar
from training.scenes.locale_source import LocaleSource
from training.scenes.role_schemas import Number, Role, RoleValues

ROLES = (
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


_LEVELS = "INFO WARN ERROR DEBUG FATAL WARNING TRACE CRITICAL NOTICE".split()
_EXCEPTIONS = """java.net.SocketTimeoutException|java.lang.NullPointerException|ValueError|KeyError|TimeoutError|org.postgresql.util.PSQLException
|System.IO.IOException|ConnectionRefusedError|java.lang.IllegalStateException|TypeError|OSError|requests.exceptions.HTTPError
|com.mysql.jdbc.CommunicationsException|ZeroDivisionError|AssertionError|RuntimeException|Errno::ECONNREFUSED|panic""".replace(
    "\n", ""
).split("|")


def log(source: LocaleSource) -> tuple[str, RoleValues]:
    """Write log lines, and return the text and its values by role."""
    rng = source.rng
    return rng.choice([_access, _program, _program, _pairs, _system])(source, rng)


def _path(source: LocaleSource, rng: Random) -> str:
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


def _access(source: LocaleSource, rng: Random) -> tuple[str, RoleValues]:
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


def _program(source: LocaleSource, rng: Random) -> tuple[str, RoleValues]:
    level, logger, stamp = rng.choice(_LEVELS), _logger(source, rng), _stamp(rng)
    role_values: dict[str, Any] = {"stamp": stamp, "level": level, "logger": logger}
    message = source.phrase()
    roll = rng.random()
    if roll < 0.3:
        role_values["attempt"], role_values["millis"] = (
            Number(str(rng.randint(1, 9))),
            Number(str(rng.randint(10, 30000))),
        )
        message += rng.choice(
            [" after {m}ms, attempt {a}", " (attempt {a}, took {m} ms)", ", try {a} of 9, {m}ms"]
        ).format(a=role_values["attempt"].literal, m=role_values["millis"].literal)
    elif roll < 0.6:
        role_values["method"], role_values["path"] = rng.choice(["GET", "POST", "PUT"]), _path(source, rng)
        message += rng.choice([" on {m} {p}", ": {m} {p}", " ({m} {p})"]).format(
            m=role_values["method"], p=role_values["path"]
        )
    role_values["message"] = message
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
        role_values["thread"] = thread
    lines = [form.format(s=stamp, l=level, t=thread, g=logger, m=message)]
    if rng.random() < 0.45:
        role_values["exception"] = rng.choice(_EXCEPTIONS)
        lines.append(f"{role_values['exception']}: {source.phrase()}")
        if rng.random() < 0.7:
            lines += [
                f"\tat {_logger(source, rng)}.{source.pseudo_word()}({source.pseudo_word().title()}.java:{rng.randint(10, 900)})"
                for _ in range(rng.randint(1, 4))
            ]
    return "\n".join(lines), role_values


def _logger(source: LocaleSource, rng: Random) -> str:
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


def _pairs(source: LocaleSource, rng: Random) -> tuple[str, RoleValues]:
    role_values: dict[str, Any] = {
        "stamp": _stamp(rng).replace(" ", "T"),
        "level": rng.choice(_LEVELS).lower(),
    }
    drawn = {
        "message": source.phrase(), "host": f"{source.pseudo_word()}-{rng.randint(1, 40)}", "ip": _ip(rng), "path": _path(source, rng), "method": rng.choice(["GET", "POST"]),
        "status": Number(str(rng.choice([200, 404, 500, 503, 429]))), "millis": Number(str(rng.randint(1, 9000))), "user": source.pseudo_word(), "pid": Number(str(rng.randint(2, 65000))),
        "attempt": Number(str(rng.randint(1, 9))),
    }  # fmt: skip
    role_values |= {key: drawn[key] for key in rng.sample(list(drawn), rng.randint(2, 7))}
    names = {
        "stamp": "ts time timestamp",
        "level": "level lvl severity",
        "message": "msg message",
        "millis": "duration_ms elapsed took_ms",
        "attempt": "attempt retry",
        "ip": "ip remote_addr client",
    }
    pairs = {rng.choice(names.get(key, key).split()): value for key, value in role_values.items()}
    if rng.random() < 0.5:
        plain = {
            name: int(value.literal) if isinstance(value, Number) else value for name, value in pairs.items()
        }
        return json.dumps(plain, ensure_ascii=False), role_values
    parts = []
    for name, value in pairs.items():
        text = value.literal if isinstance(value, Number) else str(value)
        parts.append(f'{name}="{text}"' if " " in text else f"{name}={text}")
    return " ".join(parts), role_values


def _system(source: LocaleSource, rng: Random) -> tuple[str, RoleValues]:
    stamp, host, pid = _stamp(rng), f"{source.pseudo_word()}{rng.randint(1, 99)}", rng.randint(100, 65000)
    program = rng.choice(["sshd", "kernel", "cron", "postgres", "nginx", "systemd", source.pseudo_word()])
    role_values: dict[str, Any] = {"stamp": stamp, "host": host, "pid": Number(str(pid)), "logger": program}
    roll = rng.random()
    if roll < 0.4:
        role_values["user"], role_values["ip"] = source.pseudo_word(), _ip(rng)
        message = rng.choice(
            [
                "Failed password for {u} from {i} port 4022 ssh2",
                "Accepted publickey for {u} from {i}",
                "session opened for user {u} ({i})",
            ]
        ).format(u=role_values["user"], i=role_values["ip"])
    else:
        message = source.phrase()
    role_values["message"] = message
    return f"{stamp} {host} {program}[{pid}]: {message}", role_values
