"""Every flag changes what it says it changes."""

import datetime as dt
import html
import json
import logging
import shutil

import numpy as np
import pytest

from jobs.report import command, config, run
from jobs.report.config import make_parser
from tests.jobs.results import BLOG, EXPECTED, ROUNDING, postkin, unmapped, write_posts
from transforms.encoders.registry import EncoderSpec, make_encoder

KINDS = {
    "draft.md": "---\ndraft: true\n---\nPaint on the lamp.",
    "hidden.md": "---\nhidden: true\n---\nPaint on the wheel.",
    "future.md": "---\ndate: 2026-01-03\n---\nPaint on the bell.",
    "empty.md": "---\ntitle: Nothing\n---\n",
    "plain.md": "---\ndate: 2026-01-01\n---\nPaint on the door.",
}
UNTAGGED = (
    *("Firing a raku kiln", "The raku kiln in winter", "Raku kilns compared", "A raku kiln of bricks"),
    *(f"{word} diary" for word in ("Alder", "Birch", "Cedar", "Elm", "Fir", "Hazel", "Larch", "Maple", "Oak", "Pine")),
    *(f"Walk to the {word}" for word in ("river", "hill", "moor", "sea", "wood", "bridge", "mill", "lake")),
)


@pytest.fixture(scope="module")
def adjusted(tmp_path_factory):
    """The fixture blog with other numbers, another title and no map."""
    flags = ["--related", "7", "--tag-count", "3", "--themes", "4", "--title", "Lamps & <wheels>"]
    return unmapped(BLOG, tmp_path_factory.mktemp("adjusted"), *flags)


@pytest.fixture(scope="module")
def more_adjusted(tmp_path_factory):
    """The fixture blog with fewer related posts, themes by themselves and another day of the split."""
    flags = ["--related", "1", "--themes", "10", "--split-date", "2022-01-01"]
    return unmapped(BLOG, tmp_path_factory.mktemp("more-adjusted"), *flags)


@pytest.fixture
def few(tmp_path):
    return write_posts(tmp_path / "posts", KINDS)


def paths(results):
    return {row["path"] for row in results.rows("articles")}


def test_related(blog, adjusted):
    for row, more in zip(blog.similar(), adjusted.similar(), strict=True):
        assert len(more["related"]) == 7
        assert more["related"][:4] == row["related"]


def test_fewer_related_are_measured_like_more(blog, more_adjusted):
    assert [row["related"] for row in more_adjusted.similar()] == [row["related"][:1] for row in blog.similar()]
    assert apart_from_themes(more_adjusted) == apart_from_themes(blog) != []


def apart_from_themes(results):
    """What was measured of anything but themes."""
    return [row for row in results.json("data/metrics.json")["metrics"] if not row["measure"].startswith("clusters")]


def test_tags(blog, adjusted):
    for row, fewer in zip(blog.rows("tags"), adjusted.rows("tags"), strict=True):
        assert len(row["recommended"]) == 10
        assert fewer["recommended"] == row["recommended"][:3]


def test_themes(adjusted, more_adjusted):
    assert [len(results.clusters) for results in (adjusted, more_adjusted)] == [4, 10]
    assert sum(cluster["size"] for cluster in adjusted.clusters) == len(adjusted.ids)


def test_no_map(adjusted):
    assert adjusted.rows("map") == []
    page = adjusted.text("report.html")
    assert 'id="map"' not in page


def test_title(adjusted):
    page = adjusted.text("report.html")
    assert "Lamps & <wheels>" in html.unescape(page)
    assert "<wheels>" not in page
    assert "Lamps" in adjusted.text("summary.md").splitlines()[0]


def test_tag_vectors_are_means_or_names(blog, tmp_path):
    results = unmapped(BLOG, tmp_path, "--tag-vectors", "names")
    shown = sorted({tag for row in results.rows("articles") for tag in row["tags"]})
    encoder = make_encoder(EncoderSpec("lsa", "1"), f"{results.folder}/model")
    names = dict(zip(shown, encoder.encode(shown).astype(float), strict=True))
    for vector, row in zip(results.vectors, results.rows("tags"), strict=True):
        exact = [vector @ names[tag["tag"]] for tag in row["recommended"]]
        np.testing.assert_allclose([tag["score"] for tag in row["recommended"]], exact, atol=ROUNDING, rtol=0)
        best = np.sort([vector @ name for name in names.values()])[::-1]
        np.testing.assert_allclose(exact, best[best > ROUNDING][:10], atol=2 * ROUNDING)
    assert results.rows("tags") != blog.rows("tags")
    assert sorted(results.methods_in_use) == ["all but own tags", "names"]


