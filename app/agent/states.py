"""The agent's state: Available or Unavailable, now or when the running contacts are done."""

from flask import redirect, render_template, request, url_for

from ..access import allowed, signed_in_user
from ..actions.agent_sessions import begin_shift, set_state
from ..models.worklist import running_shift
from . import blueprint
from .console import state_part


@blueprint.post("/state")
@allowed("agent")
def change_state():
    """Set the state. After a lost link there is no shift any more: choosing a state begins the next one."""
    user = signed_in_user()
    if running_shift(user) is None:
        begin_shift(user)
    set_state(user, request.form.get("state", ""), request.form.get("reason", ""))
    if not request.headers.get("HX-Request"):
        return redirect(url_for("agent.console"), 303)
    return render_template("agent/_state.html", **state_part(user))
