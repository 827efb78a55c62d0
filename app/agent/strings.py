"""The words that the console's script needs, in the agent's language."""

from flask_babel import gettext as _


def console_strings() -> dict[str, str]:
    """Texts for the JSON script element; ``{name}`` and ``{n}`` are filled by the page."""
    return {
        "connecting": _("Connecting"),
        "online": _("Connected"),
        "online_sse": _("Connected (without WebSocket)"),
        "reconnecting": _("Reconnecting. What you write is kept."),
        "offline": _("No connection. What you write is kept."),
        "refused": _("Signed out. Load the page again."),
        "offer_title": _("New chat: {name}"),
        "offer_said": _("New chat offered: {name}. Alt+A accepts, Alt+R refuses."),
        "seconds_left": _("{n} s left"),
        "new_lines": _("New messages: {n}"),
        "unread": _("Unread: {n}"),
        "typing": _("{name} is typing"),
        "message_from": _("Message from {name}"),
        "dropped": _("This chat went back to the queue. A colleague will go on with it."),
        "gap": _("You were away for {time}. New messages meanwhile: {n}. Please read them before you answer."),
        "failed": _("That did not work. Nothing is lost; please try again."),
        "sound_on": _("Sound on"),
        "sound_off": _("Sound off"),
        "sound_blocked": _("Sound is blocked until you click somewhere."),
        "one_pane": _("Show one chat at a time"),
        "all_panes": _("Show chats side by side"),
        "left_over": _("Characters left: {n}"),
        "load_failed": _("This part could not be loaded."),
    }
