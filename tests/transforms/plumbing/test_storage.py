"""A filesystem that fails now and then, as a dict of contents that Beam finds by its scheme."""

import io
from contextlib import contextmanager

import pytest

from transforms.plumbing import storage
from transforms.plumbing.storage import (
    UnavailableError,
    delete,
    exists,
    folders_by_age,
    is_transient,
    list_files,
    list_tree,
    move,
    read_bytes,
    retried,
    write_bytes,
)
from transforms.reading.parse import read_article
from transforms.records import PostFile


class Answered(Exception):  # noqa: N818
    """An answer with an HTTP status, as a cloud's client raises it."""

    def __init__(self, code):
        super().__init__(f"status {code}\nof two lines")
        self.code = code


class S3ClientError(Exception):
    code = None


class RetryError(Exception):
    pass


@pytest.fixture
def waits(monkeypatch):
    """How long was waited, which takes no time."""
    waited = []
    monkeypatch.setattr(storage.time, "sleep", waited.append)
    return waited


class Flaky:
    """What stands in the filesystem, and which of the questions to it, counted from 0, fail before or after."""

    def __init__(self):
        self.begin()

    def begin(self, before=(), after=(), error=None):
        self.contents, self.asked = {}, 0
        self.before, self.after, self.error = before, after, error or Answered(503)

    @contextmanager
    def asking(self):
        number = self.asked
        self.asked += 1
        if number in self.before:
            raise self.error
        yield
        if number in self.after:
            raise self.error


@pytest.fixture(scope="module")
def filesystem():  # noqa: C901  a class inside
    from apache_beam.io.filesystem import BeamIOError, FileMetadata, FileSystem

    state = Flaky()

    class Written(io.BytesIO):
        def __init__(self, path):
            super().__init__()
            self.path = path

        def close(self):
            with state.asking():
                state.contents[self.path] = self.getvalue()
            super().close()

    class FlakyFileSystem(FileSystem):
        @classmethod
        def scheme(cls):
            return "flaky"

        def has_dirs(self):
            return False

        def exists(self, path):
            with state.asking():
                return path in state.contents

        def open(self, path, *args, **kwargs):  # noqa: ARG002
            with state.asking():
                return io.BytesIO(state.contents[path])

        def create(self, path, *args, **kwargs):  # noqa: ARG002
            return Written(path)

        def rename(self, sources, targets):
            with state.asking():
                for source, target in zip(sources, targets, strict=True):
                    if target in state.contents:
                        raise BeamIOError("the target is there")
                    state.contents[target] = state.contents.pop(source)

        def delete(self, paths):
            with state.asking():
                for path in paths:
                    del state.contents[path]

        def _list(self, prefix):
            with state.asking():
                found = [(path, len(data)) for path, data in state.contents.items() if path.startswith(prefix)]
            return [FileMetadata(path, size, 7.0) for path, size in found]

    FlakyFileSystem.__abstractmethods__ = frozenset()
    return state


@pytest.fixture
def flaky(filesystem):
    """A filesystem flaky:// without a file."""
    filesystem.begin()
    return filesystem


def use_all():
    write_bytes("flaky://b/x/a", b"abc")
    assert read_bytes("flaky://b/x/a") == b"abc"
    assert read_bytes("flaky://b/x/a", 2) == b"ab"
    move("flaky://b/x/a", "flaky://b/x/.s-1/b")
    assert exists("flaky://b/x/.s-1/b")
    assert not exists("flaky://b/x/a")
    write_bytes("flaky://b/x/c", b"")
    move("flaky://b/x/.s-1/b", "flaky://b/x/c")
    assert list_files("flaky://b/x") == ["c"]
    assert list_tree("flaky://b/x") == [("c", 3)]
    assert folders_by_age("flaky://b/x", ".s-") == {}
    delete("flaky://b/x")
    assert list_tree("flaky://b/x") == []


def test_a_range_of_a_file(tmp_path):
    path = tmp_path / "file"
    path.write_bytes(b"0123456789")
    assert storage.read_range(str(path), 3, 4) == b"3456"
    assert storage.read_range(str(path), 8, 4) == b"89"
    assert storage.read_range(str(path), 10, 4) == b""
    with pytest.raises(OSError, match="gone"):
        storage.read_range(str(tmp_path / "gone"), 0, 1)


def test_each_operation_is_asked_again(flaky, waits):
    use_all()
    questions = flaky.asked
    for number in range(questions):
        flaky.begin(before=[number])
        use_all()
    assert waits == [0.5] * questions


def test_an_answer_that_is_lost_is_no_failure(flaky, waits):
    flaky.begin(after=[1])
    flaky.contents["flaky://b/a"] = b"abc"
    move("flaky://b/a", "flaky://b/c")
    assert flaky.contents == {"flaky://b/c": b"abc"}
    assert waits == [0.5]


def test_what_does_not_come_back_is_told_in_one_line(flaky, waits):
    flaky.begin(before=range(99))
    with pytest.raises(UnavailableError, match=r"^'flaky://b/a' cannot be reached, tried 5 times: status 503 of two l"):
        exists("flaky://b/a")
    assert waits == [0.5, 1, 2, 4]
    assert flaky.asked == 5


def test_what_took_long_to_fail_is_not_asked_again(waits, monkeypatch):
    monkeypatch.setattr(storage, "PATIENCE", -1)
    with pytest.raises(UnavailableError, match="tried 1 times"):
        retried(lambda: (_ for _ in ()).throw(Answered(503)), "flaky://b")
    assert waits == []


def test_what_is_refused_is_not_asked_again(flaky, waits):
    flaky.begin(before=[0], error=Answered(403))
    with pytest.raises(Answered):
        read_bytes("flaky://b/a")
    assert waits == []


@pytest.mark.parametrize("error", [Answered(408), Answered(429), Answered(500), Answered(504), ConnectionResetError()])
def test_transient(error):
    assert is_transient(error)


@pytest.mark.parametrize("error", [TimeoutError(), S3ClientError(), RetryError(), 503])
def test_transient_too(error):
    assert is_transient(error)


@pytest.mark.parametrize(
    "error",
    [
        *(Answered(404), Answered(None), OSError(5, "x"), KeyError("503"), 404, UnavailableError()),
        S3ClientError("Unable to locate credentials", None),
    ],
)
def test_not_transient(error):
    assert not is_transient(error)


def test_what_fails_in_a_batch():
    from apache_beam.io.filesystem import BeamIOError

    assert is_transient(BeamIOError("Rename operation failed", {("a", "b"): Answered(503)}))
    assert is_transient(BeamIOError("Delete operation failed", {"a": 503, "b": 404}))
    assert not is_transient(BeamIOError("Delete operation failed", {"a": 404}))
    assert not is_transient(BeamIOError("Match operation failed"))


def test_a_post_is_not_rejected_because_its_bucket_does_not_answer(flaky, waits):
    flaky.contents["flaky://b/a.md"] = b"Words."
    file = PostFile("flaky://b", "a.md", 0)
    assert read_article(file, as_of="2026-01-01").body == "Words."
    flaky.before = range(99)
    with pytest.raises(UnavailableError):
        read_article(file, as_of="2026-01-01")


def test_ages_of_local_folders(tmp_path):
    write_bytes(f"{tmp_path}/.staging-1/data/a", b"a")
    newest = (tmp_path / ".staging-1/data/a").stat().st_mtime
    assert folders_by_age(str(tmp_path), ".staging-") == {".staging-1": pytest.approx(newest, abs=1)}
    assert folders_by_age(f"{tmp_path}/none", ".staging-") == {}
