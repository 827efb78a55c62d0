"""Headers on every answer. Views that must be framed (the customer's window) bring their own policy and keep it."""

from flask import Flask, request

from ..errors import Invalid

POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; font-src 'self'; "
    "connect-src 'self' {sockets}; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)


def install(app: Flask) -> None:
    """Register the hook."""

    @app.before_request
    def read_body():
        """The whole body before anything else: who sends it slowly must not hold a database connection meanwhile."""
        if request.content_length:
            request.get_data(cache=True)

    @app.before_request
    def refuse_nothing_bytes():
        """No database keeps a NUL in a text, and nobody types one."""
        for values in (request.args, request.form):
            for key, value in values.items(multi=True):
                if "\x00" in value:
                    raise Invalid(field=key)

    @app.after_request
    def protect(response):
        headers = response.headers
        if "Content-Security-Policy" not in headers:
            # 'self' does not name WebSockets in older Safari, so they are named.
            headers["Content-Security-Policy"] = POLICY.format(sockets=f"ws://{request.host} wss://{request.host}")
        headers.setdefault("X-Content-Type-Options", "nosniff")
        headers.setdefault("Referrer-Policy", "no-referrer")
        headers.setdefault("Permissions-Policy", "camera=(), geolocation=(), microphone=()")
        if request.is_secure:
            headers.setdefault("Strict-Transport-Security", "max-age=31536000")
        if not response.cache_control.max_age and not (request.endpoint or "").endswith("static"):
            headers.setdefault("Cache-Control", "no-store")
        return response
