"""Tables, pure rules, queries. No commit, no request, no announcement on this floor."""

from .agent_session import AgentSession
from .audit_entry import AuditEntry
from .chat_profile import ChatProfile
from .chat_session import ChatSession
from .contact import Contact
from .disposition import Disposition, SkillDisposition
from .image import Image
from .installation import Installation
from .mail import Mail
from .message import Message
from .offer import Offer
from .opening_hours import OpeningHours
from .point_of_contact import PointOfContact
from .rating import Rating
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
    "Image",
    "Installation",
    "Mail",
    "Message",
    "Offer",
    "OpeningHours",
    "PointOfContact",
    "Rating",
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
