"""The words that the window's script needs, in the page's language."""

from flask_babel import gettext as _

from .language import plural_texts


def window_strings(language: str) -> dict[str, str | dict[str, str]]:
    """Texts for the JSON script element; the page fills `{name}` and `{n}`. Call inside `force_locale(language)`."""
    return {
        "chatting_with": _("Chatting with %(name)s", name="{name}"),
        "waiting": _("Waiting"),
        "waiting_place": _("Waiting · place %(place)s", place="{n}"),
        "ended": _("Chat ended"),
        "connecting": _("Connecting"),
        "next": _("You are next"),
        "ahead": plural_texts(language, "%(count)s person is ahead of you", "%(count)s people are ahead of you"),
        "wait_minutes": plural_texts(language, "About %(count)s minute to wait", "About %(count)s minutes to wait"),
        "joined": _("%(name)s joined the chat", name="{name}"),
        "typing": _("%(name)s is typing", name="{name}"),
        "reconnecting": _("Reconnecting. You can keep writing, nothing is lost."),
        "online": _("You are connected again."),
        "name_missing": _("Please tell us your name."),
        "start_failed": _("We could not start the chat. Please try again."),
        "end_failed": _("We could not end the chat. Please try again."),
        "too_fast": _("That was too fast. Please wait a moment."),
        "sound_on": _("Sound on"),
        "sound_off": _("Sound off"),
        "sound_blocked": _("Sound is blocked. Click to allow it."),
        "text_small": _("Text size: small"),
        "text_regular": _("Text size: regular"),
        "text_large": _("Text size: large"),
        "contrast_on": _("High contrast on"),
        "contrast_off": _("High contrast off"),
        "new_lines": plural_texts(language, "%(count)s new message", "%(count)s new messages"),
        "left_over": plural_texts(language, "%(count)s character left", "%(count)s characters left"),
        "end_customer": _("You ended the chat."),
        "end_agent": _("%(name)s ended the chat.", name="{name}"),
        "end_idle": _("The chat was closed because nothing was written for a while."),
        "end_closed": _("We are closed at the moment."),
        "end_full": _("Too many people are waiting at the moment. Please try again later."),
        "end_other": _("The chat was closed."),
    }
