"""The frame codec against the cases of the Autobahn suite (sections 1 to 7 and 10) and against wsproto."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from wsproto.connection import Connection, ConnectionState, ConnectionType
from wsproto.events import BytesMessage, TextMessage
from wsproto.events import Ping as OraclePing
from wsproto.events import Pong as OraclePong

from app.realtime.frames import (
    Close,
    FrameParser,
    Ping,
    Pong,
    ProtocolError,
    encode_binary,
    encode_close,
    encode_ping,
    encode_pong,
    encode_text,
)
from tests.realtime._autobahn import CONFORMANCE, close, cut
from tests.realtime._client import masked

BIG = 1 << 20


def verdict(chunks, limit=BIG, at_most=None):
    parser, events = FrameParser(limit), []
    try:
        for chunk in chunks:
            events += parser.feed(chunk) if at_most is None else parser.feed(chunk, at_most)
            while parser.pending:
                events += parser.feed(b"", at_most)
    except ProtocolError as error:
        return events + error.events, error.close_code
    return events, None


@pytest.mark.parametrize(
    ("chunks", "events", "code"), [case[1:] for case in CONFORMANCE], ids=[case[0] for case in CONFORMANCE]
)
def test_a_case_of_the_autobahn_suite_gets_its_verdict(chunks, events, code):
    assert verdict(chunks) == (events, code)


@pytest.mark.parametrize(
    ("chunks", "events", "code"), [case[1:] for case in CONFORMANCE], ids=[case[0] for case in CONFORMANCE]
)
def test_the_verdict_is_the_same_for_bytes_that_trickle_in_and_for_events_taken_one_by_one(chunks, events, code):
    whole = b"".join(chunks)
    assert verdict(cut(whole, 1 if len(whole) < 5000 else 509)) == (events, code)
    assert verdict([whole], at_most=1) == (events, code)


@pytest.mark.parametrize("kind", [0x81, 0x82, 0x01, 0x02])
def test_a_message_over_the_limit_is_refused_before_its_payload_arrives(kind):
    assert verdict([masked(kind, length=101)], limit=100) == ([], 1009)
    assert verdict([masked(kind, length=70000)], limit=100) == ([], 1009)


def test_a_message_at_the_limit_passes():
    assert verdict([masked(0x81, b"x" * 100)], limit=100) == (["x" * 100], None)


@pytest.mark.parametrize("kind", [0x01, 0x02])
def test_fragments_are_summed_up_against_the_limit(kind):
    parts = [masked(kind, b"x" * 60), masked(0x89, b"p" * 60), masked(0x00, length=41)]
    assert verdict(parts, limit=100) == ([Ping(b"p" * 60)], 1009)


def test_the_limit_counts_each_message_anew():
    parts = [masked(0x02, b"x" * 60), masked(0x80, b"x" * 40)] * 3
    assert verdict(parts, limit=100) == ([b"x" * 100] * 3, None)


def test_decoding_stops_at_the_number_of_events_asked_for():
    parser = FrameParser()
    assert parser.feed(masked(0x81, b"x") * 5, 2) == ["x", "x"]
    assert parser.pending
    assert parser.feed(masked(0x81, b"y"), 2) == ["x", "x"]
    assert parser.feed(b"") == ["x", "y"]
    assert not parser.pending


def test_frames_are_encoded_as_the_rfc_shows_them():
    assert encode_text("Hello") == encode_text(b"Hello") == b"\x81\x05Hello"
    assert encode_binary(b"x" * 256)[:4] == b"\x82\x7e\x01\x00"
    assert encode_binary(b"x" * 65536)[:10] == b"\x82\x7f\x00\x00\x00\x00\x00\x01\x00\x00"
    assert encode_ping(b"Hello") == b"\x89\x05Hello"
    assert encode_pong(b"Hello") == b"\x8a\x05Hello"
    assert encode_close(1000) == b"\x88\x02\x03\xe8"
    assert encode_close(4003, "no") == b"\x88\x04\x0f\xa3no"


@pytest.mark.parametrize("code", [None, 1005, 1006, 1015])
def test_a_code_that_may_not_travel_is_left_out(code):
    assert encode_close(code, "why") == b"\x88\x00"


def test_a_close_reason_is_cut_between_characters():
    frame = encode_close(1000, "é" * 100)
    assert len(frame) <= 127
    assert frame[4:].decode() == "é" * 61


frames = st.one_of(
    st.builds(masked, st.sampled_from([0x81, 0x01, 0x80, 0x00]), st.text(max_size=200).map(str.encode)),
    st.builds(masked, st.sampled_from([0x81, 0x82, 0x01, 0x02, 0x80, 0x00]), st.binary(max_size=300)),
    st.builds(masked, st.sampled_from([0x89, 0x8A]), st.binary(max_size=130)),
    st.builds(close, st.integers(990, 1016).filter(lambda code: code != 1014), st.binary(max_size=6)),
    st.builds(close, st.integers(0, 65535).filter(lambda code: code != 1014)),
    st.builds(masked, st.integers(0, 255), st.binary(max_size=8)),
)
# Mostly well-formed streams, or the first frame would end nearly every example.
polite = st.one_of(
    st.text(max_size=150).map(lambda text: masked(0x81, text.encode(), mask=b"\xde\xad\xbe\xef")),
    st.binary(max_size=70000 // 300).map(lambda data: masked(0x82, data)),
    st.lists(st.text(max_size=9), min_size=2, max_size=5).map(
        lambda parts: b"".join(
            masked((0 if i else 1) | (0x80 if i == len(parts) - 1 else 0), part.encode())
            for i, part in enumerate(parts)
        )
    ),
    st.binary(max_size=125).map(lambda data: masked(0x89, data)),
)
streams = st.builds(
    lambda good, wild, more: b"".join([*good, *wild, *more, masked(0x8A) * 4]),
    st.lists(polite, max_size=6),
    st.lists(frames, max_size=3),
    st.lists(polite, max_size=2),
)


def oracle(data):
    """wsproto's events, put together as messages, and the close code with which it took offence."""
    peer, events, parts = Connection(ConnectionType.SERVER), [], []
    peer.receive_data(data)
    for event in peer.events():
        if isinstance(event, TextMessage | BytesMessage):
            parts.append(event.data if isinstance(event.data, str) else bytes(event.data))
            if event.message_finished:
                events.append(("" if isinstance(parts[0], str) else b"").join(parts))
                parts = []
        elif isinstance(event, OraclePing):
            events.append(Ping(bytes(event.payload)))
        elif isinstance(event, OraclePong):
            events.append(Pong(bytes(event.payload)))
        elif peer.state is ConnectionState.OPEN:  # its way to say that the peer broke the rules
            return events, int(event.code)
        else:
            events.append(Close(int(event.code), event.reason or ""))
            break
    return events, None


@pytest.mark.slow
@settings(max_examples=600, deadline=None)
@given(streams, st.data())
def test_whatever_arrives_cut_anyhow_is_judged_as_wsproto_judges_it(stream, data):
    cuts = sorted(data.draw(st.lists(st.integers(0, len(stream)), max_size=12)))
    chunks = [stream[a:b] for a, b in zip([0, *cuts], [*cuts, len(stream)], strict=True)]
    assert verdict(chunks) == oracle(stream)
