import base64
import gzip
import json
import re

import pytest

from reports.charts.maps import HEIGHT, WIDTH
from reports.pages import vega
from reports.pages.html import SCRIPTS
from reports.pages.templating import read_asset
from reports.pages.vega import vega_bundle


@pytest.fixture
def spec():
    return json.loads(read_asset("map.vega.json"))


@pytest.fixture
def unbuilt(tmp_path, monkeypatch):
    monkeypatch.setattr(vega, "files", lambda _package: tmp_path)
    vega_bundle.cache_clear()
    yield
    vega_bundle.cache_clear()


def test_the_bundle_is_packed_as_it_is():
    bundle = vega_bundle()
    assert gzip.decompress(base64.b64decode(bundle.packed)).decode() == bundle.source
    assert "vegaEmbed" in bundle.source


def test_the_bundle_carries_no_time():
    head = base64.b64decode(vega_bundle().packed)[:8]
    assert head[4:8] == bytes(4), "gzip's time of making"


def test_a_package_that_was_not_built_says_what_to_do(unbuilt):
    with pytest.raises(FileNotFoundError, match=r"vega\.js\.gz is made when postkin is installed; run: pip install"):
        vega_bundle()


def test_the_map_is_drawn_in_the_units_of_its_places(spec):
    signals = {signal["name"]: signal.get("value") for signal in spec["signals"]}
    assert (signals["xdom"], signals["ydom"]) == ([0, WIDTH], [HEIGHT, 0])
    assert (spec["width"], spec["height"]) == (WIDTH, HEIGHT)
    assert f"UNITS = [{WIDTH}, {HEIGHT}]" in read_asset("script/map-canvas.js")


def test_the_map_s_scripts_set_what_it_has(spec):
    source = "".join(read_asset(f"script/{name}.js") for name in SCRIPTS)
    assert set(re.findall(r"\.signal\(\"(\w+)\"", source)) <= {signal["name"] for signal in spec["signals"]}
    assert set(re.findall(r"\.data\(\"(\w+)\"", source)) <= {data["name"] for data in spec["data"]}


def test_nothing_on_the_map_is_loaded(spec):
    assert not [data for data in spec["data"] if "url" in data]


def test_no_script_makes_markup_of_texts():
    source = "".join(read_asset(f"script/{name}.js") for name in SCRIPTS)
    assert not re.search(r"innerHTML|outerHTML|insertAdjacentHTML|document\.write|\beval\(|new Function", source)
