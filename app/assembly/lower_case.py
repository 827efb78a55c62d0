"""Old links spell ``/inContact/ChatClient/…`` in any case; the routes know the lower-case form (rule R14)."""

PREFIX = "/incontact/"


class LowerCasePaths:
    """WSGI middleware around the application."""

    def __init__(self, application):
        self.application = application

    def __call__(self, environ, start_response):
        """The WSGI call."""
        path = environ.get("PATH_INFO", "")
        if path[: len(PREFIX)].lower() == PREFIX:
            environ["PATH_INFO"] = path.lower()
        return self.application(environ, start_response)
