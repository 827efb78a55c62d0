"""Which language a customer reads: RFC 4647 lookup that steps along CLDR parents instead of cutting letters."""

import re
from collections.abc import Iterable, Iterator

from babel import Locale
from babel.core import get_global
from flask_babel import ngettext

# Each language in its own words, for the menu: written out, because Babel would load 32 locales for them.
# fmt: off
OWN_NAMES = {
    "ar": "العربية", "bg": "Български", "cs": "Čeština", "da": "Dansk", "de": "Deutsch", "el": "Ελληνικά",
    "en": "English", "es": "Español", "fa": "فارسی", "fi": "Suomi", "fr": "Français", "he": "עברית", "hi": "हिन्दी",
    "hu": "Magyar", "id": "Bahasa Indonesia", "it": "Italiano", "ja": "日本語", "ko": "한국어", "nb": "Norsk bokmål",
    "nl": "Nederlands", "pl": "Polski", "pt": "Português", "ro": "Română", "ru": "Русский", "sv": "Svenska",
    "th": "ไทย", "tr": "Türkçe", "uk": "Українська", "ur": "اردو", "vi": "Tiếng Việt", "zh_Hans": "简体中文",
    "zh_Hant": "繁體中文",
}
# fmt: on
LANGUAGES = tuple(OWN_NAMES)
MAX_HEADER = 2000  # characters; a longer header is cut, never refused
MAX_RANGES = 30

_LIKELY = get_global("likely_subtags")
_PARENTS = get_global("parent_exceptions")
_ALIASES = get_global("language_aliases")
_TERRITORIES = get_global("territory_aliases")
# Not in babel's tables: macro-languages as people use them, and one-way matches of CLDR's languageMatching.
_OWN_ALIASES = {"no": "nb", "cmn": "zh", "mo": "ro", "prs": "fa"}
_OWN_PARENTS = {
    "nn": "nb",
    "gsw": "de",
    "yue": "zh_Hant",
    "yue_Hans": "zh",
    "sr_Latn": "sr",
    "bs_Cyrl": "bs",
}
_TAG = re.compile(
    r"(?P<language>[a-z]{2,3})"
    r"(?:-(?P<extended>[a-z]{3}))?(?:-[a-z]{3}){0,2}"
    r"(?:-(?P<script>[a-z]{4}))?"
    r"(?:-(?P<region>[a-z]{2}|\d{3}))?"
    r"(?:-(?:[a-z0-9]{5,8}|\d[a-z0-9]{3}))*"
    r"(?:-[a-wy-z0-9](?:-[a-z0-9]{2,8})+)*"
    r"(?:-x(?:-[a-z0-9]{1,8})+)?",
    re.IGNORECASE,
)


def negotiate(header: str | None, supported: Iterable[str] = LANGUAGES, default: str = "en") -> str:
    """The supported language that serves the reader best.

    header: an Accept-Language value; default: the profile's language, used for `*` and when nothing fits.
    The first range (by quality, then by order) with any supported ancestor wins; `q=0` refuses a language.
    """
    by_key = {_key(name): name for name in reversed(list(supported))}
    wanted, refused = _ranges(header or "")
    for tag in wanted:
        if tag == "*":
            if _key(default) not in refused:
                return default
            return next((name for key, name in by_key.items() if key not in refused), default)
        for key in _ancestors(tag):
            if key in by_key and key not in refused:
                return by_key[key]
    return default


def choose(asked: str | None, header: str | None, default: str = "en") -> str:
    """Like `negotiate`, but a language asked for by name (the `lang` parameter) beats the header."""
    fallback = default if default in LANGUAGES else "en"
    named = supported(asked) if asked else None
    return named or negotiate(header, LANGUAGES, fallback)


def direction(language: str) -> str:
    """`rtl` or `ltr` for the `dir` attribute."""
    return Locale.parse(language).text_direction


