"""Where models come from: folders, archives, TensorFlow Hub's cache."""

import gzip
import hashlib
import io
import sys
import tarfile
import threading
import types
from pathlib import Path

import numpy as np
import pytest

from tests.savedmodels import add_file, copy_tree, evil_archive
from transforms.encoders.base import EncoderError
from transforms.encoders.downloads import download, fetch_model, hub_folder
from transforms.encoders.registry import EncoderSpec, make_encoder

HANDLE = "https://tfhub.dev/google/universal-sentence-encoder-multilingual/3"


@pytest.fixture(autouse=True)
def cache_home(tmp_path, monkeypatch):
    home = tmp_path / "cache-home"
    monkeypatch.setenv("XDG_CACHE_HOME", str(home))
    return home


def unpacked(home):
    return sorted(path.name for path in home.glob("postkin/models/*"))


def test_a_folder_is_itself(tmp_path):
    assert fetch_model(str(tmp_path)) == str(tmp_path)


@pytest.mark.parametrize("name", ["gone", "gone.tar.gz", "words.txt"])
def test_nothing_there(tmp_path, name):
    (tmp_path / "words.txt").write_text("words")
    with pytest.raises(EncoderError, match=name):
        fetch_model(str(tmp_path / name))


def test_an_archive_is_unpacked_once(models, cache_home):
    folder = fetch_model(models("archive"))
    stamp = Path(folder, "saved_model.pb").stat().st_mtime_ns
    assert fetch_model(models("archive")) == folder
    assert Path(folder, "saved_model.pb").stat().st_mtime_ns == stamp
    assert unpacked(cache_home) == [Path(folder).name]


def test_an_archive_is_the_folder_it_was_made_of(models):
    spec = EncoderSpec("use", "3")
    from_archive, from_folder = make_encoder(spec, models("archive")), make_encoder(spec, models("use"))
    assert from_archive.info.id == from_folder.info.id
    texts = ["a lamp", "a board"]
    assert np.array_equal(from_archive.encode(texts), from_folder.encode(texts))


def test_unpacking_at_once(models, cache_home):
    folders = []
    threads = [threading.Thread(target=lambda: folders.append(fetch_model(models("archive")))) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(folders) == 4
    assert unpacked(cache_home) == sorted({Path(folder).name for folder in folders})


@pytest.mark.parametrize("kind", ["parent", "symlink", "hardlink", "device"])
def test_an_evil_archive_is_refused(tmp_path, cache_home, kind):
    target = tmp_path / "outside" / "evil.txt"
    target.parent.mkdir()
    path = evil_archive(tmp_path / "evil.tar.gz", kind, target)
    with pytest.raises(EncoderError, match="cannot be unpacked") as refused:
        fetch_model(str(path))
    assert "\n" not in str(refused.value)
    assert list(target.parent.iterdir()) == []
    assert unpacked(cache_home) == []


def test_an_absolute_path_stays_inside(tmp_path, cache_home):
    target = tmp_path / "outside" / "evil.txt"
    target.parent.mkdir()
    folder = fetch_model(str(evil_archive(tmp_path / "evil.tar.gz", "absolute", target)))
    assert list(target.parent.iterdir()) == []
    assert Path(folder).is_relative_to(cache_home)


@pytest.mark.parametrize("damage", ["cut", "flipped", "not gzip", "not tar", "empty"])
def test_a_damaged_archive_is_refused(models, tmp_path, cache_home, damage):
    whole = Path(models("archive")).read_bytes()
    middle = len(whole) // 2
    content = {
        "cut": whole[:middle],
        "flipped": whole[:middle] + bytes(byte ^ 0xFF for byte in whole[middle : middle + 200]) + whole[middle + 200 :],
        "not gzip": b"words",
        "not tar": gzip.compress(b"words" * 1000),
        "empty": b"",
    }[damage]
    (tmp_path / "model.tar.gz").write_bytes(content)
    with pytest.raises(EncoderError, match=r"model.tar.gz cannot be unpacked"):
        fetch_model(str(tmp_path / "model.tar.gz"))
    assert unpacked(cache_home) == []


def test_an_archive_without_a_model(tmp_path):
    content = io.BytesIO()
    with tarfile.open(fileobj=content, mode="w:gz") as tar:
        add_file(tar, "words.txt")
    (tmp_path / "model.tar.gz").write_bytes(content.getvalue())
    with pytest.raises(EncoderError, match="holds no SavedModel"):
        make_encoder(EncoderSpec("use", "3"), str(tmp_path / "model.tar.gz"))


def test_what_tensorflow_hub_has_is_found(models, tmp_path, monkeypatch):
    monkeypatch.setenv("TFHUB_CACHE_DIR", str(tmp_path))
    assert hub_folder(HANDLE) is None
    copy_tree(models("use"), tmp_path / hashlib.sha1(HANDLE.encode()).hexdigest())
    assert hub_folder(HANDLE) == download(HANDLE), "tensorflow_hub keeps it elsewhere"


def test_a_download_that_fails(monkeypatch):
    def resolve(handle):
        raise OSError("no route to host\nand more")

    monkeypatch.setitem(sys.modules, "tensorflow_hub", types.SimpleNamespace(resolve=resolve))
    with pytest.raises(EncoderError, match=r"cannot be downloaded \(no route to host\); give a copy with --model-dir$"):
        download(HANDLE)


def test_a_download_without_tensorflow_hub(monkeypatch):
    monkeypatch.setitem(sys.modules, "tensorflow_hub", None)
    with pytest.raises(EncoderError, match=r"pip install 'postkin\[tensorflow\]'$"):
        download(HANDLE)
