"""Reads one picture and writes it anew, without anything that is not its pixels. Runs as a program of its own.

What comes in is hostile until it has been pressed. So a child process with a memory and a time limit decodes it: what
goes wrong there goes wrong there. Usage: `image_press.py WIDTH HEIGHT < picture > pressed`; the first line of the
answer is `media type, width, height`. Exit status 3: not a picture; 4: too many pixels.
"""

import io
import resource
import sys

from PIL import Image, ImageCms, ImageOps

MEMORY = 1 << 30  # bytes of address space: Python and Pillow take 0.2, 25 megapixels and their copies 0.4
CPU_SECONDS = 20
PIXELS = 25_000_000
BROKEN, TOO_MANY_PIXELS = 3, 4
FORMATS = {"PNG": "image/png", "JPEG": "image/jpeg", "WEBP": "image/webp"}
OPTIONS = {
    "PNG": {"optimize": True},
    "JPEG": {"quality": 85, "progressive": True, "optimize": True},
    "WEBP": {"quality": 85, "method": 4},
}


def main(box: tuple[int, int]) -> int:
    """Standard input to standard output; the exit status."""
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    resource.setrlimit(resource.RLIMIT_CPU, (CPU_SECONDS, CPU_SECONDS))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    Image.MAX_IMAGE_PIXELS = None  # our own limit is lower, and no mere warning
    try:
        picture = Image.open(io.BytesIO(sys.stdin.buffer.read()), formats=tuple(FORMATS))
        if picture.width * picture.height > PIXELS:
            return TOO_MANY_PIXELS
        kind = picture.format
        content, size = pressed(picture, kind, box)
    except Exception:  # noqa: BLE001 - decoders raise whatever comes to them, and all of it means: no picture
        return BROKEN
    sys.stdout.buffer.write(f"{FORMATS[kind]} {size[0]} {size[1]}\n".encode() + content)
    return 0


def pressed(picture: Image.Image, kind: str, box: tuple[int, int]) -> tuple[bytes, tuple[int, int]]:
    """The first frame, upright, in sRGB, within ``box`` (pixels), in the format it came in."""
    picture.load()
    upright = _in_srgb(ImageOps.exif_transpose(picture))
    see_through = kind != "JPEG" and upright.has_transparency_data
    bare = upright.convert("RGBA" if see_through else "RGB")
    bare.thumbnail(box, Image.Resampling.LANCZOS)
    bare.info.clear()
    out = io.BytesIO()
    bare.save(out, kind, **OPTIONS[kind])
    return out.getvalue(), bare.size


def _in_srgb(picture: Image.Image) -> Image.Image:
    """Colours are worked into sRGB before their profile is dropped; an unreadable profile is passed over."""
    profile = picture.info.get("icc_profile")
    if not profile or picture.mode not in ("RGB", "RGBA", "CMYK", "L"):
        return picture
    mode = "RGBA" if picture.mode == "RGBA" else "RGB"
    try:
        own = ImageCms.ImageCmsProfile(io.BytesIO(profile))
        return ImageCms.profileToProfile(picture, own, ImageCms.createProfile("sRGB"), outputMode=mode)
    except (ImageCms.PyCMSError, OSError, ValueError):
        return picture


if __name__ == "__main__":
    raise SystemExit(main((int(sys.argv[1]), int(sys.argv[2]))))