def html_lang(language: str) -> str:
    """The BCP 47 spelling for the `lang` attribute and for `Intl` in the browser."""
    return language.replace("_", "-")


def page_language(language: str) -> dict[str, str]:
    """What every page's template wants to know of its language."""
    return {"lang": language, "html_lang": html_lang(language), "direction": direction(language)}


def plural_texts(language: str, singular: str, plural: str) -> dict[str, str]:
    """Every plural form of a `%(count)s` text under its CLDR category, `{n}` in the place of the number.

    The page picks one by `Intl.PluralRules`, so a catalogue's own numbering of forms never reaches it.
    Must be called inside the locale that is wanted (`force_locale`).
    """
    rule = Locale.parse(language).plural_form
    # 1 comes late: where 0 is "one", too (Hindi), a catalogue may still count 0 with the others.
    samples = {rule(number): number for number in (*range(200, -1, -1), 1, 1_000_000)}
    return {category: ngettext(singular, plural, number, count="{n}") for category, number in samples.items()}


def supported(tag: str) -> str | None:
    """Our language that serves the reader of ``tag`` (`fr-CA`: `fr`), or none."""
    by_key = {_key(name): name for name in LANGUAGES}
    return next((by_key[key] for key in _ancestors(tag) if key in by_key), None)


def _ranges(header: str) -> tuple[list[str], set[str | None]]:
    wanted: list[tuple[float, bool, int, str]] = []
    refused: set[str | None] = set()
    for position, part in enumerate(header[:MAX_HEADER].split(",")[:MAX_RANGES]):
        tag, *options = (piece.strip() for piece in part.split(";"))
        quality = _quality(options)
        if not tag or quality is None:
            continue
        if quality == 0:
            refused.add(_key(tag))
        else:
            wanted.append((-quality, tag == "*", position, tag))
    return [tag for *_, tag in sorted(wanted)], refused


def _quality(options: list[str]) -> float | None:
    for option in options:
        name, _, value = option.partition("=")
        if name.strip().lower() == "q":
            try:
                quality = float(value)
            except ValueError:
                return None
            return quality if 0 <= quality <= 1 else None
    return 1.0


def _parts(tag: str) -> tuple[str, str | None, str | None] | None:
    match = _TAG.fullmatch(tag.strip().replace("_", "-"))
    if not match:
        return None
    language = (match["extended"] or match["language"]).lower()
    script = match["script"].title() if match["script"] else None
    region = match["region"].upper() if match["region"] else None
    alias = _OWN_ALIASES.get(language) or (_ALIASES.get(language) if language not in ("nb", "nn") else None)
    if alias:
        language, *rest = alias.split("_")
        script = script or next((part for part in rest if len(part) == 4), None)
    if len(moved := _TERRITORIES.get(region, ())) == 1:
        region = moved[0]
    return language, script, region


def _default_script(language: str, region: str | None = None) -> str | None:
    likely = (_LIKELY.get(f"{language}_{region}") if region else None) or _LIKELY.get(language)
    return likely.split("_")[1] if likely and "_" in likely else None


def _key(tag: str) -> str | None:
    """The form tags are compared in: the default script left out, any other written out."""
    if not (parts := _parts(tag)):
        return None
    language, script, region = parts
    script = script or _default_script(language, region)
    if script == _default_script(language):
        script = None
    return "_".join(part for part in (language, script, region) if part)


def _ancestors(tag: str) -> Iterator[str]:
    key, seen = _key(tag), set()
    while key and key not in seen:
        seen.add(key)
        yield key
        key = _parent(key)


def _parent(key: str) -> str | None:
    if key in _OWN_PARENTS:
        return _OWN_PARENTS[key]
    if key in _PARENTS and key != "nb":  # CLDR leads nb up to no, which no catalogue of ours is called
        return _key(_PARENTS[key])
    head, _, last = key.rpartition("_")
    # A script that is not the language's usual one has no parent: a reader of zh_Hant is not served by zh.
    return head if head and len(last) != 4 else None
