"""The words that the window's script needs, in the page's language."""

from flask_babel import gettext as _

from ..errors import SentOften, TooLong
from .language import plural_texts


def window_strings(language: str) -> dict[str, str | dict[str, str]]:
    """Texts for the JSON script element; the page fills `{name}` and `{n}`. Call inside `force_locale(language)`."""
    return {**_before(), **_after(language), **_during(language)}


def _before() -> dict[str, str]:
    """The form, and the times while closed."""
    return {
        "check_fields": _("Please check the fields marked below."),
        "required": _("Please fill in this field."),
        "phone": _("Please enter a phone number: digits, spaces and + - ( ) . only."),
        "option": _("Please choose one of the options."),
        "too_long": str(TooLong.words),
        "start_failed": _("We could not start the chat. Please try again."),
        "start_offline": _(
            "You are offline. Nothing you wrote is lost; the chat starts as soon as you are back online."
        ),
        "email_wrong": _("Please enter a valid e-mail address, such as name@example.com."),
        "opens": _("We open again %(when)s.", when="{when}"),
        "zone": _("Times are shown in your time zone (%(zone)s).", zone="{zone}"),
        "today": _("Today"),
        "closed": _("Closed"),
        "answer_at": _("We will answer you at %(email)s.", email="{email}"),
        "open_now": _("We are open now. You can start a chat."),
    }


def _after(language: str) -> dict[str, str | dict[str, str]]:
    """The end, and what comes of the conversation."""
    return {
        "end_failed": _("We could not end the chat. Please try again."),
        "end_idle": _("The chat was closed because nothing was written for a while."),
        "end_closed": _("We are closed at the moment."),
        "end_full": _("Too many people are waiting at the moment. Please try again later."),
        "you_ended": _("You ended the chat"),
        "they_ended": _("%(name)s ended the chat", name="{name}"),
        "has_ended": _("The chat has ended"),
        "ending_in": plural_texts(language, "Ending in %(count)s second", "Ending in %(count)s seconds"),
        "goes_on": _("The chat goes on."),
        "too_late": _("It was too late: the chat has already ended."),
        "rating_failed": _("We could not save your rating. Please try again."),
        "mailing": _("We are sending the conversation to %(email)s.", email="{email}"),
        "not_sent": _("We could not send it. Please try again."),
        "send_offline": _("You are offline. Nothing you wrote is lost; it is sent as soon as you are back online."),
        "sent_often": str(SentOften.words),
        "link_copied": _("Link copied. It works for 24 hours."),
    }


def _during(language: str) -> dict[str, str | dict[str, str]]:
    """The chat, and the places where it may be shown."""
    return {
        "chatting_with": _("Chatting with %(name)s", name="{name}"),
        "waiting": _("Waiting"),
        "waiting_place": _("Waiting · place %(place)s", place="{n}"),
        "show_both": _("Show both messages"),
        "ended": _("Chat ended"),
        "connecting": _("Connecting"),
        "next": _("You are next"),
        "ahead": plural_texts(language, "%(count)s person is ahead of you", "%(count)s people are ahead of you"),
        "minutes": plural_texts(language, "About %(count)s minute", "About %(count)s minutes"),
        "minutes_range": _("About %(low)s to %(high)s minutes", low="{low}", high="{high}"),
        "joined": _("%(name)s joined the chat", name="{name}"),
        "typing": _("%(name)s is typing", name="{name}"),
        "reconnecting": _("Reconnecting. You can keep writing, nothing is lost."),
        "online": _("You are connected again."),
        "too_long": _("That text is too long."),
        "too_fast": _("That was too fast. Please wait a moment."),
        "sound_on": _("Sound on"),
        "sound_off": _("Sound off"),
        "sound_blocked": _("Sound is blocked. Click to allow it."),
        "text_small": _("Text size: small"),
        "text_regular": _("Text size: regular"),
        "text_huge": _("Text size: huge"),
        "contrast_on": _("High contrast on"),
        "contrast_off": _("High contrast off"),
        "new_lines": plural_texts(language, "%(count)s new message", "%(count)s new messages"),
        "left_over": plural_texts(language, "%(count)s character left", "%(count)s characters left"),
        "in_window": _("Your chat is open in its own window"),
        "bring_back": _("Bring it back here"),
        "unreachable": _("We cannot reach your chat right now"),
        "window_blocked": _("The window was blocked. Please allow pop-ups for this page."),
        "in_tab": _("This chat is open in another tab"),
        "in_tab_lead": _("You can go on here. The other tab will be put to rest."),
        "use_here": _("Use it here"),
        "taken": _("The chat goes on in another tab"),
        "lost": _("Your session could not be found. What you wrote is still here; please start again."),
    }
