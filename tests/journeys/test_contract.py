"""The contract of both windows: one play through every state, and what must hold in each of them, whatever the paint.

The play is that of the pictures (docs/states.py); here nobody photographs, but axe and a ruler look at each state.
"""

import re

import pytest

from docs.plain_states import PlainPlay
from docs.screens import EXPECTED, agents, paint_desk
from docs.sheets import DARK, HUGE, LIGHT, PHONE, Camera
from docs.states import Play, Stage
from tests.browsing import axe
from tests.journeys.embedding import VERSIONS, Books
from tests.journeys.forms import closed_now, open_for

pytestmark = [pytest.mark.browser, pytest.mark.slow]

STATES = """
form · language dialog · form with errors · waiting · waiting with a line · conversation, its beginning · conversation ·
typing · draft with counter · end question · keep this conversation · in another tab · offline · line not sent · error ·
ending with undo · receipt · receipt, its end · rating chosen · rating given, letter sent · transcript · lost · button ·
button with unread · in a page · in a wide page · ended by the agent · closed · closed, its end ·
closed, a message with errors · closed, message left · no script: form · no script: form, its end ·
no script: waiting · no script: conversation · no script: refreshed by hand · no script: end question ·
no script: receipt · no script: receipt, its end · no script: rated · no script: closed
"""
# A form of one name that nobody must tell has nothing to be wrong in.
FORM_ALONE = {"form with errors, its end", "no script: form with errors"}
# Of everything that can be pressed: what is smaller than a finger, or sticks out of the page. A link in a text is text.
RULER = """() => {
  const shown = (one) => one.checkVisibility({ visibilityProperty: true, opacityProperty: true });
  const found = [];
  const over = document.scrollingElement.scrollWidth - innerWidth;
  if (over > 1) found.push(`${over} px wider than the page`);
  for (const one of document.querySelectorAll("button, select, textarea, input:not([type=hidden])")) {
    const target = one.closest("label") ?? one;
    const { width, height, left, right } = target.getBoundingClientRect();
    if (!shown(target) || !width) continue;
    const name = one.outerHTML.slice(0, 80);
    if (Math.min(width, height) < 24) found.push(`${width} x ${height} px: ${name}`);
    if (left < -1 || right > innerWidth + 1) found.push(`sticks out from ${left} to ${right}: ${name}`);
  }
  return found;
}"""


class Judge(Camera):
    """Stands where the camera stands, and writes down what is wrong."""

    def __init__(self, folder, language: str):
        super().__init__(folder, [language], {language})
        self.states, self.wrong = [], []

    def take(self, page, window, state, language, scroll="", size=PHONE, scripted=True):
        """Look at a state in light, in the dark, and with huge text at 320 px; the page stays in light."""
        self.states.append(state)
        for look in (LIGHT, DARK, HUGE):
            self.show(page, look, size if look.size == PHONE else look.size, scroll, scripted)
            found = [finding for frame in self.ours(page) for finding in frame.evaluate(RULER)]
            if scripted and look is not HUGE:
                found += axe(page)  # a script itself; pages without one are judged in test_without_javascript
            self.wrong += [f"{window}, {state}, {look.name}: {finding}" for finding in found]
        self.show(page, LIGHT, size, scroll, scripted)

    def ours(self, page) -> list:
        """The frames with a page of ours in them that can be seen."""
        return [f for f in page.frames if "/inContact/" in f.url or "/chat/" in f.url]


@pytest.mark.parametrize("version", VERSIONS)
def test_every_state_of_both_windows_keeps_the_contract(server, site, new_page, tmp_path, version):
    new_page.allowed += [re.compile(pattern) for pattern in EXPECTED]
    judge, books = Judge(tmp_path, "ar"), Books(server)
    stage = Stage(server, site, books, new_page, judge, agents(server), VERSIONS)
    open_for(books, closed_now()[0])
    paint_desk(books, version)
    Play(stage, version, "ar").run()
    PlainPlay(stage, version, "ar").run()
    for agent in stage.agents.values():
        agent.live.close()
    assert not judge.wrong, "\n".join(judge.wrong)
    expected = {state.strip() for state in STATES.split("·")}
    assert set(judge.states) == expected | (FORM_ALONE if version == "V2" else set())
