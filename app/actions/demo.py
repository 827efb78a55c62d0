"""The demo organisation, read from one file into an empty database."""

from functools import cache
from typing import Any

from .. import clock
from ..config import ROOT
from ..models import (
    ChatProfile,
    Disposition,
    OpeningHours,
    PointOfContact,
    RoutingScript,
    Skill,
    SkillAssignment,
    SkillDisposition,
    Team,
    Tenant,
    User,
)
from ..models.user import ROLES
from ..routing.hours import check as check_hours
from ..routing.pre_chat import check_form
from ..routing.script import check
from ..transaction import Transaction, transaction
from .audit import SYSTEM, record
from .images import Picture, press_image, store_image
from .sign_in import hash_password

PICTURES = ROOT / "demo" / "pictures"
SIZES = {"logo": "logo", "waiting_logo": "logo", "hero": "hero"}  # image fields of a profile: which limits they have


def demo_sign_ins(data: dict[str, Any]) -> list[tuple[str, str, str]]:
    """(e-mail, password, roles) of the demo users, for the operator's eyes."""
    return [(user["email"], user["password"], ", ".join(user["roles"])) for user in data.get("user", [])]


def load_demo(data: dict[str, Any]) -> None:
    """Make everything that ``data`` (the form of demo/data.toml) describes, in one transaction."""
    for profile in data.get("chat_profile", []):
        for field in SIZES.keys() & profile.keys():
            _pressed(profile[field], SIZES[field])  # now: nothing inside of a transaction waits for another process
    hashes = {user["email"]: hash_password(user["password"]) for user in data.get("user", [])}
    with transaction() as tx:
        tenant = Tenant(created_at=clock.now(), **data["tenant"])
        tx.session.add(tenant)
        tx.session.flush()
        loader = _Loader(tx, tenant)
        for values in data.get("team", []):
            loader.add(Team, values)
        for values in data.get("disposition", []):
            loader.add(Disposition, values)
        for values in data.get("opening_hours", []):
            loader.opening_hours(dict(values))
        for values in data.get("skill", []):
            loader.skill(dict(values))
        for values in data.get("user", []):
            loader.user(dict(values), hashes[values["email"]])
        for values in data.get("chat_profile", []):
            loader.chat_profile(dict(values))
        for values in data.get("routing_script", []):
            check(values["steps"])
            loader.add(RoutingScript, {**values, "created_at": clock.now()})
        for values in data.get("point_of_contact", []):
            loader.point_of_contact(dict(values))


@cache
def _pressed(name: str, kind: str) -> Picture:
    return press_image((PICTURES / name).read_bytes(), kind)


class _Loader:
    """Finds what was made before by its name."""

    def __init__(self, tx: Transaction, tenant: Tenant):
        self.tx = tx
        self.tenant = tenant
        self.made: dict[tuple[type, str], Any] = {}

    def add(self, model, values: dict[str, Any]):
        row = model(tenant_id=self.tenant.id, **values)
        self.tx.session.add(row)
        self.tx.session.flush()
        name = getattr(row, "name", None) or row.email
        self.made[model, name] = row
        record(self.tx, SYSTEM, row, "created", None, name, "demo data")
        return row

    def opening_hours(self, values: dict[str, Any]) -> None:
        check_hours(values.get("timezone", "UTC"), values.get("weekly", []), values.get("exceptions", []))
        self.add(OpeningHours, values)

    def chat_profile(self, values: dict[str, Any]) -> None:
        check_form(values.get("pre_chat_fields", []))
        for field in SIZES.keys() & values.keys():
            image = store_image(self.tx, self.tenant.id, _pressed(values.pop(field), SIZES[field]))
            values[f"{field}_id"] = image.id
        self.add(ChatProfile, values)

    def skill(self, values: dict[str, Any]) -> None:
        dispositions = values.pop("dispositions", [])
        skill = self.add(Skill, values)
        for position, name in enumerate(dispositions):
            disposition_id = self.made[Disposition, name].id
            self.tx.session.add(
                SkillDisposition(
                    tenant_id=self.tenant.id,
                    skill_id=skill.id,
                    disposition_id=disposition_id,
                    position=position,
                )
            )

    def user(self, values: dict[str, Any], password_hash: str) -> None:
        roles, skills, team = values.pop("roles"), values.pop("skills", {}), values.pop("team", None)
        del values["password"]
        for role in ROLES:
            values[f"is_{role}"] = role in roles
        values["team_id"] = self.made[Team, team].id if team else None
        fixed = {"password_hash": password_hash, "demo_password": True, "created_at": clock.now()}
        user = self.add(User, {**values, **fixed})
        for name, proficiency in skills.items():
            skill_id = self.made[Skill, name].id
            self.tx.session.add(
                SkillAssignment(tenant_id=self.tenant.id, user_id=user.id, skill_id=skill_id, proficiency=proficiency)
            )

    def point_of_contact(self, values: dict[str, Any]) -> None:
        values["default_skill_id"] = self.made[Skill, values.pop("default_skill")].id
        values["routing_script_id"] = self.made[RoutingScript, values.pop("routing_script")].id
        profile = values.pop("chat_profile", None)
        values["chat_profile_id"] = self.made[ChatProfile, profile].id if profile else None
        hours = values.pop("opening_hours", None)
        values["opening_hours_id"] = self.made[OpeningHours, hours].id if hours else None
        self.add(PointOfContact, values)
