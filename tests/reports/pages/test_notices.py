"""The licences of what a page inlines stand in the package and in the page, of the versions that are inlined."""

import re

import pytest

from reports.pages.templating import read_asset
from tests.notices import HEAD, RULE, bundled

NOTICES = read_asset("licenses.txt")
SECTIONS = [part.strip() for part in NOTICES.split(RULE)]
NAMED = [name for section in SECTIONS[1:] for name in section.splitlines()[0].split(", ")]


def test_each_package_of_vega_is_named_with_its_version_once():
    assert SECTIONS[0] == HEAD
    assert sorted(NAMED) == sorted(f"{name} {version}" for name, version in bundled().items())


@pytest.mark.parametrize(
    "package", ["vega", "vega-lite", "vega-embed", "d3-array", "topojson-client", "fast-deep-equal"]
)
def test_what_vega_is_known_to_be_made_of_is_found(package):
    assert package in bundled()


@pytest.mark.parametrize("section", SECTIONS[1:], ids=lambda section: section.split()[0])
def test_each_section_has_a_licence(section):
    _, _, text = section.partition("\n\n")
    assert re.search(r"Copyright|public domain", text)
    assert re.search(r"Redistribution and use|Permission (is hereby granted|to use)|Anyone is free to copy", text)


def test_nothing_ends_the_element_that_holds_them():
    assert "</" not in NOTICES
    assert "<!--" not in NOTICES
