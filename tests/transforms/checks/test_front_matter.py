from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.transforms.checks.by_hand import HOW, customs_of, post, read, texts, told
from transforms.checks.customs import habits
from transforms.checks.findings import Dates, Fault, Fix, Meant, Missing, UnreadDate
from transforms.checks.front_matter import check_front_matter, slips
from transforms.checks.settings import DEFAULTS
from transforms.generators.registry import GENERATORS
from transforms.site.site_model import Site

CUSTOMS = customs_of(texts())
GOOD = "---\ntitle: New\ndate: 2024-05-01\ndescription: About\ntags: [baking]\n---\n\nBread.\n"


def check(text, path="posts/new.md", customs=CUSTOMS, how=HOW):
    return list(check_front_matter(read(text, path, how), customs, how, DEFAULTS))


def by(generator):
    return replace(HOW, site=Site(GENERATORS[generator]))


def test_nothing_is_found_in_a_post_like_the_others():
    assert check(GOOD) == []


def test_front_matter_that_cannot_be_read_is_found_at_its_line():
    [found] = check(GOOD.replace("description: About", "description: [About"))
    assert (found.rule, found.severity, found.line) == ("front-matter-invalid", "error", 5)
    assert isinstance(found.details, Fault)
    assert found.details.reason.startswith("front matter is not valid YAML")


def test_bytes_that_are_no_text_are_found():
    [found] = check(GOOD.encode() + b"\xff")
    assert (found.rule, found.line) == ("front-matter-invalid", 9)


@pytest.mark.parametrize("body", ["", "\n \n", "<!-- to come -->\n"])
def test_a_post_without_text_is_told(body):
    assert told(check(f"---\ntitle: A post\ndate: 2024-05-01\n---\n{body}")) == [("text-missing", 1, "")]


@pytest.mark.parametrize("text", ["# A heading\n", "---\nlayout: list\n---\n"])
def test_what_is_no_post_needs_no_text(text):
    path = "posts/new.md" if text.startswith("#") else "posts/_index.md"
    assert "text-missing" not in {rule for rule, *_ in told(check(text, path))}


def test_a_title_and_a_date_are_missed_where_others_have_them():
    found = check("---\ndescription: About\ntags: [baking]\n---\n\n# A heading\n")
    assert told(found) == [("title-missing", 1, "title"), ("date-missing", 1, "date")]
    assert found[0].details == Missing(30, 30)


def test_nothing_is_missed_where_others_lack_it_too():
    bare = customs_of({f"posts/{number}.md": f"# Post {number}\n\nText.\n" for number in range(30)})
    assert check("# Another\n\nText.\n", customs=bare) == []


def test_nothing_is_usual_in_a_blog_of_few_posts():
    assert check("# Another\n\nText.\n", customs=customs_of(texts(9))) == []


def test_a_date_that_cannot_be_read_is_an_error():
    [found] = check(GOOD.replace("2024-05-01", "2024-13-45"))
    assert (found.rule, found.severity, found.line, found.subject) == ("date-invalid", "error", 3, "date")
    assert found.details == Fault("2024-13-45")


def test_a_day_with_signs_after_it_cannot_be_read_by_all_generators():
    [found] = check(GOOD.replace("2024-05-01", "2024-5-1-"))
    assert (found.rule, found.line, found.details) == ("date-invalid", 3, Fault("2024-5-1-"))
    for date in ("2024-5-1", "2024/05/01", "2024-05-01 10:00 EST", "2024年5月1日"):
        assert "date-invalid" not in [found.rule for found in check(GOOD.replace("2024-05-01", date))]


def test_a_date_is_read_as_the_sites_generator_reads_it():
    for date, unread in (
        ("2024/05/01", {"hugo"}),
        ("05/20/2024", {"hugo", "jekyll"}),
        ("20/05/2024", {"hugo", "hexo"}),
        ("2024年5月1日", {"hugo", "jekyll", "hexo"}),
        ("2024-05-01 10:00", {"hugo"}),
        ("2024-05-01 10:00:00 +0900", set()),
    ):
        text = GOOD.replace("2024-05-01", f"{date}")
        for generator in ("hugo", "jekyll", "hexo", "eleventy"):
            found = [one for one in check(text, how=by(generator)) if one.rule == "date-invalid"]
            details = [UnreadDate(date, generator.capitalize())] if generator in unread else []
            assert [one.details for one in found] == details, (date, generator)
    [found] = check(GOOD.replace("tags:", "lastmod: 2024/05/01\ntags:"), how=by("hugo"))
    assert (found.rule, found.severity, found.line, found.subject) == ("date-invalid", "error", 5, "lastmod")
    toml = '+++\ntitle = "New"\ndate = 2024-05-01\ndescription = "x"\ntags = ["baking"]\n+++\n\nText.\n'
    assert check(toml, how=by("hugo")) == []


def test_a_date_that_can_be_read_in_another_field_is_none():
    assert check(GOOD.replace("tags:", "created: 13-45\ntags:")) == []


