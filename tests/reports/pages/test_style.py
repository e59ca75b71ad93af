"""The colours of the page keep WCAG's contrast: 4.5:1 for text, 3:1 for marks, in light and in dark."""

import re

import pytest

from reports.pages.html import STYLES
from reports.pages.templating import read_asset

STYLE = "\n".join(read_asset(f"style/{name}.css") for name in STYLES)
COLORS = {
    name: (light, dark)
    for name, light, dark in re.findall(r"--([\w-]+): light-dark\(#([0-9a-f]{6}), #([0-9a-f]{6})\)", STYLE)
}
MARKS = [f"c{place}" for place in range(1, 9)] + [f"d{place}" for place in range(1, 5)]


def luminance(color):
    channels = [int(color[place : place + 2], 16) / 255 for place in (0, 2, 4)]
    linear = [channel / 12.92 if channel <= 0.04045 else ((channel + 0.055) / 1.055) ** 2.4 for channel in channels]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(first, second):
    low, high = sorted((luminance(first), luminance(second)))
    return (high + 0.05) / (low + 0.05)


@pytest.mark.parametrize("scheme", [0, 1], ids=["light", "dark"])
@pytest.mark.parametrize("ground", ["paper", "panel", "mark"])
@pytest.mark.parametrize("ink", ["ink", "muted", "accent"])
def test_text_can_be_read(ink, ground, scheme):
    assert contrast(COLORS[ink][scheme], COLORS[ground][scheme]) >= 4.5


@pytest.mark.parametrize("scheme", [0, 1], ids=["light", "dark"])
@pytest.mark.parametrize("mark", MARKS)
def test_marks_can_be_seen(mark, scheme):
    assert contrast(COLORS[mark][scheme], COLORS["paper"][scheme]) >= 3.0


def test_every_variable_is_defined():
    style = STYLE
    used = set(re.findall(r"var\(--([\w-]+)\)", style))
    defined = set(re.findall(r"--([\w-]+):", style))
    assert used - defined == {"v"}, "--v, the length of a bar, is set by the page"
