"""The live client in Chromium: each line once and in order, whatever happens to the connection."""

import pytest

from tests.journeys.scripted_server import CONTACT
from tests.services import until

pytestmark = pytest.mark.browser


def test_lines_of_both_sides_stand_once_and_in_order(face, scripted):
    page = face()
    page.until_online()
    scripted.say("Hello")
    page.until_texts(["Hello"])
    page.send("One", "Two")
    page.until_settled()
    assert page.texts() == scripted.texts() == ["Hello", "One", "Two"]
    assert [line["own"] for line in page.told("line")] == [False, True, True]


def test_a_cut_in_the_middle_of_thirty_sends_loses_and_doubles_nothing(face, scripted, network):
    page = face()
    page.until_online()
    network.cut_after = 2
    texts = [f"Line {number}" for number in range(30)]
    page.send(*texts)
    scripted.say("From the other side")
    page.until_settled()
    assert network.count("WS") >= 2
    assert [text for text in scripted.texts() if text in texts] == texts
    page.until_texts(scripted.texts())
    assert [line["seq"] for line in page.told("line")] == list(range(1, 32))


def test_an_acknowledgement_lost_in_a_cut_does_not_double_the_line(face, scripted, network):
    page = face()
    page.until_online()

    def stored_but_cut(send):
        scripted.answer = lambda send: None
        scripted.mute = True
        scripted.store(send)
        scripted.mute = False
        network.cut()
        return "silence"

    scripted.answer = stored_but_cut
    cid, _ = page.send("Once", "Twice")
    page.until_settled()
    assert scripted.texts() == page.texts() == ["Once", "Twice"]
    assert [state["state"] for state in page.told("state") if state["cid"] == cid] == ["sent"]


def test_never_more_than_eight_sends_are_unacknowledged(face, scripted):
    page = face(ack=60_000)
    page.until_online()
    scripted.answer = lambda send: scripted.sends.append(send) or "silence"
    page.send(*(f"Line {number}" for number in range(20)))
    until(lambda: len(scripted.sends) == 8, 10)
    pings = len(scripted.frames)
    until(lambda: len(scripted.frames) > pings + 2, 10, "the client goes on, with pings")
    assert len(scripted.sends) == 8


def test_a_send_without_acknowledgement_goes_out_again_on_a_new_socket_only(face, scripted):
    page = face()
    page.until_online()
    unanswered = []
    scripted.answer = lambda send: unanswered.append((len(scripted.hellos), send["cid"])) or "silence"
    page.send("Hello?")
    until(lambda: len(unanswered) >= 2, 10)
    scripted.answer = lambda send: None
    page.until_settled()
    assert [hello for hello, _ in unanswered[:2]] == [1, 2]
    assert scripted.texts() == ["Hello?"]


def test_a_line_sent_into_a_stalled_connection_arrives_once(face, scripted, network):
    page = face(watchdog=60_000, ping=60_000)
    page.until_online()
    network.stall()
    page.send("Into the void")
    page.until_settled()
    assert scripted.texts() == page.texts() == ["Into the void"]


def test_what_was_not_sent_before_a_reload_is_sent_once_after_it(face, scripted):
    page = face()
    page.until_online()
    unanswered = []
    scripted.answer = lambda send: unanswered.append(send["cid"]) or "silence"
    sent = page.send("First", "Second")
    until(lambda: unanswered[:2] == sent, 10)
    assert page.texts() == ["First", "Second"]
    scripted.answer = lambda send: None
    page.page.reload()
    page.until_settled()
    page.until_texts(["First", "Second"])
    assert [line["cid"] for line in scripted.lines] == sent


def test_what_is_written_offline_waits_and_goes_in_order(face, scripted, network):
    page = face()
    page.until_online()
    page.page.context.set_offline(True)
    network.refusing = True
    network.cut()
    until(lambda: page.status()[0] == "offline", 10)
    texts = ["One", "Two", "Three"]
    page.send(*texts)
    assert page.states() == ["sending"] * 3
    scripted.say("Meanwhile")
    network.refusing = False
    page.page.context.set_offline(False)
    page.until_settled()
    assert scripted.texts() == ["Meanwhile", *texts]
    page.until_texts(scripted.texts())
    (gap,) = page.told("gap")
    assert (gap["contact"], gap["lines"]) == (CONTACT, 1)


def test_lines_that_nobody_will_send_any_more_become_failed(face, scripted):
    page = face()
    page.until_online()
    scripted.answer = lambda send: "silence"
    page.send("Too late")
    scripted.bye(None, 4040)
    until(lambda: page.states() == ["failed"], 10)
    assert page.told("state")[-1]["code"] == "ended"
    assert [item["state"] for item in page.pending()] == ["failed"]


