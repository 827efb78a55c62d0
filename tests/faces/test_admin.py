"""What administrators read, and what they never see."""

import re

import pytest

PAGES = ["/admin/", "/admin/skills", "/admin/points-of-contact", "/admin/chat-profiles", "/admin/contacts"]


@pytest.fixture
def outsider(scene):
    other = scene.tenant("Elsewhere", 4600002)
    return scene.signed_in(other.admin, other.id)


@pytest.mark.parametrize("path", [*PAGES, "/admin/contacts/1", "/admin/contacts/1/transcript.txt"])
def test_the_administration_is_for_administrators(scene, place, client, path):
    assert client.get(path).status_code == 303
    assert scene.signed_in(place.agent, place.id).get(path).status_code == 403


@pytest.mark.parametrize("path", PAGES)
def test_every_page_stands(admin, path):
    page = admin.get(path)
    assert page.status_code == 200
    assert "<h1>" in page.text


def test_the_skills_show_their_policy_and_their_counts(scene, place, admin):
    scene.contact(place, state="QUEUED")
    page = admin.get("/admin/skills").text
    for told in ("Shop", "Answered, Passed on", "Outcome"):
        assert told in page


def test_a_point_of_contact_shows_the_snippet_and_its_page(place, admin):
    page = admin.get("/admin/points-of-contact").text
    assert f"poc: &#34;{place.guid}&#34;" in page
    assert "bus_no: 4600001" in page
    assert f"/inContact/ChatClient/ChatClient.aspx?poc={place.guid}&amp;bu=4600001" in page


def test_the_direct_page_of_the_snippet_opens(client, place, admin):
    page = admin.get("/admin/points-of-contact").text
    address = page.partition('" target="_blank"')[0].rpartition('href="')[2].replace("&amp;", "&")
    assert client.get(address).status_code == 200


def test_nothing_of_another_organisation_is_shown(scene, place, outsider):
    contact = scene.contact(place, "Secret Person", state="ENDED", agent=place.agent)
    scene.lines(place, contact, ("customer", "Secret Person", "my secret"))
    for path in PAGES:
        page = outsider.get(path).text
        assert "Secret Person" not in page
        assert place.guid not in page
    for path in (f"/admin/contacts/{contact}", f"/admin/contacts/{contact}/transcript.txt", "/admin/contacts/99999"):
        answer = outsider.get(path)
        assert answer.status_code == 404
        assert "secret" not in answer.text.lower()


@pytest.fixture
def closed(scene, place):
    """A contact that is over, with hostile words in it."""
    contact = scene.contact(place, "Zoé", state="ENDED", agent=place.agent, page_url="http://shop.example/lamp")
    said = '<script>alert(1)</script><b hx-get="/admin/">'
    scene.lines(place, contact, ("customer", "Zoé", said), (f"agent:{place.agent}", "Ana Duval", "Hello Zoé"))
    return contact


def test_a_closed_contact_is_read_with_its_facts_and_its_words(admin, closed):
    page = admin.get(f"/admin/contacts/{closed}").text
    for told in ("Zoé", "Ana Duval", "Hello Zoé", "Agent ended it", "http://shop.example/lamp", "French"):
        assert told in page
    assert "&lt;script&gt;alert(1)" in page
    assert "<script>alert" not in page


def test_the_transcript_can_be_taken_along(admin, closed):
    answer = admin.get(f"/admin/contacts/{closed}/transcript.txt")
    assert answer.mimetype == "text/plain"
    assert "attachment" in answer.headers["Content-Disposition"]
    assert f"-{closed}.txt" in answer.headers["Content-Disposition"]
    text = re.sub("[\u2068\u2069]", "", answer.text)  # each name and line in its own direction
    assert 'Zoé: <script>alert(1)</script><b hx-get="/admin/">' in text
    assert "Ana Duval: Hello Zoé" in text


def test_every_contact_is_listed_once_however_many_pages(scene, place, admin):
    ids = {scene.contact(place, f"Customer {n}", state="ENDED", agent=place.agent) for n in range(53)}
    seen, path = [], "/admin/contacts"
    while path:
        page = admin.get(path).text
        assert '<span class="badge">53</span>' in page
        seen += [int(part.partition('"')[0]) for part in page.split('href="/admin/contacts/')[1:]]
        older = page.partition('rel="next" href="')[2].partition('"')[0]
        path = older.replace("&amp;", "&")
    assert len(seen) == 53
    assert set(seen) == ids
    assert seen == sorted(seen, reverse=True)


def test_the_filters_narrow_the_list(scene, place, admin):
    scene.contact(place, "100% Zoé", state="ENDED", agent=place.agent)
    scene.contact(place, "Camille", state="QUEUED")
    assert "Camille" not in admin.get("/admin/contacts?state=ended").text
    assert "Zoé" not in admin.get("/admin/contacts?state=open").text
    assert "Zoé" in admin.get("/admin/contacts?name=00%25").text
    assert "Camille" not in admin.get("/admin/contacts?name=%25").text
    assert "Nothing fits these filters" in admin.get("/admin/contacts?name=nobody").text


@pytest.mark.parametrize("query", ["state=asleep", "before=x", "before=-1", "before=9999999999999999999"])
def test_a_filter_that_makes_no_sense_is_refused(admin, query):
    assert admin.get(f"/admin/contacts?{query}").status_code == 422


def test_an_empty_organisation_is_told_what_will_be_here(admin):
    assert "No contact yet" in admin.get("/admin/contacts").text
