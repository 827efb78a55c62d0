"""Pictures of profiles: judged by their content, written anew, kept once per organisation."""

import hashlib
import os
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

import puremagic
from sqlalchemy import select

from .. import clock
from ..errors import Invalid
from ..models import Image
from ..models.image import MEDIA_TYPES
from ..transaction import Transaction

PRESS = Path(__file__).with_name("image_press.py")
PRESS_SECONDS = 30
TOO_MANY_PIXELS = 4  # its exit status; not imported from there, so that no decoder is ever loaded in here
HEAD = 4096  # bytes; what a file is, its beginning says
# Bytes that may come in, and the room it is shown in on a screen of double density, in pixels.
LIMITS = {"logo": (1 << 20, (480, 120)), "hero": (2 << 20, (1520, 1520))}


class NotAnImage(Invalid):
    """A file that does not become a picture. ``code``: image_weight, image_kind, image_pixels or image_broken."""

    def __init__(self, code: str, field: str):
        super().__init__(field=field)
        self.code = code


@dataclass(frozen=True)
class Picture:
    """A picture that has been pressed."""

    media_type: str
    width: int
    height: int
    content: bytes


def press_image(raw: bytes, kind: str) -> Picture:
    """The picture in ``raw``, safe to be served: PNG, JPEG or WebP, at most twice as large as it is shown.

    kind: ``logo`` (1 MiB) or ``hero`` (2 MiB); at most 25 megapixels. Takes a tenth of a second and waits for another
    process, so it is not to be called inside a transaction. Raises ``NotAnImage``.
    """
    weight, (width, height) = LIMITS[kind]
    if len(raw) > weight:
        raise NotAnImage("image_weight", kind)
    if _media_type(raw) not in MEDIA_TYPES:
        raise NotAnImage("image_kind", kind)
    # No setting of ours, no secret of the environment: what runs in there reads a stranger's file.
    env = {name: os.environ[name] for name in ("PATH", "LD_LIBRARY_PATH") if name in os.environ}
    command = [sys.executable, "-I", str(PRESS), str(width), str(height)]
    try:
        done = subprocess.run(command, input=raw, capture_output=True, timeout=PRESS_SECONDS, env=env, check=False)  # noqa: S603 - our own program and numbers
    except subprocess.TimeoutExpired as error:
        raise NotAnImage("image_broken", kind) from error
    if done.returncode:
        raise NotAnImage("image_pixels" if done.returncode == TOO_MANY_PIXELS else "image_broken", kind)
    head, _, content = done.stdout.partition(b"\n")
    media_type, wide, high = head.decode().split()
    if len(content) > weight:
        raise NotAnImage("image_weight", kind)
    return Picture(media_type, int(wide), int(high), content)


def store_image(tx: Transaction, tenant_id: int, picture: Picture) -> Image:
    """The picture's row; the same picture again is the same row."""
    sha256 = hashlib.sha256(picture.content).hexdigest()
    image = tx.session.scalar(select(Image).where(Image.tenant_id == tenant_id, Image.sha256 == sha256))
    if image is None:
        image = Image(
            tenant_id=tenant_id,
            sha256=sha256,
            media_type=picture.media_type,
            width=picture.width,
            height=picture.height,
            content=picture.content,
            created_at=clock.now(),
        )
        tx.session.add(image)
        tx.session.flush()
    return image


def _media_type(raw: bytes) -> str:
    try:
        return puremagic.from_string(raw[:HEAD], mime=True)
    except (puremagic.PureError, ValueError):
        return ""
