"""What will a customer meet here: every value with its source, and what was set and does not apply."""

import pytest

from app.extensions import db
from app.models import PointOfContact, RoutingScript, Skill, SkillAssignment, Tenant, User
from app.models.tenant import CURRENT


@pytest.fixture
def address(app, place):
    with app.app_context():
        poc = db.session.query(PointOfContact).filter_by(guid=place.guid).one()
        return f"/admin/points-of-contact/{poc.id}/settings"


@pytest.fixture
def change(app):
    """Change rows as an administrator would: `change(model, where, **values)`."""

    def make(model, where=None, **values):
        with app.app_context():
            for row in db.session.query(model).filter_by(**where or {}):
                for field, value in values.items():
                    setattr(row, field, value)
            db.session.commit()

    return make


@pytest.fixture
def second(app, place, scene):
    """A skill with 600 s that somebody serves."""
    skill = Skill(tenant_id=place.id, name="Repairs", idle_enabled=True, idle_seconds=600)
    number = scene.put(skill)
    scene.put(SkillAssignment(tenant_id=place.id, user_id=place.agent, skill_id=number))
    return number


def test_it_is_for_the_administrators_of_the_organisation(scene, place, client, address):
    assert client.get(address).status_code == 303
    assert scene.signed_in(place.agent, place.id).get(address).status_code == 403
    other = scene.tenant("Elsewhere", 4600002)
    assert scene.signed_in(other.admin, other.id).get(address).status_code == 404


def test_every_value_has_a_source_and_the_list_leads_here(admin, address):
    assert f'href="{address}"' in admin.get("/admin/points-of-contact").text
    page = admin.get(address).text
    for told in ("Whose messaging time-out governs", "the default skill of the point of contact", "always open"):
        assert told in page
    assert "<strong>Shop</strong>" in page


def test_a_time_out_that_never_applies_is_told_with_the_one_that_does(admin, address, second, change):
    page = admin.get(address).text
    assert "The messaging time-out of Repairs (600 s) never applies to contacts that enter here" in page
    assert "that of the default skill governs (off)" in page
    assert "Nowhere the default skill" in admin.get("/admin/skills").text
    change(Tenant, timeout_follows=CURRENT)
    page = admin.get(address).text
    assert "The messaging time-out of Repairs (600 s) takes the place of the one that a contact began with" in page
    assert "the skill of the moment" in page


def test_without_contradictions_it_says_so(admin, address):
    assert "Nothing contradicts" in admin.get(address).text


def test_skills_that_lead_nowhere_are_told(admin, address, second, change):
    steps = {"start": [{"step": "request_agent", "skill": name} for name in ("<b>Gone</b>", "Repairs")]}
    change(RoutingScript, steps=steps)
    change(User, {"is_agent": True}, active=False)
    page = admin.get(address).text
    assert "The script requests the skill &lt;b&gt;Gone&lt;/b&gt;, which does not exist." in page
    assert "Nobody serves the skill Repairs" in page
