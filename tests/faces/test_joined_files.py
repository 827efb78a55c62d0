"""Files that are joined into one answer: what they hold, how they travel, and what cannot be asked for."""

import gzip
import re

import pytest

from app.assembly.joined_files import joined_text
from app.config import ROOT

STATIC = ROOT / "app" / "static"


def test_style_sheets_stand_in_the_order_of_their_names(client):
    body = client.get("/static/joined/tokens+base.css").text
    assert body == (STATIC / "css/tokens.css").read_text("utf-8") + (STATIC / "css/base.css").read_text("utf-8")


def test_a_joined_file_travels_compressed_to_whoever_can_read_that(client):
    plain = client.get("/static/joined/window.js")
    packed = client.get("/static/joined/window.js", headers={"Accept-Encoding": "br, gzip"})
    assert packed.headers["Content-Encoding"] == "gzip"
    assert packed.headers["Vary"] == plain.headers["Vary"] == "Accept-Encoding"
    assert gzip.decompress(packed.data) == plain.data
    assert "Content-Encoding" not in plain.headers
    assert plain.mimetype == "text/javascript"


def test_its_address_names_its_content_and_may_be_kept(app, client):
    with app.test_request_context():
        from flask import url_for

        address = url_for("joined", filename="window.js")
    assert client.get(address).headers["Cache-Control"] == "public, max-age=31536000, immutable"


@pytest.mark.parametrize(
    "name",
    [
        "nothing.css",
        "tokens+nothing.css",
        "..+tokens.css",
        "tokens.txt",
        "a" * 400 + ".css",
        "+.js",
        "window+nothing.js",
        "window+chat+chat.js",
    ],
)
def test_what_does_not_exist_cannot_be_joined(client, name):
    assert client.get(f"/static/joined/{name}").status_code == 404


def test_a_module_comes_behind_what_it_needs_and_a_lazy_one_brings_only_what_is_missing(tmp_path):
    folder = tmp_path / "js"
    (folder / "deep").mkdir(parents=True)
    (folder / "page.js").write_text(
        'import { a } from "./a.js";\nconst later = () => import("./extra.js");\na(later);\n'
    )
    (folder / "a.js").write_text('import {\n  low,\n} from "./deep/low.js";\nexport const a = () => low;\n')
    (folder / "deep/low.js").write_text("export class low {}\n")
    (folder / "extra.js").write_text('import { low } from "./deep/low.js";\nexport function extra() { return low; }\n')
    page, extra = joined_text(tmp_path, "page.js"), joined_text(tmp_path, "page+extra.js")
    assert re.findall(r"const (\$\w+)=", page) == ["$deep_low", "$a", "$page"]
    assert 'import("./page+extra.js")' in page
    assert page.endswith("export{$deep_low,$a,$page};\n")
    assert extra.startswith('import{$deep_low,$a,$page}from"./page.js";const $extra=')
    assert extra.endswith("export const{extra}=$extra;\n")


@pytest.mark.parametrize("odd", ["export default 1;\n", "export { a };\n", 'import * as x from "./y.js";\n'])
def test_a_module_in_a_form_that_would_break_is_named(tmp_path, odd):
    (tmp_path / "js").mkdir()
    (tmp_path / "js/odd.js").write_text(odd)
    with pytest.raises(ValueError, match=r"odd\.js"):
        joined_text(tmp_path, "odd.js")
