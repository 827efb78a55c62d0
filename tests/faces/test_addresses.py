"""The addresses of the classic chat, as they stand on pages in the field (the case's number is the test's id)."""

import json
from urllib.parse import unquote_plus

import pytest

from app.extensions import db
from app.models import Contact, PointOfContact
from app.tokens import random_token
from app.transaction import transaction
from tests.cast import GUID, OUTSIDE_GUID, cast, inside

__all__ = ["cast", "inside"]

WINDOW = "/inContact/ChatClient/ChatClient.aspx"
OTHER = "11111111-2222-4333-8444-555555555555"
SHOP = "https://shop.example"


def is_window(answer, guid: str = GUID) -> bool:
    return answer.status_code == 200 and f'data-poc="{guid}"' in answer.text and 'id="window"' in answer.text


@pytest.mark.parametrize(
    "address",
    [
        pytest.param(f"{WINDOW}?poc={GUID}&bu=1", id="U1 the classic page"),
        pytest.param(f"{WINDOW.lower()}?poc={GUID}&bu=1", id="U2 lower case"),
        pytest.param(f"{WINDOW.upper()}?poc={GUID}&bu=1", id="U2 upper case"),
        pytest.param(f"/inContact/ChatClient/ChatClientPatron.aspx?poc={GUID}&bu=1", id="U3 the older page"),
        pytest.param(f"/incontact/chatclient/index.html?poc={GUID}&bu=1", id="U4 the V2 page"),
        pytest.param(f"{WINDOW}?POC={GUID}&BU=1", id="U6 keys in capitals"),
        pytest.param(f"{WINDOW}?Poc={GUID.upper()}&Bu=1&p1=Ada", id="U6 keys and values mixed"),
        pytest.param(f"{WINDOW}?poc={GUID}&bu=1&P1=First&P2=Last+Name&P3=a%40b.example&P4=555", id="U7 stock pop-up"),
        pytest.param(f"{WINDOW}?poc={GUID}&bu=1&p1=Ada&p2=&p3=&p4=&p5=x", id="U8 empty values"),
        pytest.param(f"{WINDOW}?poc={GUID}&bu=1&p1=Anne O'Neil&p3=o'neil@shop.example", id="U9 not encoded"),
        pytest.param(f"{WINDOW}?poc={GUID}&bu=1&p1=100%&p2=%E9t%E9", id="U9 broken encoding"),
        pytest.param(f"{WINDOW}?Guid={OTHER}&poc={GUID}&bu=1&x[]=1&", id="U10 unknown keys"),
        pytest.param(json.loads(f'"{WINDOW}?poc={GUID}\\u0026bu=1"'), id="U11 from JSON"),
        pytest.param(f"{WINDOW}?poc={GUID}", id="U12 without bu"),
        pytest.param(f"{WINDOW}?poc={GUID}&bu=", id="U12 with an empty bu"),
        pytest.param(f"{WINDOW}?poc={GUID}&POC={OTHER}&bu=1&BU=2", id="U13 the first key wins"),
        pytest.param(f"{WINDOW}?poc=%20{{{GUID}}}%20&bu=1", id="in braces and spaces"),
    ],
)  # fmt: skip
def test_an_address_in_the_field_opens_the_window(cast, client, address):
    answer = client.get(address)
    assert is_window(answer)
    assert "Location" not in answer.headers


def test_u4_without_a_query_the_page_says_what_is_missing(cast, client):
    for path in ("index.html", "Index.HTML", "ChatClient.aspx"):
        answer = client.get(f"/incontact/chatclient/{path}", headers={"Accept-Language": "en"})
        assert answer.status_code == 422
        assert "does not say which chat to open" in answer.text
        assert answer.mimetype == "text/html"


def test_u5_the_host_may_stand_in_capitals(cast, client):
    assert is_window(client.get(f"{WINDOW}?poc={GUID}&bu=1", base_url="http://CHAT.EXAMPLE.ORG"))


def test_u13_of_two_spellings_of_a_place_the_first_one_wins(cast, client):
    page = client.get(f"{WINDOW}?poc={GUID}&P1=Ada&p1=Other&p2=Lovelace&P2=Other").text
    assert 'value="Ada Lovelace"' in page
    assert "Other" not in page


