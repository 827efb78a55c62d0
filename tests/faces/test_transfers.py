"""Handing a chat to another skill: who may, to whom, and what is shown."""

import pytest

from app.extensions import db
from app.models import Contact, Skill
from tests.faces.scene import csrf


@pytest.fixture
def repairs(scene, place):
    return scene.put(Skill(tenant_id=place.id, name="Repairs", notes="Lamps that hum"))


@pytest.fixture
def contact(scene, place):
    scene.shift(place, place.agent)
    return scene.contact(place, state="ACTIVE", agent=place.agent)


@pytest.fixture
def agent(scene, place, contact):
    return scene.signed_in(place.agent, place.id)


def post(client, contact, **form):
    data = {"csrf_token": csrf(client.get("/agent/").text), **form}
    return client.post(f"/agent/contacts/{contact}/transfer", data=data, headers={"HX-Request": "true"})


def skill_of(app, contact) -> tuple[str, str]:
    with app.app_context():
        row = db.session.get(Contact, contact)
        return row.skill.name, row.state


def test_the_choice_names_the_other_active_skills_with_who_is_free(scene, place, agent, contact, repairs):
    scene.put(Skill(tenant_id=place.id, name="Closed_down", active=False))
    page = agent.get(f"/agent/contacts/{contact}/transfer").text
    assert "Repairs" in page
    assert "Lamps that hum" in page
    assert "Free agents: 0 · waiting: 0" in page
    assert "Closed_down" not in page
    assert "<strong>Shop</strong>" not in page


def test_a_chat_goes_to_another_skill_and_the_foot_says_to_whom(app, agent, contact, repairs):
    answer = post(agent, contact, skill=repairs)
    assert (answer.status_code, "You handed this chat to Repairs." in answer.text) == (200, True)
    assert skill_of(app, contact) == ("Repairs", "QUEUED")


@pytest.mark.parametrize("skill", ["", "x", "９", "99999", "9" * 20])
def test_a_skill_that_is_none_of_ours_changes_nothing(app, agent, contact, repairs, skill):
    assert post(agent, contact, skill=skill).status_code in (404, 422)
    assert skill_of(app, contact) == ("Shop", "ACTIVE")


def test_nobody_hands_over_what_is_not_theirs(app, scene, place, contact, repairs):
    colleague = scene.user(place, "Ben Okafor", is_agent=True)
    outside = scene.tenant("Elsewhere", 4600002)
    for who, tenant in ((colleague, place.id), (outside.agent, outside.id)):
        assert post(scene.signed_in(who, tenant), contact, skill=repairs).status_code == 404
    assert skill_of(app, contact) == ("Shop", "ACTIVE")


def test_the_skill_of_another_organisation_is_no_choice(app, scene, agent, contact):
    outside = scene.tenant("Elsewhere", 4600002)
    assert "There is no other skill" in agent.get(f"/agent/contacts/{contact}/transfer").text
    assert post(agent, contact, skill=outside.skill).status_code == 404
    assert skill_of(app, contact) == ("Shop", "ACTIVE")
