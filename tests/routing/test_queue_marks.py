"""The marks of a queue message: numbers in their places, and no word about a wait that nobody knows."""

import pytest

from app.routing.queue_marks import marks_filled


def told(text, wait=""):
    return marks_filled(text, 2, 7, lambda: wait)


@pytest.mark.parametrize(
    ("text", "left"),
    [
        ("You keep your place. Estimated wait: %w.", "You keep your place."),
        ("Estimated wait: %w. You keep your place.", "You keep your place."),
        ("Estimated wait: %w", ""),
        ("%w", ""),
        ("You are number %q. Please allow %w!", "You are number 2."),
        ("%q ahead of you, %t in all, %w.", "2 ahead of you, 7 in all."),
        ("%q ahead; wait: %w; thank you", "2 ahead; thank you"),
        ("%w · %q ahead", "2 ahead"),
        ("%q are ahead and it takes %w. Thank you.", "Thank you."),
        ("Please wait (%w).", "Please wait."),
        ("Shop 2.0 is busy: %w. See shop.example?", "See shop.example?"),
        ("Place %q.\nWait: %w\nThank you", "Place 2.\nThank you"),
        ("You may wait approx. %w. Thank you.", "Thank you."),
        ("順番はそのままです。待ち時間の目安：%w。お待ちください。", "順番はそのままです。お待ちください。"),
        ("前面有 %q 人，预计等待%w。", "前面有 2 人。"),
        ("يبقى دورك محفوظًا. مدة الانتظار: %w؟", "يبقى دورك محفوظًا."),
        ("آپ کی جگہ محفوظ ہے۔ انتظار: %w۔", "آپ کی جگہ محفوظ ہے۔"),
        ("No mark of ours: 100%", "No mark of ours: 100%"),
    ],
)
def test_what_would_tell_an_unknown_wait_is_left_out_and_the_rest_reads_on(text, left):
    assert told(text) == left


@pytest.mark.parametrize(
    ("text", "read"),
    [
        ("Estimated wait: %w.", "Estimated wait: about 5 minutes."),
        ("%w to go", "About 5 minutes to go"),
        ("Thank you. %w to go", "Thank you. About 5 minutes to go"),
        ("It takes approx. %w", "It takes approx. about 5 minutes"),
        ("Place %q\n%w", "Place 2\nAbout 5 minutes"),
    ],
)
def test_the_wait_begins_with_a_capital_only_where_a_sentence_does(text, read):
    assert told(text, "about 5 minutes") == read


def test_the_wait_is_only_asked_for_where_it_is_told():
    assert marks_filled("%q of %t", 2, 7, lambda: pytest.fail("asked")) == "2 of 7"
