"""The one language rule: a dialect gets its parent language, never another script."""

import csv
from pathlib import Path

import pytest

from app.customer.language import LANGUAGES, choose, direction, html_lang, negotiate

CASES = Path(__file__).parent.parent / "data" / "accept-language.tsv"


def cases():
    with CASES.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE))


def supported_set(text: str) -> list[str]:
    names: list[str] = []
    for part in text.replace("+", " ").split():
        names.extend(LANGUAGES if part == "ALL" else [part])
    return names


@pytest.mark.parametrize("case", cases(), ids=lambda case: case["header"][:40] or "no header")
def test_a_browser_gets_the_language_of_the_table(case):
    chosen = negotiate(case["header"], supported_set(case["supported"]))
    assert chosen == case["expected"]
    assert direction(chosen) == case["dir"]


def test_there_are_thirty_two_languages_and_four_of_them_run_from_right_to_left():
    assert len(set(LANGUAGES)) == 32
    assert [name for name in LANGUAGES if direction(name) == "rtl"] == ["ar", "fa", "he", "ur"]


def test_a_language_asked_for_by_name_beats_the_header():
    assert choose("ja", "fr-CA,fr;q=0.9") == "ja"
    assert choose("zh-TW", "fr") == "zh_Hant"


def test_an_unknown_language_asked_for_by_name_changes_nothing():
    assert choose("tlh", "fr-CA") == "fr"
    assert choose("<script>", "fr-CA") == "fr"


def test_the_profile_decides_when_the_header_fits_nothing():
    assert choose(None, "tlh", "de") == "de"
    assert choose(None, None, "not a language") == "en"


def test_a_refused_language_is_never_chosen():
    assert negotiate("en;q=0, *", ["en", "fr"]) == "fr"
    assert negotiate("fr;q=0, fr-CA, de;q=0.5") == "de"


def test_nobody_gets_a_script_that_they_did_not_ask_for():
    assert negotiate("zh-TW", ["en", "zh_Hans"]) == "en"
    assert negotiate("sr-Latn, de;q=0.5", ["sr", "de"]) == "sr"
    assert negotiate("uz-Cyrl, de;q=0.5", ["uz", "de"]) == "de"


def test_the_page_spells_languages_as_the_web_does():
    assert html_lang("zh_Hant") == "zh-Hant"


@pytest.mark.parametrize("header", ["," * 5000, "a" * 5000, ";;;;=,q=1", "en;q=", "x-private", "\x00"])
def test_a_hostile_header_gives_the_default(header):
    assert negotiate(header, default="fr") == "fr"
