"""Kinds of rows: their fields, names of the fields in several languages, and values."""

import random
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from grounding_rendering import Notation

from training import words

LANGUAGES = ("en", "de", "fr", "ru", "zh", "ja")
NAMES = {
    "ru": "Иван Петров,Анна Смирнова,Ольга Кузнецова,Пётр Волков,Мария Соколова,Олег Лебедев".split(","),
    "zh": "王伟,李娜,张敏,刘洋,陈静,杨帆,赵磊".split(","),
    "ja": "佐藤花子,鈴木一郎,高橋健,田中美咲,伊藤大輔".split(","),
}
TOWNS = {
    "ru": "Москва,Казань,Самара,Омск,Пермь".split(","),
    "zh": "北京,上海,广州,成都,武汉".split(","),
    "ja": "東京,大阪,京都,札幌".split(","),
    "de": "Köln,München,Zürich,Lübeck,Wien".split(","),
    "fr": "Lyon,Nîmes,Orléans,Besançon,Liège".split(","),
}
GOODS = {
    "de": "Schraubenzieher,Bürostuhl,Kabeltrommel,Leuchte,Handschuhe,Farbe weiß,Dübel 8 mm".split(","),
    "fr": "Câble réseau,Ampoule LED,Chaise pliante,Boîte,Étagère,Papier A4,Vis inox".split(","),
    "ru": "Кабель силовой,Бумага А4,Стул офисный,Лампа,Картридж,Болт М8,Перчатки".split(","),
    "zh": "打印纸,办公椅,网线,台灯,螺丝,手套,电池".split(","),
    "ja": "コピー用紙,椅子,ケーブル,電球,手袋,電池,工具箱".split(","),
}
ROLES = {
    "en": "Nurse,Driver,Clerk,Guard,Cook,Technician,Night porter".split(","),
    "de": "Pfleger,Fahrer,Sachbearbeiterin,Wache,Koch".split(","),
    "fr": "Infirmier,Chauffeur,Cuisinier,Gardien".split(","),
    "ru": "Водитель,Повар,Охранник,Медсестра".split(","),
    "zh": "护士,司机,厨师,保安".split(","),
    "ja": "看護師,運転手,調理師".split(","),
}
MESSAGES = (
    "connection closed by peer|request served|retry of the upload|cache miss, value loaded|job queued|"
    "disk usage high|user signed in|token expired|worker started|worker stopped: code 0|checkpoint written"
).split("|")
Draw = Callable[[random.Random, str, int], Any]
"""From the source of chance, the language and the row's index."""


@dataclass(frozen=True)
class Field:
    """`form` says how a value is written: `text`, `money`, `whole`, `number` or `date`."""

    name: str
    form: str
    draw: Draw
    titles: dict[str, str]
    """Column titles by language, several with `/` between."""

    @property
    def schema(self) -> dict[str, Any]:
        kinds = {"money": "number", "whole": "integer", "number": "number"}
        return (
            {"type": "string", "format": "date"}
            if self.form == "date"
            else {"type": kinds.get(self.form, "string")}
        )

    def title(self, rng: random.Random, language: str) -> str:
        return rng.choice(self.titles.get(language, self.titles["en"]).split("/"))

    def shown(self, value: Any, notation: Notation) -> str:
        if value is None:
            return ""
        if self.form == "money":
            return notation.amount(value)
        if self.form == "number":
            return notation.number(value)
        return notation.day(value) if self.form == "date" else str(value)

    @property
    def numeric(self) -> bool:
        return self.form in ("money", "whole", "number")


def person(rng: random.Random, language: str, _: int = 0) -> str:
    if language in NAMES:
        return rng.choice(NAMES[language])
    return f"{rng.choice(words.FIRST)} {rng.choice(words.LAST)}"


def town(rng: random.Random, language: str, _: int = 0) -> str:
    return rng.choice(TOWNS.get(language, words.CITIES))


def firm(rng: random.Random, *_: Any) -> str:
    return f"{rng.choice(words.COMPANY)} {rng.choice(words.COMPANY_KINDS)}{rng.choice(words.COMPANY_ENDS)}"


