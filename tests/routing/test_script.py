"""The routing script: what a walk asks for, and which scripts are none."""

import pytest

from app.errors import Invalid
from app.routing.script import check, filled, walk
from app.texts import in_language, one_line

SCRIPT = {
    "start": [
        {"step": "text", "text": {"en": "Hello {customer_name}", "fr": "Bonjour {customer_name}"}},
        {"step": "request_agent", "skill": "Default"},
        {"step": "queue_message", "text": {"en": "Wait"}},
    ],
    "on_answer": [{"step": "text", "text": {"en": "{FIRST} is here"}}],
}


def test_a_walk_collects_lines_and_the_skill():
    result = walk(SCRIPT, "start", "fr", {"customer_name": "Zoe"})
    assert (result.lines, result.skill) == (["Bonjour Zoe", "Wait"], "Default")
    assert walk(SCRIPT, "on_answer", "en", {"FIRST": "Ana"}).lines == ["Ana is here"]
    assert walk(SCRIPT, "on_release", "en", {}).lines == []


def test_a_text_falls_back_to_english_and_then_to_nothing():
    assert in_language({"en": "a", "fr": "b"}, "ja") == "a"
    assert in_language({"fr": "b"}, "ja") == ""


def test_values_are_text_and_unknown_names_stay():
    assert filled("{a} {b} {{c}}", {"a": "{b}", "b": "1"}) in ("1 1 {{c}}", "{b} 1 {{c}}")
    assert filled("{x}", {}) == "{x}"


def test_a_name_that_turns_the_sentence_is_isolated_and_an_empty_one_takes_its_comma_along():
    assert filled("Thanks, {n}.", {"n": "زينب"}) == "Thanks, \u2068زينب\u2069."
    assert filled("Thanks, {n}.", {"n": "Zoé"}) == "Thanks, Zoé."
    assert filled("Thanks, {n}.", {"n": ""}) == "Thanks."
    assert filled("Thanks, {n}.", {"n": "a\u202eb"}) == "Thanks, ab."


@pytest.mark.parametrize(
    "script",
    [{}, {"start": []}, {"start": [{"step": "text"}]}, {"start": [{"step": "loop"}, {"step": "request_agent"}]}],
)
def test_a_script_without_a_way_to_an_agent_is_refused(script):
    with pytest.raises(Invalid):
        check(script)


def test_the_demo_script_is_sound():
    import tomllib
    from pathlib import Path

    data = tomllib.loads((Path(__file__).parents[2] / "demo/data.toml").read_text("utf-8"))
    for script in data["routing_script"]:
        check(script["steps"])


def test_a_name_cannot_close_the_frame_that_holds_it():
    assert filled("Hello, {who}. Soon.", {"who": "\u202egnp\u2069 \u2066x"}) == "Hello, gnp x. Soon."


@pytest.mark.parametrize("name", ["\u202e\u200b", " \u2066 ", "\u0301", ""])
def test_a_name_of_nothing_to_see_is_no_name(name):
    assert one_line(name) == ""


def test_letters_that_join_without_width_stay_in_a_name():
    assert one_line("  \u0645\u06cc\u200c\u062e  Z ") == "\u0645\u06cc\u200c\u062e Z"
