"""What we ship of others is byte for byte what its README says."""

import hashlib
import re
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
FOLDERS = [ROOT / "app/static/vendor", ROOT / "tests/vendor"]


@pytest.mark.parametrize("folder", FOLDERS, ids=lambda folder: folder.parent.name)
def test_every_vendored_script_has_the_hash_of_its_readme(folder):
    readme = (folder / "README.md").read_text("utf-8")
    written = dict(re.findall(r"^\| (\S+\.js) \|.*`([0-9a-f]{64})`", readme, re.M))
    found = {path.name: hashlib.sha256(path.read_bytes()).hexdigest() for path in folder.glob("*.js")}
    assert found == written
    assert found, f"{folder} holds no script"


@pytest.mark.parametrize("folder", FOLDERS, ids=lambda folder: folder.parent.name)
def test_every_vendored_script_comes_with_its_licence(folder):
    for script in folder.glob("*.js"):
        name = re.split(r"[-.]", script.name)[0]
        assert (folder / f"{name}-LICENSE.txt").exists(), f"{script.name} has no {name}-LICENSE.txt"
