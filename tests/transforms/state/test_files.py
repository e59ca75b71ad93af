"""The state's files: a round trip, and what is not believed."""

from __future__ import annotations

import dataclasses
import hashlib
import json
import pickle
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from transforms.corpus.runs import HASHES, sketches
from transforms.corpus.tag_table import TagTable, fixed_point, moments
from transforms.corpus.titles import TitleTerms
from transforms.numerics.arrays import unit_rows
from transforms.output.layout import STATE, STATE_ARRAYS, STATE_FILES
from transforms.plumbing.array_file import pack_arrays, unpack_arrays
from transforms.records import EncoderInfo
from transforms.related.confidence import START, Confidence
from transforms.related.weights import FEATURES as RANK_FEATURES
from transforms.related.weights import FOLDS, RankWeights
from transforms.results import TagTrial
from transforms.state import files
from transforms.state.files import FORMAT, StateError, load_state, state_files
from transforms.state.records import PostState, Settings, SiteState, State
from transforms.tags.evidence import START as TAG_START
from transforms.tags.model import TagModel
from transforms.tags.statistics import tag_statistics

VECTORS, TAGS = STATE_ARRAYS
DIM = 6
KEYS = ("caf\u00e9", "\u6599\u7406")


def some_state() -> State:
    """The state of five posts with two tags."""
    rng = np.random.default_rng(7)
    vectors = unit_rows(rng.normal(size=(5, DIM)))
    carries = np.array([[1, 0], [1, 1], [0, 1], [1, 0], [0, 0]])
    posts = tuple(
        PostState(
            f"{number}/a b.md",
            f"{number}/a b",
            f"{number:040x}",
            'A "title"\n\u65e5\u672c',
            "2020-01-02" if number else None,
            "en",
            None,
            tuple(key for key, has in zip(KEYS, carries[number], strict=True) if has),
            ("title", "tags"),
            (("url", "/a/"),),
            ("0/a b",) if number == 3 else (),
        )
        for number in range(5)
    )
    table = TagTable(
        KEYS,
        ("Caf\u00e9", "\u6599\u7406"),
        carries.sum(axis=0),
        fixed_point(carries.T @ vectors.astype(np.float64)),
        unit_rows(rng.normal(size=(2, DIM))),
        4,
        *((sums := moments(vectors[:4]))[0], sums[1:]),
    )
    runs = [np.unique(rng.integers(0, HASHES, size, dtype=np.int32)) for size in (40, 0, 25, 512, 30)]
    return State(
        "1.2.3",
        EncoderInfo("lsa", "1", "ab" * 32, DIM, 4),
        Settings("2024-01-02", {"title": ("title",)}, ("drafts",), {"body": 1}, ("tags", "text")),
        posts,
        vectors,
        sketches(runs, np.zeros(0, np.int32), runs[0]),
        np.array([3, 9], np.int32),
        table,
        TagModel(tag_statistics(table), TAG_START, TAG_START / 2),
        TagTrial(0.5, 1.5, 0.6, 4, 3, 2),
        RankWeights(rng.random((FOLDS, len(RANK_FEATURES)))),
        Confidence("link", np.tile(START, (FOLDS, 1))),
        TitleTerms({"a": 2.0}, frozenset({("a", "b"), ("a", "a")}), 9.5),
        by_categories=True,
        site=SiteState(("", "example.org"), {"blog/w": (20, 1)}),
        coverage=0.75,
    )


def write(folder: Path, content: dict[str, bytes]) -> str:
    """Write a state's files."""
    for file, data in content.items():
        path = folder / file
        path.parent.mkdir(exist_ok=True)
        path.write_bytes(data)
    return str(folder)


def vouched(content: dict[str, bytes], **changed: object) -> dict[str, bytes]:
    """The files, with parts of state.json changed, which vouches for the others as they are."""
    head = json.loads(content[STATE]) | changed
    head["files"] = {
        file: {"size": len(content[file]), "sha256": hashlib.sha256(content[file]).hexdigest()} for file in STATE_ARRAYS
    }
    return {**content, STATE: json.dumps(head).encode()}


def with_arrays(content: dict[str, bytes], file: str, **changed: np.ndarray) -> dict[str, bytes]:
    """The files, with some arrays of one changed, vouched for."""
    dtypes = files._VECTOR_ARRAYS if file == VECTORS else files._TAG_ARRAYS
    arrays = unpack_arrays(content[file], dtypes) | changed
    return vouched({**content, file: pack_arrays(arrays)})


