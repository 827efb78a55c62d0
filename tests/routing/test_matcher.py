"""Who gets whom: the worked examples of the rule and its edges."""

from datetime import UTC, datetime, timedelta

from app.routing.matcher import FreeAgent, Waiting, best_agent, best_contact

NOW = datetime(2026, 3, 1, 12, 0, tzinfo=UTC)


def waiting(number, minutes, initial=0.0, acceleration=1.0, maximum=1000.0, proficiency=10, left=False):
    return Waiting(number, NOW - timedelta(minutes=minutes), initial, acceleration, maximum, proficiency, left)


def free(number, proficiency=10, running=0, capacity=3, last=None, refused=False):
    return FreeAgent(number, proficiency, running, capacity, last, refused)


def test_priority_grows_with_the_wait_and_stops_at_the_maximum():
    assert waiting(1, 10).priority(NOW) == 10
    assert waiting(1, 2, 50, 5, 55).priority(NOW) == 55
    assert waiting(1, -1, 50).priority(NOW) == 50


def test_the_worked_example_puts_b_first():
    a, b = waiting(1, 10), waiting(2, 2, 50, 5, 55)
    assert best_contact([a, b], NOW) is b


def test_equal_priority_goes_by_arrival_then_by_number():
    early, late = waiting(2, 5, maximum=3), waiting(1, 4, maximum=3)
    assert best_contact([late, early], NOW) is early
    twins = [waiting(8, 5), waiting(7, 5)]
    assert best_contact(twins, NOW).contact_id == 7


def test_nobody_waiting_is_nobody():
    assert best_contact([], NOW) is None
    assert best_agent([]) is None


def test_the_better_proficiency_wins_over_everything_but_a_fresh_refusal():
    assert best_agent([free(1, 5), free(2, 1, running=2)]).user_id == 2
    assert best_agent([free(1, 5), free(2, 1, refused=True)]).user_id == 1
    assert best_agent([free(2, 1, refused=True)]).user_id == 2


def test_load_is_measured_against_capacity():
    assert best_agent([free(1, running=2, capacity=4), free(2, running=1, capacity=1 + 2)]).user_id == 2
    assert best_agent([free(1, running=1, capacity=10), free(2, running=1, capacity=2)]).user_id == 1


def test_then_the_longest_without_an_offer_and_who_had_none_comes_first():
    assert best_agent([free(1, last=NOW), free(2, last=NOW - timedelta(hours=1))]).user_id == 2
    assert best_agent([free(1, last=NOW), free(2)]).user_id == 2
    assert best_agent([free(2), free(1)]).user_id == 1


def test_a_left_message_comes_after_every_customer_and_messages_go_by_arrival():
    message, older = waiting(1, 900, initial=900, left=True), waiting(2, 901, left=True)
    customer = waiting(3, 0, initial=0, acceleration=0)
    assert best_contact([message, customer, older], NOW) is customer
    assert best_contact([waiting(4, 1, left=True), older], NOW) is older
