from jobs.check.renames import pair_moved

TEXT = b"".join(b"Line %d of a post.\n" % number for number in range(20))
OTHER = b"".join(b"Row %d of another.\n" % number for number in range(20))


def test_equal_content_is_moved():
    assert pair_moved({"a.md": TEXT, "b.md": OTHER}, {"d.md": TEXT, "c.md": OTHER}) == {"d.md": "a.md", "c.md": "b.md"}


def test_each_file_is_of_one_pair():
    assert pair_moved({"a.md": TEXT, "b.md": TEXT}, {"d.md": TEXT}) == {"d.md": "a.md"}
    assert pair_moved({"a.md": TEXT}, {"c.md": TEXT, "d.md": TEXT}) == {"c.md": "a.md"}


def test_content_that_is_mostly_the_same_is_moved():
    edited = TEXT.replace(b"Line 3 of a post", b"Something else")
    assert pair_moved({"a.md": TEXT, "b.md": OTHER}, {"c.md": edited}) == {"c.md": "a.md"}
    assert pair_moved({"a.md": TEXT}, {"c.md": edited, "d.md": TEXT}) == {"d.md": "a.md"}


def test_content_that_is_mostly_other_is_new():
    assert pair_moved({"a.md": TEXT}, {"c.md": OTHER, "d.md": TEXT[:40], "e.md": TEXT + OTHER + OTHER}) == {}
    assert pair_moved({"a.md": b""}, {"c.md": b""}) == {}


def test_of_very_many_files_those_of_equal_content_are_paired():
    gone = {f"a{number}.md": b"%d\n" % number + TEXT for number in range(40)}
    new = {path.replace("a", "b"): content for path, content in gone.items()}
    assert pair_moved(gone, new) == {path.replace("a", "b"): path for path in gone}
    assert pair_moved(gone, {path: content + b"x\n" for path, content in new.items()}) == {}
