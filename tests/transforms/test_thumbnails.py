import base64
import io
import struct
import zlib

import pytest
from PIL import Image

from transforms.files import pattern_root
from transforms.records import Article, Thumbnail
from transforms.thumbnails import SIZE, PictureError, make_thumbnail, places, shrink

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


def test_transparency_is_kept():
    assert opened(shrink(picture(mode="RGBA", color=(0, 0, 0, 0)))).convert("RGBA").getpixel((9, 9))[3] == 0


def test_the_first_frame_stands_for_a_moving_picture():
    frames = [Image.new("RGB", (60, 60), color) for color in (RED, BLUE)]
    file = io.BytesIO()
    frames[0].save(file, "GIF", save_all=True, append_images=frames[1:])
    assert near(opened(shrink(file.getvalue())).convert("RGB").getpixel((9, 9)), RED)


def test_the_same_picture_gives_the_same_bytes():
    assert shrink(picture()) == shrink(picture())


def bomb():
    """A PNG that says it has 60,000 by 60,000 pixels and holds none."""

    def chunk(name, data):
        return struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))

    head = struct.pack(">IIBBBBB", 60_000, 60_000, 8, 2, 0, 0, 0)
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


@pytest.mark.parametrize("address", ["../../../images/logo.png", "/images/logo.png", "../images/logo.png"])
def test_pictures_elsewhere_are_found_in_their_folder(site, address):
    roots = [str(site / "posts")]
    with pytest.raises(PictureError, match="not found"):
        make_thumbnail(article(address), roots)
    assert make_thumbnail(article(address), roots, str(site)).id == "2020/post"


@pytest.mark.parametrize(
    "address", ["../../secret.png", "/../secret.png", "x/../../../secret.png", "..", "/", "a\0b.png"]
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
    monkeypatch.setattr("transforms.thumbnails.MAX_BYTES", 20)
    with pytest.raises(PictureError, match="larger than"):
        make_thumbnail(article("beside.png"), [str(site / "posts")])


def test_web_addresses_are_linked_where_asked_for():
    web = article("https://example.com/x.png")
    assert make_thumbnail(web, ["posts"]) is None
    assert make_thumbnail(web, ["posts"], link=True) == Thumbnail("2020/post", "https://example.com/x.png")


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
