"""The words of the effective settings."""

from flask_babel import lazy_gettext as _

from ..models.tenant import CURRENT, ENTRY
from ..routing.effective import Problem, Source

LABELS = {
    "opening_hours": _("Opening hours"),
    "timeout_follows": _("Whose messaging time-out governs"),
    "idle_enabled": _("Messaging time-out"),
    "idle_seconds": _("Quiet time before the warning"),
    "idle_countdown_seconds": _("From the warning to the end"),
    "messages_when_closed": _("Messages while closed"),
    "priority": _("Priority"),
    "typing_indicator": _("Typing indicator"),
    "post_contact": _("After the contact"),
    "transcript_available": _("Transcript for the customer"),
    "rating_enabled": _("Rating"),
    "thank_you_enabled": _("Thank-you page"),
    "interface": _("Interface version"),
    "pre_chat_enabled": _("Form before the chat"),
    "waiting_enabled": _("Queue screen"),
    "default_language": _("Language where we do not speak the customer’s"),
    "allowed_origins": _("Sites"),
}
SOURCES = {
    Source.POINT_OF_CONTACT: _("Point of contact"),
    Source.DEFAULT_SKILL: _("Default skill, for the whole life of the contact"),
    Source.CURRENT_SKILL: _("Skill of the moment, at first the default skill"),
    Source.PROFILE: _("Chat profile"),
    Source.TENANT: _("Organisation"),
    Source.BUILT_IN: _("Built in"),
}
PROBLEMS = {
    Problem.UNKNOWN_SKILL: _(
        "The script requests the skill %(skill)s, which does not exist. The default skill takes such contacts."
    ),
    Problem.INACTIVE_SKILL: _("The skill %(skill)s is switched off, and contacts still come to it."),
    Problem.NOBODY: _("Nobody serves the skill %(skill)s: its contacts would wait for ever."),
    Problem.TIMEOUT_IGNORED: _(
        "The messaging time-out of %(skill)s (%(own)s) never applies to contacts that enter here: that of the default "
        "skill governs (%(in_force)s), whatever skill they come to."
    ),
    Problem.TIMEOUT_CHANGES: _(
        "The messaging time-out of %(skill)s (%(own)s) takes the place of the one that a contact began with "
        "(%(in_force)s), as soon as it comes to that skill."
    ),
}
FOLLOWS = {ENTRY: _("the default skill of the point of contact"), CURRENT: _("the skill of the moment")}
