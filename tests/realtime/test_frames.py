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
from tests.realtime.conftest import masked

BIG = 1 << 20
GREEK = "Hello-µ@ßöäüàá-UTF-8!!"
KOSME = "κόσμε"


def close(code, reason=b""):
    return masked(0x88, code.to_bytes(2, "big") + reason)


def cut(data, size):
    return [data[i : i + size] for i in range(0, len(data), size)]


# (case of the Autobahn suite, chunks as they arrive, events, verdict: a close code or None)
CONFORMANCE = [
    # 1 framing
    *(
        (f"1.1.{i}", [masked(0x81, b"*" * n)], ["*" * n], None)
        for i, n in enumerate((0, 125, 126, 127, 128, 65535, 65536), 1)
    ),
    ("1.1.8", cut(masked(0x81, b"*" * 65536), 997), ["*" * 65536], None),
    *(
        (f"1.2.{i}", [masked(0x82, b"\xfe" * n)], [b"\xfe" * n], None)
        for i, n in enumerate((0, 125, 126, 127, 128, 65535, 65536), 1)
    ),
    ("1.2.8", cut(masked(0x82, b"\xfe" * 65536), 997), [b"\xfe" * 65536], None),
    # 2 pings and pongs
    ("2.1", [masked(0x89)], [Ping(b"")], None),
    ("2.2", [masked(0x89, b"Hello, world!")], [Ping(b"Hello, world!")], None),
    ("2.3", [masked(0x89, b"\x00\xff\xfe\xfd")], [Ping(b"\x00\xff\xfe\xfd")], None),
    ("2.4", [masked(0x89, b"\xfe" * 125)], [Ping(b"\xfe" * 125)], None),
    ("2.5", [masked(0x89, b"\xfe" * 126)], [], 1002),
    ("2.6", cut(masked(0x89, b"\xfe" * 125), 1), [Ping(b"\xfe" * 125)], None),
    ("2.7", [masked(0x8A)], [Pong(b"")], None),
    ("2.8", [masked(0x8A, b"unsolicited")], [Pong(b"unsolicited")], None),
    ("2.9", [masked(0x8A, b"u"), masked(0x89, b"p")], [Pong(b"u"), Ping(b"p")], None),
    ("2.10", [masked(0x89, b"%d" % i) for i in range(10)], [Ping(b"%d" % i) for i in range(10)], None),
    (
        "2.11",
        cut(b"".join(masked(0x89, b"%d" % i) for i in range(10)), 1),
        [Ping(b"%d" % i) for i in range(10)],
        None,
    ),
    # 3 reserved bits
    ("3.1", [masked(0x81 | 0x10, b"x")], [], 1002),
    ("3.2", [masked(0x81, b"x"), masked(0x81 | 0x20, b"x")], ["x"], 1002),
    ("3.3", [masked(0x81, b"x") + masked(0x81 | 0x30, b"x")], ["x"], 1002),
    ("3.4", cut(masked(0x81, b"x") + masked(0x81 | 0x40, b"x"), 1), ["x"], 1002),
    ("3.5", [masked(0x82 | 0x50, b"x")], [], 1002),
    ("3.6", [masked(0x89 | 0x60, b"x")], [], 1002),
    ("3.7", [masked(0x88 | 0x70)], [], 1002),
    # 4 opcodes
    *((f"4.1.{i}", [masked(0x80 | i, b"")], [], 1002) for i in range(3, 8)),
    *((f"4.2.{i}", [masked(0x80 | (i + 8), b"x")], [], 1002) for i in range(3, 8)),
    ("4.1.after", [masked(0x81, b"x"), masked(0x83, b"x"), masked(0x89)], ["x"], 1002),
    # 5 fragmentation
    ("5.1", [masked(0x09, b"f"), masked(0x80, b"g")], [], 1002),
    ("5.2", [masked(0x0A, b"f"), masked(0x80, b"g")], [], 1002),
    ("5.3", [masked(0x01, b"f"), masked(0x80, b"g")], ["fg"], None),
    ("5.4", [masked(0x01, b"f") + masked(0x80, b"g")], ["fg"], None),
    ("5.5", cut(masked(0x01, b"f") + masked(0x80, b"g"), 1), ["fg"], None),
    ("5.6", [masked(0x01, b"f"), masked(0x89, b"p"), masked(0x80, b"g")], [Ping(b"p"), "fg"], None),
    ("5.7", [masked(0x01, b"f") + masked(0x89, b"p") + masked(0x80, b"g")], [Ping(b"p"), "fg"], None),
    (
        "5.8",
        cut(masked(0x01, b"f") + masked(0x89, b"p") + masked(0x80, b"g"), 1),
        [Ping(b"p"), "fg"],
        None,
    ),
    ("5.9", [masked(0x80, b"x"), masked(0x81, b"y")], [], 1002),
    ("5.12", [masked(0x00, b"x"), masked(0x81, b"y")], [], 1002),
    ("5.15", [masked(0x01, b"a") + masked(0x80, b"b") + masked(0x00, b"c")], ["ab"], 1002),
    ("5.18", [masked(0x01, b"a"), masked(0x81, b"b")], [], 1002),
    ("5.18 binary", [masked(0x01, b"a"), masked(0x02, b"b")], [], 1002),
    (
        "5.19",
        [masked(0x01, b"a"), masked(0x00, b"b"), masked(0x89, b"1"), masked(0x00, b"c"), masked(0x80, b"d")],
        [Ping(b"1"), "abcd"],
        None,
    ),
    ("5 empty fragments", [masked(0x02), masked(0x00), masked(0x80)], [b""], None),
    # 6 UTF-8
    ("6.1.1", [masked(0x81)], [""], None),
    ("6.1.2", [masked(0x01), masked(0x00), masked(0x80)], [""], None),
    ("6.1.3", [masked(0x01), masked(0x00, b"m"), masked(0x80)], ["m"], None),
    ("6.2.1", [masked(0x81, GREEK.encode())], [GREEK], None),
    ("6.2.2", [masked(0x01, GREEK.encode()[:9]), masked(0x80, GREEK.encode()[9:])], [GREEK], None),
    (
        "6.2.3",
        [masked(0x01)] + [masked(0x00, bytes([b])) for b in GREEK.encode()] + [masked(0x80)],
        [GREEK],
        None,
    ),
    ("6.2.4", [masked(0x81, KOSME.encode())], [KOSME], None),
    ("6.3.1", [masked(0x81, KOSME.encode() + b"\xed\xa0\x80edited")], [], 1007),
    (
        "6.3.2",
        [masked(0x01)] + [masked(0x00, bytes([b])) for b in KOSME.encode() + b"\xed\xa0\x80"],
        [],
        1007,
    ),
    ("6.4.1 before the message ends", [masked(0x01, KOSME.encode()), masked(0x00, b"\xf4\x90")], [], 1007),
    ("6.4.2", [masked(0x01, KOSME.encode() + b"\xf4"), masked(0x00, b"\x90")], [], 1007),
    *(
        (f"6.5 to 6.21: {text!r}", [masked(0x81, text.encode())], [text], None)
        for text in (
            "\x00",
            "\x7f",
            "\x80",
            "\u07ff",
            "\u0800",
            "\ud7ff",
            "\ue000",
            "\ufffd",
            "\uffff",
            "\U00010000",
            "\U0010ffff",
            "\U0001fffe",
        )
    ),
    *(
        (f"6.6 to 6.20: {bad.hex()}", [masked(0x81, bad)], [], 1007)
        for bad in (
            b"\xce",
            b"\xce\xba\xe1",
            b"\x80",
            b"\xbf",
            b"\x80\xbf\x80",
            b"\xc0\xaf",
            b"\xc1\xbf",
            b"\xe0\x80\xaf",
            b"\xe0\x9f\xbf",
            b"\xf0\x80\x80\xaf",
            b"\xf0\x8f\xbf\xbf",
            b"\xf8\x88\x80\x80\x80",
            b"\xfc\x84\x80\x80\x80\x80",
            b"\xfe",
            b"\xff",
            b"\xed\xa0\x80",
            b"\xed\xbf\xbf",
            b"\xed\xa0\x80\xed\xb0\x80",
            b"\xf4\x90\x80\x80",
            b"\xf7\xbf\xbf\xbf",
        )
    ),
    ("6 cut short at the end", [masked(0x01, b"\xce\xba"), masked(0x80, b"\xe1")], [], 1007),
    # 7 closing
    ("7.1.1", [masked(0x81, b"x"), close(1000)], ["x", Close(1000, "")], None),
    ("7.1.2", [close(1000), close(1000)], [Close(1000, "")], None),
    ("7.1.3", [close(1000), masked(0x89)], [Close(1000, "")], None),
    ("7.1.4", [close(1000) + masked(0x81, b"late")], [Close(1000, "")], None),
    ("7.1.5", [masked(0x01, b"f"), close(1000), masked(0x80, b"g")], [Close(1000, "")], None),
    ("7.3.1", [masked(0x88)], [Close(1005, "")], None),
    ("7.3.2", [masked(0x88, b"\x03")], [], 1002),
    ("7.3.3", [close(1000)], [Close(1000, "")], None),
    ("7.3.4", [close(1000, b"Hello")], [Close(1000, "Hello")], None),
    ("7.3.5", [close(1000, b"*" * 123)], [Close(1000, "*" * 123)], None),
    ("7.3.6", [close(1000, b"*" * 124)], [], 1002),
    ("7.5.1", [close(1000, KOSME.encode() + b"\xed\xa0\x80")], [], 1007),
    *(
        (f"7.7: {code}", [close(code)], [Close(code, "")], None)
        for code in (1000, 1001, 1002, 1003, *range(1007, 1015), 3000, 3999, 4000, 4999)
    ),
    *(
        (f"7.9: {code}", [close(code)], [], 1002)
        for code in (0, 999, 1004, 1005, 1006, 1015, 1016, 1100, 2000, 2999, 5000, 65535)
    ),
    # 10 and what the sections leave to the server: masking, lengths
    ("10.1.1", [masked(0x01, b"*" * 1300)] * 1 + [masked(0x80, b"*" * 64236)], ["*" * 65536], None),
    ("unmasked text", [b"\x81\x01x"], [], 1002),
    ("unmasked ping", [b"\x89\x00"], [], 1002),
    ("length in two bytes for one", [b"\x81\xfe\x00\x7d"], [], 1002),
    ("length in eight bytes for two", [b"\x81\xff" + (65535).to_bytes(8, "big")], [], 1002),
    ("length with its top bit", [b"\x82\xff" + (1 << 63).to_bytes(8, "big")], [], 1002),
    ("control length in two bytes", [b"\x89\xfe"], [], 1002),
]


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


@settings(max_examples=600, deadline=None)
@given(streams, st.data())
def test_whatever_arrives_cut_anyhow_is_judged_as_wsproto_judges_it(stream, data):
    cuts = sorted(data.draw(st.lists(st.integers(0, len(stream)), max_size=12)))
    chunks = [stream[a:b] for a, b in zip([0, *cuts], [*cuts, len(stream)], strict=True)]
    assert verdict(chunks) == oracle(stream)