def test_related_by(blog, talk_of_blog, tmp_path):
    by_text = talk_of_blog.similar()
    learned = unmapped(BLOG, tmp_path / "learned", "--related-by", "text,learned")
    parts = [other["why"] for row in by_text for other in row["related"]]
    assert all(why["tags"] is None and why["text"] is not None for why in parts)
    assert by_text != learned.similar() != blog.similar()
    assert set(learned.methods_in_use) == {
        "blend",
        "text + learned",
    }
    by_tags = unmapped(BLOG, tmp_path / "tags", "--related-by", "tags", "--prefer-recent")
    tags = {row["id"]: row["tags"] for row in by_tags.rows("articles")}
    for row in by_tags.similar():
        assert bool(row["related"]) <= bool(tags[row["id"]]), "related to nothing but new posts"
        assert {(other["why"]["text"], other["confidence"]) for other in row["related"]} <= {(None, None)}
    assert by_tags.methods_in_use == ["blend"] * 2


def test_prefer_recent(blog, tmp_path):
    dates = {row["id"]: row["date"] for row in blog.rows("articles")}

    def mean_year(results):
        related = [other["id"] for row in results.similar() for other in row["related"]]
        return np.mean([int(dates[id_][:4]) for id_ in related if dates[id_]])

    results = unmapped(BLOG, tmp_path, "--prefer-recent")
    assert mean_year(results) > mean_year(blog)
    assert all(other["why"]["recent"] is not None for row in results.similar() for other in row["related"])


def test_min_confidence(blog, tmp_path):
    results = unmapped(BLOG, tmp_path, "--min-confidence", "0.3")
    tags = [tag["score"] for row in results.rows("tags") for tag in row["recommended"]]
    assert min(tags) >= 0.3
    for row, all_of in zip(results.similar(), blog.similar(), strict=True):
        assert row["related"] == [other for other in all_of["related"] if other["confidence"] >= 0.3]
    assert sum(len(row["related"]) for row in results.similar()) < 4 * len(blog.ids)
    assert results.json("data/metrics.json") == blog.json("data/metrics.json")


def test_min_tag_probability_changes_what_is_proposed_and_no_table(blog, tmp_path):
    results = unmapped(BLOG, tmp_path, "--min-tag-probability", "0.25")
    assert results.rows("tags") == blog.rows("tags")
    trial, chosen = results.run["tag_trial"], blog.run["tag_trial"]
    assert trial["least"] == 0.25 < chosen["least"]
    assert {name: trial[name] for name in ("intercept", "slope", "posts")} == {
        name: chosen[name] for name in ("intercept", "slope", "posts")
    }
    assert trial["right"] <= trial["shown"] >= chosen["shown"] >= chosen["right"]
    assert "Shown are tags of a probability of 25% or more; " in (tmp_path / "report.html").read_text(encoding="utf-8")


def test_as_many_themes_as_suit_the_posts(blog):
    assert 1 <= len(blog.clusters) <= len(blog.ids) ** 0.5
    assert blog.run["config"]["clusters"] == "auto"


@pytest.mark.parametrize(
    ("flags", "older"),
    [
        (["--themes", "4"], ["--clusters", "4"]),
        (["--color-scheme", "dark"], ["--theme", "dark"]),
        (["--tags", "means"], ["--tag-vectors", "means"]),
    ],
)
def test_older_names_of_flags_do_the_same(flags, older):
    needed = ["--input", str(BLOG), "--output", "out"]
    assert config.parse_config([*needed, *flags]) == config.parse_config([*needed, *older])
    assert config.parse_config([*needed, *flags]) != config.parse_config(needed)


def test_split_date(more_adjusted):
    whole = more_adjusted.rows("coverage")[0]
    dates = [row["date"] for row in more_adjusted.rows("articles") if row["date"]]
    assert (whole["since"], whole["newer"]) == ("2022-01-01", sum(date >= "2022-01-01" for date in dates))


def test_a_model_is_used_again(blog, tmp_path):
    results = postkin(BLOG, tmp_path, "--model", f"{blog.folder}/model")
    assert results.vectors.tobytes() == blog.vectors.tobytes()
    assert results.run["digest"] == blog.run["digest"]
    assert results.run["encoder"] == blog.run["encoder"]


