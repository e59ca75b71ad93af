"""Where a SavedModel comes from: a folder, an archive, a bucket or TensorFlow Hub."""

from __future__ import annotations

import hashlib
import io
import os
import shutil
import tarfile
import tempfile
import zlib
from collections.abc import Callable
from pathlib import Path

from transforms.encoders.base import EncoderError
from transforms.plumbing.storage import is_remote, list_tree, read_bytes

ARCHIVES = (".tar.gz", ".tgz")
MAX_BYTES = 8 << 30
"""No model is larger unpacked; an archive that is was made to fill the disk."""


def fetch_model(path: str) -> str:
    """Return the local folder of a model given as a folder or an archive (.tar.gz) on any filesystem.

    Archives are unpacked, and remote models copied, once a machine. Raises EncoderError when there is none.
    """
    if path.endswith(ARCHIVES):
        content = _read(path)
        return _once(hashlib.sha256(content).hexdigest(), lambda folder: _unpack(content, path, folder))
    if is_remote(path):
        files = list_tree(path)
        if not files:
            raise EncoderError(f"{path} is not there; give the folder of a SavedModel")
        key = hashlib.sha256(repr((path, files)).encode()).hexdigest()
        return _once(key, lambda folder: _copy(path, [name for name, _ in files], folder))
    if not Path(path).is_dir():
        raise EncoderError(f"{path} is not a folder or .tar.gz; give a SavedModel")
    return path


def hub_folder(handle: str) -> str | None:
    """Return the folder where tensorflow_hub keeps a handle's model, None when it has not downloaded it yet."""
    folder = hub_cache() / hashlib.sha1(handle.encode(), usedforsecurity=False).hexdigest()
    return str(folder) if (folder / "saved_model.pb").is_file() else None


def hub_cache() -> Path:
    """Return the folder of tensorflow_hub's downloads."""
    return Path(os.environ.get("TFHUB_CACHE_DIR") or Path(tempfile.gettempdir(), "tfhub_modules"))


def download(handle: str) -> str:
    """Let tensorflow_hub resolve a handle into a local folder; raises EncoderError when it cannot."""
    try:
        import tensorflow_hub
    except ImportError as error:
        raise EncoderError(f"{handle} needs tensorflow_hub ({error}): pip install 'postkin[tensorflow]'") from error
    try:
        return str(tensorflow_hub.resolve(handle))
    except Exception as error:
        reason = (str(error).splitlines() or [type(error).__name__])[0]
        raise EncoderError(f"{handle} cannot be downloaded ({reason}); give a copy with --model-dir") from error


def _read(path: str) -> bytes:
    try:
        return read_bytes(path)
    except OSError as error:
        raise EncoderError(f"{path} cannot be read: {error}") from error


def _once(key: str, fill: Callable[[Path], None]) -> str:
    """Make a folder under a key unless it is there; it appears whole or not at all."""
    folder = Path(os.environ.get("XDG_CACHE_HOME") or Path("~/.cache").expanduser(), "postkin", "models", key[:32])
    if not folder.is_dir():
        try:
            _make(folder, fill)
        except OSError as error:
            raise EncoderError(f"{folder.parent} cannot be written: {error}; XDG_CACHE_HOME names another") from error
    inside = list(folder.iterdir())
    return str(inside[0] if len(inside) == 1 and inside[0].is_dir() else folder)


def _make(folder: Path, fill: Callable[[Path], None]) -> None:
    folder.parent.mkdir(parents=True, exist_ok=True)
    unfinished = Path(tempfile.mkdtemp(dir=folder.parent))
    try:
        fill(unfinished)
        unfinished.rename(folder)
    except OSError:
        if not folder.is_dir():  # else another process was faster
            raise
    finally:
        shutil.rmtree(unfinished, ignore_errors=True)


def _unpack(content: bytes, path: str, folder: Path) -> None:
    try:
        with tarfile.open(fileobj=io.BytesIO(content), mode="r:gz") as archive:
            if sum(member.size for member in archive) > MAX_BYTES:
                raise EncoderError(f"{path} unpacks to more than {MAX_BYTES >> 30} GiB")
            archive.extractall(folder, filter="data")
            while archive.fileobj and archive.fileobj.read(1 << 20):
                pass  # to its end, where the checksum is
    except (tarfile.TarError, OSError, EOFError, RecursionError, zlib.error) as error:
        raise EncoderError(f"{path} cannot be unpacked: {error}") from error


def _copy(root: str, names: list[str], folder: Path) -> None:
    for name in names:
        target = Path(folder, name)
        if not target.resolve().is_relative_to(folder.resolve()):
            raise EncoderError(f"{root} holds a file outside of its folder: {name}")
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(_read(f"{root}/{name}"))
