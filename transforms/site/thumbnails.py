"""Thumbnails: the pictures that posts name, found below a folder and made small enough to stand in the page."""

from __future__ import annotations

import base64
import functools
import io
import logging
from collections.abc import Iterator, Sequence
from dataclasses import KW_ONLY, dataclass
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import unquote

import apache_beam as beam
from apache_beam.pvalue import AsSingleton, PCollection

from transforms.limits import PICTURE_BYTES, PICTURE_PIXELS
from transforms.plumbing.composite import Composite
from transforms.plumbing.metrics import count, measured
from transforms.plumbing.printable import printable
from transforms.plumbing.storage import is_remote, open_file
from transforms.records import Article, Block
from transforms.results import Thumbnail
from transforms.sampling import map_hash
from transforms.site.addresses import DEEPEST, split_address

if TYPE_CHECKING:
    from PIL.Image import Image

SIZE = 48
"""Pixels of a thumbnail's side."""
QUALITY = 60
FORMATS = ("JPEG", "PNG", "GIF", "WEBP")
MAX_THUMBNAILS = 2_000
"""About so many articles of a larger corpus get one."""
FOLDERS = ("", "static", "public", "source", "assets")
"""Where sites keep the files of addresses that begin with a slash."""

_LOG = logging.getLogger(__name__)
_TOO_MANY = f"more than {PICTURE_PIXELS // 10**6} million pixels"


class PictureError(ValueError):
    """A picture cannot be used; its message says in a few words why."""


def shrink(data: bytes, size: int = SIZE) -> str:
    """Make a data URI of a picture's middle square, `size` pixels wide, as WebP without metadata.

    Raises PictureError for what is no JPEG, PNG, GIF or WebP, is damaged, or has too many pixels.
    """
    from PIL import Image, UnidentifiedImageError

    try:
        with Image.open(io.BytesIO(data), formats=FORMATS) as picture:
            square = _middle(picture, size)
    except PictureError:
        raise
    except UnidentifiedImageError:
        raise PictureError(f"no {', '.join(FORMATS)}") from None
    except Image.DecompressionBombError:
        raise PictureError(_TOO_MANY) from None
    except Exception:  # noqa: BLE001  decoders raise all sorts of errors on damaged data
        raise PictureError("damaged") from None
    small = io.BytesIO()
    square.save(small, "WEBP", quality=QUALITY, method=6)
    return f"data:image/webp;base64,{base64.b64encode(small.getvalue()).decode()}"


def places(article: Article, roots: Sequence[str], pictures: str | None) -> Iterator[tuple[str, str]]:
    """Where an article's picture may be: folders and paths below them, the likeliest first.

    A path is looked for beside the post and below each of the `roots`, and below the folder `pictures`, where one is
    given, also without the steps upwards that it begins with. It never leads out of a folder.
    """
    path = unquote(split_address(article.thumbnail or "")[1])
    names = [name for name in path.split("/") if name not in ("", ".")]
    if not names or len(names) > DEEPEST:
        return
    if not path.startswith("/"):
        beside = _inside([*article.path.split("/")[:-1], *names])
        yield from ((root, beside) for root in roots if beside)
    downwards = names[sum(name == ".." for name in names) :] if path.startswith("..") else names
    below = _inside(downwards)
    if below:
        for root in [*roots, *([pictures] if pictures else [])]:
            yield from ((root, f"{folder}/{below}".lstrip("/")) for folder in FOLDERS)


def read_picture(root: str, path: str) -> bytes | None:
    """Read a picture below a folder, None where there is none.

    Raises PictureError for one that is too large, cannot be read or leads out of the folder by a link.
    """
    if is_remote(root):
        try:
            with open_file(f"{root.rstrip('/')}/{path}", "rb") as stream:
                data = stream.read(PICTURE_BYTES + 1)
        except Exception:  # noqa: BLE001  a filesystem's own; most look for a file by opening it
            return None
    else:
        try:
            file = Path(root, path).resolve()
            if not file.is_file():
                return None
            if not file.is_relative_to(Path(root).resolve()):
                raise PictureError("a link that leads out of the folder")
            with file.open("rb") as stream:
                data = stream.read(PICTURE_BYTES + 1)
        except (OSError, RuntimeError):  # a name too long, no permission; a link to itself
            raise PictureError("cannot be read") from None
    if len(data) > PICTURE_BYTES:
        raise PictureError(f"larger than {PICTURE_BYTES // 2**20} MiB")
    return data


