"""The modern window (interface version 2): paint on the customer's door."""

from app.customer import make_blueprint
from app.customer.look import Look

look = Look(name="widget_v2", version=2, stylesheet="v2.css", template="widget_v2/window.html")
blueprint = make_blueprint(look)