def goods(rng: random.Random, language: str, _: int = 0) -> str:
    if language in GOODS:
        return rng.choice(GOODS[language])
    return f"{rng.choice(words.ADJECTIVES)} {rng.choice(words.NOUNS)}"


def payment(rng: random.Random, language: str, _: int = 0) -> str:
    if language in GOODS:
        return f"{rng.choice(GOODS[language])} {rng.randint(100, 999)}"
    return rng.choice(
        [
            f"{rng.choice(['Card payment', 'Transfer', 'Direct debit', 'Standing order'])} {firm(rng)}",
            firm(rng),
            f"{goods(rng, language)}, {town(rng, language)}",
            f"Invoice {rng.randint(1000, 99999)} {firm(rng)}",
            "Salary",
        ]
    )


def money(rng: random.Random, *_: Any) -> float:
    return rng.choice(
        [5.0, 20.0, 100.0, *(round(rng.uniform(1, top), 2) for top in (90, 90, 900, 9000, 250_000))]
    )


def signed(rng: random.Random, *_: Any) -> float:
    return money(rng) * rng.choice([1, -1, -1])


def whole(low: int, high: int) -> Draw:
    return lambda rng, *_: rng.randint(low, high)


def code(form: str) -> Draw:
    """Return a maker of codes: `#` is a digit, `@` a letter."""

    def draw(rng: random.Random, *_: Any) -> str:
        chances = {"#": "0123456789", "@": "ABCDEFGHKLMNPRSTVWXZ"}
        return "".join(rng.choice(chances[c]) if c in chances else c for c in form)

    return draw


