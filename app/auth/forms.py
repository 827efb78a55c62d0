"""The sign-in form. Its messages are ours: the library's own catalogues miss several of our languages."""

from flask_babel import lazy_gettext as _
from flask_wtf import FlaskForm
from wtforms import HiddenField, PasswordField, StringField
from wtforms.validators import InputRequired, Length

EMAIL_LIMIT, PASSWORD_LIMIT = 254, 200


class SignInForm(FlaskForm):
    """Name and password; ``next`` is where to go afterwards."""

    email = StringField(
        _("E-mail"),
        validators=[
            InputRequired(_("Please enter your e-mail address.")),
            Length(max=EMAIL_LIMIT, message=_("That address is too long.")),
        ],
    )
    password = PasswordField(
        _("Password"),
        validators=[
            InputRequired(_("Please enter your password.")),
            Length(max=PASSWORD_LIMIT, message=_("That password is too long.")),
        ],
    )
    next = HiddenField()
