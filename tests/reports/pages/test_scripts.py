import re

from reports.charts.maps import HEIGHT, WIDTH
from reports.pages.html import SCRIPTS
from reports.pages.templating import read_asset


def test_the_map_is_drawn_in_the_units_of_its_places():
    assert f"UNITS = [{WIDTH}, {HEIGHT}]" in read_asset("script/map-canvas.js")


def test_no_script_makes_markup_of_texts():
    source = "".join(read_asset(f"script/{name}.js") for name in SCRIPTS)
    assert not re.search(r"innerHTML|outerHTML|insertAdjacentHTML|document\.write|\beval\(|new Function", source)
