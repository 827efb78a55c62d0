"""What a site puts on its pages for one point of contact: embedded code, pop-up code, link, signed identity."""

from html import escape
from urllib.parse import urlencode

from flask import render_template, request

from ..access import allowed, signed_in_user, tenant_of
from ..errors import NotFound
from ..models import records
from . import blueprint

# The window of the classic pop-up code; pages in the field use these numbers (docs/embedding.md).
POPUP_NAME, POPUP_FEATURES = "icPatronChatWin", "location=no,height=630,width=410,menubar=no,status=no"

PYTHON = """\
import base64, hashlib, hmac, json, os, secrets, time


def chat_identity(user):
    claims = {
        "sub": str(user.id),
        "name": user.name,
        "email": user.email,
        "exp": int(time.time()) + 300,
        "nonce": secrets.token_urlsafe(16),
    }
    payload = base64.urlsafe_b64encode(json.dumps(claims).encode()).rstrip(b"=")
    key = os.environ["CHAT_IDENTITY_SECRET"].encode()
    return payload.decode() + "." + hmac.new(key, payload, hashlib.sha256).hexdigest()
"""
NODE = """\
const { createHmac, randomBytes } = require("node:crypto");

function chatIdentity(user) {
  const claims = { sub: String(user.id), name: user.name, email: user.email,
    exp: Math.floor(Date.now() / 1000) + 300, nonce: randomBytes(16).toString("base64url") };
  const payload = Buffer.from(JSON.stringify(claims)).toString("base64url");
  return payload + "." + createHmac("sha256", process.env.CHAT_IDENTITY_SECRET).update(payload).digest("hex");
}
"""
IDENTIFY = 'icPatronChat.identify("…"); // what your server has signed for the customer who is signed in'


@blueprint.get("/points-of-contact/<int:poc_id>/snippets")
@allowed("administrator")
def snippets(poc_id: int):
    """Everything to copy for one point of contact."""
    user = signed_in_user()
    poc = records.point_of_contact(user.tenant_id, poc_id)
    if poc is None:
        raise NotFound()
    host, bus_no = request.url_root.rstrip("/"), tenant_of(user).bus_no
    link = direct_page(host, poc.guid, bus_no)
    return render_template(
        "admin/snippets.html",
        poc=poc,
        embedded=embedded_code(host, poc.guid, bus_no),
        popup=popup_code(link),
        link=link,
        policy=f"script-src {host}; frame-src {host}",
        identity={"identify": IDENTIFY, "python": PYTHON, "node": NODE},
    )


def direct_page(host: str, guid: str, bus_no: int) -> str:
    """The address of the window as a page of its own. host: our origin, without a slash at its end."""
    return f"{host}/inContact/ChatClient/ChatClient.aspx?" + urlencode({"poc": guid, "bu": bus_no})


def embedded_code(host: str, guid: str, bus_no: int) -> str:
    """The script with its call: for the end of a page's body, works in its head, too."""
    return (
        f'<script src="{host}/inContact/ChatClient/js/embed.min.js"></script>\n'
        "<script>\n"
        "  icPatronChat.init({\n"
        f'    serverHost: "{host}",\n'
        f"    bus_no: {bus_no},\n"
        f'    poc: "{guid}",\n'
        "    params: []\n"
        "  });\n"
        "</script>"
    )


def popup_code(link: str) -> str:
    """A link that opens the window beside the page; without JavaScript it opens as a page."""
    opening = f"window.open(this.href, '{POPUP_NAME}', '{POPUP_FEATURES}', true); return false;"
    return f'<a href="{escape(link)}" target="{POPUP_NAME}" onclick="{opening}">Chat</a>'
