import base64
import io
import struct
import zlib
from dataclasses import replace
from pathlib import Path

import apache_beam as beam
import numpy as np
import pytest
from apache_beam.metrics import MetricsFilter
from apache_beam.pvalue import AsSingleton
from apache_beam.runners.portability.fn_api_runner import FnApiRunner
from apache_beam.testing.util import assert_that, equal_to
from PIL import Image, ImageCms

from tests.transforms.records_by_hand import block
from transforms.plumbing.metrics import NAMESPACE
from transforms.reading.files import pattern_root
from transforms.records import Article
from transforms.results import Thumbnail
from transforms.site import thumbnails as module
from transforms.site.thumbnails import (
    MAX_THUMBNAILS,
    SIZE,
    MakeThumbnails,
    PictureError,
    chosen,
    make_thumbnail,
    places,
    shrink,
)
from transforms.themes.map import sample_by_cluster

RED, BLUE = (220, 30, 30), (30, 30, 220)


def picture(size=(200, 100), kind="PNG", mode="RGB", color=RED, **options):
    file = io.BytesIO()
    Image.new(mode, size, color).save(file, kind, **options)
    return file.getvalue()


def opened(uri):
    head, _, data = uri.partition(",")
    assert head == "data:image/webp;base64"
    return Image.open(io.BytesIO(base64.b64decode(data)))


def near(color, other):
    return all(abs(one - two) < 40 for one, two in zip(color, other, strict=False))


@pytest.mark.parametrize(
    ("kind", "mode", "color"),
    [
        ("PNG", "RGB", RED),
        ("PNG", "RGBA", (*RED, 255)),
        ("JPEG", "RGB", RED),
        ("JPEG", "CMYK", (0, 220, 220, 20)),
        ("GIF", "P", 0),
        ("WEBP", "RGB", RED),
        ("PNG", "1", 1),
        ("PNG", "I;16", 9),
    ],
)
def test_pictures_of_any_kind_become_small_squares(kind, mode, color):
    uri = shrink(picture(kind=kind, mode=mode, color=color))
    small = opened(uri)
    assert (small.format, small.size) == ("WEBP", (SIZE, SIZE))
    assert len(uri) < 2_000
    if color == RED:
        assert near(small.convert("RGB").getpixel((9, 9)), RED)


def test_the_middle_is_kept():
    whole = Image.new("RGB", (300, 100), BLUE)
    whole.paste(RED, (100, 0, 200, 100))
    file = io.BytesIO()
    whole.save(file, "PNG")
    small = opened(shrink(file.getvalue())).convert("RGB")
    assert near(small.getpixel((2, 24)), RED)
    assert near(small.getpixel((45, 24)), RED)


def test_a_turned_photograph_is_turned_back():
    whole = Image.new("RGB", (100, 100), RED)
    whole.paste(BLUE, (0, 0, 100, 50))
    turned = Image.Exif()
    turned[0x0112] = 3  # upside down
    file = io.BytesIO()
    whole.save(file, "JPEG", exif=turned)
    small = opened(shrink(file.getvalue()))
    assert near(small.convert("RGB").getpixel((24, 5)), RED)
    assert not small.getexif()


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP"])
def test_no_colour_profile_or_note_is_kept(kind):
    profile = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    noted = Image.Exif()
    noted[0x010E] = "where I live"
    assert not {"icc_profile", "exif", "xmp"} & set(
        opened(shrink(picture(kind=kind, exif=noted, icc_profile=profile))).info
    )


def test_a_palette_with_transparency_is_kept_transparent():
    whole = Image.new("P", (60, 60), 1)
    whole.putpalette([0, 0, 0, *RED])
    whole.paste(0, (0, 0, 30, 60))
    file = io.BytesIO()
    whole.save(file, "PNG", transparency=bytes([0, 255]))
    small = opened(shrink(file.getvalue())).convert("RGBA")
    assert small.getpixel((5, 24))[3] == 0
    assert small.getpixel((43, 24))[3] == 255


@pytest.mark.parametrize("size", [(1, 1), (1, 9_000), (9_000, 1)])
def test_the_thinnest_picture_becomes_a_square(size):
    assert opened(shrink(picture(size=size))).size == (SIZE, SIZE)


def test_transparency_is_kept():
    assert opened(shrink(picture(mode="RGBA", color=(0, 0, 0, 0)))).convert("RGBA").getpixel((9, 9))[3] == 0


def test_the_first_frame_stands_for_a_moving_picture():
    frames = [Image.new("RGB", (60, 60), color) for color in (RED, BLUE)]
    file = io.BytesIO()
    frames[0].save(file, "GIF", save_all=True, append_images=frames[1:])
    assert near(opened(shrink(file.getvalue())).convert("RGB").getpixel((9, 9)), RED)


def test_the_same_picture_gives_the_same_bytes():
    assert shrink(picture()) == shrink(picture())