def test_a_model_is_not_fitted_to_the_posts_that_it_is_given_for(blog, few, tmp_path):
    results = unmapped(few, tmp_path / "out", "--model", f"{blog.folder}/model")
    assert results.run["encoder"] == blog.run["encoder"]
    assert results.vectors.shape == (1, blog.run["encoder"]["dim"])


@pytest.mark.parametrize("version", ["0", "2", None])
def test_a_model_of_another_version_is_refused(blog, tmp_path, capsys, version):
    shutil.copytree(blog.folder / "model", tmp_path / "model")
    about = blog.json("model/model.json") | {"version": version}
    (tmp_path / "model/model.json").write_text(json.dumps(about), encoding="utf-8")
    flags = ["--input", str(BLOG), "--output", str(tmp_path / "out"), "--model", str(tmp_path / "model")]
    assert command.main(flags) == 2
    out, err = capsys.readouterr()
    assert out == ""
    assert err == (
        f"postkin report: {tmp_path}/model holds no lsa model of version 1; fit it again with postkin report\n"
    )
    assert not (tmp_path / "out").exists()


def test_include(few, tmp_path):
    results = unmapped(few, tmp_path / "out", "--include", "drafts, future")
    assert paths(results) == {"plain.md", "draft.md", "future.md"}
    assert {row["path"] for row in results.rows("skipped")} == {"hidden.md", "empty.md"}


def test_include_brings_in_the_blogs_own(blog, tmp_path):
    results = postkin(BLOG, tmp_path, "--include", "drafts,hidden,future")
    assert paths(results) >= {path for path, kind in EXPECTED["skipped"].items() if kind != "empty"}
    assert results.run["counts"]["skipped"] == {"empty": 2}
    assert results.run["digest"] != blog.run["digest"]


def test_as_of_and_beams_flags(few, tmp_path):
    beam = ["--runner", "FnApiRunner", "--direct_num_workers=1"]
    results = unmapped(few, tmp_path / "out", "--as-of", "2026-01-02", *beam)
    assert paths(results) == {"plain.md", "future.md"}
    assert results.run["config"]["as_of"] == "2026-01-02"
    assert results.run["config"]["beam_args"] == beam


def test_as_of_is_today_by_default(few, tmp_path):
    before = dt.datetime.now(dt.UTC).date()
    tomorrow, past = before + dt.timedelta(days=2), before - dt.timedelta(days=2)
    write_posts(few, {"soon.md": f"---\ndate: {tomorrow}\n---\nPaint.", "past.md": f"---\ndate: {past}\n---\nPaint."})
    out = tmp_path / "out"
    assert command.main(["--input", str(few), "--output", str(out), "--quiet", "--map", "none"]) == 0
    run = json.loads((out / "run.json").read_text())
    assert before.isoformat() <= run["config"]["as_of"] <= dt.datetime.now(dt.UTC).date().isoformat()
    rows = (out / "data/articles.jsonl").read_text()
    assert "past.md" in rows
    assert "soon.md" not in rows


def test_include_duplicates(blog, tmp_path):
    results = unmapped(BLOG, tmp_path, "--include-duplicates")
    copies = ("2021/wheel-truing", "notes/wheel-truing-evening")
    for copy, other in (copies, copies[::-1]):
        first = results.similar_by_id()[copy]["related"][0]
        assert (first["id"], first["why"]["text"]) == (other, 1.0)
    assert results.rows("duplicates") == blog.rows("duplicates")


def test_fields(tmp_path):
    posts = {
        "a.md": "---\ntags: [seen]\ntopics: [asked]\nheadline: Asked for\n---\nPaint.",
        "b.md": "---\ntags: [seen]\n---\nLamps.",
    }
    flags = ["--field", "tags=topics", "--field", "title=headline,title"]
    first, second = unmapped(write_posts(tmp_path / "posts", posts), tmp_path / "out", *flags).rows("articles")
    assert (first["tags"], first["title"]) == (["asked"], "Asked for")
    assert second["tags"] == []


