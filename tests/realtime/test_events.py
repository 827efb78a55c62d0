"""What is written by hand for speed says exactly what the frame says."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.actions.message_batch import Entry, Outcome
from app.clock import now
from app.realtime.events import LineAdded
from app.realtime.frames import encode_text
from app.realtime.sending import Sending

CID = "an-id_of-22-characters"
words = st.text(st.characters(exclude_categories=["Cs"]), max_size=60)


@given(name=words, text=words, agent=st.none() | st.integers(1, 2**53), seq=st.integers(1, 2**53))
def test_a_text_is_written_as_its_frame_says(name, text, agent, seq):
    by = "customer" if agent is None else "agent"
    event = LineAdded(seq, "text", by, name, CID, text, None, "2026-03-01T09:30:00.123Z", agent, contact=7)
    assert json.loads(event.text) == event.frame()
    assert event.packet == encode_text(event.text)


@pytest.mark.parametrize(
    ("kind", "text", "data"), [("joined", "", {"name": "Zoé"}), ("text", "", None), ("ended", "", {})]
)
def test_lines_of_other_kinds_are_written_as_their_frames_say(kind, text, data):
    event = LineAdded(1, kind, "system", "", CID, text, data, "2026-03-01T09:30:00.123Z", contact=7)
    assert json.loads(event.text) == event.frame()


@pytest.mark.parametrize("dup", [False, True])
def test_an_acknowledgement_has_its_five_parts_and_says_when_it_is_a_repeat(dup):
    said = []
    sending = Sending(None, said.append, lambda: None)
    sending.settle(Outcome(Entry(7, "customer", None, "Zoé", CID, "hi", sending), seq=3, at=now(), dup=dup))
    frame = json.loads(said[0])
    assert frame.pop("at").endswith("Z")
    assert frame == {"t": "ack", "contact": 7, "cid": CID, "seq": 3} | ({"dup": True} if dup else {})
