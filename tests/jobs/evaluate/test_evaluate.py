"""The evaluation job: what it measures, against other ways to find the same."""

import json

import numpy as np
import pytest

from jobs.evaluate import command as evaluate_command
from tests.jobs.results import AS_OF, BLOG, ROUNDING, dice, discounted, postkin, write_posts
from transforms.evaluation.assess import assess_articles
from transforms.evaluation.protocols import fold
from transforms.reading.fields import tag_key
from transforms.reading.files import list_posts
from transforms.reading.parse import read_article
from transforms.records import Article


def run(posts, output, *flags):
    code = evaluate_command.main(["--input", str(posts), "--output", str(output), "--as-of", AS_OF, "--quiet", *flags])
    assert code == 0
    return json.loads((output / "metrics.json").read_text(encoding="utf-8"))


def by_name(measures, text="title + lede + headings + body"):
    return {(row["measure"], row["method"]): row for row in measures["metrics"] if row["text"] == text}


@pytest.fixture(scope="module")
def measures(tmp_path_factory):
    return run(BLOG, tmp_path_factory.mktemp("evaluation"))


def test_every_measure_has_its_methods(measures):
    methods = {}
    for measure, method in by_name(measures):
        methods.setdefault(measure, set()).add(method)
    related = {"all but own tags", "learned tags", "text", "tf-idf cosine", "random"}
    tags = {"blend", "means", "names", "most popular", "random"}
    ks = {f"k = {k}" for k in (4, 5, 6, 8, 10, 12, 15, 20, 25, 30, 35, 40)}
    issues = {"synonym", "variant", "misfit", "contradiction", "missing"}
    faults = {"split", "misspelled", "scattered", "moved", "dropped"}
    found = {f"{kind}{of}" for kind in issues for of in ("", ", all")}  # there need not be any of a kind
    assert found > methods.pop("tag issues precision") > {"missing", "misfit, all"}
    assert found > methods.pop("tag issues precision, at least") > {"missing", "misfit, all"}
    assert methods.pop("tag issues recall") == {f"{kind}{of}" for kind in faults for of in ("", ", all")}
    assert methods == {
        "related dice@4": related | {"shared tags and recency"},
        "related confidence error": {"newest posts", "untagged posts"},
        "tags of probability 0.3 and more": {"mean probability", "share carried"},
        "untagged related dice@4": related,
        "tags map@10": tags,
        "tags f1@5": tags,
        "tags ndcg@10": tags,
        "tags calibration error": {"blend"},
        "clusters silhouette": ks,
        "clusters agreement with tags": ks,
        "clusters agreement by chance": ks,
    }


def test_the_talks_ablation_is_judged_too(measures):
    assert measures["encodings"] == [
        ["lsa", text] for text in ("title + lede + headings + body", "title", "title + lede", "title + lede + headings")
    ]
    for _, text in measures["encodings"]:
        assert by_name(measures, text)["untagged related dice@4", "all but own tags"]["value"] > 0


def test_means_over_posts_have_intervals(measures):
    for (measure, _), row in by_name(measures).items():
        if "clusters" not in measure and "error" not in measure:
            assert row["low"] <= row["value"] <= row["high"]
            assert row["judged"] > 0


def test_a_run_of_the_main_job_measures_the_same(measures, blog):
    mine = by_name(measures)
    for row in blog.json("data/metrics.json")["metrics"]:
        assert mine[row["measure"], row["method"]]["value"] == row["value"]


def test_untagged_posts_get_what_the_main_job_gives_them(generated, generated_folder, tmp_path):
    """Strip the tags of one fold after the other, run the main job, and judge what a reader of its tables sees."""
    tags = {row["path"]: {tag_key(tag) for tag in row["tags"]} for row in generated.rows("articles")}
    scores = []
    for number in range(5):
        posts = {
            path: strip_tags((generated_folder / path).read_text(encoding="utf-8")) if fold(path) == number else text
            for path, of in tags.items()
            if of
            for text in [(generated_folder / path).read_text(encoding="utf-8")]
        }
        folder = write_posts(tmp_path / f"fold-{number}", posts)
        results = postkin(folder, tmp_path / f"out-{number}", "--map", "none", "--min-confidence", "0")
        paths = {row["id"]: row["path"] for row in results.rows("articles")}
        scores += [
            discounted(dice(tags[paths[row["id"]]], tags[paths[other["id"]]]) for other in row["related"])
            for row in results.similar()
            if fold(paths[row["id"]]) == number
        ]
    tagged = write_posts(
        tmp_path / "tagged",
        {path: (generated_folder / path).read_text(encoding="utf-8") for path, of in tags.items() if of},
    )
    mine = by_name(run(tagged, tmp_path / "evaluation", "--text", "title,lede,headings,body"))
    row = mine["untagged related dice@4", "all but own tags"]
    assert row["judged"] == len(scores)
    assert row["value"] == pytest.approx(np.mean(scores), abs=2 * ROUNDING)