def bomb(side=60_000):
    """A PNG that says it has so many pixels a side and holds none."""

    def chunk(name, data):
        return struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))

    head = struct.pack(">IIBBBBB", side, side, 8, 2, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", zlib.compress(b"")) + chunk(b"IEND", b"")


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"no picture",
        b"<svg xmlns='http://www.w3.org/2000/svg'><script>alert(1)</script></svg>",
        picture(kind="BMP"),
        picture(kind="JPEG", size=(900, 900))[:400],
        picture(size=(300, 300))[:60],
        bomb(),
    ],
    ids=["empty", "words", "svg", "bmp", "cut jpeg", "cut png", "bomb"],
)
def test_what_cannot_be_used_is_refused(data):
    with pytest.raises(PictureError):
        shrink(data)


@pytest.mark.filterwarnings("ignore::PIL.Image.DecompressionBombWarning")
@pytest.mark.parametrize("side", [7_100, 10_000, 60_000])
def test_too_many_pixels_are_refused_before_they_are_decoded(side, monkeypatch):
    monkeypatch.setattr("PIL.ImageFile.ImageFile.load", lambda _: pytest.fail("decoded"))
    with pytest.raises(PictureError, match="more than 50 million pixels"):
        shrink(bomb(side))


def test_an_unforeseen_error_of_a_decoder_is_damage(monkeypatch):
    def fail(*_, **__):
        raise struct.error("required argument is not an integer")

    monkeypatch.setattr("PIL.ImageOps.exif_transpose", fail)
    with pytest.raises(PictureError, match="damaged"):
        shrink(picture())


def article(thumbnail, path="2020/post.md"):
    return Article(path.removesuffix(".md"), path, "Post", thumbnail=thumbnail)


@pytest.fixture
def site(tmp_path):
    for file in ("posts/2020/beside.png", "posts/static/rooted.png", "images/logo.png", "secret.png"):
        path = tmp_path / file
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(picture())
    return tmp_path


@pytest.mark.parametrize(
    "address", ["beside.png", "./beside.png", "../2020/beside.png", "/rooted.png", "/2020/beside.png"]
)
def test_pictures_below_the_posts_are_found(site, address):
    assert make_thumbnail(article(address), [str(site / "posts")]).image.startswith("data:image/webp;base64,")


def test_an_encoded_address_is_decoded(site):
    (site / "posts/2020/my café.png").write_bytes(picture())
    assert make_thumbnail(article("my%20caf%C3%A9.png?v=2"), [str(site / "posts")]).id == "2020/post"


@pytest.mark.parametrize("address", ["x" * 300 + ".png", "loop", "loop/x.png"], ids=["long", "loop", "below a loop"])
def test_what_the_filesystem_refuses_cannot_be_read(site, address):
    (site / "posts/2020/loop").symlink_to("loop")
    with pytest.raises(PictureError):
        make_thumbnail(article(address), [str(site / "posts")])


def test_a_file_without_permission_cannot_be_read(site, monkeypatch):
    def refuse(*_):
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(Path, "open", refuse)
    with pytest.raises(PictureError, match="cannot be read"):
        make_thumbnail(article("beside.png"), [str(site / "posts")])


def test_the_roots_are_tried_in_order(site):
    (site / "more/2020").mkdir(parents=True)
    (site / "more/2020/beside.png").write_bytes(picture(color=BLUE))
    roots = [str(site / "posts"), str(site / "more")]
    red, blue = (make_thumbnail(article("beside.png"), order).image for order in (roots, roots[::-1]))
    assert red != blue
    assert near(opened(red).convert("RGB").getpixel((9, 9)), RED)


def test_pictures_of_a_remote_folder_are_read(monkeypatch):
    files = {"gs://blog/posts/static/x.png": picture()}
    asked = []

    def open_file(path, mode):
        asked.append(path)
        return io.BytesIO(files[path])  # a KeyError stands for what a filesystem raises

    monkeypatch.setattr("transforms.site.thumbnails.open_file", open_file)
    assert make_thumbnail(article("/x.png"), ["gs://blog/posts/"]).image.startswith("data:image/webp;base64,")
    assert asked == ["gs://blog/posts/x.png", "gs://blog/posts/static/x.png"]


@pytest.mark.parametrize("address", ["../../../images/logo.png", "/images/logo.png", "../images/logo.png"])
def test_pictures_elsewhere_are_found_in_their_folder(site, address):
    roots = [str(site / "posts")]
    with pytest.raises(PictureError, match="not found"):
        make_thumbnail(article(address), roots)
    assert make_thumbnail(article(address), roots, str(site)).id == "2020/post"


@pytest.mark.parametrize(
    "address",
    [
        "../../secret.png",
        "/../secret.png",
        "x/../../../secret.png",
        "%2e%2e/%2E%2E/secret.png",
        "..",
        "/",
        "a\0b",
        "a%00b",
    ],
)
def test_a_path_never_leaves_its_folder(site, address):
    with pytest.raises(PictureError, match="not found"):
        make_thumbnail(article(address), [str(site / "posts")])
    assert all(".." not in path.split("/") for _, path in places(article(address), ["root"], "pictures"))


