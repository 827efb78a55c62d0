"""Who a customer is, as the site's own server signs it: believed once, for ten minutes, and never in the chat's way."""

import base64
import hashlib
import hmac
import json
from datetime import timedelta

import pytest

from app import clock
from app.customer.identity import NotBelieved, verify
from app.extensions import db
from app.models import ChatSession, Contact
from app.tokens import random_token
from app.transaction import transaction
from tests.cast import GUID, OTHER_GUID, OUTSIDE_GUID, cast, inside
from tests.faces.start_scene import only_contact, visitor

__all__ = ["cast", "inside", "visitor"]

SECRET = "a secret of the site"


def claims(**more):
    moment = clock.now().timestamp()
    return {"sub": "customer-7", "exp": int(moment) + 300, "nonce": random_token(), **more}


def signed(values, secret=SECRET):
    payload = base64.urlsafe_b64encode(json.dumps(values).encode()).decode().rstrip("=")
    return f"{payload}.{hmac.new(secret.encode(), payload.encode(), hashlib.sha256).hexdigest()}"


@pytest.fixture
def site(cast, visitor):
    """A page of a site that shares a secret with two points of contact; another tenant's has the same."""
    with transaction() as tx:
        for guid in (GUID, OTHER_GUID, OUTSIDE_GUID):
            tx.session.merge(cast.poc(guid)).identity_secret = SECRET
    return visitor


@pytest.mark.both_databases
def test_a_signed_customer_is_verified_and_called_as_the_site_says(site):
    answer = site.start(name="Somebody", identity=signed(claims(name="Zoé Ito", email="zoe@a.example")))
    assert answer.status_code == 201
    assert "identity_error" not in answer.get_json()
    contact = only_contact()
    assert (contact.verified_id, contact.customer_name) == ("customer-7", "Zoé Ito")
    assert contact.customer_email == "zoe@a.example"


def test_what_the_site_does_not_say_the_customer_may(site):
    site.start(name="Zoe", identity=signed(claims(email="no address")))
    assert (only_contact().customer_name, only_contact().customer_email) == ("Zoe", "")


@pytest.mark.both_databases
def test_an_identity_is_good_for_one_chat(site):
    identity = signed(claims(name="Zoe"))
    site.start(identity=identity)
    for guid in (GUID, OTHER_GUID):
        again = site.start(name="Eve", guid=guid, identity=identity)
        assert (again.status_code, again.get_json()["identity_error"]) == (201, "used")
    db.session.rollback()
    standing = [(one.customer_name, one.verified_id) for one in db.session.query(Contact).order_by(Contact.id)]
    assert standing == [("Zoe", "customer-7"), ("Eve", None), ("Eve", None)]
    assert "identity_error" not in site.start(guid=OUTSIDE_GUID, identity=identity).get_json()


def test_the_same_start_again_is_still_verified(site):
    key, identity = random_token(), signed(claims())
    first = site.start(key=key, identity=identity)
    clock.turn(timedelta(minutes=11))
    again = site.start(key=key, identity=identity)
    assert (again.status_code, again.get_json()["token"]) == (200, first.get_json()["token"])
    assert "identity_error" not in again.get_json()
    assert db.session.query(ChatSession).count() == 1


@pytest.mark.parametrize(
    ("identity", "code"),
    [
        (lambda: signed(claims(), "another secret"), "signature"),
        (lambda: signed(claims())[:-1], "signature"),
        (lambda: "x" + signed(claims()), "signature"),
        (lambda: signed(claims(exp=clock.now().timestamp() - 1)), "expired"),
        (lambda: signed(claims(exp=clock.now().timestamp() + 700)), "expired"),
        (lambda: signed(claims(exp=float("nan"))), "expired"),
        (lambda: signed(claims(exp="soon")), "malformed"),
        (lambda: signed(claims(exp=True)), "malformed"),
        (lambda: signed(claims(nonce="short")), "malformed"),
        (lambda: signed(claims(nonce="n" * 65)), "malformed"),
        (lambda: signed(claims(sub="")), "malformed"),
        (lambda: signed(claims(sub="s" * 256)), "malformed"),
        (lambda: signed(claims(sub="a\x00")), "malformed"),
        (lambda: signed(claims(name=["Zoe"])), "malformed"),
        (lambda: signed(["no", "object"]), "malformed"),
        (lambda: "no dot", "malformed"),
        (lambda: "é.é", "malformed"),
        (lambda: {"sub": "me"}, "malformed"),
        (lambda: "x" * 5000, "malformed"),
    ],
)
def test_a_wrong_identity_stops_no_chat_and_counts_for_nothing(site, identity, code):
    answer = site.start(name="Zoe", identity=identity())
    assert (answer.status_code, answer.get_json()["identity_error"]) == (201, code)
    contact = only_contact()
    assert (contact.customer_name, contact.verified_id) == ("Zoe", None)


def test_an_entry_without_a_secret_believes_nobody(visitor):
    for secret in ("", "None"):
        assert visitor.start(identity=signed(claims(), secret)).get_json()["identity_error"] == "off"


def test_nothing_is_read_before_the_signature_fits():
    with pytest.raises(NotBelieved, match="signature"):
        verify("e30." + "0" * 64, SECRET, clock.now())
    payload = base64.urlsafe_b64encode(b"[" * 2900).decode()
    mark = hmac.new(SECRET.encode(), payload.encode(), hashlib.sha256).hexdigest()
    with pytest.raises(NotBelieved, match="malformed"):
        verify(f"{payload}.{mark}", SECRET, clock.now())