def test_inputs_may_be_several_and_overlap(tmp_path):
    folder = write_posts(tmp_path, {"a/one.md": "Paint.", "a/two.mdx": "Lamps.", "b/three.md": "Wheels."})
    out = tmp_path / "out"
    flags = ["--input", f"{folder}/a", f"{folder}/*/*.md", "--output", str(out), "--quiet", "--map", "none"]
    assert command.main(flags) == 0
    rows = [json.loads(line) for line in (out / "data/articles.jsonl").read_text().splitlines()]
    assert sorted(row["path"].rpartition("/")[2] for row in rows) == ["one.md", "three.md", "two.mdx"]


def test_files_of_other_kinds_are_counted(tmp_path, capsys):
    posts = {"a.md": "Paint.", "b.md": "Lamps.", "c.rst": "Wheels.", "d.ipynb": "{}", "e.rst": "Rain."}
    results = unmapped(write_posts(tmp_path / "posts", posts), tmp_path / "out")
    assert results.run["other_files"] == {".ipynb": 1, ".rst": 2}
    assert "3 files of other kinds are not read: .rst (2), .ipynb (1)" in results.files()["report.html"].decode()
    folder = write_posts(tmp_path / "others", {"c.rst": "Wheels.", "d.ipynb": "{}"})
    assert command.main(["--input", str(folder), "--output", str(tmp_path / "none")]) == 2
    assert "holds no .md, .markdown, .mdx or .qmd file, but 1 .ipynb, 1 .rst; give a" in capsys.readouterr().err


def test_verbose_shows_where_a_run_failed(few, tmp_path, monkeypatch):
    def fail(*args):
        raise KeyError("a fault of the test")

    monkeypatch.setattr("reports.render.write_report", fail)
    flags = ["--input", str(few), "--output", str(tmp_path / "out"), "--quiet", "--map", "none"]
    assert command.main(flags) == 1
    with pytest.raises(Exception, match="a fault of the test"):
        command.main([*flags, "--verbose"])


def test_verbose_leaves_beams_log_on(few, tmp_path, monkeypatch):
    levels = []
    build = run.build_pipeline
    monkeypatch.setattr(
        run,
        "build_pipeline",
        lambda *args, **kwargs: levels.append(logging.getLogger().level) or build(*args, **kwargs),
    )
    before = logging.getLogger().level
    unmapped(few, tmp_path / "loud", "--verbose")
    unmapped(few, tmp_path / "calm")
    assert levels == [before, logging.CRITICAL]
    assert logging.getLogger().level == before


def test_the_configuration_is_recorded_with_every_flag(adjusted):
    config = adjusted.run["config"]
    assert (config["related"], config["tag_count"], config["clusters"]) == (7, 3, 4)
    unrecorded = {"output", "export", "timeout", "quiet", "verbose", "field", "config", "no_config"}
    logs = ("readings", "readings_format", "readings_field", "least_readers", "reader_themes")
    of_readings = {*logs}  # only where there are some
    names = {action.dest for action in make_parser().flags} - unrecorded - of_readings
    assert config.keys() == names | {"field_names", "beam_args"}


def test_by_default_only_related_posts_that_are_hardly_sure_are_left_out(blog, tmp_path):
    results = unmapped(BLOG, tmp_path, "--min-confidence", "0")
    assert results.rows("tags") == blog.rows("tags")
    for row, few in zip(results.similar(), blog.similar(), strict=True):
        assert few["related"] == [other for other in row["related"] if (other["confidence"] or 1) >= 0.1]
        sure = [other["confidence"] for other in row["related"]]
        assert sure == sorted(sure, reverse=True)
        assert {other["sure_of"] for other in row["related"]} <= {"tags"}


def test_tags_are_proposed_where_there_are_hardly_any(tmp_path):
    posts = write_posts(tmp_path / "posts", {f"{number}.md": f"# {title}\n" for number, title in enumerate(UNTAGGED)})
    results = unmapped(posts, tmp_path / "out")
    (kilns,) = (row for row in results.rows("proposed_tags") if row["tag"].casefold() == "raku kiln")
    assert kilns["articles"] == ["0", "1", "2", "3"]
    assert "Tags to introduce" in results.text("report.html")
    assert "### Tags to introduce" in results.text("summary.md")


def test_propose_tags(blog, tmp_path):
    assert blog.rows("proposed_tags") == []
    asked = unmapped(BLOG, tmp_path / "asked", "--propose-tags")
    used = {tag.casefold() for row in asked.rows("articles") for tag in row["tags"]}
    proposed = {row["tag"].casefold() for row in asked.rows("proposed_tags")}
    assert proposed
    assert not proposed & used