def assert_equal(left: object, right: object) -> None:
    """Compare records of arrays and others."""
    if dataclasses.is_dataclass(left):
        assert type(left) is type(right)
        for field in dataclasses.fields(left):
            assert_equal(getattr(left, field.name), getattr(right, field.name))
    elif hasattr(left, "toarray"):
        assert left.shape == right.shape
        assert left.dtype == right.dtype
        for name in ("data", "indices", "indptr"):
            assert getattr(left, name).tolist() == getattr(right, name).tolist()
    elif isinstance(left, np.ndarray):
        assert left.dtype == right.dtype
        assert np.array_equal(left, right)
    elif isinstance(left, tuple) and left and dataclasses.is_dataclass(left[0]):
        assert len(left) == len(right)
        for one, other in zip(left, right, strict=True):
            assert_equal(one, other)
    else:
        assert left == right


def test_a_state_is_read_as_it_was_written(tmp_path):
    state = some_state()
    content = state_files(state)
    assert tuple(sorted(content)) == tuple(sorted(STATE_FILES))
    assert list(content)[-1] == STATE
    assert_equal(load_state(write(tmp_path, content)), state)
    assert state_files(load_state(str(tmp_path))) == content


def test_a_state_is_read_from_a_bucket(monkeypatch):
    state = some_state()
    contents = {f"gs://bucket/out/{file}": content for file, content in state_files(state).items()}

    def read_bytes(path, size):
        if path not in contents:
            raise FileNotFoundError(f"no {path}")
        return contents[path][:size]

    monkeypatch.setattr(files, "read_bytes", read_bytes)
    assert_equal(load_state("gs://bucket/out"), state)
    with pytest.raises(StateError, match="holds no state: no gs://bucket/other"):
        load_state("gs://bucket/other")


def test_a_state_without_tags_and_confidence_is_read(tmp_path):
    state = some_state()
    none = TagTable((), (), *np.zeros((1, 0), np.int64), *(np.zeros((0, DIM), of) for of in (np.int64, np.float32)), 0,
                    np.zeros(DIM, np.int64), np.zeros((DIM, DIM), np.int64))  # fmt: skip
    model = TagModel(tag_statistics(none), TAG_START, TAG_START)
    bare = dataclasses.replace(state, table=none, tag_model=model, confidence=None)
    assert_equal(load_state(write(tmp_path, state_files(bare))), bare)


def test_the_same_state_gives_the_same_bytes():
    assert state_files(some_state()) == state_files(some_state())


def test_what_no_unicode_is_does_not_stop_a_run(tmp_path):
    state = some_state()
    first = dataclasses.replace(state.posts[0], address_fields=(("url", "\ud800"),))
    content = state_files(dataclasses.replace(state, posts=(first, *state.posts[1:])))
    assert load_state(write(tmp_path, content)).posts[0].address_fields == (("url", "?"),)


@pytest.mark.parametrize("file", STATE_FILES)
def test_a_state_is_not_read_unless_it_is_whole(tmp_path, file):
    content = state_files(some_state())
    for broken in (content[file][:-2], content[file] + b" " * (file != STATE), b"", pickle.dumps([1])):
        if broken != content[file]:
            with pytest.raises(StateError):
                load_state(write(tmp_path, {**content, file: broken}))
    write(tmp_path, content)
    (tmp_path / file).unlink()
    with pytest.raises(StateError, match="is missing"):
        load_state(str(tmp_path))
    (tmp_path / file).symlink_to(tmp_path)
    with pytest.raises(StateError, match="symbolic link"):
        load_state(str(tmp_path))


def test_a_folder_without_a_state_is_said_to_have_none(tmp_path):
    with pytest.raises(StateError, match="holds no state"):
        load_state(str(tmp_path / "nothing"))


def test_a_state_of_another_format_is_named(tmp_path):
    content = vouched(state_files(some_state()), format=FORMAT + 1, posts="of another kind")
    with pytest.raises(StateError, match=f"it is of format {FORMAT + 1}, not {FORMAT}"):
        load_state(write(tmp_path, content))