def strip_tags(text):
    return "\n".join(line for line in text.split("\n") if not line.startswith("tags:"))


def test_several_encoders_stand_side_by_side(tmp_path):
    flags = ["--encoder", "lsa", "--encoder", "lsa+contrastive", "--text", "title,lede,headings,body"]
    measures = run(BLOG, tmp_path, *flags)
    assert [encoder for encoder, _ in measures["encodings"]] == ["lsa", "lsa+contrastive"]
    values = {
        row["encoder"]: row["value"]
        for row in measures["metrics"]
        if (row["measure"], row["method"]) == ("related dice@4", "text")
    }
    assert values.keys() == {"lsa", "lsa+contrastive"}
    table = (tmp_path / "metrics.md").read_text(encoding="utf-8")
    assert "| lsa+contrastive | title + lede + headings + body |" in table


def test_the_same_on_every_run_and_with_two_threads(tmp_path):
    flags = ["--text", "title,lede,headings,body"]
    run(BLOG, tmp_path / "one", *flags)
    run(BLOG, tmp_path / "two", *flags, "--direct_running_mode", "multi_threading", "--direct_num_workers", "2")
    for name in ("metrics.json", "metrics.md"):
        assert (tmp_path / "one" / name).read_bytes() == (tmp_path / "two" / name).read_bytes()


def test_it_prints_its_tables(tmp_path, capsys):
    posts = write_posts(
        tmp_path / "posts", {"a.md": "---\ntags: x\n---\nPaint.", "b.md": "---\ntags: x\n---\nPaint a lamp."}
    )
    flags = ["--input", str(posts), "--output", str(tmp_path / "out"), "--text", "body"]
    assert evaluate_command.main(flags) == 0
    printed = capsys.readouterr().out
    assert printed.startswith("2 posts, lsa on body.")
    assert "| related dice@4 | **all but own tags** |" in printed
    assert printed.endswith(f"measures: {tmp_path / 'out'}/metrics.json\n")
    assert sorted(path.name for path in (tmp_path / "out").iterdir()) == ["metrics.json", "metrics.md"]


def test_without_tags_nothing_is_judged(tmp_path):
    posts = write_posts(tmp_path / "posts", {"a.md": "Paint.", "b.md": "Lamps."})
    assert run(posts, tmp_path / "out", "--text", "body")["metrics"] == []
    assert "nothing can be judged" in (tmp_path / "out" / "metrics.md").read_text()


def test_without_a_usable_post_the_input_is_to_blame(tmp_path, capsys):
    posts = write_posts(tmp_path / "posts", {"a.md": "---\ntitle: [\n---\n"})
    flags = ["--input", str(posts), "--output", str(tmp_path / "out"), "--quiet", "--text", "body"]
    assert evaluate_command.main(flags) == 2
    assert capsys.readouterr().err.startswith("postkin evaluate: no post could be used")
    assert not (tmp_path / "out" / "metrics.json").exists()


def test_a_models_folder_is_for_one_model(tmp_path, capsys):
    argv = ["--input", str(BLOG), "--output", str(tmp_path / "out"), "--model-dir", "gone"]
    assert evaluate_command.main([*argv, "--encoder", "use", "--encoder", "labse"]) == 2
    assert "--model-dir is given for use and labse; give the folder of each" in capsys.readouterr().err
    assert evaluate_command.main([*argv, "--encoder", "use"]) == 2
    assert "gone" in capsys.readouterr().err


def test_the_library_measures_the_same(measures):
    posts = [read_article(file, as_of=AS_OF) for file in list_posts(str(BLOG))]
    metrics = assess_articles([post for post in posts if isinstance(post, Article)])
    mine = {(metric.measure, metric.method): metric.value for metric in metrics}
    assert mine == {name: row["value"] for name, row in by_name(measures).items()}


def test_an_ablated_post_has_nothing_else(tmp_path, measures):
    """Where titles alone are read, a tag that the body names is not found; --text says what is encoded, no more."""
    titles = by_name(measures, "title")["tags map@10", "blend"]["value"]
    whole = by_name(measures)["tags map@10", "blend"]["value"]
    named = by_name(run(BLOG, tmp_path / "explicit", "--text", "title"), "title")["tags map@10", "blend"]["value"]
    assert titles < named < whole
