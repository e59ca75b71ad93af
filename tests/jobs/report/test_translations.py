"""A small blog in three languages, some of whose posts are translated."""

import pytest

from tests.jobs.report.test_determinism import MODES, same
from tests.jobs.results import ROOT, check_sound, postkin, unmapped

SITE = ROOT / "tests" / "data" / "sites" / "translated"
PAIRS = {
    frozenset(("_posts/en/2024-01-05-pendulum", "_posts/ja/2024-01-05-pendulum")),
    frozenset(("_posts/en/2024-01-05-pendulum", "_posts/de/2024-01-08-pendel")),
    frozenset(("_posts/ja/2024-01-05-pendulum", "_posts/de/2024-01-08-pendel")),
    frozenset(("_posts/en/2024-02-10-mainspring", "_posts/ja/2024-02-11-zenmai")),
    frozenset(("_posts/en/2024-03-03-escapement", "_posts/de/2024-03-20-escapement")),
}


@pytest.fixture(scope="module")
def translated(tmp_path_factory):
    return postkin(SITE, tmp_path_factory.mktemp("translated") / "out")


def pairs_related(results):
    return {frozenset((row["id"], other["id"])) for row in results.rows("related") for other in row["related"]}


def test_the_output_keeps_its_contract(translated):
    check_sound(translated)


def test_posts_are_related_to_those_in_their_language(translated):
    language = {row["id"]: row["language"] for row in translated.rows("articles")}
    assert translated.run["languages"] == {"de": 4, "en": 5, "ja": 5}
    assert all(language[one] == language[other] for one, other in pairs_related(translated))
    assert any(row["related"] for row in translated.rows("related"))


@pytest.mark.parametrize("search", ["exact", "ivf"])
def test_any_language_relates_others_but_no_translations(tmp_path, search):
    results = unmapped(SITE, tmp_path, "--any-language", "--search", search, "--related", "13")
    language = {row["id"]: row["language"] for row in results.rows("articles")}
    pairs = pairs_related(results)
    assert any(language[one] != language[other] for one, other in pairs)
    assert not pairs & PAIRS


def test_a_search_by_cells_keeps_to_the_languages_too(tmp_path):
    results = unmapped(SITE, tmp_path, "--search", "ivf")
    language = {row["id"]: row["language"] for row in results.rows("articles")}
    assert all(language[one] == language[other] for one, other in pairs_related(results))


def test_translations_are_audited(translated):
    rows = translated.by_id("translations")
    found = {frozenset((row["id"], other["id"])) for row in rows.values() for other in row["translations"]}
    assert found == PAIRS
    assert rows.keys() == {row["id"] for row in translated.rows("articles")}
    assert {id_ for id_, row in rows.items() if row["outdated"]} == {"_posts/ja/2024-01-05-pendulum"}
    assert rows["_posts/ja/2024-02-11-zenmai"]["missing"] == ["de"]
    assert rows["_posts/ja/2024-02-11-zenmai"]["original"] == "_posts/en/2024-02-10-mainspring"
    assert translated.run["translations"] == {
        "de": {"posts": 4, "missing": 6, "outdated": 0},
        "en": {"posts": 5, "missing": 5, "outdated": 0},
        "ja": {"posts": 5, "missing": 5, "outdated": 1},
    }


def test_the_pages_say_what_is_to_be_translated(translated, tmp_path):
    page, summary = translated.text("report.html"), translated.text("summary.md")
    for text in ("Translations to write or to renew", "German", "Japanese"):
        assert text in page
        assert text in summary
    assert "Renew it: its original was changed later." in page
    assert "Write it in: German" in page
    japanese = postkin(SITE, tmp_path, "--lang", "ja").text("report.html")
    assert "書くべき翻訳、直すべき翻訳" in japanese
    assert "ドイツ語" in japanese


def test_a_blog_that_translates_nothing_has_no_section(generated):
    assert generated.run["translations"] == {}
    assert "Translations" not in generated.text("report.html").partition("<main")[2].partition("<script")[0]
    assert "Translations" not in generated.text("summary.md")


@pytest.mark.parametrize("mode", MODES)
def test_two_workers(translated, tmp_path, mode):
    same(postkin(SITE, tmp_path, "--direct_running_mode", mode, "--direct_num_workers", "2"), translated)
