"""A form before the chat with a field of every type, and opening hours that suit a test."""

import json
from datetime import UTC, datetime, timedelta


def _both(english: str, french: str) -> dict:
    return {"en": english, "fr": french}


def _option(value: str, english: str, french: str) -> dict:
    return {"value": value, "label": _both(english, french)}


def _field(name: str, kind: str, label: dict | None = None, **more) -> dict:
    return {"name": name, "type": kind, "label": label or {}, **more}


FORM = [
    _field("name", "text", _both("Name", "Nom"), role="name", required=True),
    _field(
        "email", "email", _both("Mail", "Courriel"), role="email", required=True, help=_both("For you.", "Pour vous.")
    ),
    _field("phone", "phone", _both("Telephone", "Téléphone"), role="phone"),
    _field(
        "topic",
        "choice",
        _both("Topic", "Sujet"),
        required=True,
        options=[_option("lamp", "A lamp", "Une lampe"), _option("order", "An order", "Une commande")],
    ),
    _field(
        "urgent",
        "radio",
        _both("How urgent?", "Est-ce urgent ?"),
        required=True,
        options=[_option("now", "Today", "Aujourd’hui"), _option("later", "It can wait", "Cela peut attendre")],
    ),
    _field("words", "long_text", _both("Question", "Question"), role="question"),
    _field("news", "checkbox", _both("Send me news", "Envoyez-moi des nouvelles"), default="yes"),
    _field("terms", "consent", _both("I agree", "J’accepte"), url="https://house.example/privacy"),
    _field("source", "hidden", default="chat"),
]
ANSWERS = ["Mika", "mika@example.com", "", "order", "later", "Two lines\nof it", "yes", "yes", "chat"]


def ask(books, fields: list[dict]) -> None:
    """The profile of the demo's modern window asks these fields."""
    books.change("UPDATE chat_profile SET pre_chat_fields = ? WHERE interface = 2", json.dumps(fields))


def fill(page) -> None:
    """Answers as in `ANSWERS`; the two that begin with a value stay as they are."""
    form = page.locator("[data-start]")
    form.locator("[name=name]").fill("Mika")
    form.locator("[name=email]").fill("mika@example.com")
    form.locator("[name=topic]").select_option("order")
    form.get_by_label("It can wait").check()
    form.locator("[name=words]").fill("Two lines\nof it")
    form.locator("[name=terms]").check()


def open_for(books, weekly: list[dict]) -> None:
    """The hours of the demo's desk that is never open, in UTC."""
    books.change("UPDATE opening_hours SET timezone = 'UTC', weekly = ?, exceptions = '[]'", json.dumps(weekly))


def closed_now() -> tuple[list[dict], datetime]:
    """Hours of one hour a day that are not now, and when they begin next (a full hour, in UTC)."""
    begin = datetime.now(UTC).replace(minute=0, second=0, microsecond=0) + timedelta(hours=3)
    times = {"from": f"{begin:%H}:00", "to": f"{begin + timedelta(hours=1):%H}:00"}
    return [{"day": day, **times} for day in range(7)], begin


ALWAYS = [{"day": day, "from": "00:00", "to": "00:00"} for day in range(7)]
