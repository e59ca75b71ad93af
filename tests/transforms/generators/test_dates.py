import pytest

from transforms.generators.dates import DATE_FORMS

FORMS = (
    # what is written, and whether Hugo 0.168, Jekyll 4.3.1 and Hexo 8.1.2 read it
    ("2024-05-20", True, True, True),
    ("2024-5-2", False, True, True),
    ("2024/05/20", False, True, True),
    ("2024.05.20", False, True, True),
    ("2024年5月20日", False, False, False),
    ("05/20/2024", False, False, True),
    ("5/2/2024", False, True, True),
    ("20/05/2024", False, True, False),
    ("20.05.2024", False, True, False),
    ("2024-05", False, False, True),
    ("2024", False, False, True),
    ("May 20, 2024", False, True, True),
    ("20 May 2024", True, True, True),
    ("5 May 2024", False, True, True),
    ("20 MAY 24 10:00 +0000", True, True, True),
    ("Mon, 20 May 2024 10:00:00 +0000", True, True, True),
    ("Monday, 20-May-24 10:00:00 UTC", True, True, True),
    ("Mon May  6 10:00:00 2024", True, True, True),
    ("Mon May 20 10:00:00 +0900 2024", True, True, True),
    ("2024-05-20 10:00", False, True, True),
    ("2024-05-20 9:05:00", True, True, True),
    ("2024-05-20 10:00:00.5 +0900", True, True, True),
    ("2024-05-20 10:00:00 -0500 EST", True, True, True),
    ("2024-05-20 10:00:00 +09:00 JST", False, True, False),
    ("2024-05-20 10:00:00 JST", False, True, False),
    ("2024-05-20T10:00:00.123Z", True, True, True),
    ("2024-05-20t10:00:00Z", False, True, True),
    ("2024-05-20T10:00:00z", False, True, True),
    ("2024-05-20T10:00:00+09:00", True, True, True),
    ("2024-05-20T10:00:00 +0900", False, True, True),
    ("2024-05-20T10:00", False, True, True),
    ("2024-05-20-", False, True, True),
    ("1716199200", True, False, True),
)


@pytest.mark.parametrize("form", FORMS, ids=lambda form: form[0])
def test_what_each_generator_reads(form):
    written, *read = form
    assert [DATE_FORMS[name].reads("date", written) for name in ("hugo", "jekyll", "hexo")] == read


def test_other_fields_are_no_dates():
    assert DATE_FORMS["hugo"].reads("created", "2024/05/20")
    assert not DATE_FORMS["hugo"].reads("lastMod", "2024/05/20")
    assert DATE_FORMS["jekyll"].reads("lastmod", "2024")
