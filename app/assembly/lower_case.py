"""Old links spell ``/inContact/ChatClient/…`` in any case; the routes know the lower-case form (rule R14)."""

import string

PREFIX = "/incontact/"
# ASCII alone: the path holds bytes as Latin-1, and lower case of those would break other letters.
LOWER = str.maketrans(string.ascii_uppercase, string.ascii_lowercase)


class LowerCasePaths:
    """WSGI middleware around the application."""

    def __init__(self, application):
        self.application = application

    def __call__(self, environ, start_response):
        """The WSGI call."""
        path = environ.get("PATH_INFO", "").translate(LOWER)
        if path.startswith(PREFIX):
            environ["PATH_INFO"] = path
        return self.application(environ, start_response)
