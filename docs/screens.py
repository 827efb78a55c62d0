"""Pictures of every state of both windows, and sheets to look at: `bin/pictures --states [folder] [languages…]`."""

import re
import sys
import tempfile
import time
from pathlib import Path

from babel import Locale
from playwright.sync_api import expect, sync_playwright

from docs.plain_states import PlainPlay, notices
from docs.sheets import Camera, contact_sheets
from docs.states import DESK_POC, Play, Stage
from tests.browsing import CHROMIUM_FLAGS, Pages
from tests.journeys.embedding import VERSIONS, Books
from tests.journeys.forms import closed_now, open_for
from tests.journeys.host_site import Site
from tests.journeys.windows import SIGN_INS
from tests.live import LiveServer
from tests.people import Agent
from tests.services import find_chromium

LANGUAGES = ["en", "fr", "ar", "ja"]
# What the scenes provoke; anything else that a page says fails the script.
EXPECTED = [
    r"/contacts:.*503",
    r"/chat/contact:.*(401|503)",
    "ERR_INTERNET_DISCONNECTED",
    r"/plain:.*422",
    r"(/transcripts/x+:|ChatClient\.aspx\?bu=4600001&poc=(0{8}.*)?:).*(404|410|422)",
]
LOGGED = re.compile(r'"level": ?"(error|critical)"|\[(ERROR|CRITICAL)\]')


def main() -> None:
    """Play every state in every language; any error in a page or in the server's log fails it."""
    folder = Path(sys.argv[1]) if len(sys.argv) > 1 else Path(tempfile.mkdtemp(prefix="clavardage-states-"))
    languages = sys.argv[2:] or LANGUAGES
    expect.set_options(timeout=20_000)
    with tempfile.TemporaryDirectory() as instance:
        server = LiveServer(Path(instance), CLAVARDAGE_CHATS_PER_ADDRESS_PER_MINUTE="1000")
        try:
            sheets = photographed(server, Camera(folder, languages, huge(languages)))
        finally:
            server.close()
        wrong = [line for line in server.log().splitlines() if LOGGED.search(line)]
        assert not wrong, "errors in the server's log:\n" + "\n".join(wrong)
    sys.stdout.write(f"{len(sheets)} sheets and index.html: {folder}\n")


def photographed(server: LiveServer, camera: Camera) -> list[Path]:
    """Both windows in every language, then the sheets."""
    with Site(server.url) as site, sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=find_chromium(), args=CHROMIUM_FLAGS)
        pages = Pages(chromium)
        pages.allowed += [re.compile(pattern) for pattern in EXPECTED]
        stage = Stage(server, site, Books(server), pages, camera, agents(server), VERSIONS)
        open_for(stage.books, closed_now()[0])
        for language in camera.languages:
            notices(stage, language)
        for version in VERSIONS:
            paint_desk(stage.books, version)
            for language in camera.languages:
                began = time.monotonic()
                Play(stage, version, language).run()
                PlainPlay(stage, version, language).run()
                sys.stderr.write(f"{version} {language}: {time.monotonic() - began:.0f} s\n")
        sheets = contact_sheets(pages, camera)
        pages.close()
        chromium.close()
    return sheets


def agents(server: LiveServer) -> dict[str, Agent]:
    """Who answers in which window, each with a socket."""
    found = {version: Agent(server.url, *SIGN_INS[poc]) for version, poc in VERSIONS.items()}
    for agent in found.values():
        agent.connect()
    return found


def paint_desk(books: Books, version: str) -> None:
    """The desk that is closed gets this version's window."""
    books.change(
        "UPDATE point_of_contact SET chat_profile_id = "
        "(SELECT id FROM chat_profile WHERE interface = ? ORDER BY id LIMIT 1) WHERE guid = ?",
        version[1],
        DESK_POC,
    )


def huge(languages: list[str]) -> set[str]:
    """One language of each direction, for the pictures with huge text; rather not the source's."""
    found: dict[str, str] = {}
    for language in sorted(languages, key=lambda one: one == "en"):
        found.setdefault(Locale.parse(language).text_direction, language)
    return set(found.values())


if __name__ == "__main__":
    main()
