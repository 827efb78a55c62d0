"""The cast of the suites: an agent, a colleague with another skill, a supervisor, an outsider of another tenant."""

import pytest
from sqlalchemy import func, select

from app.actions import demo, starts
from app.actions.agent_sessions import begin_shift, set_state
from app.actions.arrivals import Arrival
from app.actions.message_batch import Outcome
from app.extensions import db
from app.models import AgentSession, Contact, Message, Offer, PointOfContact, Seat, Skill, User
from app.models.offer import PENDING
from app.tokens import random_token

SCRIPT = {"start": [{"step": "request_agent", "skill": "Default"}]}
GUID = "00000000-0000-4000-8000-000000000001"
OTHER_GUID = "00000000-0000-4000-8000-000000000002"
OUTSIDE_GUID = "00000000-0000-4000-8000-000000000003"


def organisation(bus_no: int, domain: str, users: list[dict], points: list[dict], **skill) -> dict:
    """The form of demo/data.toml for one tenant with the skills Shop and Repairs."""
    return {
        "tenant": {"bus_no": bus_no, "name": domain},
        "team": [{"name": "Floor", "capacity": 2}],
        "disposition": [{"name": "Answered"}, {"name": "Unused"}],
        "skill": [
            {"name": "Shop", "dispositions": ["Answered"], "transcript_available": True, **skill},
            {"name": "Repairs", "priority_initial": 5},
        ],
        "user": [{"email": f"{u['name']}@{domain}", "display_name": u["name"].title(), **_user(u)} for u in users],
        "routing_script": [{"name": "Default", "steps": SCRIPT}],
        "point_of_contact": [{"default_skill": "Shop", "routing_script": "Default", **point} for point in points],
    }


def _user(values: dict) -> dict:
    return {
        "password": "x",
        "team": "Floor",
        "roles": values.get("roles", ["agent"]),
        "skills": values.get("skills", {}),
        **{key: values[key] for key in ("capacity", "refusal_seconds") if key in values},
    }


class Cast:
    """Everybody by name. Inside an application context; what it returns are ids or freshly read rows."""

    def __init__(self, **skill):
        users = [
            {"name": "ana", "skills": {"Shop": 1}},
            {"name": "ben", "skills": {"Repairs": 1, "Shop": 5}},
            {"name": "sam", "roles": ["agent", "supervisor"], "skills": {"Repairs": 10}},
        ]
        points = [{"guid": GUID, "name": "Page"}, {"guid": OTHER_GUID, "name": "Repairs", "default_skill": "Repairs"}]
        demo.load_demo(organisation(1, "here.example", users, points, **skill))
        outside = [{"name": "olga", "skills": {"Shop": 1}}]
        demo.load_demo(organisation(2, "else.example", outside, [{"guid": OUTSIDE_GUID, "name": "Page"}]))

    def user(self, name: str) -> User:
        """A user by first name."""
        return db.session.scalar(select(User).where(User.email.startswith(name)))

    def poc(self, guid: str = GUID) -> PointOfContact:
        """A point of contact."""
        return db.session.scalar(select(PointOfContact).where(PointOfContact.guid == guid))

    def skill(self, name: str = "Shop") -> Skill:
        """A skill of the first tenant."""
        return db.session.scalars(select(Skill).where(Skill.name == name).order_by(Skill.id)).first()

    def arrive(self, name: str = "Zoe", guid: str = GUID, key: str | None = None) -> Contact:
        """A customer clicks."""
        arrival = Arrival(name, [], "en", "", 2)
        contact, _, _ = starts.start_contact(self.poc(guid), key or random_token(), arrival)
        return contact

    def work(self, name: str, state: str = "Available") -> AgentSession:
        """An agent begins to work."""
        begin_shift(self.user(name))
        return set_state(self.user(name), state)

    def offer(self, name: str) -> Offer | None:
        """The offer that lies before this agent now."""
        return db.session.scalar(select(Offer).where(Offer.user_id == self.user(name).id, Offer.state == PENDING))

    def talking(self, name: str = "ana") -> Contact:
        """A contact that this agent has accepted."""
        from app.actions.offers import accept_offer

        contact = self.arrive()
        self.work(name)
        return accept_offer(self.offer(name).id, self.user(name)) if self.offer(name) else contact

    def again(self, row):
        """The row as it stands now."""
        db.session.rollback()
        return db.session.get(type(row), row.id)

    def seats(self, name: str) -> int:
        """How many seats of this agent are taken."""
        return db.session.scalar(
            select(func.count())
            .select_from(Seat)
            .where(Seat.user_id == self.user(name).id, Seat.contact_id.is_not(None))
        )

    def lines(self, contact: Contact) -> list[Message]:
        """The contact's log as it stands now."""
        db.session.rollback()
        return list(db.session.scalars(select(Message).where(Message.contact_id == contact.id).order_by(Message.seq)))


class Settled:
    """A reply that remembers what it was told."""

    def __init__(self):
        self.outcomes: list[Outcome] = []
        self.flushed = 0

    def settle(self, outcome: Outcome) -> None:
        """Take the outcome."""
        self.outcomes.append(outcome)

    def flush(self) -> None:
        """Count."""
        self.flushed += 1

    @property
    def outcome(self) -> Outcome:
        """The only one."""
        assert len(self.outcomes) == 1
        return self.outcomes[0]


class Listener:
    """An ear that remembers what it heard."""

    def __init__(self, app, *audiences: str):
        self.heard = []
        for audience in audiences:
            app.extensions["hub"].join(audience, self)

    def hear(self, event) -> None:
        """Remember."""
        self.heard.append(event)

    def flush(self) -> None:
        """Nothing waits."""

    def silent_seconds(self) -> float:
        """Always there."""
        return 0.0

    def kinds(self) -> list[str]:
        """The names of the events heard."""
        return [type(event).__name__ for event in self.heard]


@pytest.fixture
def inside(app, monkeypatch):
    """An application context for the whole test. Nobody signs in here, so nobody waits for argon2."""
    monkeypatch.setattr(demo, "hash_password", lambda password: "no hash")
    with app.app_context():
        yield app
        db.session.remove()


@pytest.fixture
def cast(inside) -> Cast:
    """The cast, with a skill without after-contact work."""
    return Cast()