def day(rng: random.Random, _: str, index: int) -> str:
    """Draw days that go on with the rows."""
    return (date(2024, 1, 2) + timedelta(days=(index // 3 + rng.randint(0, 1)) % 700)).isoformat()


def clock(rng: random.Random, *_: Any) -> str:
    return f"{rng.randint(0, 23):02}:{rng.randint(0, 59):02}"


def moment(rng: random.Random, _: str, index: int) -> str:
    seconds = index * 7 + rng.randint(0, 6)
    when = date(2025, 3, 1) + timedelta(days=seconds // 86_400)
    return f"{when} {seconds // 3600 % 24:02}:{seconds // 60 % 60:02}:{seconds % 60:02}"


DATE = Field("date", "date", day, {
    "en": "Date/Posted/Booking date", "de": "Datum/Buchungstag", "fr": "Date",
    "ru": "Дата", "zh": "日期", "ja": "日付",
})  # fmt: skip
TEXT = Field("description", "text", payment, {
    "en": "Description/Details/Transaction", "de": "Verwendungszweck/Text", "fr": "Libellé", "ru": "Описание",
    "zh": "摘要", "ja": "摘要",
})  # fmt: skip
AMOUNT = Field("amount", "money", signed, {
    "en": "Amount/Value", "de": "Betrag", "fr": "Montant", "ru": "Сумма", "zh": "金额", "ja": "金額",
})  # fmt: skip
NAME = Field("name", "text", person, {
    "en": "Name/Employee", "de": "Name", "fr": "Nom", "ru": "Имя/ФИО", "zh": "姓名", "ja": "氏名",
})  # fmt: skip
TOWN = Field("town", "text", town, {
    "en": "Town/City/Destination", "de": "Ort", "fr": "Ville", "ru": "Город", "zh": "城市", "ja": "都市",
})  # fmt: skip
PRODUCT = Field("product", "text", goods, {
    "en": "Item/Product/Article", "de": "Artikel/Bezeichnung", "fr": "Désignation",
    "ru": "Товар", "zh": "品名", "ja": "品名",
})  # fmt: skip
QUANTITY = Field("quantity", "whole", whole(1, 40), {
    "en": "Qty/Quantity/Units", "de": "Menge", "fr": "Qté", "ru": "Кол-во", "zh": "数量", "ja": "数量",
})  # fmt: skip
PRICE = Field("price", "money", money, {
    "en": "Price/Unit price", "de": "Preis/Einzelpreis", "fr": "Prix", "ru": "Цена",
    "zh": "单价", "ja": "単価",
})  # fmt: skip
SKU = Field("sku", "text", code("@@-####"), {
    "en": "SKU/Code/Art. no.", "de": "Art.-Nr.", "fr": "Réf.", "ru": "Артикул",
    "zh": "货号", "ja": "品番",
})  # fmt: skip
PARCEL = Field("parcel", "text", code("1Z########"), {
    "en": "Parcel/Tracking no.",
    "de": "Sendung", "fr": "Colis", "ru": "Накладная",
    "zh": "运单号", "ja": "送り状",
})  # fmt: skip
WEIGHT = Field("weight", "number", lambda rng, *_: round(rng.uniform(0.2, 80), 1), {
    "en": "Weight kg/kg", "de": "Gewicht", "fr": "Poids", "ru": "Вес",
    "zh": "重量", "ja": "重量",
})  # fmt: skip
ORDER = Field("order", "text", code("O-#####"), {
    "en": "Order/Order no.", "de": "Auftrag", "fr": "Commande", "ru": "Заказ", "zh": "订单", "ja": "注文",
})  # fmt: skip
CUSTOMER = Field("customer", "text", firm, {
    "en": "Customer/Client", "de": "Kunde", "fr": "Client", "ru": "Клиент", "zh": "客户", "ja": "顧客",
})  # fmt: skip
ROLE = Field("role", "text", lambda rng, language, _: rng.choice(ROLES[language]), {
    "en": "Role/Position", "de": "Funktion", "fr": "Poste", "ru": "Должность", "zh": "职位", "ja": "職種",
})  # fmt: skip
START = Field("start", "text", clock, {
    "en": "From/Start", "de": "Beginn", "fr": "Début", "ru": "Начало", "zh": "开始", "ja": "開始",
})  # fmt: skip
END = Field("end", "text", clock, {
    "en": "To/End", "de": "Ende", "fr": "Fin", "ru": "Конец", "zh": "结束", "ja": "終了",
})  # fmt: skip
TIME = Field(
    "time",
    "text",
    moment,
    {"en": "Time/Timestamp", "de": "Zeit", "fr": "Heure", "ru": "Время", "zh": "时间", "ja": "時刻"},
)
LEVEL = Field(
    "level", "text", lambda rng, *_: rng.choice(["INFO", "INFO", "WARN", "ERROR", "DEBUG"]), {"en": "Level"}
)
COMPONENT = Field(
    "component",
    "text",
    lambda rng, *_: rng.choice(["api", "db.pool", "worker-3", "auth", "scheduler"]),
    {"en": "Component/Source"},
)
MESSAGE = Field("message", "text", lambda rng, *_: rng.choice(MESSAGES), {"en": "Message"})


@dataclass(frozen=True)
class Kind:
    """A kind of rows: the name of its list, and its fields. `summed` is the field that a total adds up."""

    list_name: str
    what: str
    fields: tuple[Field, ...]
    summed: str | None = None

    @property
    def schema(self) -> dict[str, Any]:
        return closed({field.name: field.schema for field in self.fields})

    def rows(self, rng: random.Random, language: str, count: int) -> list[dict[str, Any]]:
        return [{f.name: f.draw(rng, language, i) for f in self.fields} for i in range(count)]


def closed(properties: dict[str, Any]) -> dict[str, Any]:
    """Return a closed object all of whose members are required."""
    return {
        "type": "object",
        "properties": properties,
        "required": list(properties),
        "additionalProperties": False,
    }


TRANSACTIONS = Kind("transactions", "transactions", (DATE, TEXT, AMOUNT), "amount")
PRICES = Kind("prices", "articles", (SKU, PRODUCT, PRICE))
WAYBILL = Kind("parcels", "parcels", (PARCEL, NAME, TOWN, WEIGHT), "weight")
ORDERS = Kind("orders", "orders", (ORDER, CUSTOMER, PRODUCT, QUANTITY, PRICE))
ROSTER = Kind("shifts", "shifts", (DATE, NAME, ROLE, START, END))
MATERIALS = Kind("materials", "items", (PRODUCT, QUANTITY), "quantity")
LOG = Kind("entries", "events", (TIME, LEVEL, COMPONENT, MESSAGE))
KINDS = (TRANSACTIONS, PRICES, WAYBILL, ORDERS, ROSTER, MATERIALS)