def make_thumbnail(
    article: Article, roots: Sequence[str], pictures: str | None = None, *, link: bool = False
) -> Thumbnail | None:
    """The thumbnail of an article that names a picture, None where it names a web address that is not to be linked.

    Raises PictureError when there is no such picture, or none that can be used.
    """
    address = article.thumbnail or ""
    if split_address(address)[0]:
        return Thumbnail(article.id, f"https:{address}" if address.startswith("//") else address) if link else None
    for root, path in places(article, roots, pictures):
        picture = _shrunk(root, path, _stamp(root, path))
        if isinstance(picture, PictureError):
            raise picture
        if picture is not None:
            return Thumbnail(article.id, picture)
    raise PictureError("not found")


@functools.lru_cache(maxsize=MAX_THUMBNAILS)
def _shrunk(root: str, path: str, stamp: tuple[int, int] | None) -> str | PictureError | None:  # noqa: ARG001
    """The thumbnail of a picture, None where there is none; one that many posts name is read and decoded once."""
    try:
        data = read_picture(root, path)
        return None if data is None else shrink(data)
    except PictureError as error:
        return PictureError(*error.args)  # without the traceback, which would keep the data


def _stamp(root: str, path: str) -> tuple[int, int] | None:
    """When a local picture was last changed, and its size."""
    try:
        status = None if is_remote(root) else Path(root, path).stat()
    except (OSError, ValueError):  # reading it will tell
        return None
    return status and (status.st_mtime_ns, status.st_size)


@dataclass(eq=False, repr=False)
class MakeThumbnails(Composite):
    """Blocks -> Thumbnails of the articles that name a picture, of about `MAX_THUMBNAILS` of them.

    Pictures that cannot be used are counted, and logged by the articles' ids; the stage's items are all that were
    looked for. `corpus_size` is the number of articles.
    """

    roots: Sequence[str]
    pictures: str | None
    corpus_size: AsSingleton
    _: KW_ONLY
    link: bool

    def expand(self, blocks: PCollection[Block]) -> PCollection[Thumbnail]:
        """Look for, shrink."""
        settings = (tuple(self.roots), self.pictures, self.link)
        return blocks | "Shrink" >> beam.FlatMap(_thumbnails, settings, self.corpus_size)


def chosen(id_: str, corpus_size: int) -> bool:
    """Tell whether an article may have a thumbnail, by the hash that chooses the map's articles: it will be there."""
    return corpus_size <= MAX_THUMBNAILS or map_hash(id_) * corpus_size < MAX_THUMBNAILS << 64


def _middle(picture: Image, size: int) -> Image:
    """Decode the middle square, upright; a JPEG as small as will do."""
    from PIL import ImageOps

    if picture.width * picture.height > PICTURE_PIXELS:
        raise PictureError(_TOO_MANY)
    picture.draft("RGB", (2 * size, 2 * size))
    return ImageOps.fit(ImageOps.exif_transpose(picture).convert("RGBA"), (size, size))


def _thumbnails(
    block: Block, settings: tuple[tuple[str, ...], str | None, bool], corpus_size: int
) -> Iterator[Thumbnail]:
    for article in block.articles:
        if article.thumbnail and chosen(article.id, corpus_size):
            with measured("thumbnails"):
                thumbnail = _tried(article, *settings)
            if thumbnail:
                yield thumbnail


def _tried(article: Article, roots: Sequence[str], pictures: str | None, link: bool) -> Thumbnail | None:
    try:
        return make_thumbnail(article, roots, pictures, link=link)
    except PictureError as error:
        count("thumbnails_left_out")
        _LOG.warning("thumbnail of %s left out: %s", printable(article.id), error)
        return None


def _inside(names: Sequence[str]) -> str | None:
    """Join a path's names, None where it would leave its folder."""
    path: list[str] = []
    for name in names:
        if name == "..":
            if not path:
                return None
            path.pop()
        else:
            path.append(name)
    return "/".join(path) if path and "\0" not in "".join(path) else None
