"""What is a link in a line of a chat: one table for the window's script and for pages that run none."""

# (text, the addresses in it that can be clicked)
LINKS = [
    ("see https://example.org/a.", ["https://example.org/a"]),
    ("(https://example.org/a)", ["https://example.org/a"]),
    ("https://example.org/a_(b)", ["https://example.org/a_(b)"]),
    ("(see https://example.org/a_(b)), please", ["https://example.org/a_(b)"]),
    ("https://example.org/a?b=[c]&d=(e)!?…", ["https://example.org/a?b=[c]&d=(e)"]),
    ("http://[2001:db8::1]:8080/x", ["http://[2001:db8::1]:8080/x"]),
    ("«https://example.org/é»", ["https://example.org/é"]),
    ("見る「https://example.org/灯」。", ["https://example.org/灯"]),
    ("HTTPS://EXAMPLE.ORG", ["HTTPS://EXAMPLE.ORG"]),
    ("https://a.example\nhttp://b.example", ["https://a.example", "http://b.example"]),
    ("http:// https://. https://", []),
    ("javascript:alert(1) data:text/html,x vbscript:x file:///etc/passwd ftp://x.example mailto:a@b.example", []),
    ("jAvAsCrIpT://example.org/%0aalert(1)", []),
    ("https://example.org/\u202egpj.exe", ["https://example.org/"]),
    ("https://[not-an-address", []),
    ('https://example.org/"onmouseover="x', ["https://example.org/"]),
    ("http://[ https://:80 https://a.example:99999", []),
    ("灯https://a.example/灯。", ["https://a.example/灯"]),
    ("HTTPS://A.example/?a=1&b=2", ["HTTPS://A.example/?a=1&b=2"]),
    ("see https://a.example/x. <a href=x> www.a.example", ["https://a.example/x"]),
]
