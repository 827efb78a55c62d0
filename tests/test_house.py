"""The rules of the house, over every file there is; each checker is proved on a planted breach."""

import dataclasses
import re
from pathlib import Path

import pytest

from tests import house
from tests.house import ROOT, files, name_of

TEMPLATES = files(*house.PRODUCT, ends=(".html",))
UNFINISHED = re.compile(r"\b(" + "|".join(["TO" + "DO", "FIX" + "ME", "XX" + "X"]) + r")\b")


def findings(paths: list[Path], check) -> list[str]:
    """What ``check`` finds, as ``path:finding`` lines."""
    return [f"{name_of(path)}:{found}" for path in paths for found in check(path.read_text("utf-8"))]


def outside(paths: list[Path], *rooms: str) -> list[Path]:
    """The paths that lie in none of these rooms (a file, or a folder with its slash)."""
    return [p for p in paths if not any(name_of(p) == room or name_of(p).startswith(f"{room}/") for room in rooms)]


def test_only_the_transaction_and_the_message_log_commit():
    # app/database.py holds SQLite's gate, through which those two commit.
    rooms = ("app/transaction.py", "app/actions/message_log.py", "app/database.py")
    paths = outside(files(*house.PRODUCT), *rooms)
    assert not findings(paths, lambda source: house.mentions(source, "commit", "commit_durably"))


def test_only_the_transaction_and_the_message_log_publish():
    # Who is typing and the places in a queue are kept nowhere: nothing to commit before they are told.
    unkept = ("app/actions/messages.py", "app/actions/places.py")
    rooms = ("app/transaction.py", "app/actions/message_log.py", "app/realtime", *unkept)
    paths = outside(files(*house.PRODUCT), *rooms)
    assert not findings(paths, lambda source: house.mentions(source, "publish"))


def test_only_faces_and_access_know_that_there_is_a_request():
    # The socket server reads the handshake, which is a request until it is answered; the assembly wraps every request.
    rooms = ("app/access.py", "app/access", "app/__init__.py", "app/assembly", "app/realtime/server.py")
    paths = outside(files(*house.PRODUCT), *rooms, *[f"app/{face}" for face in house.FACES])
    assert not findings(paths, house.request_uses)


def test_templates_hold_nothing_that_the_security_policy_refuses():
    assert not findings(TEMPLATES, house.policy_breaches)


def test_templates_say_every_word_through_gettext():
    assert not findings(TEMPLATES, house.bare_words)


def test_no_file_is_longer_than_a_reader_can_hold():
    kinds = (".py", ".js", ".css", ".html")
    limits = [(files(*house.PRODUCT, "bench", "demo", ends=kinds), house.FILE_LINES)]
    limits += [(files("tests"), house.TEST_FILE_LINES)]
    for paths, most in limits:
        lengths = {name_of(path): len(path.read_text("utf-8").splitlines()) for path in paths}
        assert not {name: lines for name, lines in lengths.items() if lines > most}


def test_no_function_is_longer_than_a_reader_can_hold():
    product = files(*house.PRODUCT, "bench", "demo")
    assert not findings(product, lambda source: house.long_functions(source, house.FUNCTION_LINES))
    tests = files("tests")
    assert not findings(tests, lambda source: house.long_functions(source, house.TEST_FUNCTION_LINES))


def test_nothing_is_left_for_later():
    kinds = (".py", ".js", ".css", ".html", ".md", ".toml", ".sh", "")
    paths = files(*house.PRODUCT, "bench", "bin", "demo", "docs", "migrations", "tests", ends=kinds)
    assert not findings(paths, lambda source: [match[0] for match in UNFINISHED.finditer(source)])


def test_every_route_says_who_may_use_it(app):
    assert not house.undeclared(app.view_functions)


def test_every_event_has_a_listener():
    from app.realtime.events import Event

    scripts = "\n".join(path.read_text("utf-8") for path in files(*house.PRODUCT, ends=(".js",)))
    paths = outside(files("app"), "app/realtime/events.py")
    consumers = "\n".join(path.read_text("utf-8") for path in paths)
    unheard = []
    for name, kind in Event.registry.items():
        if name.startswith("_") or re.search(rf"isinstance\([^)]*\b{name}\b|case {name}\b", consumers):
            continue
        frame = kind(**{field.name: None for field in dataclasses.fields(kind) if field.init}).frame()
        if not all(house.hears(scripts, frame[key]) for key in ("t", "what") if key in frame):
            unheard.append(f"{name} {frame}")
    assert not unheard


