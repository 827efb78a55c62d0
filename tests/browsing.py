"""Chromium for the tests: pages that fail their test on any error of the page, and axe."""

import re
from pathlib import Path

AXE = Path(__file__).parent / "vendor" / "axe.min.js"
# Playwright switches these off; a second list replaces the first one, so it is said again here, with what we add: the
# address bar of a browser that nobody sees loads three hundred files for every new window, half of a test's work.
OFF_BY_PLAYWRIGHT = (
    "AvoidUnnecessaryBeforeUnloadCheckSync,DestroyProfileOnBrowserClose,HttpsUpgrades,HttpsFirstBalancedModeAutoEnable,"
    "LensOverlay,MediaRouter,PaintHolding,ThirdPartyStoragePartitioning,AvoidCorsURLLoaderRestartOnRedirect,"
    "OptimizationHints,NetworkTimeServiceQuerying,AimEnabled,PreconnectToSearch"
)
OFF = f"{OFF_BY_PLAYWRIGHT},WebUIOmniboxPopup,WebUIOmniboxAimPopup,WebUIOmniboxFullPopup"
CHROMIUM_FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
    f"--disable-features={OFF}",
]
AXE_RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
# A refusal that a page handles without a word would pass unseen: every violation becomes a console error.
REPORT_VIOLATIONS = """
document.addEventListener("securitypolicyviolation", (event) => console.error(
  `CSP violation: ${event.effectiveDirective} ${event.blockedURI} ${event.sourceFile}:${event.lineNumber}`))
"""


class Pages:
    """Opens pages and remembers what went wrong in them."""

    def __init__(self, browser):
        self.browser = browser
        self.contexts = []
        self.errors = []
        self.allowed = []

    def __call__(self, url: str | None = None, *, context=None, allow=(), **options):
        """A page in a context of its own (or in ``context``), at ``url`` when given.

        ``options`` are those of Playwright's ``new_context``: viewport, locale, color_scheme, reduced_motion,
        java_script_enabled … ``allow`` are patterns of errors that this test expects.
        """
        self.allowed += [re.compile(pattern) for pattern in allow]
        if context is None:
            context = self.browser.new_context(**options)
            self.watch(context)
        page = context.new_page()
        if url:
            page.goto(url)
        return page

    def watch(self, context):
        """Record what goes wrong in every page of ``context``, pop-ups too."""
        self.contexts.append(context)
        context.add_init_script(REPORT_VIOLATIONS)
        context.on("console", lambda message: message.type == "error" and self._record(message))
        context.on("weberror", lambda error: self.errors.append(f"{error.page.url}: {error.error}"))

    def _record(self, message):
        where = message.location or {}
        self.errors.append(f"{where.get('url')}:{where.get('lineNumber')}: {message.text}")

    def unexpected(self) -> list[str]:
        """The errors that no ``allow`` pattern covers."""
        return [error for error in self.errors if not any(p.search(error) for p in self.allowed)]

    def close(self):
        """Close every context and demand that no page had an error."""
        for context in self.contexts:
            for page in context.pages:  # a request that a test answers may be on its way
                page.unroute_all(behavior="ignoreErrors")
            context.close()
        assert not self.unexpected(), "errors in the browser:\n" + "\n".join(self.unexpected())


def axe(page, *, rules=AXE_RULES, exclude=()) -> list[str]:
    """What axe-core finds in the page and in each of its frames, one readable line a finding; empty is good.

    The source is evaluated, not inserted as a script element, which our CSP would refuse. Axe looks into no
    frame of another origin, so it runs in each one.
    """
    source, findings = AXE.read_text("utf-8"), []
    for frame in page.frames:
        frame.evaluate(source)
        result = frame.evaluate(
            "([rules, exclude]) => axe.run({exclude}, {runOnly: rules, iframes: false})",
            [list(rules), [[selector] for selector in exclude]],
        )
        for violation in result["violations"]:
            nodes = "; ".join(f"{node['target']} {node['html'][:160]}" for node in violation["nodes"][:5])
            rule = f"{violation['id']} ({violation['impact']}): {violation['help']}"
            findings.append(f"{frame.url}: {rule}: {nodes}")
    return findings
