"""Organisations with people, straight into the database: what the pages of agents and administrators need."""

import secrets
from datetime import timedelta
from types import SimpleNamespace

from app import clock
from app.database import WRITE
from app.extensions import db
from app.models import (
    AgentSession,
    ChatProfile,
    ChatSession,
    Contact,
    Disposition,
    Message,
    PointOfContact,
    RoutingScript,
    Seat,
    SignInSession,
    Skill,
    SkillAssignment,
    SkillDisposition,
    Tenant,
    User,
)
from app.tokens import hashed, random_token

STEPS = {"start": [{"step": "request_agent", "skill": "Default"}]}


class Scene:
    """The scene on one application. Rows are made one by one and kept as plain ids, so that no session is held."""

    def __init__(self, app):
        self.app = app

    def put(self, *rows):
        """Store rows in one transaction and return their ids (rows without one: None)."""
        with self.app.app_context(), self.app.extensions["gate"].passing():
            session = db.session()
            connection = session.connection(execution_options=WRITE)
            session.add_all(rows)
            session.flush()
            ids = [getattr(row, "id", None) for row in rows]
            connection.commit()
            db.session.remove()
        return ids if len(ids) > 1 else ids[0]

    def tenant(self, name: str = "Lumen", bus_no: int = 4600001, post_contact: str = "dispositions", **skill):
        """An organisation with a skill, two outcomes, an entry, an agent and an administrator."""
        moment = clock.now()
        t = self.put(Tenant(bus_no=bus_no, name=name, created_at=moment))
        own = {"tenant_id": t}
        skill_id = self.put(Skill(name="Shop", post_contact=post_contact, **own, **skill))
        outcomes = self.put(Disposition(name="Answered", **own), Disposition(name="Passed on", **own))
        for position, outcome in enumerate(outcomes):
            self.put(SkillDisposition(skill_id=skill_id, disposition_id=outcome, position=position, **own))
        script = self.put(RoutingScript(name="Default", steps=STEPS, created_at=moment, **own))
        profile = self.put(ChatProfile(name="Window", **own))
        guid = f"5f0c3e7a-1b9d-4c58-9a51-{bus_no:012d}"
        poc = self.put(
            PointOfContact(
                guid=guid,
                name="Shop page",
                default_skill_id=skill_id,
                routing_script_id=script,
                chat_profile_id=profile,
                **own,
            )
        )
        place = SimpleNamespace(id=t, name=name, skill=skill_id, outcomes=outcomes, poc=poc, guid=guid)
        place.agent = self.user(place, "Ana Duval", is_agent=True)
        place.admin = self.user(place, "Noor Admin", is_administrator=True)
        return place

    def user(self, place, display_name: str, **roles) -> int:
        """Someone who serves the skill; the password hash fits no password."""
        email = f"{display_name.split()[0].lower()}.{place.id}@example.org"
        user = User(
            tenant_id=place.id,
            email=email,
            display_name=display_name,
            password_hash="none",
            created_at=clock.now(),
            **roles,
        )
        user_id = self.put(user)
        self.put(SkillAssignment(tenant_id=place.id, user_id=user_id, skill_id=place.skill))
        return user_id

    def signed_in(self, user_id: int, tenant_id: int):
        """A browser in which this user is signed in, with the CSRF token in ``csrf``."""
        token, moment = random_token(), clock.now()
        self.put(
            SignInSession(
                tenant_id=tenant_id,
                user_id=user_id,
                token_hash=hashed(token),
                created_at=moment,
                last_seen_at=moment,
                expires_at=moment + timedelta(hours=12),
            )
        )
        client = self.app.test_client()
        with client.session_transaction() as session:
            session["token"] = token
        return client

    def shift(self, place, user_id: int, seats: int = 3, state: str = "Unavailable") -> int:
        """The user is at work, with free seats."""
        moment = clock.now()
        shift = AgentSession(
            tenant_id=place.id,
            user_id=user_id,
            state=state,
            state_since=moment,
            lease_until=moment + timedelta(minutes=5),
            started_at=moment,
        )
        shift_id = self.put(shift)
        self.put(*[Seat(tenant_id=place.id, user_id=user_id, n=n) for n in range(1, seats + 1)])
        return shift_id

    def contact(self, place, name: str = "Zoé", state: str = "ACTIVE", agent: int | None = None, **more) -> int:
        """A contact in a state, with its customer's session."""
        moment = clock.now()
        over = {"ended_at": moment, "end_reason": "agent_ended"} if state == "ENDED" else {}
        contact_id = self.put(
            Contact(
                tenant_id=place.id,
                point_of_contact_id=place.poc,
                default_skill_id=place.skill,
                skill_id=place.skill,
                state=state,
                agent_id=agent,
                customer_name=name,
                language="fr",
                priority_initial=0,
                priority_acceleration=1,
                priority_maximum=1000,
                created_at=moment,
                queued_at=moment,
                answered_at=moment if agent else None,
                **over,
                **more,
            )
        )
        self.put(
            ChatSession(
                tenant_id=place.id,
                contact_id=contact_id,
                token_hash=hashed(random_token()),
                start_key=random_token(),
                interface=2,
                language="fr",
                created_at=moment,
                last_seen_at=moment,
            )
        )
        return contact_id

    def lines(self, place, contact_id: int, *spoken: tuple[str, str, str], seconds_apart: int = 1) -> None:
        """Texts in order, as (sender, name, text)."""
        start = clock.now()
        self.put(
            *[
                Message(
                    contact_id=contact_id,
                    seq=seq,
                    tenant_id=place.id,
                    kind="text",
                    sender=sender,
                    name=name,
                    cid=secrets.token_urlsafe(16),
                    text=text,
                    at=start + timedelta(seconds=seconds_apart * seq),
                )
                for seq, (sender, name, text) in enumerate(spoken, 1)
            ]
        )

    def read(self, model, row_id: int):
        """One row as it stands now."""
        with self.app.app_context():
            row = db.session.get(model, row_id)
            db.session.expunge(row)
            return row


def csrf(page: str) -> str:
    """The CSRF token that a page carries."""
    return page.partition('name="csrf-token" content="')[2].partition('"')[0]
