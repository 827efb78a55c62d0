"""Signing in and out, as a browser sees it."""

from datetime import timedelta
from functools import cache

import pytest
from sqlalchemy import select

from app import clock
from app.actions.sign_in import hash_password
from app.extensions import db
from app.models import AgentSession, Contact, Seat, SignInSession, User
from app.transaction import transaction
from tests.faces.scene import csrf

PASSWORD = "correct-horse-1"


@cache
def password_hash() -> str:
    """Hashing is made slow on purpose: once is enough."""
    return hash_password(PASSWORD)


@pytest.fixture
def place(app, scene):
    """An organisation whose agent can sign in by password."""
    place = scene.tenant()
    place.email = scene.read(User, place.agent).email
    with app.app_context(), transaction() as tx:
        tx.session.get(User, place.agent).password_hash = password_hash()
    return place


def try_to_sign_in(client, email, password, next_page=""):
    token = csrf(client.get("/auth/sign-in").text)
    form = {"email": email, "password": password, "next": next_page, "csrf_token": token}
    return client.post("/auth/sign-in", data=form)


def test_an_agent_signs_in_and_lands_in_the_console(client, place):
    answer = try_to_sign_in(client, place.email.upper() + " ", PASSWORD)
    assert answer.status_code == 303
    assert answer.location == "/agent/"
    assert client.get("/agent/").status_code == 200


def test_a_wrong_password_keeps_the_name_and_says_what_is_wrong(client, place):
    answer = try_to_sign_in(client, place.email, "wrong")
    assert answer.status_code == 422
    assert f'value="{place.email}"' in answer.text
    assert "do not fit together" in answer.text
    assert 'aria-invalid="true"' in answer.text
    assert PASSWORD not in answer.text
    assert client.get("/agent/").status_code == 303


def test_nobody_learns_which_accounts_exist(client, place):
    known = try_to_sign_in(client, place.email, "wrong").text
    unknown = try_to_sign_in(client, "nobody@example.org", "wrong").text
    assert "do not fit together" in known
    assert "do not fit together" in unknown


def test_empty_fields_are_named(client, place):
    answer = try_to_sign_in(client, "", "")
    assert answer.status_code == 422
    assert "Please enter your e-mail address." in answer.text
    assert "Please enter your password." in answer.text


@pytest.mark.both_databases
def test_a_nul_is_refused_with_the_name_of_its_field(client):
    answer = client.post("/auth/sign-in", data={"email": "a\x00b@x", "password": "x"})
    assert answer.status_code == 422
    assert client.get("/auth/sign-in?next=%00").status_code == 422


@pytest.mark.parametrize("form", [{"email": "a@b", "password": "x"}, {}])
def test_a_form_without_its_token_is_refused(client, place, form):
    assert client.post("/auth/sign-in", data=form).status_code == 400


@pytest.mark.parametrize(
    ("asked", "goes"),
    [
        ("/agent/contacts/3", "/agent/contacts/3"),
        ("//evil.example", "/agent/"),
        ("/\\evil.example", "/agent/"),
        ("https://evil.example/", "/agent/"),
        ("javascript:alert(1)", "/agent/"),
        ("/ok\r\nSet-Cookie: a=b", "/agent/"),
        ("agent", "/agent/"),
    ],
)
def test_only_our_own_pages_are_gone_on_to(scene, place, asked, goes):
    browser = scene.signed_in(place.agent, place.id)
    assert browser.get("/auth/sign-in", query_string={"next": asked}).location == goes


def test_the_page_that_was_asked_for_comes_after_the_sign_in(client, place):
    asked = client.get("/agent/contacts/3").location
    assert asked.startswith("/auth/sign-in?next=/agent/contacts/3")
    assert try_to_sign_in(client, place.email, PASSWORD, "/agent/contacts/3").location == "/agent/contacts/3"


