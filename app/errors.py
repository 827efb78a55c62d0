"""Domain errors, each with its HTTP status and the code that JSON callers and frames get."""

from flask_babel import lazy_gettext as _


class ClavardageError(Exception):
    """Something the caller must hear about. ``code`` is stable, ``message`` is in the reader's language.

    message: replaces the class's words; field: the form field at fault; retry_seconds: when to try again.
    """

    status = 500
    code = "error"
    words = _("Something went wrong on our side. Nothing you sent is lost; please try again.")

    def __init__(self, message=None, *, field: str | None = None, retry_seconds: float | None = None):
        super().__init__(self.code)
        self.message = message or self.words
        self.field = field
        self.retry_seconds = retry_seconds


class NotFound(ClavardageError):
    status, code, words = 404, "not_found", _("We could not find that.")


class SignInNeeded(ClavardageError):
    status, code, words = 401, "sign_in_needed", _("Please sign in first.")


class Forbidden(ClavardageError):
    status, code, words = 403, "forbidden", _("You may not do that.")


class Invalid(ClavardageError):
    status, code, words = 422, "invalid", _("Please check what you entered.")


class TooLong(Invalid):
    code, words = "too_long", _("That text is too long.")


class Stale(ClavardageError):
    """Somebody or something else was faster (compare-and-set found another state)."""

    status, code, words = 409, "stale", _("This has changed in the meantime.")


class Ended(ClavardageError):
    status, code, words = 409, "ended", _("This chat has ended.")


class CidConflict(ClavardageError):
    status, code, words = 409, "cid_conflict", _("This message id was already used for another text.")


class RateLimited(ClavardageError):
    status, code, words = 429, "rate_limited", _("That was too fast. Please wait a moment.")


class SentOften(RateLimited):
    """So many letters an hour and no more (rule R22)."""

    code = "sent_often"
    words = _("This conversation has already been sent several times. Please try again in an hour.")


class Busy(ClavardageError):
    """The database cannot take it now (locked, full, read-only, away); the same request may be repeated."""

    status, code, words = 503, "busy", _("We cannot save this right now. Please try again in a moment.")


class Closed(ClavardageError):
    """Outside the opening hours no chat begins (rule R16); a message may be left."""

    status, code, words = 409, "closed", _("We are closed right now")


class Open(ClavardageError):
    """Messages are left while closed; now a chat would do."""

    status, code, words = 409, "open", _("We are open now. You can start a chat.")


class Unavailable(ClavardageError):
    """The point of contact is switched off: for the world outside there is none."""

    status, code, words = 404, "unavailable", _("Chat is not available at the moment.")


class Refused(Unavailable):
    """It is there, but not for this: a site that is not on its list, a message where none is taken."""

    status = 403
