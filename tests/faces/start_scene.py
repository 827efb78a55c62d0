"""A customer's page before a point of contact whose window has a form."""

import pytest

from app.extensions import db
from app.models import ChatProfile, Contact
from app.tokens import random_token
from app.transaction import transaction
from tests.cast import GUID

TOPICS = [{"value": "order", "label": {"en": "My order", "fr": "Ma commande"}}, {"value": "other", "label": {}}]
FORM = [
    {"name": "name", "type": "text", "role": "name", "required": True, "label": {"en": "Name", "fr": "Nom"}},
    {"name": "mail", "type": "email", "role": "email", "label": {"en": "E-mail"}},
    {"name": "topic", "type": "choice", "label": {"en": "Topic", "fr": "Sujet"}, "options": TOPICS},
    {"name": "terms", "type": "consent", "label": {"en": "I agree"}, "url": "https://a.example/terms"},
]


class Page:
    """One window, as far as it starts a chat."""

    def __init__(self, client):
        self.client = client
        self.token = ""

    def start(self, key=None, guid=GUID, headers=None, **body):
        """The click; the answer."""
        sent = {"Idempotency-Key": key or random_token(), "Accept-Language": "en", **(headers or {})}
        answer = self.client.post(f"/chat/{guid}/contacts", json=body, headers=sent)
        self.token = answer.get_json().get("token", self.token)
        return answer

    def ask(self, method, path, **options):
        """A request with the token."""
        return self.client.open(path, method=method, headers={"Authorization": f"Bearer {self.token}"}, **options)


def give_profile(cast, guid=GUID, **values):
    """The point of contact gets a window with these values."""
    with transaction() as tx:
        poc = tx.session.merge(cast.poc(guid))
        profile = ChatProfile(tenant_id=poc.tenant_id, name=f"Window {guid[-1]}", **values)
        tx.session.add(profile)
        tx.session.flush()
        poc.chat_profile_id = profile.id


def only_contact():
    """The one contact there is."""
    db.session.rollback()
    return db.session.query(Contact).one()


@pytest.fixture
def visitor(cast, client):
    """A page of a point of contact without a profile."""
    return Page(client)


@pytest.fixture
def with_form(cast, visitor):
    """The same with a form."""
    give_profile(cast, pre_chat_enabled=True, pre_chat_fields=FORM)
    return visitor