def test_a_link_out_of_the_folder_is_not_followed(site):
    (site / "posts/2020/link.png").symlink_to(site / "secret.png")
    with pytest.raises(PictureError, match="leads out of the folder"):
        make_thumbnail(article("link.png"), [str(site / "posts")])


def test_a_large_file_is_not_read_whole(site, monkeypatch):
    monkeypatch.setattr("transforms.site.thumbnails.PICTURE_BYTES", 20)
    with pytest.raises(PictureError, match="larger than"):
        make_thumbnail(article("beside.png"), [str(site / "posts")])


def test_web_addresses_are_linked_where_asked_for():
    web = article("https://example.com/x.png")
    assert make_thumbnail(web, ["posts"]) is None
    assert make_thumbnail(web, ["posts"], link=True) == Thumbnail("2020/post", "https://example.com/x.png")


def test_an_address_without_a_scheme_is_the_webs(site):
    web = article("//example.com/rooted.png")
    assert make_thumbnail(web, [str(site / "posts")]) is None
    assert make_thumbnail(web, ["posts"], link=True) == Thumbnail("2020/post", "https://example.com/rooted.png")


@pytest.mark.parametrize(
    "address", ["https://", "file:///etc/passwd", "javascript:alert(1)", "data:image/png;base64,AA"]
)
def test_no_other_address_is_linked(address):
    with pytest.raises(PictureError, match="not found"):
        make_thumbnail(article(address), ["posts"], link=True)


def test_all_articles_of_a_small_corpus_are_chosen():
    assert all(chosen(str(number), MAX_THUMBNAILS) for number in range(MAX_THUMBNAILS))


def test_those_chosen_are_on_the_map():
    ids = [f"2020/{number}" for number in range(20_000)]
    mapped = {ids[row] for row in sample_by_cluster(ids, [number % 7 for number in range(len(ids))])}
    with_picture = {id_ for id_ in ids if chosen(id_, len(ids))}
    assert abs(len(with_picture) - MAX_THUMBNAILS) < 200
    assert with_picture <= mapped


def test_a_picture_left_out_is_counted_and_stops_nothing(site):
    (site / "posts/2020/broken.png").write_bytes(picture()[:60])
    addresses = {"a": "beside.png", "b": "broken.png", "c": "gone.png", "d": "https://example.com/x.png", "e": None}
    articles = tuple(Article(id_, f"2020/{id_}.md", id_, thumbnail=address) for id_, address in addresses.items())
    pipeline = beam.Pipeline(FnApiRunner())
    files = AsSingleton(pipeline | "Files" >> beam.Create([5]))
    made = (
        pipeline
        | "Blocks" >> beam.Create([block(articles, np.zeros((5, 2), np.float32))])
        | MakeThumbnails([str(site / "posts")], None, files, link=False)
    )
    assert_that(made | beam.Map(lambda thumbnail: thumbnail.id), equal_to(["a"]))
    result = pipeline.run()
    result.wait_until_finish()
    counters = result.metrics().query(MetricsFilter().with_namespace(NAMESPACE))["counters"]
    counted = {metric.key.metric.name: metric.committed for metric in counters}
    assert (counted["thumbnails_left_out"], counted["thumbnails.items"]) == (2, 4)


@pytest.mark.parametrize(
    ("pattern", "root"),
    [
        ("blog/posts/**/*.md", "blog/posts"),
        ("blog/one.md", "blog"),
        ("one.md", "."),
        ("*.md", "."),
        ("gs://bucket/posts/*.md", "gs://bucket/posts"),
        ("gs://bucket/posts", "gs://bucket/posts"),
        ("/posts/[ab]/x.md", "/posts"),
    ],
)
def test_a_pattern_names_posts_below_a_folder(pattern, root):
    assert pattern_root(pattern) == root


def test_a_picture_of_many_posts_is_decoded_once(site, monkeypatch):
    decoded = []
    monkeypatch.setattr(module, "shrink", lambda data: decoded.append(data) or "data:")
    for id_ in map(str, range(20)):
        post = replace(article("/rooted.png"), id=id_)
        assert make_thumbnail(post, [str(site / "posts")], str(site)) == Thumbnail(id_, "data:")
    assert len(decoded) == 1
    (site / "posts/static/rooted.png").write_bytes(b"another")
    make_thumbnail(article("/rooted.png"), [str(site / "posts")], str(site))
    assert len(decoded) == 2


def test_a_picture_that_cannot_be_used_is_tried_once(site, monkeypatch):
    tried = []

    def refuse(data):
        tried.append(data)
        raise PictureError("damaged")

    monkeypatch.setattr(module, "shrink", refuse)
    for _ in range(3):
        with pytest.raises(PictureError, match="damaged"):
            make_thumbnail(article("beside.png"), [str(site / "posts")])
    assert len(tried) == 1
