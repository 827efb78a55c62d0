"""The rules of the house that no linter knows, as functions from a source text to its findings."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
PRODUCT = ("app", "widget_v1", "widget_v2")
FACES = ("customer", "agent", "admin", "auth", "api")
FILE_LINES, TEST_FILE_LINES = 250, 400
FUNCTION_LINES, TEST_FUNCTION_LINES = 40, 80
# Who may use a route: the words that the decorators of app.access write on a view.
ALLOWED = {"anyone", "customer", "agent", "supervisor", "administrator", "signed-in"}
# A name is the same in every language.
NAMES = {"Clavardage"}
SPOKEN_ATTRIBUTES = ("alt", "aria-description", "aria-label", "aria-placeholder", "placeholder", "title")


def files(*folders: str, ends: tuple[str, ...] = (".py",)) -> list[Path]:
    """The files of these folders of the checkout, vendored ones and byte code left aside."""
    found = []
    for folder in folders:
        for path in sorted((ROOT / folder).rglob("*")):
            if path.suffix in ends and path.is_file() and "vendor" not in path.parts:
                found.append(path)
    return found


def name_of(path: Path) -> str:
    """The path as a reader of the repository knows it."""
    return path.relative_to(ROOT).as_posix()


def mentions(source: str, *names: str) -> list[int]:
    """The lines on which one of ``names`` is called, passed on or imported; defining it does not count."""
    lines = []
    for node in ast.walk(ast.parse(source)):
        if (
            (isinstance(node, ast.Attribute) and node.attr in names)
            or (isinstance(node, ast.Name) and node.id in names and isinstance(node.ctx, ast.Load))
            or (isinstance(node, ast.ImportFrom) and any(alias.name in names for alias in node.names))
        ):
            lines.append(node.lineno)
    return sorted(set(lines))


def request_uses(source: str) -> list[int]:
    """The lines that reach for Flask's ``request``, ``g`` or ``session``, which a request alone has."""
    inside = {"request", "g", "session"}
    lines = []
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.ImportFrom) and node.module == "flask":
            lines += [node.lineno for alias in node.names if alias.name in inside | {"*"}]
        elif isinstance(node, ast.Attribute) and node.attr in inside and ast.unparse(node.value) == "flask":
            lines.append(node.lineno)
    return lines


def long_functions(source: str, most: int) -> list[str]:
    """The functions of more than ``most`` lines. The docstring does not count, so rules can be told."""
    found = []
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            told = node.body[0]
            is_told = isinstance(told, ast.Expr) and isinstance(told.value, ast.Constant)
            lines = node.end_lineno - node.lineno + 1 - (told.end_lineno - told.lineno + 1 if is_told else 0)
            if lines > most:
                found.append(f"{node.lineno} {node.name}: {lines} lines")
    return found


def without_jinja(template: str) -> str:
    """The template with Jinja's parts and everything translated cut out, line for line."""
    parts = (
        r"\{#.*?#\}",
        r"\{%-?\+?\s*trans\b.*?endtrans\s*-?%\}",
        r"\{%.*?%\}",
        r"\{\{.*?\}\}",
    )
    for part in parts:
        template = re.sub(part, lambda cut: " \x00 " + "\n" * cut[0].count("\n"), template, flags=re.S)
    return template


def tags(template: str) -> Iterator[tuple[int, str, dict[str, str]]]:
    """Each opening tag of a template: its line, its name and its attributes (what was cut out is NUL)."""
    text = re.sub(r"<!--.*?-->", lambda cut: "\n" * cut[0].count("\n"), without_jinja(template), flags=re.S)
    for tag in re.finditer(r"""<([a-zA-Z][\w-]*)((?:[^>"']|"[^"]*"|'[^']*')*)>""", text):
        written = re.findall(r"""([^\s"'=<>/\x00]+)(?:\s*=\s*(?:"([^"]*)"|'([^']*)'|([^\s>]+)))?""", tag[2])
        attributes = {name.lower(): a or b or c for name, a, b, c in written}
        yield text.count("\n", 0, tag.start()) + 1, tag[1].lower(), attributes


def policy_breaches(template: str) -> list[str]:
    """What our Content-Security-Policy would refuse: inline code, styles, and what htmx needs eval for."""
    found = []
    for line, tag, attributes in tags(template):
        # Data for a module travels in a script element of a type that is never run.
        if tag == "script" and "src" not in attributes and attributes.get("type") != "application/json":
            found.append(f"{line}: script without src")
        if tag == "style":
            found.append(f"{line}: style element")
        for name, value in attributes.items():
            bare = name.removeprefix("data-")
            if name == "style" or re.fullmatch(r"on[a-z]+", name) or bare.startswith("hx-on"):
                found.append(f"{line}: {name}=")
            elif value.lstrip().startswith(("javascript:", "js:")):
                found.append(f"{line}: {name}={value}")
            elif bare.startswith("hx-trigger") and "[" in value:
                found.append(f"{line}: filter in {name}")
    return found


def bare_words(template: str) -> list[str]:
    """The words a reader would see that did not go through gettext, in text and in spoken attributes."""
    found = []
    for line, _tag, attributes in tags(template):
        for name in SPOKEN_ATTRIBUTES:
            if _words(attributes.get(name, "")):
                found.append(f"{line}: {name}={attributes[name]!r}")
    text = without_jinja(template)
    unseen = r"<!--.*?-->|<(script|style|code|svg)\b.*?</\1>|" + r"""<(?:[^>"']|"[^"]*"|'[^']*')*>"""
    text = re.sub(unseen, lambda cut: " " + "\n" * cut[0].count("\n"), text, flags=re.S | re.I)
    for number, line in enumerate(text.split("\n"), 1):
        if words := _words(line):
            found.append(f"{number}: {' '.join(words)}")
    return found


def _words(text: str) -> list[str]:
    """Words of two letters or more, without entities and names."""
    return [word for word in re.findall(r"[^\W\d_]{2,}", re.sub(r"&#?\w+;", " ", text)) if word not in NAMES]


def undeclared(view_functions: dict) -> list[str]:
    """The endpoints whose view does not say who may use it; Flask's own static files are for anyone."""
    found = []
    for endpoint, view in view_functions.items():
        if endpoint.rpartition(".")[2] == "static":
            continue
        allowed = getattr(view, "allowed", getattr(getattr(view, "view_class", None), "allowed", None))
        words = {allowed} if isinstance(allowed, str) else set(allowed or ())
        if not words or not words <= ALLOWED:
            found.append(f"{endpoint}: {allowed!r}")
    return found


def hears(script: str, word: str) -> bool:
    """Does a module name this frame, as a string or as the key of a table of listeners?"""
    word = re.escape(word)
    return re.search(rf"""["'`]{word}["'`]|(?:^|[{{,])\s*{word}\s*[:(]""", script, re.M) is not None
