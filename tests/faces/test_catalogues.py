"""Every customer string exists in all 32 languages, with the same placeholders; French has every string."""

import re
from pathlib import Path

import polib
import pytest
from babel.messages.extract import extract_from_dir

from app.customer.language import LANGUAGES

ROOT = Path(__file__).resolve().parents[2]
CUSTOMER = (
    "app/customer/",
    "app/templates/customer/",
    "app/templates/mail/",
    "app/actions/queue_words.py",
    "app/templates/_",
    "app/templates/components.html",
    "app/errors.py",
    "app/assembly/",
    "widget_v1/",
    "widget_v2/",
)
PLACEHOLDER = re.compile(r"%\(\w+\)[sd]|\{\w+\}")
METHODS = [
    ("app/**.py", "python"),
    ("widget_v?/**.py", "python"),
    ("app/templates/**.html", "jinja2"),
    ("app/templates/**.txt", "jinja2"),
    ("widget_v?/templates/**.html", "jinja2"),
]


def strings() -> dict[str, set[str]]:
    """Every message id of the product, with the files that say it."""
    keywords = {"_": None, "gettext": None, "lazy_gettext": None, "ngettext": (1, 2), "plural_texts": (2, 3)}
    found: dict[str, set[str]] = {}
    for file, _, message, _, _ in extract_from_dir(ROOT, METHODS, keywords=keywords, directory_filter=_ours):
        key = message[0] if isinstance(message, tuple) else message
        found.setdefault(key, set()).add(file)
    return found


def _ours(folder) -> bool:
    return not Path(folder).name.startswith((".", "_")) and Path(folder).name not in ("tests", "instance", "bench")


@pytest.fixture(scope="module")
def said() -> dict[str, set[str]]:
    found = strings()
    assert len(found) > 200
    return found


def catalogue(language: str) -> polib.POFile:
    return polib.pofile(str(ROOT / "translations" / language / "LC_MESSAGES" / "messages.po"))


def faults(language: str, wanted: set[str]) -> list[str]:
    """What is missing, fuzzy, or has other placeholders than the original."""
    entries = {entry.msgid: entry for entry in catalogue(language)}
    problems = []
    for key in sorted(wanted):
        entry = entries.get(key)
        texts = [] if entry is None else list(entry.msgstr_plural.values()) or [entry.msgstr]
        if not texts or not all(texts) or entry.fuzzy:
            problems.append(f"not translated: {key}")
            continue
        names = set(PLACEHOLDER.findall(f"{key} {entry.msgid_plural}"))
        # A plural form for exactly one may say it in words.
        odd = [text for text in texts if not set(PLACEHOLDER.findall(text)) <= names]
        if odd or (not entry.msgid_plural and names - set(PLACEHOLDER.findall(texts[-1]))):
            problems.append(f"other placeholders: {key}")
    return problems


@pytest.mark.parametrize("language", [name for name in LANGUAGES if name != "en"])
def test_every_customer_string_exists(language, said):
    customers = {key for key, files in said.items() if any(file.startswith(CUSTOMER) for file in files)}
    assert len(customers) > 60
    assert faults(language, customers) == []


def test_french_is_whole(said):
    assert faults("fr", set(said)) == []


def test_there_is_a_catalogue_for_each_language_and_no_other():
    assert {path.parent.parent.name for path in ROOT.glob("translations/*/LC_MESSAGES/messages.po")} == set(LANGUAGES)


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_plural_rule_is_the_one_of_the_language(language):
    from babel.messages.plurals import get_plural

    entries = [entry for entry in catalogue(language) if entry.msgid_plural and any(entry.msgstr_plural.values())]
    assert all(len(entry.msgstr_plural) == get_plural(language).num_plurals for entry in entries)


@pytest.mark.parametrize("language", LANGUAGES)
def test_what_stands_beside_a_fields_name_stands_in_one_kind_of_brackets(language):
    texts = {entry.msgid: entry.msgstr or entry.msgid for entry in catalogue(language)}
    assert {texts[key][0] + texts[key][-1] for key in ("(required)", "(optional)")} in ({"()"}, {"（）"})


def test_the_faults_are_found(said):
    assert "not translated: This string stands nowhere" in faults("fr", {"This string stands nowhere"})
