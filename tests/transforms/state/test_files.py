"""The state's files: a round trip, and what is not believed."""

from __future__ import annotations

import dataclasses
import gzip
import hashlib
import json
import pickle
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from transforms.corpus.runs import HASHES, sketches
from transforms.corpus.titles import TitleTerms
from transforms.numerics.arrays import unit_rows
from transforms.output.layout import STATE, STATE_FILES, STATE_PARTS
from transforms.plumbing.array_file import pack_arrays, unpack_arrays
from transforms.plumbing.packed_numbers import pack_numbers
from transforms.records import EncoderInfo
from transforms.related.confidence import START, Confidence
from transforms.related.weights import FEATURES as RANK_FEATURES
from transforms.related.weights import FOLDS, RankWeights
from transforms.results import TagTrial
from transforms.state import files
from transforms.state.files import FORMAT, StateError, load_state, state_files
from transforms.state.records import PostState, Settings, SiteState, State
from transforms.tags.evidence import START as TAG_START
from transforms.tags.model import TagWeights

POSTS, ARRAYS = STATE_PARTS
DIM = 6
KEYS = ("caf\u00e9", "\u6599\u7406")


def some_state() -> State:
    """The state of five posts with two tags."""
    rng = np.random.default_rng(7)
    vectors = (np.rint(unit_rows(rng.normal(size=(5, DIM))) * files.SCALE) / files.SCALE).astype(np.float32)
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
    runs = [np.unique(rng.integers(0, HASHES, size, dtype=np.int32)) for size in (40, 0, 25, 512, 30)]
    return State(
        "1.2.3",
        EncoderInfo("lsa", "1", "ab" * 32, DIM, 4),
        Settings("2024-01-02", {"title": ("title",)}, ("drafts",), {"body": 1}, ("tags", "text")),
        posts,
        vectors,
        sketches(runs, np.zeros(0, np.int32), runs[0]),
        np.array([3, 9], np.int32),
        TagWeights(TAG_START, TAG_START / 2),
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
        file: {"size": len(content[file]), "sha256": hashlib.sha256(content[file]).hexdigest()} for file in STATE_PARTS
    }
    return {**content, STATE: json.dumps(head).encode()}


def with_arrays(content: dict[str, bytes], **changed: np.ndarray) -> dict[str, bytes]:
    """The files, with some arrays changed, vouched for."""
    arrays = unpack_arrays(content[ARRAYS], files._ARRAYS) | changed
    return vouched({**content, ARRAYS: pack_arrays(arrays)})


def with_posts(content: dict[str, bytes], posts: object) -> dict[str, bytes]:
    """The files, with other posts, vouched for."""
    of_posts = json.loads(gzip.decompress(content[POSTS])) | {"posts": posts}
    return vouched({**content, POSTS: gzip.compress(json.dumps(of_posts).encode())})


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
    elif isinstance(left, tuple) and left and (dataclasses.is_dataclass(left[0]) or isinstance(left[0], np.ndarray)):
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


def test_a_state_without_confidence_and_coverage_is_read(tmp_path):
    bare = dataclasses.replace(some_state(), confidence=None, coverage=None)
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
    content = vouched(state_files(some_state()), format=FORMAT + 1, site="of another kind")
    with pytest.raises(StateError, match=f"it is of format {FORMAT + 1}, not {FORMAT}"):
        load_state(write(tmp_path, content))


def test_what_is_too_large_is_not_parsed(tmp_path, monkeypatch):
    content = state_files(some_state())
    monkeypatch.setattr(files, "MAX_BYTES", len(gzip.decompress(content[POSTS])) - 1)
    with pytest.raises(StateError, match="larger than"):
        load_state(write(tmp_path, content))


def steps(first: int, rest: int) -> np.ndarray:
    """Packed steps between the 607 runs of the posts."""
    return pack_numbers(np.array([first, *[rest] * 606], np.int32))


