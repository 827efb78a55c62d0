"""Tables, pure rules, queries. No commit, no request, no announcement on this floor."""

from .agent_session import AgentSession
from .audit_entry import AuditEntry
from .chat_profile import ChatProfile
from .chat_session import ChatSession
from .contact import Contact
from .disposition import Disposition, SkillDisposition
from .installation import Installation
from .message import Message
from .offer import Offer
from .point_of_contact import PointOfContact
from .routing_script import RoutingScript
from .seat import Seat
from .sign_in_session import SignInSession
from .skill import Skill, SkillAssignment
from .team import Team
from .tenant import Tenant
from .timer import Timer
from .user import User

__all__ = [
    "AgentSession",
    "AuditEntry",
    "ChatProfile",
    "ChatSession",
    "Contact",
    "Disposition",
    "Installation",
    "Message",
    "Offer",
    "PointOfContact",
    "RoutingScript",
    "Seat",
    "SignInSession",
    "Skill",
    "SkillAssignment",
    "SkillDisposition",
    "Team",
    "Tenant",
    "Timer",
    "User",
]
