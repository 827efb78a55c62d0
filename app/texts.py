"""Texts that people of the organisation wrote, kept per language as ``{language: text}``; and what a text may hold."""


def in_language(texts: dict[str, str] | None, language: str, default: str = "en") -> str:
    """A text in the reader's language, else in ``default``, else in English, else none (rule R1)."""
    texts = texts or {}
    return texts.get(language) or texts.get(default) or texts.get("en", "")


def storable(text: str) -> bool:
    """Can every database keep it? Half a surrogate pair is no text, and PostgreSQL takes no NUL."""
    try:
        text.encode()
    except UnicodeEncodeError:
        return False
    return "\x00" not in text
