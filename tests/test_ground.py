"""The test ground itself: private services, the browser's watch, axe, the last line, each able to fail."""

import http.server
import threading
from collections import Counter
from types import SimpleNamespace

import pytest

from tests import last_line
from tests.browsing import Pages, axe


@pytest.fixture
def site(request):
    """A web server on the loopback address that serves ``request.param``: its HTML and its headers.

    To be named before ``new_page``, which then closes first: a page that outlives its server reports errors.
    """
    html, headers = request.param

    class Handler(http.server.BaseHTTPRequestHandler):
        def do_GET(self):
            self.send_response(200)
            for name, value in {"Content-Type": "text/html; charset=utf-8", **headers}.items():
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(html.encode() if self.path == "/" else b"")

        def log_message(self, *_):
            """Keep quiet."""

    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        yield f"http://127.0.0.1:{server.server_port}/"
        server.shutdown()
        thread.join()


PAGE = '<!doctype html><html lang="en"><title>t</title><body><main><h1>t</h1>{}</main></body></html>'
STRICT = {"Content-Security-Policy": "default-src 'none'; script-src 'self'; style-src 'self'"}


@pytest.mark.postgres
def test_a_new_database_of_the_private_postgresql_is_empty_and_its_own(postgres):
    import psycopg

    first, second = (postgres.new_database().replace("+psycopg", "") for _ in range(2))
    assert first != second
    with psycopg.connect(first) as connection:
        connection.execute("CREATE TABLE only_here (n int)")
    with psycopg.connect(second) as connection:
        tables = connection.execute("SELECT count(*) FROM pg_tables WHERE schemaname = 'public'").fetchone()
    assert tables == (0,)


@pytest.mark.redis
def test_the_private_redis_forgets_when_it_is_killed_and_answers_again_when_started(redis_server, redis_url):
    import redis

    with redis.Redis.from_url(redis_url) as client:
        client.set("word", "kept")
        redis_server.kill()
        redis_server.start()
        assert client.get("word") is None


@pytest.mark.browser
@pytest.mark.parametrize(
    ("site", "error"),
    [
        ((PAGE.format("<script>throw new Error('planted')</script>"), {}), "planted"),
        ((PAGE.format("<script>console.error('planted')</script>"), {}), "planted"),
        ((PAGE.format('<p style="color:red">x</p>'), STRICT), "CSP violation: style-src-attr"),
        ((PAGE.format("<script>1</script>"), STRICT), "CSP violation: script-src-elem"),
    ],
    indirect=["site"],
    ids=["thrown", "logged", "inline style", "inline script"],
)
def test_an_error_in_a_page_fails_the_test_that_opened_it(site, browser, error):
    pages = Pages(browser)
    page = pages(site)
    page.wait_for_load_state("networkidle")
    with pytest.raises(AssertionError, match=error):
        pages.close()


@pytest.mark.browser
@pytest.mark.parametrize("site", [(PAGE.format("<script>console.error('planted')</script>"), {})], indirect=True)
def test_an_error_that_the_test_expects_does_not_fail_it(site, new_page):
    new_page(site, allow=["planted"])


@pytest.mark.browser
@pytest.mark.parametrize(
    ("site", "findings"),
    [((PAGE.format("<p>fine</p>"), STRICT), 0), ((PAGE.format("<img src=/x alt>" + "<input>"), STRICT), 1)],
    indirect=["site"],
    ids=["clean", "input without a label"],
)
def test_axe_works_under_a_strict_policy_and_finds_what_is_wrong(site, new_page, findings):
    found = axe(new_page(site, allow=["img-src", "/x"]))
    assert len(found) == findings, found


def test_the_last_line_names_what_was_left_out_and_why():
    stats = {"passed": [1, 2], "failed": [1], "error": [1], "skipped": [1, 2, 3], "xfailed": [1]}
    reasons = Counter({"no redis-server: install redis-server": 3})
    assert last_line.summary(stats, reasons, 7, "ruff check") == (
        "clavardage tests: 3 passed, 2 failed, 3 skipped (no redis-server: install redis-server: 3)"
        ", 7 left out by choice; failed before them: ruff check"
    )


@pytest.mark.parametrize(("required", "outcome"), [(True, "failed"), (False, "skipped")])
def test_a_skip_is_a_failure_where_everything_is_required(monkeypatch, required, outcome):
    monkeypatch.setattr(last_line, "REQUIRE_ALL", required)
    monkeypatch.setattr(last_line, "_reasons", Counter())
    report = SimpleNamespace(outcome="skipped", longrepr=("file", 1, "Skipped: no Chromium"))
    last_line._refuse_skip(report)
    assert report.outcome == outcome
    assert (last_line._reasons == {"no Chromium": 1}) is not required
