"""Numbers in addresses are ids: one that no database could hold is an address that does not exist."""

from werkzeug.routing import IntegerConverter

HIGHEST = 2**53 - 1


class Id(IntegerConverter):
    """``<int:…>`` in every route; larger numbers answer 404 instead of an overflow in the driver."""

    def __init__(self, url_map, *args, **kwargs):
        super().__init__(url_map, *args, **{"max": HIGHEST, **kwargs})
