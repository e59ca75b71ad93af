import dataclasses
import itertools

import apache_beam as beam
import numpy as np
import pytest
from apache_beam.testing.util import assert_that, equal_to
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.transforms.records_by_hand import block, random_unit
from transforms import sampling
from transforms.corpus.languages import are_translations
from transforms.generators.registry import COMMON
from transforms.records import Article
from transforms.results import Translated, Translation
from transforms.site.audit_translations import AuditTranslations
from transforms.site.places import on_site
from transforms.site.site_model import Site
from transforms.site.translation_audit import MOST_DAYS, audit, entries_of, match, surest, version_of


def post(path, date=None, updated="", language=None, **fields):
    stem = path.rpartition(".")[0]
    given = tuple(fields.items())
    made = Article(stem, path, "T", date=date, updated=updated, language=language, address_fields=given)
    return on_site(made, Site(COMMON))


def audited(posts, main="en"):
    """The rows of posts that are all known, by their ids."""
    matches = match(entry for article in posts for entry in entries_of(article))
    found = {version_of(article): surest(matches.get(article.id, ())) for article in posts}
    languages = {version.language for version, others in found.items() if others}
    rows = (audit(version, others, languages, main) for version, others in found.items())
    return {row.id: row for row in rows if row}


BLOG = [
    post("en/moon.md", "2024-01-01", "2024-05-01T08:00:00+02:00"),
    post("ja/moon.md", "2024-01-02"),
    post("fr/moon.md", "2024-01-01", "2024-06-01"),
    post("ja/sun.md", "2023-01-01"),
    post("en/sun.md", "2023-03-01"),
    post("en/star.md", "2022-01-01"),
    post("notes/loose.md", language="en"),
    post("de/alone.md", "2022-01-01"),
]


def test_what_lacks_a_translation_and_what_is_older_than_its_original():
    rows = audited(BLOG)
    assert rows["en/moon"] == Translated(
        "en/moon", "en", "en/moon", (Translation("fr", "fr/moon"), Translation("ja", "ja/moon")), (), False
    )
    assert rows["ja/moon"].outdated
    assert not rows["fr/moon"].outdated
    assert (rows["en/sun"].original, rows["en/sun"].missing, rows["en/sun"].outdated) == ("ja/sun", ("fr",), False)
    assert rows["en/star"] == Translated("en/star", "en", "en/star", (), ("fr", "ja"), False)
    assert rows["notes/loose"].missing == ("fr", "ja")
    assert "de/alone" not in rows


def test_a_key_of_two_posts_of_one_language_tells_nothing_of_them():
    posts = [
        post(f"{name}.md", language=code, translationkey="k") for name, code in (("a", "en"), ("b", "en"), ("c", "ja"))
    ]
    assert not audited(posts)
    assert audited([*posts, post("d.md", language="fr", translationkey="k")]).keys() == {"c", "d"}


def test_the_surest_key_decides():
    posts = [
        post("en/a.md", translationkey="k"),
        post("ja/a.md"),
        post("ja/b.md", translationkey="k"),
    ]
    assert audited(posts)["en/a"].translations == (Translation("ja", "ja/b"),)


@pytest.mark.parametrize(("days", "count"), [("2024-03-01", 2), ("2025-01-02", 0)])
def test_a_name_that_comes_again_another_year_is_another_post(days, count):
    assert MOST_DAYS < 365
    assert len(audited([post("en/2024-01-01-fair.md", "2024-01-01"), post(f"ja/{days}-fair.md", days)])) == count


def test_a_month_is_not_before_a_day_in_it():
    one, other = post("en/a.md", "2024-01-01", "2024-05-20"), post("ja/a.md", "2024-05")
    assert not audited([one, other])["ja/a"].outdated
    assert audited([one, post("ja/a.md", "2024-04")])["ja/a"].outdated
    assert not audited([one, post("ja/a.md")])["ja/a"].outdated


def test_variants_of_a_language_stand_for_each_other():
    rows = audited(
        [post("pt/a.md"), post("pt-br/a.md"), post("en/a.md"), post("pt/b.md"), post("zh-cn/b.md"), post("zh-tw/b.md")]
    )
    assert rows["en/a"].missing == ("zh-cn", "zh-tw")
    assert rows["pt/b"].missing == ("en",)


NAMES = st.tuples(st.sampled_from(["en", "ja", "fr", "x"]), st.sampled_from("abc"), st.sampled_from(["", "k", "l"]))


@given(st.lists(NAMES, unique_by=lambda name: name[:2], max_size=12), st.randoms())
@settings(max_examples=60, deadline=None)
def test_translations_are_mutual_and_of_other_languages_in_any_order(names, random):
    posts = [
        post(f"{code}/{name}.md", language="de" if code == "x" else None, **({"translationkey": key} if key else {}))
        for code, name, key in names
    ]
    by_id = {article.id: article for article in posts}
    rows = audited(posts)
    random.shuffle(posts)
    assert audited(posts) == rows
    for row in rows.values():
        assert row.language not in {other.language for other in row.translations}
        assert all(are_translations(by_id[row.id], by_id[other.id]) for other in row.translations)
        assert not {row.language, *(other.language for other in row.translations)} & set(row.missing)
        assert row.original in {row.id, *(other.id for other in row.translations)}


@pytest.mark.parametrize("large", [sampling.LARGE, 2])
@pytest.mark.parametrize("seed", [1, 2])
def test_the_transform_audits_as_the_functions_do(large, seed, monkeypatch):
    monkeypatch.setattr(sampling, "LARGE", large)
    order = np.random.default_rng(seed).permutation(len(BLOG))
    blocks = [
        block([BLOG[row] for row in sorted(rows, key=lambda row: BLOG[row].id)], random_unit(len(rows), 2))
        for rows in np.array_split(order, 3)
    ]
    counted = {article.language: 1 for article in BLOG}
    with beam.Pipeline(runner="FnApiRunner") as pipeline:
        sides = [
            beam.pvalue.AsSingleton(pipeline | name >> beam.Create([of]))
            for name, of in (("Languages", counted), ("Size", len(BLOG)))
        ]
        assert_that(pipeline | beam.Create(blocks) | AuditTranslations(*sides), equal_to([*audited(BLOG).values()]))


def test_a_blog_in_one_language_has_no_audit():
    posts = [dataclasses.replace(article, language="en") for article in BLOG]
    assert not audited(posts)
    assert not any(are_translations(one, other) for one, other in itertools.combinations(posts, 2))