@pytest.mark.parametrize(
    "changed",
    [
        {"vectors": pack_numbers(np.zeros((4, DIM), np.int16))},
        {"vectors": pack_numbers(np.zeros((5, DIM), np.int32))},
        {"vectors": np.zeros(60, np.uint8)},
        {"vectors": np.zeros((5, DIM), np.float32)},
        {"run_counts": np.array([40, 0, 25, 512], np.int32)},
        {"run_counts": np.array([40, 0, 25, 513, 29], np.int32)},
        {"run_counts": np.array([40, -1, 26, 512, 30], np.int32)},
        {"run_counts": np.array([40, 0, 25, 512, 31], np.int32)},
        {"runs": steps(5, 0)},
        {"runs": steps(-5, 1)},
        {"runs": steps(HASHES, 1)},
        {"runs": steps(0, 2**30)},
        {"run_marks": pack_numbers(np.full(606, 1, np.int8))},
        {"run_marks": pack_numbers(np.full(607, 3, np.int8))},
        {"common_runs": np.array([[1]], np.int32)},
        {"common_runs": np.array([2, 1], np.int32)},
    ],
)
def test_arrays_that_do_not_fit_are_not_believed(tmp_path, changed):
    with pytest.raises(StateError, match="holds no state that can be used"):
        load_state(write(tmp_path, with_arrays(state_files(some_state()), **changed)))


@pytest.mark.parametrize(
    "changed",
    [
        {"tags": [0.0] * 3},
        {"tags": [1e300] * len(TAG_START)},
        {"broad": [[0.0]] * len(TAG_START)},
        {"broad": ["1"] * len(TAG_START)},
        {"ranking": [[1e9] * len(RANK_FEATURES)] * FOLDS},
        {"ranking": [[0.0] * len(RANK_FEATURES)] * (FOLDS - 1) + [[0.0]]},
        {"confidence": [[1e300] * len(START)] * FOLDS},
        {"confidence": []},
    ],
)
def test_weights_that_no_model_has_are_not_believed(tmp_path, changed):
    content = state_files(some_state())
    weights = json.loads(content[STATE])["weights"] | changed
    with pytest.raises(StateError, match="holds no state that can be used"):
        load_state(write(tmp_path, vouched(content, weights=weights)))


def test_arrays_of_objects_are_not_unpickled(tmp_path):
    class Harm:
        def __reduce__(self):
            return (Path.write_text, (tmp_path / "harm", "done"))

    content = state_files(some_state())
    content[ARRAYS] = pack_arrays({"vectors": np.array([Harm()], object)})
    with pytest.raises(StateError, match="is no whole array of uint8"):
        load_state(write(tmp_path, vouched(content)))
    assert not (tmp_path / "harm").exists()


@pytest.mark.parametrize("path", ["/etc/passwd", "../a.md", "a/../../b.md", "", "a//b.md", "a\0.md", "./a.md"])
def test_paths_that_leave_the_folder_are_not_believed(tmp_path, path):
    content = state_files(some_state())
    posts = json.loads(gzip.decompress(content[POSTS]))["posts"]
    posts[0]["path"] = path
    with pytest.raises(StateError, match="is no path of a post"):
        load_state(write(tmp_path, with_posts(content, posts)))


@pytest.mark.parametrize("posts", [[], [[1]], [{"path": "b.md", "id": "b", "blob": "", "title": ""}] * 2])
def test_posts_that_are_none_are_not_believed(tmp_path, posts):
    with pytest.raises(StateError):
        load_state(write(tmp_path, with_posts(state_files(some_state()), posts)))


def test_posts_are_not_inflated_beyond_the_largest_size(tmp_path, monkeypatch):
    content = state_files(some_state())
    bomb = vouched({**content, POSTS: gzip.compress(bytes(10**6))})
    monkeypatch.setattr(files, "MAX_BYTES", 10**5)
    with pytest.raises(StateError, match="larger than"):
        load_state(write(tmp_path, bomb))


@pytest.mark.parametrize(
    "changed",
    [
        {"encoder": {"name": "lsa", "version": "1", "digest": "", "dim": 10**9, "neighbor_dim": 1}},
        {"trial": {"slope": 1e9}},
        {"coverage": 0.0},
        {"coverage": -1.0},
        {"coverage": 2.0},
        {"sure_of": "nothing"},
        {"site": {"hosts": "x", "shapes": {}}},
    ],
)
def test_what_state_json_may_not_say_is_not_believed(tmp_path, changed):
    with pytest.raises(StateError):
        load_state(write(tmp_path, vouched(state_files(some_state()), **changed)))


def test_deep_nesting_is_not_followed(tmp_path):
    content = state_files(some_state())
    with pytest.raises(StateError):
        load_state(write(tmp_path, {**content, STATE: b'{"format": %d, "settings": ' % FORMAT + b"[" * 10**6}))


def test_the_reader_starts_without_what_pipelines_need():
    heavy = ("apache_beam", "faiss", "pandas", "pyarrow", "sklearn", "tensorflow")
    code = f"import sys, transforms.state.files; print([name for name in {heavy} if name in sys.modules])"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout == "[]\n"
