import pytest

from transforms.reading.lede import LineKind, find_lede

HEADING, PARAGRAPH, ITEM, ASIDE, MORE = ((kind, kind.name.lower(), (), ()) for kind in LineKind)


@pytest.mark.parametrize(
    ("lines", "lede"),
    [
        ([], ""),
        ([HEADING, ASIDE], ""),
        ([HEADING, ITEM, PARAGRAPH], "paragraph"),
        ([HEADING, ITEM, ASIDE], "item"),
        ([ITEM, HEADING, PARAGRAPH, MORE, PARAGRAPH], "item\nparagraph"),
        ([HEADING, MORE, ITEM, PARAGRAPH], "paragraph"),
    ],
)
def test_lede(lines, lede):
    assert find_lede(lines) == lede
