"""The estimated wait stands inside a sentence: no language begins it with a capital."""

import pytest
from flask_babel import force_locale

from app.actions.queue_words import message_filled
from app.customer.language import LANGUAGES

WAITS = [[1, 1], [2, 2], [5, 5], [11, 11], [5, 15]]


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("wait", WAITS, ids=str)
def test_inside_a_sentence_the_estimate_begins_small_and_has_its_numbers(app, language, wait):
    with app.test_request_context(), force_locale("en"):
        said = message_filled("x: %w", language, 0, 1, wait).removeprefix("x: ")
        alone = message_filled("%w", language, 0, 1, wait)
    assert said[0] == said[0].lower()
    assert alone == said[0].upper() + said[1:]
    assert language == "en" or "about" not in said, "it is translated"
