"""The classic window (interface version 1): compact paint on the customer's door."""

from app.customer import make_blueprint
from app.customer.look import Look

look = Look(name="widget_v1", version=1, stylesheet="v1.css", template="widget_v1/window.html")
blueprint = make_blueprint(look)