def test_the_manual_tells_every_setting_and_no_other():
    from app.config import Settings

    manual = (ROOT / "docs/operations.md").read_text("utf-8")
    told = set(re.findall(r"^\|\s*`(CLAVARDAGE_\w+)`", manual, re.M))
    settings = {field.metadata["env"] for field in dataclasses.fields(Settings)}
    assert told - {"CLAVARDAGE_PYTHON"} == settings


@pytest.mark.parametrize(
    ("source", "lines"),
    [
        ("db.session.commit()", [1]),
        ("offload(connection.commit)", [1]),
        ("from x import commit\n\ncommit()", [1, 3]),
        ("def commit():\n    '''db.commit()'''", []),
        ("# session.commit()", []),
    ],
)
def test_a_planted_commit_is_found(source, lines):
    assert house.mentions(source, "commit") == lines


@pytest.mark.parametrize(
    ("source", "lines"),
    [
        ("from flask import current_app, g", [1]),
        ("import flask\nflask.request.args", [2]),
        ("from flask import current_app", []),
        ("request = 1", []),
    ],
)
def test_a_planted_use_of_the_request_is_found(source, lines):
    assert house.request_uses(source) == lines


@pytest.mark.parametrize(
    "template",
    [
        "<script>1</script>",
        '<p style="color: red">',
        "<p data-x='>' onclick=go()>",
        '<a href="javascript:go()">',
        '<button hx-on:click="go()">',
        '<div data-hx-on="x">',
        """<div hx-vals='js:{a: 1}'>""",
        '<div hx-trigger="keyup[ctrlKey]">',
        "<style>p {}</style>",
        '<p {% if x %}style="a"{% endif %}>',
    ],
)
def test_a_planted_breach_of_the_security_policy_is_found(template):
    assert len(house.policy_breaches(template)) == 1


@pytest.mark.parametrize(
    "template",
    [
        '<script type="module" src="{{ url_for("static", filename="a.js") }}"></script>',
        '<script type="application/json" id="strings">{{ strings|tojson }}</script>',
        '{# <p style="x"> #}<!-- <p style="x"> --><p title="{{ \'style="x"\' }}" data-on="1">',
        '<div hx-trigger="load, keyup changed delay:1s">',
    ],
)
def test_what_the_security_policy_allows_passes(template):
    assert house.policy_breaches(template) == []


@pytest.mark.parametrize(
    ("template", "words"),
    [
        ("<p>Hello</p>", "1: Hello"),
        ("<p>\n{{ _('Hello') }} there</p>", "2: there"),
        ('<input placeholder="Your name">', "1: placeholder='Your name'"),
        ('<p title="{{ x }} of">', "1: title="),
    ],
)
def test_a_planted_bare_word_is_found(template, words):
    found = house.bare_words(template)
    assert len(found) == 1
    assert found[0].startswith(words)


@pytest.mark.parametrize(
    "template",
    [
        "<p>{{ _('Hello') }}: 3 &nbsp;&middot; {% trans %}and more{% endtrans %}</p>",
        "{% macro field(name, kind='text') %}<b>{{ name }}</b>{% endmacro %}",
        "<h1>Clavardage</h1><button>A+</button><svg><title>x y</title></svg>",
        "{% if a > 3 %}<p>{{ a }}</p>{% endif %}",
    ],
)
def test_words_that_went_through_gettext_pass(template):
    assert house.bare_words(template) == []


def test_a_planted_long_function_is_found_and_its_docstring_is_free():
    body = "    x = 1\n" * 39
    assert house.long_functions(f"def f():\n{body}", 40) == []
    assert house.long_functions(f"def f():\n    '''a\n    b'''\n{body}", 40) == []
    assert house.long_functions(f"def f():\n{body}    x = 2\n", 40) == ["1 f: 41 lines"]


def test_a_planted_open_route_is_found():
    def view():
        """A view that says nothing."""

    def closed():
        """A view that says who."""

    closed.allowed = "agent"
    views = {"agent.page": view, "agent.other": closed, "static": view, "widget.static": view}
    assert house.undeclared(views) == ["agent.page: None"]


@pytest.mark.parametrize(
    ("script", "heard"),
    [
        ('case "typing":', True),
        ("{typing: f}", True),
        ("  typing(frame) {", True),
        ("// typing", False),
        ("notyping()", False),
    ],
)
def test_a_planted_deaf_script_is_found(script, heard):
    assert house.hears(script, "typing") is heard


def test_every_rule_that_the_code_names_stands_in_the_book_of_rules():
    book = (ROOT / "docs/rules.md").read_text("utf-8")
    named = set()
    for path in files("app", "widget_v1", "widget_v2", ends=(".py", ".js")):
        named |= set(re.findall(r"\brules? (R\d+)", path.read_text("utf-8")))
    assert len(named) > 5
    assert {rule for rule in named if f"| {rule} " not in book} == set()
