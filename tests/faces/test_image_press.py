"""The program that reads strangers' pictures: how little of this machine it has, and how little it knows of us."""

import json
import runpy
import subprocess
import sys

from app.actions.images import PRESS, press_image
from tests.faces.test_images import drawn, encoded

# The real program, but with a decoder that is asked what it could have instead of decoding.
DECODER = """
import mmap, resource, runpy
from PIL import Image

def open_(*_, **__):
    names = ("RLIMIT_AS", "RLIMIT_CPU", "RLIMIT_CORE")
    print(*[limit for name in names for limit in resource.getrlimit(getattr(resource, name))], flush=True)
    mmap.mmap(-1, 2 << 30)
    raise SystemExit(9)  # it had them

program = runpy.run_path({path!r})
Image.open = open_
raise SystemExit(program["main"]((480, 120)))
"""
# Instead of the picture it gives what it finds around itself.
CURIOUS = """
import json, os, sys
sys.stdin.buffer.read()
sys.stdout.write("image/png 1 1\\n" + json.dumps(dict(os.environ)))
"""


def test_a_decoder_that_wants_two_gigabytes_does_not_get_them():
    program = runpy.run_path(str(PRESS))
    command = [sys.executable, "-I", "-c", DECODER.format(path=str(PRESS))]
    done = subprocess.run(command, input=encoded(drawn()), capture_output=True, check=False)
    memory, cpu = program["MEMORY"], program["CPU_SECONDS"]
    assert [int(limit) for limit in done.stdout.split()] == [memory, memory, cpu, cpu, 0, 0]
    assert done.returncode == program["BROKEN"], done.stderr.decode()
    assert memory <= 1 << 30


def test_a_decoder_finds_no_secret_of_the_server_around_itself(tmp_path, monkeypatch):
    curious = tmp_path / "curious.py"
    curious.write_text(CURIOUS, "utf-8")
    monkeypatch.setattr("app.actions.images.PRESS", curious)
    monkeypatch.setenv("CLAVARDAGE_SECRET_KEY", "the server's own secret")
    monkeypatch.setenv("CLAVARDAGE_DATABASE_URL", "postgresql://somebody:password@database/clavardage")
    found = json.loads(press_image(encoded(drawn()), "logo").content)
    # The last one Python itself sets, where the machine speaks no language.
    assert set(found) <= {"PATH", "LD_LIBRARY_PATH", "LC_CTYPE"}