def test_what_is_too_large_is_not_parsed(tmp_path, monkeypatch):
    content = state_files(some_state())
    monkeypatch.setattr(files, "MAX_BYTES", len(content[STATE]) - 1)
    with pytest.raises(StateError, match="larger than"):
        load_state(write(tmp_path, content))


@pytest.mark.parametrize(
    ("file", "changed"),
    [
        (VECTORS, {"vectors": np.zeros((4, DIM), np.float32)}),
        (VECTORS, {"vectors": np.full((5, DIM), np.nan, np.float32)}),
        (VECTORS, {"vectors": np.full((5, DIM), 1e30, np.float32)}),
        (VECTORS, {"vectors": np.zeros((5, DIM))}),
        (VECTORS, {"run_ends": np.array([0, 1, 2, 3, 4, 10**9])}),
        (VECTORS, {"run_ends": np.array([0, 40, 0, 65, 577, 607])}),
        (VECTORS, {"runs": np.full(607, 5, np.int32)}),
        (VECTORS, {"runs": np.full(607, -5, np.int32)}),
        (VECTORS, {"run_marks": np.full(606, 1, np.int8)}),
        (VECTORS, {"run_marks": np.full(607, 3, np.int8)}),
        (VECTORS, {"common_runs": np.array([[1]], np.int32)}),
        (TAGS, {"counts": np.array([1, 5])}),
        (TAGS, {"counts": np.array([1, 0])}),
        (TAGS, {"posts": np.array([-1])}),
        (TAGS, {"posts": np.array([6])}),
        (TAGS, {"gram": -np.eye(DIM, dtype=np.int64) * 2**30}),
        (TAGS, {"weights": np.zeros(3)}),
        (TAGS, {"weights": TAG_START * np.nan}),
        (TAGS, {"ranking": np.full((FOLDS, len(RANK_FEATURES)), np.inf)}),
        (TAGS, {"confidence": np.full((FOLDS, len(START)), 1e300)}),
    ],
)
def test_arrays_that_do_not_fit_are_not_believed(tmp_path, file, changed):
    with pytest.raises(StateError, match="holds no state that can be used"):
        load_state(write(tmp_path, with_arrays(state_files(some_state()), file, **changed)))


def test_arrays_of_objects_are_not_unpickled(tmp_path):
    class Harm:
        def __reduce__(self):
            return (Path.write_text, (tmp_path / "harm", "done"))

    content = state_files(some_state())
    content[VECTORS] = pack_arrays({"vectors": np.array([Harm()], object)})
    with pytest.raises(StateError, match="is no whole array of float32"):
        load_state(write(tmp_path, vouched(content)))
    assert not (tmp_path / "harm").exists()


@pytest.mark.parametrize("path", ["/etc/passwd", "../a.md", "a/../../b.md", "", "a//b.md", "a\0.md", "./a.md"])
def test_paths_that_leave_the_folder_are_not_believed(tmp_path, path):
    content = state_files(some_state())
    posts = json.loads(content[STATE])["posts"]
    posts[0]["path"] = path
    with pytest.raises(StateError, match="is no path of a post"):
        load_state(write(tmp_path, vouched(content, posts=posts)))


@pytest.mark.parametrize(
    "changed",
    [
        {"posts": []},
        {"posts": [[1]]},
        {"encoder": {"name": "lsa", "version": "1", "digest": "", "dim": 10**9, "neighbor_dim": 1}},
        {"tags": {"keys": ["b", "a"], "names": ["b", "a"], "trial": {}}},
        {"tags": {"keys": ["a"], "names": [], "trial": {}}},
        {"sure_of": "nothing"},
        {"site": {"hosts": "x", "shapes": {}}},
        {"coverage": 0},
        {"coverage": 1.5},
    ],
)
def test_what_state_json_may_not_say_is_not_believed(tmp_path, changed):
    with pytest.raises(StateError):
        load_state(write(tmp_path, vouched(state_files(some_state()), **changed)))


def test_deep_nesting_is_not_followed(tmp_path):
    content = state_files(some_state())
    with pytest.raises(StateError):
        load_state(write(tmp_path, {**content, STATE: b'{"format": 1, "settings": ' + b"[" * 10**6}))


def test_the_reader_starts_without_what_pipelines_need():
    heavy = ("apache_beam", "faiss", "pandas", "pyarrow", "sklearn", "tensorflow")
    code = f"import sys, transforms.state.files; print([name for name in {heavy} if name in sys.modules])"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout == "[]\n"
