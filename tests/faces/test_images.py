"""Pictures of the windows: judged by content, written anew, served as pictures and nothing else."""

import hashlib
import io
import struct
import zlib

import pytest
from PIL import Image as Pillow
from PIL import ImageDraw
from PIL.PngImagePlugin import PngInfo
from sqlalchemy import event

from app.actions.images import LIMITS, NotAnImage, press_image, store_image
from app.customer.page import image_url
from app.extensions import db
from app.models import Image
from app.transaction import transaction
from tests.cast import OUTSIDE_GUID, cast, inside

pytestmark = pytest.mark.slow

__all__ = ["cast", "inside"]

SECRET_WORDS = b"taken at home by Zoe"


def encoded(picture, kind="PNG", **options) -> bytes:
    out = io.BytesIO()
    picture.save(out, kind, **options)
    return out.getvalue()


def drawn(width=600, height=200, mode="RGB"):
    picture = Pillow.new(mode, (width, height))
    ImageDraw.Draw(picture).ellipse((10, 10, width - 10, height - 10), fill="#b9813f" if mode != "1" else 1)
    return picture


def bomb(side=13_000) -> bytes:
    """A PNG of few bytes and many pixels."""
    body = zlib.compress(b"\x00" * (side // 8 + 1) * side, 9)

    def chunk(kind, data):
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    head = struct.pack(">IIBBBBB", side, side, 1, 0, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", body) + chunk(b"IEND", b"")


def code_of(raw, kind="logo") -> str:
    with pytest.raises(NotAnImage) as refused:
        press_image(raw, kind)
    assert refused.value.field == kind
    return refused.value.code


@pytest.mark.parametrize("kind", ["PNG", "JPEG", "WEBP"])
def test_a_picture_is_written_anew_in_its_own_format_and_no_larger_than_it_is_shown(kind):
    picture = press_image(encoded(drawn(), kind), "logo")
    assert (picture.media_type, picture.width, picture.height) == (f"image/{kind.lower()}", 360, 120)
    again = Pillow.open(io.BytesIO(picture.content))
    assert (again.format, again.size) == (kind, (360, 120))


def test_a_small_picture_keeps_its_size():
    picture = press_image(encoded(drawn(100, 40)), "hero")
    assert (picture.width, picture.height) == (100, 40)


def test_what_was_written_into_the_file_besides_the_picture_is_gone():
    words = PngInfo()
    words.add_text("Comment", SECRET_WORDS.decode())
    exif = Pillow.Exif()
    exif[0x010E] = SECRET_WORDS.decode()
    for raw in (
        encoded(drawn(), pnginfo=words),
        encoded(drawn(), "JPEG", exif=exif),
        encoded(drawn(), "JPEG", comment=SECRET_WORDS),
        encoded(drawn(), icc_profile=SECRET_WORDS),
        encoded(drawn(), "WEBP", exif=exif),
    ):
        assert SECRET_WORDS in raw or b"iCCP" in raw
        assert b"iCCP" not in press_image(raw, "logo").content
        assert SECRET_WORDS not in press_image(raw + SECRET_WORDS, "logo").content


def test_a_photograph_stands_upright_without_the_note_that_says_so():
    exif = Pillow.Exif()
    exif[0x0112] = 6  # the camera was held sideways
    picture = press_image(encoded(drawn(400, 100), "JPEG", exif=exif), "hero")
    assert (picture.width, picture.height) == (100, 400)


def test_what_can_be_seen_through_stays_so():
    picture = press_image(encoded(drawn(mode="RGBA")), "logo")
    assert Pillow.open(io.BytesIO(picture.content)).getpixel((0, 0))[3] == 0


@pytest.mark.parametrize("mode", ["1", "L", "LA", "P", "I;16"])
def test_every_kind_of_pixel_becomes_one_that_browsers_show(mode):
    raw = encoded(Pillow.new(mode, (50, 50)))
    assert Pillow.open(io.BytesIO(press_image(raw, "logo").content)).mode in ("RGB", "RGBA")


@pytest.mark.parametrize(
    ("raw", "code"),
    [
        (b"", "image_kind"),
        (b"hello", "image_kind"),
        (b'<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"/>', "image_kind"),
        (b'<?xml version="1.0"?><svg xmlns="http://www.w3.org/2000/svg"/>', "image_kind"),
        (encoded(drawn(), "GIF") + b"<script>alert(1)</script>", "image_kind"),
        (b"GIF89a/*" + b"<script>alert(1)</script>" * 9, "image_kind"),
        (encoded(drawn(), "BMP"), "image_kind"),
        (encoded(drawn(), "TIFF"), "image_kind"),
        (b"\x89PNG\r\n\x1a\n", "image_broken"),
        (b"\x89PNG\r\n\x1a\n<script>alert(1)</script>", "image_broken"),
        (encoded(drawn())[:-200], "image_broken"),
        (encoded(drawn(), "JPEG")[:300], "image_broken"),
        (encoded(drawn(), "WEBP")[:200], "image_broken"),
        (bomb(), "image_pixels"),
        (bomb(60_000), "image_pixels"),
    ],
)
def test_what_is_no_picture_or_too_much_of_one_is_refused(raw, code):
    assert code_of(raw) == code


@pytest.mark.parametrize("kind", ["logo", "hero"])
def test_a_file_that_is_too_heavy_is_refused_before_it_is_read(kind, monkeypatch):
    monkeypatch.setattr("app.actions.images.subprocess", None)
    assert code_of(b"\x89PNG\r\n\x1a\n" + b"0" * LIMITS[kind][0], kind) == "image_weight"


def test_the_largest_picture_that_is_taken_fits_into_the_memory_of_the_press():
    picture = press_image(encoded(Pillow.new("RGBA", (5000, 5000), (9, 9, 9, 99)), compress_level=1), "hero")
    assert (picture.width, picture.height) == (1520, 1520)


def test_a_decoder_that_never_ends_is_ended(monkeypatch):
    monkeypatch.setattr("app.actions.images.PRESS_SECONDS", 0)
    assert code_of(encoded(drawn())) == "image_broken"


@pytest.fixture
def logo(cast):
    """A logo of the first tenant."""
    picture = press_image(encoded(drawn()), "logo")
    with transaction() as tx:
        return store_image(tx, cast.poc().tenant_id, picture).sha256


@pytest.mark.both_databases
def test_the_same_picture_stands_once_in_an_organisation(cast, logo):
    picture = press_image(encoded(drawn()), "logo")
    for tenant_id in (cast.poc().tenant_id, cast.poc(OUTSIDE_GUID).tenant_id):
        with transaction() as tx:
            assert store_image(tx, tenant_id, picture).sha256 == logo
    assert db.session.query(Image).count() == 2


@pytest.mark.both_databases
def test_a_picture_is_served_for_ever_and_as_nothing_but_a_picture(logo, client):
    asked = []

    def ask(*args):
        asked.append(args[2])

    event.listen(db.engine, "before_cursor_execute", ask)
    answer = client.get(f"/images/{logo}")
    event.remove(db.engine, "before_cursor_execute", ask)
    assert len([statement for statement in asked if statement.startswith("SELECT")]) == 1
    assert (answer.status_code, answer.mimetype) == (200, "image/png")
    assert hashlib.sha256(answer.data).hexdigest() == logo
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert answer.headers["Content-Security-Policy"] == "sandbox; default-src 'none'"
    assert answer.cache_control.immutable
    assert answer.cache_control.max_age >= 86400 * 365
    assert "Set-Cookie" not in answer.headers


@pytest.mark.parametrize("name", ["0" * 64, "x", "..%2f", "%00", "' OR 1=1"])
@pytest.mark.both_databases
def test_an_unknown_picture_is_not_found(logo, client, name):
    assert client.get(f"/images/{name}").status_code == 404


def test_a_template_names_a_picture_by_its_content(logo, app):
    with app.test_request_context():
        assert image_url(db.session.query(Image).one()) == f"/images/{logo}"
        assert image_url(None) == ""
