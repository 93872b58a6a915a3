"""Documents unlike those that the demo model was trained on."""

from typing import Any


def record(**members: Any) -> dict[str, Any]:
    """Build a closed object schema with all members required; a type's name stands for its schema."""
    properties = {name: {"type": part} if isinstance(part, str) else part for name, part in members.items()}
    return {
        "type": "object",
        "properties": properties,
        "required": list(properties),
        "additionalProperties": False,
    }


E_MAIL = """Hi Tom,

quick heads-up: the client moved Thursday's call to next Monday, same time as before (half past nine), and
they want Priya on it too because she did the pricing. Could you bring the numbers for the second quarter?
I guess we were somewhere around forty thousand, but I never got Dana's final sheet.

Also, the projector in the big room is broken again - let's use the small one.

Cheers
Ellen"""

LOG = """[2026-11-03T04:12:09.882Z] WARN  (pool-3) c.a.gateway.RetryHandler - upstream timed out after 3000ms, attempt 2/5
[2026-11-03T04:12:12.901Z] ERROR (pool-3) c.a.gateway.RetryHandler - giving up on POST /v2/orders/99120/capture
java.net.SocketTimeoutException: Read timed out
\tat com.acme.gateway.Http.call(Http.java:211)
\tat com.acme.gateway.RetryHandler.run(RetryHandler.java:87)
[2026-11-03T04:12:12.903Z] INFO  (main) c.a.gateway.Health - status=degraded since=04:12:12"""

GERMAN_LETTER = """Sehr geehrte Frau Oberländer,

vielen Dank für Ihr Schreiben vom 14. Oktober. Leider müssen wir Ihnen mitteilen, dass die Lieferung der
drei Schreibtische sich um voraussichtlich zwei Wochen verzögert. Den bereits gezahlten Betrag von 1.749,50 €
erstatten wir auf Wunsch selbstverständlich zurück.

Mit freundlichen Grüßen
Jörg Weißmüller
Möbelhaus Süd GmbH"""

MARKDOWN_TABLE = """## Q3 head count

| Team        | Lead        | FTE | Open | Notes                      |
|:------------|:------------|----:|-----:|:---------------------------|
| Platform    | R. Okafor   |  14 |    2 | one on leave until January |
| Payments    | S. Lindqvist|   9 |    0 | **frozen**                 |
| Data        | _vacant_    |   6 |    3 | see [plan](https://x.example/p) |"""

RECEIPT = """   CORNER DELI #12
  ***  THANK YOU  ***
2 BGL SSM      5.00
1 LOX 4OZ     11.49 T
1 CRM CHS      3.25
  SUBTTL      19.74
  TX 8.875%    1.02
  TOTL        20.76
VISA ************4418
11/03/26 08:41 REG2 CLK 7"""

CHAT = """@maya: did anyone book the venue??
@leo: yep, the old brewery, paid the 300 deposit from my card lol
@maya: omg thanks. so saturday the 12th, doors at 7?
@leo: 6:30 actually, band needs to sound check"""

UNFAMILIAR_DOCUMENTS: dict[str, tuple[str, dict[str, Any]]] = {
    "e-mail": (
        E_MAIL,
        record(
            sender="string", meeting_day="string", meeting_time="string", amount="number", equipment="string"
        ),
    ),
    "log": (
        LOG,
        record(level="string", exception="string", path="string", attempts="integer", last_status="string"),
    ),
    "German letter": (
        GERMAN_LETTER,
        record(absender="string", firma="string", betrag="number", anzahl="integer", verzug_wochen="integer"),
    ),
    "Markdown table": (
        MARKDOWN_TABLE,
        record(
            teams={
                "type": "array",
                "items": record(team="string", lead="string", fte="integer", open="integer"),
            }
        ),
    ),
    "receipt": (
        RECEIPT,
        record(
            shop="string",
            tax="number",
            total="number",
            card_digits="string",
            items={"type": "array", "items": record(name="string", price="number")},
        ),
    ),
    "chat": (
        CHAT,
        record(venue="string", deposit="number", day="string", doors="string", paid_by="string"),
    ),
}
