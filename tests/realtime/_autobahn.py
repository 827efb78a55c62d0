"""The cases of the Autobahn suite, sections 1 to 7 and 10, as a table: chunks that arrive, events, verdict."""

from app.realtime.frames import Close, Ping, Pong
from tests.realtime._client import masked

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
