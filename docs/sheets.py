"""Pictures of states, and sheets of them: `Camera` takes a state in every look, `contact_sheets` lays them out."""

import base64
import hashlib
import html
import re
from dataclasses import dataclass
from itertools import groupby
from pathlib import Path

from playwright.sync_api import Page

from tests.browsing import Pages

PHONE, SMALL, DESK = (380, 640), (320, 600), (760, 640)
IN_A_SHEET = 8
LOOK_OF_PAGE = """([text, contrast]) => {
  const root = document.documentElement;
  if (!document.getElementById("window")) return;
  root.dataset.normal ??= root.dataset.text ?? "";
  const size = text || root.dataset.normal;
  if (size) root.dataset.text = size;
  if (contrast) root.dataset.contrast = "more";
  else delete root.dataset.contrast;
}"""
# Without a script nothing of a page's own runs, so this waits for nothing.
SCROLL = """(place) => {
  const scrolls = (one) => one.scrollHeight > one.clientHeight + 1 && getComputedStyle(one).overflowY === "auto";
  for (const one of [document.scrollingElement, ...document.querySelectorAll("*:not(textarea)")])
    if (one === document.scrollingElement || scrolls(one)) one.scrollTop = place === "end" ? one.scrollHeight : 0;
}"""
REST = """async () => {
  await document.fonts.ready;
  await new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)));
}"""
STYLE = """
body { margin: 0; padding: 16px; background: #cfd6de; font: 13px system-ui, sans-serif; color: #17212b }
h2 { margin: 24px 0 8px; font-size: 16px } main { display: flex; flex-wrap: wrap; gap: 12px; align-items: start }
figure { margin: 0 } figcaption { padding: 0 0 4px } img { display: block; height: 640px; background: #fff }
"""


@dataclass(frozen=True)
class Look:
    """How a page is looked at."""

    name: str
    size: tuple[int, int] = PHONE
    scheme: str = "light"
    text: str = ""
    forced: bool = False
    contrast: bool = False


LIGHT, DARK = Look("light"), Look("dark", scheme="dark")
HUGE = Look("huge", SMALL, text="huge")
FORCED, CONTRAST = Look("forced colours", forced=True), Look("high contrast", contrast=True)


@dataclass(frozen=True)
class Shot:
    """One picture."""

    window: str
    state: str
    language: str
    look: Look
    path: Path

    @property
    def group(self) -> tuple[bool, str, str]:
        """Pictures with the same are shown together."""
        return self.look not in (LIGHT, DARK), self.window, self.state


class Camera:
    """Takes states of pages; what looks the same in the dark is kept once."""

    def __init__(self, folder: Path, languages: list[str], huge: set[str]):
        self.folder, self.languages, self.huge = folder, languages, huge
        self.shots: list[Shot] = []
        (folder / "pictures").mkdir(parents=True, exist_ok=True)

    def looks(self, window: str, language: str) -> list[Look]:
        """The looks of one language: light and dark always, the others once."""
        first = language == self.languages[0]
        more = [(HUGE, language in self.huge), (FORCED, first), (CONTRAST, first and window == "V2")]
        return [LIGHT, DARK, *(look for look, wanted in more if wanted)]

    def take(self, page: Page, window: str, state: str, language: str, scroll="", size=PHONE, scripted=True) -> None:
        """Take a state in every look; ``scroll``: "start" or "end" of what scrolls; the page stays in light."""
        toward = (scroll, scripted)
        kept = ""
        page.mouse.move(1, 1)
        for look in self.looks(window, language):
            self.show(page, look, size if look.size == PHONE else look.size, *toward)
            picture = page.screenshot(animations="disabled")
            digest = hashlib.sha256(picture).hexdigest()
            if look is LIGHT:
                kept = digest
            elif digest == kept:
                continue
            name = re.sub(r"\W+", "-", f"{window} {state} {language} {look.name}".lower())
            path = self.folder / "pictures" / f"{name}.png"
            path.write_bytes(picture)
            self.shots.append(Shot(window, state, language, look, path))
        self.show(page, LIGHT, size, *toward)

    def show(self, page: Page, look: Look, size: tuple[int, int], scroll: str, scripted: bool) -> None:
        """The page in this look."""
        if page.viewport_size != {"width": size[0], "height": size[1]}:
            page.set_viewport_size({"width": size[0], "height": size[1]})
        page.emulate_media(color_scheme=look.scheme, forced_colors="active" if look.forced else "none")
        for frame in page.frames:
            frame.evaluate(LOOK_OF_PAGE, [look.text, look.contrast])
            if scroll:
                frame.evaluate(SCROLL, scroll)
            if scripted:
                frame.evaluate(REST)


def contact_sheets(pages: Pages, camera: Camera) -> list[Path]:
    """index.html with everything, and sheets of eight pictures as PNG."""
    order = {group: number for number, group in reversed(list(enumerate(shot.group for shot in camera.shots)))}
    shots = sorted(
        camera.shots, key=lambda shot: (shot.group[0], shot.window, order[shot.group], shot.look.name != "light")
    )
    groups = [list(group) for _, group in groupby(shots, key=lambda shot: shot.group)]
    _index(camera.folder, groups)
    page, sheets = pages(viewport={"width": 1620, "height": 1000}), []
    for number, sheet in enumerate(_packed(groups), 1):
        page.set_content(
            f"<style>{STYLE}</style><main>{''.join(_figure(shot, _inline(shot)) for shot in sheet)}</main>"
        )
        page.evaluate("Promise.all([...document.images].map((image) => image.decode()))")
        sheets.append(camera.folder / f"sheet-{number:03}.png")
        page.screenshot(path=sheets[-1], full_page=True)
    return sheets


def _packed(groups: list[list[Shot]]) -> list[list[Shot]]:
    """Sheets of groups; a group stays together where it fits."""
    sheets: list[list[Shot]] = [[]]
    for group in groups:
        for start in range(0, len(group), IN_A_SHEET):
            part = group[start : start + IN_A_SHEET]
            if len(sheets[-1]) + len(part) > IN_A_SHEET or (sheets[-1] and sheets[-1][0].window != part[0].window):
                sheets.append([])
            sheets[-1] += part
    return [sheet for sheet in sheets if sheet]


def _index(folder: Path, groups: list[list[Shot]]) -> None:
    parts = []
    for group in groups:
        figures = "".join(_figure(shot, f"pictures/{shot.path.name}") for shot in group)
        parts.append(f"<h2>{group[0].window} · {html.escape(group[0].state)}</h2><main>{figures}</main>")
    head = f'<!doctype html><meta charset="utf-8"><title>Every state</title><style>{STYLE}</style>'
    (folder / "index.html").write_text(head + "".join(parts), "utf-8")


def _figure(shot: Shot, source: str) -> str:
    words = html.escape(f"{shot.window} · {shot.state} · {shot.language} · {shot.look.name}")
    return f'<figure><figcaption>{words}</figcaption><img loading="lazy" alt="" src="{source}"></figure>'


def _inline(shot: Shot) -> str:
    return f"data:image/png;base64,{base64.b64encode(shot.path.read_bytes()).decode()}"