def test_the_date_in_the_name_is_that_of_the_front_matter_where_the_blog_has_it_so():
    named = customs_of({f"posts/2023-01-{day:02d}-x.md": post(day, date=f"2023-01-{day:02d}") for day in range(1, 21)})
    [found] = check(GOOD, "posts/2024-05-02-new.md", named)
    assert (found.rule, found.line, found.details) == ("date-name", 3, Dates("2024-05-01", "2024-05-02"))
    assert check(GOOD, "posts/2024-05-01-new.md", named) == []
    others = customs_of({f"posts/2022-01-{day:02d}-x.md": post(day) for day in range(1, 21)})
    assert check(GOOD, "posts/2024-05-02-new.md", others) == []


def test_a_date_to_come_is_said_unless_it_is_a_draft():
    later = GOOD.replace("2024-05-01", "2024-08-01")
    assert told(check(later)) == [("date-future", 3, "date")]
    assert check(later.replace("tags:", "draft: true\ntags:")) == []


def test_a_draft_of_the_past_is_said():
    draft = GOOD.replace("tags:", "draft: true\ntags:")
    assert told(check(draft)) == [("draft-past", 5, "date")]


def test_a_key_of_the_newest_posts_is_missed():
    [found] = check(GOOD.replace("description: About\n", ""))
    assert (found.rule, found.line, found.subject, found.details) == (
        "field-missing",
        1,
        "description",
        Missing(30, 30),
    )
    assert check(GOOD.replace("description: About", "description:")) == []


@pytest.mark.parametrize(("written", "meant"), [("tgas", "tags"), ("descripton", "description"), ("dat", "date")])
def test_a_key_that_nobody_has_is_a_slip_for_one_that_many_have(written, meant):
    found = [one for one in check(GOOD.replace(f"{meant}:", f"{written}:")) if one.rule == "field-misspelt"]
    [slip] = found
    assert (slip.subject, slip.details) == (written, Meant(meant, 30))
    assert slip.fix == Fix("field", written, (meant,))
    assert slip.line == 2 + ["title", "date", "description", "tags"].index(meant)


def test_a_key_of_its_own_is_none():
    assert check(GOOD.replace("tags:", "weight: 3\ntags:")) == []
    assert check(GOOD.replace("tags:", "tag: x\ntags:")) == []  # the post has the key that may be meant


@pytest.mark.parametrize("key", ["Tags", "Description", "DATE"])
def test_capitals_make_another_key_where_the_generator_minds_them(key):
    text = GOOD.replace(f"{key.lower()}:", f"{key}:")
    [found] = check(text, how=by("jekyll"))
    assert (found.rule, found.subject, found.details) == ("field-misspelt", key, Meant(key.lower(), 30))
    assert check(text, how=by("hugo")) == check(text) == []
    [found] = check(text.replace(f"{key}:", f"{key[0]}z{key[1:]}:"), how=by("hugo"))
    assert (found.rule, found.details) == ("field-misspelt", Meant(key.lower(), 30))


def test_a_post_of_the_blog_is_compared_with_the_others():
    blog = texts() | {"posts/odd.md": GOOD.replace("tags:", "tgas:")}
    customs, odd = customs_of(blog), read(blog["posts/odd.md"], "posts/odd.md")
    others = customs.without(habits(odd, HOW))
    assert others.keys == CUSTOMS.keys
    assert (others.posts, others.titled, others.dated) == (30, 30, 30)
    found = list(check_front_matter(odd, others, HOW, DEFAULTS))
    assert told(found) == [("field-misspelt", 5, "tgas")]


def test_toml_and_json_have_lines_too():
    toml = '+++\ntitle = "New"\ndate = 2024-05-01\ndescription = "x"\ntgas = ["a"]\n+++\n\nText.\n'
    assert told(check(toml)) == [("field-misspelt", 5, "tgas")]
    json = '{\n  "title": "New",\n  "date": "2024-05-01",\n  "description": "x",\n  "tgas": ["a"]\n}\n\nText.\n'
    assert told(check(json)) == [("field-misspelt", 5, "tgas")]


def test_the_page_of_a_section_is_no_post():
    assert check("---\ntitle: All posts\n---\n\nText.\n", "posts/_index.md") == []


words = st.text("abc", max_size=6)


def distance(one, other):
    """The optimal string alignment distance, by its definition."""
    if not one or not other:
        return len(one) + len(other)
    found = min(
        distance(one[:-1], other) + 1,
        distance(one, other[:-1]) + 1,
        distance(one[:-1], other[:-1]) + (one[-1] != other[-1]),
    )
    if len(one) > 1 and len(other) > 1 and one[-2:] == other[-2:][::-1]:
        found = min(found, distance(one[:-2], other[:-2]) + 1)
    return found


@given(words, words, st.integers(0, 3))
def test_slips_are_counted_as_by_their_definition(one, other, most):
    assert slips(one, other, most) == min(distance(one, other), most + 1)
