"""Who gets a socket and who does not, before the upgrade."""

import pytest

pytestmark = pytest.mark.slow


@pytest.mark.parametrize("path", ["/echo", "/stock"])
@pytest.mark.parametrize(
    "origin",
    [
        "null",
        "https://evil.example",
        "http://chat.example",
        "https://chat.example:8443",
        "https://chat.example.evil.example",
        "https://evil.example/https://chat.example",
        "https://user@chat.example",
        "https://chat.example/",
        "https://chat.example:x",
        "http://127.0.0.1:8001",
        "",
    ],
)
def test_a_foreign_origin_is_refused_before_the_upgrade(server, path, origin):
    assert server.connect(path, headers={"Origin": origin}).status == 403


@pytest.mark.parametrize("origin", ["https://chat.example", "https://CHAT.example:443", "http://127.0.0.1:8000", None])
def test_our_own_origin_and_a_program_without_one_get_in(server, origin):
    assert server.connect(headers={"Origin": origin}).status == 101


@pytest.mark.parametrize("key", [None, "", "c2hvcnQ=", "!!!!", "AAECAwQFBgcICQoLDA0ODxA="])
def test_a_key_that_is_not_16_bytes_is_refused(server, key):
    assert server.connect(headers={"Sec-WebSocket-Key": key}).status == 400


@pytest.mark.parametrize("version", [None, "8", "12", "14", "13, 8"])
def test_another_version_is_told_which_one_we_speak(server, version):
    client = server.connect(headers={"Sec-WebSocket-Version": version})
    assert client.status == 426
    assert client.headers["sec-websocket-version"] == "13"


def test_our_subprotocol_is_chosen_and_compression_never(server):
    offer = {
        "Sec-WebSocket-Protocol": "other, clavardage.v1",
        "Sec-WebSocket-Extensions": "permessage-deflate",
    }
    client = server.connect(headers=offer)
    assert client.headers["sec-websocket-protocol"] == "clavardage.v1"
    assert "sec-websocket-extensions" not in client.headers
    assert client.headers["sec-websocket-accept"] == "Bz3qJYTGdOe8gUSpLosEdiLKDrk="


def test_without_an_offer_no_subprotocol_is_chosen(server):
    client = server.connect(headers={"Sec-WebSocket-Protocol": "other"})
    assert client.status == 101
    assert "sec-websocket-protocol" not in client.headers