def test_u14_one_host_s_link_never_speaks_of_another_s(cast, client):
    for host, other in (("a.example", "b.example"), ("b.example", "a.example")):
        answer = client.get(f"{WINDOW}?poc={GUID}", base_url=f"https://{host}")
        assert f"wss://{host}" in answer.headers["Content-Security-Policy"]
        assert other not in answer.text + str(answer.headers)


@pytest.mark.parametrize(
    ("query", "status"),
    [
        pytest.param("poc=" + OTHER, 404, id="O8 unknown"),
        pytest.param("poc=nonsense", 404, id="O8 no GUID"),
        pytest.param("poc=" + "9" * 5000, 404, id="O8 endless"),
        pytest.param(f"poc={GUID}&bu=2", 404, id="O7 another organisation's bu"),
        pytest.param(f"poc={OUTSIDE_GUID}&bu=1", 404, id="O7 another organisation's poc"),
        pytest.param(f"poc={GUID}&bu=one", 404, id="O7 no number"),
        pytest.param(f"poc={GUID}&bu={'9' * 30}", 404, id="O7 beyond every number"),
        pytest.param("poc=", 422, id="U4 empty"),
        pytest.param("", 422, id="U4 missing"),
    ],
)
@pytest.mark.parametrize("page", ["ChatClient.aspx", "launcher.html"])
def test_a_wrong_address_gets_a_page_in_the_visitor_s_language(cast, client, page, query, status):
    answer = client.get(f"/inContact/ChatClient/{page}?{query}", headers={"Accept-Language": "fr-CA, en;q=0.5"})
    assert answer.status_code == status
    assert '<html lang="fr"' in answer.text
    assert 'id="window"' not in answer.text
    assert "no-store" in answer.headers["Cache-Control"]


def test_o7_without_bus_no_the_point_of_contact_decides(cast, client):
    assert client.get(f"/inContact/ChatClient/launcher.html?poc={GUID}&bu=&frame=1&from={SHOP}").status_code == 200


@pytest.mark.parametrize("method", ["GET", "POST"])
@pytest.mark.parametrize("path", ["/inContact/Manage/Scripts/Spawn.aspx", "/incontact/manage/scripts/spawn.aspx"])
def test_what_starts_scripts_without_a_chat_is_not_there(cast, client, method, path):
    query = f"scriptName=x&bus_no=1&scriptId=1&skill_no=1&p1=a&Guid={OTHER}"
    assert client.open(f"{path}?{query}", method=method).status_code == 404
    assert db.session.query(Contact).count() == 0


@pytest.mark.parametrize(
    ("given", "values"),
    [
        pytest.param(["Ada", "Lovelace", "a@b.example", "555"], ["Ada", "Lovelace", "a@b.example", "555"], id="P1"),
        pytest.param(["FirstName", "Last name"], ["FirstName", "Last name"], id="P2"),
        pytest.param(["A", "B", "C", -5555], ["A", "B", "C", "-5555"], id="P3"),
        pytest.param([{"name": "Email", "value": "a@b"}, {"name": "Phone"}], ["a@b", ""], id="P4"),
        pytest.param(["eyJhbGciOi.x/y+z=="], ["eyJhbGciOi.x/y+z=="], id="P5"),
        pytest.param(["Mozilla/5.0 (X11; Linux)"], ["Mozilla/5.0 (X11; Linux)"], id="P6"),
        pytest.param([None, "second", None], ["", "second", ""], id="P7"),
        pytest.param([], [], id="P8 empty"),
        pytest.param("text", [], id="P8 no array"),
        pytest.param({"0": "x"}, [], id="P8 an object"),
        pytest.param(None, [], id="P8 null"),
        pytest.param([str(n) for n in range(12)], list("012345678"), id="P9"),
        pytest.param(['<b>"x"\n\U0001f600 \u05e9'], ['<b>"x"\n\U0001f600 \u05e9'], id="P10"),
        pytest.param([{"deep": [1, {"a": 2}]}], [""], id="P10 without a value"),
        pytest.param([True, 1.5, ["x"]], ["true", "1.5", '["x"]'], id="P10 other kinds"),
    ],
)
def test_params_stand_in_their_places_as_text(cast, client, given, values):
    answer = client.post(
        f"/chat/{GUID}/contacts", json={"name": "Zoe", "params": given}, headers={"Idempotency-Key": random_token()}
    )
    assert answer.status_code == 201
    assert [parameter["value"] for parameter in db.session.query(Contact).one().parameters] == values


