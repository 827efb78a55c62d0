"""People in a new database: agents with full seats and customers who talk to them. ``python -m bench.population``.

Runs as a program of its own: the load generator must not carry the product's modules.
"""

import argparse
import json
import tomllib
from datetime import timedelta

from flask_migrate import upgrade
from itsdangerous import URLSafeTimedSerializer
from sqlalchemy import select

from app import clock, create_app
from app.actions.demo import load_demo
from app.config import ROOT, Settings
from app.extensions import db
from app.models import AgentSession, ChatSession, Contact, PointOfContact, Seat, SignInSession, User
from app.models.agent_session import AVAILABLE
from app.models.contact import ACTIVE
from app.tokens import hashed, random_token
from app.transaction import transaction

SEATS = 12  # the most that an agent may have


def main() -> None:
    """Fill the database of the environment's settings and print who is in it as JSON."""
    parser = argparse.ArgumentParser()
    parser.add_argument("customers", type=int)
    customers = parser.parse_args().customers
    app = create_app(Settings())
    with app.app_context():
        upgrade(directory=str(ROOT / "migrations"))
        load_demo(tomllib.loads((ROOT / "demo/data.toml").read_text("utf-8")))
        people = populate(app, customers)
        with db.engine.connect() as connection:  # a database in use has its statistics
            connection.exec_driver_sql("ANALYZE")
            connection.commit()
        print(json.dumps(people))


def populate(app, customers: int) -> list[dict]:
    """``customers`` active contacts, twelve to an agent, as the actions would have left them: one dict per agent."""
    people = []
    with transaction() as tx:
        poc = tx.session.scalars(select(PointOfContact).order_by(PointOfContact.id)).first()
        password_hash = tx.session.scalars(select(User.password_hash)).first()
        for n in range(-(-customers // SEATS)):
            user, agent = _agent(tx, app, poc.tenant_id, n, password_hash)
            many = min(SEATS, customers - n * SEATS)
            agent["customers"] = [_customer(tx, poc, user, seat) for seat in range(1, many + 1)]
            people.append(agent)
    return people


def _agent(tx, app, tenant_id: int, n: int, password_hash: str) -> tuple[User, dict]:
    """A user who signed in and works; what a program needs to speak for them."""
    moment, token, raw = clock.now(), random_token(), random_token()
    user = User(
        tenant_id=tenant_id,
        email=f"agent{n}@bench.example",
        display_name=f"Agent {n}",
        password_hash=password_hash,
        is_agent=True,
        capacity=SEATS,
        created_at=moment,
    )
    tx.session.add(user)
    tx.session.flush()
    later = moment + timedelta(hours=6)
    signed = {"user_id": user.id, "token_hash": hashed(token), "created_at": moment, "last_seen_at": moment}
    shift = {"user_id": user.id, "state": AVAILABLE, "state_since": moment, "lease_until": later, "started_at": moment}
    tx.session.add(SignInSession(tenant_id=tenant_id, expires_at=later, **signed))
    tx.session.add(AgentSession(tenant_id=tenant_id, **shift))
    cookie = app.session_interface.get_signing_serializer(app).dumps({"token": token, "csrf_token": raw})
    csrf = URLSafeTimedSerializer(app.secret_key, salt="wtf-csrf-token").dumps(raw)
    return user, {"cookie": f"{app.config['SESSION_COOKIE_NAME']}={cookie}", "token": csrf}


def _customer(tx, poc: PointOfContact, user: User, seat: int) -> dict:
    """A contact on this agent's seat; its number and its customer's token."""
    skill, moment, token = poc.default_skill, clock.now(), random_token()
    owner = {"tenant_id": poc.tenant_id}
    contact = Contact(
        **owner,
        point_of_contact_id=poc.id,
        default_skill_id=skill.id,
        skill_id=skill.id,
        state=ACTIVE,
        agent_id=user.id,
        customer_name="Customer",
        parameters=[],
        language="en",
        priority_initial=skill.priority_initial,
        priority_acceleration=skill.priority_acceleration,
        priority_maximum=skill.priority_maximum,
        created_at=moment,
        queued_at=moment,
        answered_at=moment,
    )
    tx.session.add(contact)
    tx.session.flush()
    contact.master_contact_id = contact.id
    chat = {"start_key": random_token(), "interface": 2, "language": "en", "created_at": moment, "last_seen_at": moment}
    tx.session.add(ChatSession(**owner, contact_id=contact.id, token_hash=hashed(token), **chat))
    tx.session.add(Seat(**owner, user_id=user.id, n=seat, contact_id=contact.id))
    return {"contact": contact.id, "token": token}


if __name__ == "__main__":
    main()
