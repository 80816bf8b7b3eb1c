import gzip
import json
import re
from importlib.resources import files
from pathlib import Path

import pytest

from gru_core.compiled.kernels import engine
from gruscope import __version__
from gruscope.content.networks import gallery_names
from gruscope.settings import Settings
from gruscope.web.assets import COMPILE_AHEAD, TYPES, Asset, Static, folder
from gruscope.web.pages import config
from gruscope.wire.schema import Quantity
from tests.app.session.test_session import opening, say, session
from tests.app.support import client


@pytest.fixture(scope="module")
def page() -> str:
    answer = client().get("/")
    assert answer.status_code == 200
    assert answer.headers["cache-control"] == "no-store"
    assert answer.headers["content-encoding"] == "gzip"
    return answer.text


def addresses(page: str) -> list[str]:
    return re.findall(r'(?:src|href)="(/[^"#]*)"', page)


def test_the_page_names_only_assets_that_are_there(page):
    http = client()
    found = addresses(page)
    assert any(path.startswith("/plotly/") for path in found)
    assert any(path.endswith(".css") for path in found)
    for path in found:
        answer = http.get(path)
        assert answer.status_code == 200, path
        assert "immutable" in answer.headers["cache-control"]
        kind = "text/javascript" if path.endswith(".js") else TYPES[Path(path).suffix]
        assert answer.headers["content-type"].startswith(kind)


def test_the_page_refers_to_no_other_origin(page):
    assert not re.search(r'(?:src|href|action)="(?:https?:)?//', page)


def test_the_page_preloads_every_module(page):
    root = folder("static") / "js"
    modules = {p.relative_to(root).as_posix() for p in root.rglob("*.js")}
    preloaded = re.findall(r'rel="modulepreload"[^>]* href="([^"]+)"', page)
    named = {path.partition("/js/")[2] for path in preloaded}
    assert named == modules - {"theme.js", "views/token/token.js"}


def test_the_page_carries_its_config(page):
    found = re.search(r'<script type="application/json" id="config">(.*?)</script>', page, re.S)
    assert found
    assert json.loads(found[1]) == json.loads(json.dumps(config(Settings())))


def test_the_help_says_what_computes(page):
    assert f"gruscope {__version__} computes with {engine()}." in page


def test_limits_of_the_page_are_those_of_the_settings():
    limits = config(Settings(steps=7, message_bytes=99))["limits"]
    assert (limits["steps"], limits["message_bytes"]) == (7, 99)
    assert set(limits) == {
        "steps",
        "hidden_size",
        "input_size",
        "weight",
        "input_value",
        "edits",
        "message_bytes",
        "file_bytes",
        "table_bytes",
    }


@pytest.mark.parametrize("example", config(Settings())["examples"], ids=gallery_names())
def test_an_example_opens_and_has_the_place_it_says_to_look_at(example):
    said = say(session(), opening(example["document"]))
    opened, done = said[0], said[-1]
    assert done.type == "done" and done.steps == opened.steps
    assert example["look"]["t"] < opened.steps and example["look"]["unit"] < opened.hidden_size
    assert example["look"]["quantity"] in Quantity.__args__
    assert example["title"] and example["story"]


def test_the_default_is_an_example():
    names = [e["name"] for e in config(Settings())["examples"]]
    assert names == gallery_names() and config(Settings())["default"] in names


def test_health():
    answer = client().get("/healthz")
    assert answer.json()["status"] == "ok"
    assert client().head("/healthz").status_code == 200


def plotly_path(page: str) -> str:
    return next(path for path in addresses(page) if path.startswith("/plotly/"))


def test_plotly_is_the_packages_script_and_compressed_once(page):
    http = client()
    answer = http.get(plotly_path(page))
    assert answer.headers["content-encoding"] == "gzip"
    assert int(answer.headers["content-length"]) < 1_700_000
    source = files("plotly").joinpath("package_data", "plotly.min.js").read_bytes()
    assert answer.content == COMPILE_AHEAD + source
    plain = http.get(plotly_path(page), headers={"accept-encoding": "identity"})
    assert "content-encoding" not in plain.headers and plain.content == answer.content