def test_a_refusal_for_now_is_tried_again_under_the_same_cid(face, scripted):
    page = face()
    page.until_online()
    refused = []

    def busy(send):
        refused.append(send["cid"])
        scripted.answer = lambda send: None
        return {"t": "nack", "contact": CONTACT, "cid": send["cid"], "code": "rate_limited", "retry_ms": 150}

    scripted.answer = busy
    (cid,) = page.send("Patience")
    page.until_settled()
    assert refused == [line["cid"] for line in scripted.lines] == [cid]
    assert [state["state"] for state in page.told("state")] == ["sent"]


def test_a_refusal_for_now_keeps_later_lines_behind(face, scripted):
    page = face()
    page.until_online()

    def busy_once(send):
        scripted.answer = lambda send: None
        return {"t": "nack", "contact": CONTACT, "cid": send["cid"], "code": "busy", "retry_ms": 1500}

    scripted.answer = busy_once
    page.send("One")
    until(lambda: any(frame["t"] == "send" for frame in scripted.frames), 10)
    scripted.say("The page has read the refusal when it shows this")
    until(lambda: len(page.told("line")) == 1, 10)
    page.send("Two")
    page.until_settled()
    assert scripted.texts()[1:] == page.texts()[1:] == ["One", "Two"]


@pytest.mark.parametrize("transport", ["socket", "sse"])
def test_a_refusal_for_good_shows_as_failed_and_can_be_tried_again(face, scripted, network, transport):
    network.block_websocket = "400" if transport == "sse" else None
    page = face()
    page.until_online(transport)
    scripted.answer = lambda send: {
        "t": "nack", "contact": CONTACT, "cid": send["cid"], "code": "too_long"
    } if send["text"] == "Long" else None  # fmt: skip
    page.send("Long", "Short")
    until(lambda: page.states() == ["sent", "failed"] or page.states() == ["failed", "sent"], 10)
    assert scripted.texts() == ["Short"]
    assert page.told("state")[0]["code"] == "too_long"
    scripted.answer = lambda send: None
    page.page.locator("[data-state=failed] [data-retry]").click()
    page.until_settled()
    assert scripted.texts() == page.texts() == ["Short", "Long"]


def test_another_epoch_asks_the_page_to_load_its_log_anew(face, scripted):
    page = face()
    page.until_online()
    scripted.say("Before")
    page.until_texts(["Before"])
    scripted.epoch = "two"
    scripted.bye(0)
    until(lambda: page.told("reset") == [{"type": "reset", "contact": CONTACT}], 10)
    scripted.say("Of another life")
    page.page.evaluate(f"live.subscribe({CONTACT}, 1, 'two')")
    until(lambda: len(page.told("line")) == 2, 10)


def test_a_hole_leads_to_a_new_socket_and_the_whole_log(face, scripted):
    page = face()
    page.until_online()
    scripted.mute = True
    scripted.say("Missed")
    scripted.mute = False
    scripted.say("Heard")
    page.until_texts(["Missed", "Heard"])
    assert len(scripted.hellos) == 2


def test_lines_that_come_twice_are_shown_once(face, scripted):
    page = face()
    page.until_online()
    line = scripted.say("Hello")
    scripted.tell(line)
    scripted.say("Again")
    page.until_texts(["Hello", "Again"])
    assert [one["seq"] for one in page.told("line")] == [1, 2]


def test_typing_is_told_at_most_once_a_period_and_its_end_once(face, scripted):
    page = face(typing=60_000)
    page.until_online()
    page.page.evaluate(f"for (const on of [true, true, true, false, false]) live.typing({CONTACT}, on)")
    until(lambda: len([one for one in scripted.frames if one["t"] == "typing"]) >= 2, 10)
    assert [one["on"] for one in scripted.frames if one["t"] == "typing"] == [True, False]


def test_nothing_is_sent_before_the_wait_of_a_refusal_is_over(face, scripted):
    page = face()
    page.until_online()
    scripted.answer = lambda send: {**send, "t": "nack", "code": "busy", "retry_ms": 60_000}
    page.send("One")
    # The second ping after a send comes when its answer is there.
    until(lambda: kinds(scripted, "send").count("ping") >= 2, 10)
    page.send("Two")
    pings = kinds(scripted, "send").count("ping")
    until(lambda: kinds(scripted, "send").count("ping") >= pings + 2, 10)
    assert [frame["text"] for frame in scripted.frames if frame["t"] == "send"] == ["One"]
    assert page.states() == ["sending", "sending"]


def kinds(scripted, after: str) -> list[str]:
    """The names of the frames heard since the first of this name."""
    names = [frame["t"] for frame in scripted.frames]
    return names[names.index(after) :] if after in names else []
