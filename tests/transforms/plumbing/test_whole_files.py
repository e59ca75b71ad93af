import stat

import pytest

from transforms.plumbing.whole_files import ChangedError, replace_content, write_whole


def test_a_file_and_its_folders_are_made(tmp_path):
    path = tmp_path / "a" / "b.json"
    write_whole(path, b"one")
    write_whole(path, b"two")
    assert [path.read_bytes(), list(path.parent.iterdir())] == [b"two", [path]]


def test_a_link_is_replaced_and_not_followed(tmp_path):
    other, link = tmp_path / "other", tmp_path / "link"
    other.write_bytes(b"other")
    link.symlink_to(other)
    write_whole(link, b"new")
    assert (other.read_bytes(), link.is_symlink(), link.read_bytes()) == (b"other", False, b"new")


def test_where_writing_fails_all_is_as_before(tmp_path):
    folder = tmp_path / "folder"
    folder.mkdir()
    with pytest.raises(OSError, match="folder"):
        write_whole(folder, b"new")
    with pytest.raises(FileNotFoundError):
        replace_content(tmp_path / "none", b"", b"new")
    assert list(tmp_path.iterdir()) == [folder]


def test_a_long_name_is_none_too_long_for_the_file_beside_it(tmp_path):
    path = tmp_path / ("x" * 255)
    write_whole(path, b"new")
    assert path.read_bytes() == b"new"


def test_content_is_replaced_and_the_mode_stays(tmp_path):
    path = tmp_path / "post.md"
    path.write_bytes(b"old")
    path.chmod(0o640)
    replace_content(path, b"old", b"new")
    assert (path.read_bytes(), stat.S_IMODE(path.stat().st_mode)) == (b"new", 0o640)
    assert list(tmp_path.iterdir()) == [path]


def test_a_file_that_changes_meanwhile_is_left(tmp_path):
    path = tmp_path / "post.md"
    path.write_bytes(b"new")
    with pytest.raises(ChangedError):
        replace_content(path, b"old", b"newer")
    assert [path.read_bytes(), list(tmp_path.iterdir())] == [b"new", [path]]