def test_an_asset_that_is_there_is_not_sent_again(page):
    http = client()
    for path in (plotly_path(page), addresses(page)[0]):
        tag = http.get(path).headers["etag"]
        again = http.get(path, headers={"if-none-match": tag})
        assert (again.status_code, again.content) == (304, b"")
        assert again.headers["etag"] == tag and "immutable" in again.headers["cache-control"]
        assert http.get(path, headers={"if-none-match": '"other"'}).status_code == 200


@pytest.mark.parametrize(
    "path",
    [
        "/static/0000000000000000/js/main.js",
        "/static/{hash}/js/nothing.js",
        "/static/{hash}/",
        "/static/{hash}/../../pyproject.toml",
        "/static/{hash}/..%2f..%2fpyproject.toml",
        "/static/{hash}//etc/passwd",
        "/static/js/main.js",
        "/plotly/0000000000000000.js",
        "/plotly/",
        "/healthz/",
    ],
)
def test_an_address_without_an_asset_is_not_found(page, path):
    hash = re.search(r"/static/(\w+)/", page)
    assert hash
    answer = client().get(path.format(hash=hash[1]))
    assert (answer.status_code, answer.json()["code"]) == (404, "not_found")


def test_a_changed_file_changes_every_address(tmp_path):
    (tmp_path / "js").mkdir()
    (tmp_path / "js" / "a.js").write_text("1")
    (tmp_path / "notes.md").write_text("not served")
    static = Static(tmp_path)
    before = static.url("js/a.js")
    static.refresh()
    assert static.url("js/a.js") == before
    (tmp_path / "js" / "b.js").write_text("2")
    static.refresh()
    assert static.url("js/a.js") != before
    assert static.get(static.hash, "js/b.js") == Asset(b"2", TYPES[".js"], packs=True)
    assert static.get(static.hash, "notes.md") is None
    assert static.get(before.split("/")[2], "js/a.js") is None


def test_modules_are_those_a_page_begins_with_imports(tmp_path):
    (tmp_path / "js" / "parts").mkdir(parents=True)
    sources = {
        "main.js": 'import { b } from "./b.js";\nimport {\n  c,\n} from "./c-d.js";',
        "b.js": 'import "./main.js";\nimport "./parts/f.js";\nexport const b = 1;',
        "parts/f.js": 'import { g } from "./g.js";\nimport { b } from "../b.js";',
        "parts/g.js": "",
        "c-d.js": '// import { e } from "./e.js";\nimport { b } from "./b.js";',
        "e.js": "",
    }
    for name, source in sources.items():
        (tmp_path / "js" / name).write_text(source)
    static = Static(tmp_path)
    names = [url.partition("/js/")[2] for url in static.modules("js/main.js")]
    assert names[0] == "main.js"
    assert sorted(names) == ["b.js", "c-d.js", "main.js", "parts/f.js", "parts/g.js"]


def test_packing_is_the_same_every_time():
    assert Asset(b"x" * 100, "", True).packed == Asset(b"x" * 100, "", True).packed
    assert gzip.decompress(Asset(b"x" * 100, "", True).packed) == b"x" * 100


@pytest.mark.parametrize(
    ("header", "encoding"),
    [
        ("gzip, deflate, br", "gzip"),
        ("br;q=1.0, gzip;q=0.8", "gzip"),
        ("", None),
        ("identity", None),
        ("br", None),
    ],
)
def test_gzip_is_sent_to_clients_that_accept_it(header, encoding):
    answer = client().get("/", headers={"accept-encoding": header})
    assert answer.headers.get("content-encoding") == encoding
    assert answer.headers["vary"] == "accept-encoding"
    assert "</html>" in answer.text


def test_the_config_is_safe_inside_a_script_element():
    text = client().get("/").text
    inside = text.split('id="config">')[1].split("</script>")[0]
    assert "<" not in inside