def test_p10_a_value_that_is_too_long_is_cut_with_a_note(cast, client):
    body = {"name": "Zoe", "params": ["x" * 1001, "y" * 1000]}
    client.post(f"/chat/{GUID}/contacts", json=body, headers={"Idempotency-Key": random_token()})
    long, full = db.session.query(Contact).one().parameters
    assert (len(long["value"]), long.get("cut"), len(full["value"]), full.get("cut")) == (1000, True, 1000, None)


@pytest.fixture
def for_the_shop(cast):
    """The point of contact names one site."""
    with transaction() as tx:
        tx.session.merge(cast.poc()).allowed_origins = [SHOP]


# The button's frame is refused in words alone: an error would stand on the console of somebody's page.
@pytest.mark.parametrize(("page", "refused"), [("ChatClient.aspx", 403), ("launcher.html", 200)])
def test_e14_only_the_named_sites_may_frame_it(for_the_shop, client, page, refused):
    path = f"/inContact/ChatClient/{page}?poc={GUID}&frame=1&from="
    allowed = client.get(path + SHOP.upper())
    assert allowed.status_code == 200
    assert allowed.headers["Content-Security-Policy"].endswith(f"frame-ancestors {SHOP}")
    for foreign in ("https://else.example", "https://shop.example.else", "http://shop.example", SHOP + ":444"):
        for more in ("", "&resume=1"):
            answer = client.get(path + foreign + more)
            assert (answer.status_code, 'data-refused="unavailable"' in answer.text) == (refused, True)
    # Who lies about the page, or keeps silent, is stopped by the browser.
    assert client.get(f"{WINDOW}?poc={GUID}").headers["Content-Security-Policy"].endswith(f"frame-ancestors {SHOP}")


def test_e14_a_list_of_which_nothing_can_be_read_lets_nobody_frame_it(cast, client):
    with transaction() as tx:
        tx.session.merge(cast.poc()).allowed_origins = ["shop.example; script-src *"]
    policy = client.get(f"{WINDOW}?poc={GUID}").headers["Content-Security-Policy"]
    assert policy.endswith("frame-ancestors 'none'")


def test_e14_without_a_list_every_site_may_frame_it(cast, client):
    assert client.get(f"{WINDOW}?poc={GUID}").headers["Content-Security-Policy"].endswith("frame-ancestors *")


def test_switched_off_it_opens_only_for_a_chat_that_runs(cast, client):
    with transaction() as tx:
        tx.session.merge(cast.poc()).active = False
    assert client.get(f"{WINDOW}?poc={GUID}").status_code == 404
    assert is_window(client.get(f"{WINDOW}?poc={GUID}&resume=1"))
    start = client.post(f"/chat/{GUID}/contacts", json={"name": "Zoe"}, headers={"Idempotency-Key": random_token()})
    assert start.status_code == 404
    assert db.session.query(PointOfContact).filter_by(guid=GUID).one().active is False


def test_the_loader_may_be_used_by_any_page_and_is_told_to_nobody_else(client):
    answer = client.get("/inContact/ChatClient/js/Embed.min.js", headers={"Accept-Encoding": "gzip"})
    assert answer.mimetype == "text/javascript"
    assert answer.headers["Access-Control-Allow-Origin"] == "*"
    assert answer.headers["Cross-Origin-Resource-Policy"] == "cross-origin"
    assert answer.headers["Cache-Control"] == "public, max-age=3600"
    assert "Set-Cookie" not in answer.headers
    assert len(answer.data) <= 5 * 1024
    again = client.get(
        "/inContact/ChatClient/js/embed.min.js",
        headers={"Accept-Encoding": "gzip", "If-None-Match": answer.headers["ETag"]},
    )
    assert again.status_code == 304
    plain = client.get("/inContact/ChatClient/js/embed.min.js", headers={"Accept-Encoding": "identity"})
    assert "import " not in plain.text
    assert "export " not in plain.text
    assert plain.text.isascii()


def test_a_plus_in_an_address_is_a_space(cast, client):
    assert unquote_plus("Last+Name") == "Last Name"
    page = client.get(f"{WINDOW}?poc={GUID}&P1=Ada&P2=King+Lovelace").text
    assert 'value="Ada King Lovelace"' in page
