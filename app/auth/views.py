"""The sign-in page, and the way out that strands nobody."""

from urllib.parse import urlsplit

from flask import current_app, redirect, render_template, request, session, url_for
from flask_babel import gettext as _
from flask_babel import ngettext
from flask_limiter.util import get_remote_address

from ..access import allowed, contacts_of_agent, current_sign_in, signed_in_user
from ..actions import agent_sessions
from ..actions import sign_in as sign_ins
from ..extensions import limiter
from ..models import User
from ..realtime.limits import network_of
from . import blueprint
from .forms import SignInForm


def _rate() -> str:
    return f"{current_app.config['SIGN_INS_PER_MINUTE']}/minute"


def _account() -> str:
    """The name that is tried: nobody may guess one account's password from many addresses."""
    return "account:" + request.form.get("email", "").strip().lower()[:254]


@blueprint.get("/sign-in")
@allowed("anyone")
def sign_in():
    """The form; whoever is signed in already goes on."""
    known = current_sign_in()
    if known is not None:
        return redirect(_destination(known.user, request.args.get("next")), 303)
    return render_template("auth/sign_in.html", form=SignInForm(data={"next": request.args.get("next", "")}))


@blueprint.post("/sign-in")
@allowed("anyone")
@limiter.limit(_rate, key_func=lambda: network_of(request.remote_addr))
@limiter.limit(_rate, key_func=_account)
def try_sign_in():
    """Check name and password. The same words for both, so that nobody learns which accounts exist."""
    form = SignInForm()
    if not form.validate():
        return render_template("auth/sign_in.html", form=form), 422
    found = sign_ins.sign_in(form.email.data, form.password.data, get_remote_address())
    if found is None:
        form.password.errors = [_("E-mail and password do not fit together.")]
        return render_template("auth/sign_in.html", form=form), 422
    user, token = found
    session.clear()
    session["token"] = token
    return redirect(_destination(user, form.next.data), 303)


@blueprint.post("/sign-out")
@allowed("signed-in")
def sign_out():
    """End the shift and the sign-in. With chats still open a page asks first; ``requeue`` gives them back."""
    user, known = signed_in_user(), current_sign_in()
    if not agent_sessions.end_shift(user, requeue=request.form.get("requeue") == "yes"):
        held = len(contacts_of_agent(user))
        question = ngettext("You still have one chat.", "You still have %(num)s chats.", max(held, 1))
        return render_template("auth/sign_out.html", question=question)
    sign_ins.sign_out(known.id, user)
    session.clear()
    return redirect(url_for("auth.sign_in"), 303)


def _destination(user: User, asked: str | None) -> str:
    """The page that was asked for when it is one of ours, else the user's own place of work."""
    if asked and _local(asked):
        return asked
    return url_for("agent.console" if user.is_agent else "admin.overview")


def _local(address: str) -> bool:
    """A path on this site, and nothing that a browser would take for another host."""
    if not address.startswith("/") or address.startswith(("//", "/\\")) or not address.isprintable():
        return False
    parts = urlsplit(address)
    return not parts.scheme and not parts.netloc and "\\" not in address