@pytest.fixture
def allowed(app, monkeypatch):
    """How many tries a minute."""
    monkeypatch.setitem(app.config, "SIGN_INS_PER_MINUTE", 2)
    return 2


def test_guessing_from_one_address_is_slowed_down(client, place, allowed):
    statuses = [try_to_sign_in(client, f"{n}@example.org", "wrong").status_code for n in range(allowed + 1)]
    assert statuses == [422] * allowed + [429]


def test_guessing_one_account_from_many_addresses_is_slowed_down(client, place, allowed):
    token = csrf(client.get("/auth/sign-in").text)
    form = {"email": place.email, "password": "wrong", "csrf_token": token}
    statuses = []
    for n in range(allowed + 1):
        answer = client.post("/auth/sign-in", data=form, environ_overrides={"REMOTE_ADDR": f"10.0.0.{n}"})
        statuses.append(answer.status_code)
    assert statuses == [422] * allowed + [429]


def test_a_new_sign_in_gets_a_new_session(client, place):
    with client.session_transaction() as session:
        session["planted"] = "by somebody else"
    try_to_sign_in(client, place.email, PASSWORD)
    with client.session_transaction() as session:
        assert "planted" not in session
        assert session["token"]


def test_signing_out_ends_the_shift_and_the_sign_in(app, scene, place):
    browser = scene.signed_in(place.agent, place.id)
    token = csrf(browser.get("/agent/").text)
    answer = browser.post("/auth/sign-out", data={"csrf_token": token})
    assert (answer.status_code, answer.location) == (303, "/auth/sign-in")
    with app.app_context():
        assert db.session.scalar(select(SignInSession.revoked_at)) is not None
        assert db.session.scalar(select(AgentSession.end_cause)) == "signed_out"
    assert browser.get("/agent/").status_code == 303


def test_with_chats_open_the_page_asks_before_it_gives_them_back(app, scene, place):
    scene.shift(place, place.agent)
    contact = scene.contact(place, agent=place.agent)
    with app.app_context(), transaction() as tx:
        tx.session.scalar(select(Seat).where(Seat.n == 1)).contact_id = contact
    browser = scene.signed_in(place.agent, place.id)
    token = csrf(browser.get("/agent/").text)

    asked = browser.post("/auth/sign-out", data={"csrf_token": token})
    assert asked.status_code == 200
    assert "You still have one chat." in asked.text
    assert scene.read(Contact, contact).state == "ACTIVE"
    assert browser.get("/agent/").status_code == 200

    done = browser.post("/auth/sign-out", data={"csrf_token": token, "requeue": "yes"})
    assert done.status_code == 303
    assert scene.read(Contact, contact).state == "QUEUED"


def test_an_administrator_lands_in_the_administration(scene, place):
    browser = scene.signed_in(place.admin, place.id)
    assert browser.get("/auth/sign-in").location == "/admin/"


def test_a_revoked_sign_in_opens_nothing(app, scene, place):
    browser = scene.signed_in(place.agent, place.id)
    with app.app_context(), transaction() as tx:
        row = tx.session.scalar(select(SignInSession))
        row.revoked_at = row.created_at
    assert browser.get("/agent/").status_code == 303


def test_who_works_stays_signed_in_and_who_leaves_does_not(app, scene, place):
    browser = scene.signed_in(place.agent, place.id)
    most = timedelta(minutes=app.config["SESSION_IDLE_MINUTES"])
    for _ in range(2):
        clock.turn(most * 0.75)
        assert browser.get("/agent/state").status_code == 200
    clock.turn(most * 1.1)
    assert browser.get("/agent/state").status_code == 303


def test_nobody_stays_signed_in_for_ever(app, scene, place):
    browser = scene.signed_in(place.agent, place.id)
    for _ in range(8):
        clock.turn(timedelta(minutes=89))
        assert browser.get("/agent/state").status_code == 200
    clock.turn(timedelta(minutes=10))
    assert browser.get("/agent/state").status_code == 303
