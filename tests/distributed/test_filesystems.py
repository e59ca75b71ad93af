"""Posts in a bucket and the output in one: the same results as on a disk."""

import gzip
import subprocess
import sys

import pytest

from tests.distributed.runs import download, external, report_main, upload
from tests.distributed.servers import environment
from tests.jobs.report.test_determinism import same
from tests.jobs.results import ROOT, check_sound
from transforms.plumbing import cloud_files
from transforms.plumbing.large_elements import FilingCoder
from transforms.plumbing.parts import SMALL
from transforms.plumbing.storage import delete, exists, list_tree, move, open_file, read_bytes, read_range, write_bytes

BUCKETS = pytest.mark.parametrize("bucket", ["gcs", "s3"], indirect=True)


@BUCKETS
def test_from_a_bucket_to_a_bucket(bucket, few_posts, few, tmp_path):
    upload(few_posts, f"{bucket.url}/posts")
    output = f"{bucket.url}/from-a-bucket"
    assert report_main(f"{bucket.url}/posts", output, *bucket.flags) == 0
    results = download(output, tmp_path)
    check_sound(results)
    same(results, few)


@BUCKETS
def test_files_in_a_bucket(bucket):
    place = f"{bucket.url}/files"
    write_bytes(f"{place}/a.txt", b"one")
    write_bytes(f"{place}/b/c.txt", b"two")
    packed = gzip.compress(b"packed")
    write_bytes(f"{place}/packed.json.gz", packed)
    assert list_tree(place)[-1] == ("packed.json.gz", len(packed))
    assert read_bytes(f"{place}/packed.json.gz") == packed
    assert read_range(f"{place}/packed.json.gz", 2, 5) == packed[2:7]
    assert read_range(f"{place}/packed.json.gz", 2, 500) == packed[2:]
    delete(f"{place}/packed.json.gz")
    write_bytes(f"{place}/empty.txt", b"")
    assert read_bytes(f"{place}/empty.txt") == b""
    delete(f"{place}/empty.txt")
    move(f"{place}/a.txt", f"{place}/b/c.txt")
    assert list_tree(place) == [("b/c.txt", 3)]
    assert read_bytes(f"{place}/b/c.txt") == b"one"
    assert read_bytes(f"{place}/b/c.txt", 2) == b"on"
    delete(place)
    assert not exists(f"{place}/b/c.txt")
    assert list_tree(place) == []


def test_files_at_s3_share_a_client(s3):
    made = cloud_files._make_s3_client.cache_info().misses
    for number in range(3):
        write_bytes(f"{s3.url}/shared/{number}", b"number")
        assert read_range(f"{s3.url}/shared/{number}", 0, 6) == b"number"
    assert cloud_files._make_s3_client.cache_info().misses - made <= 1


def test_a_large_element_goes_to_s3_by_one_request(s3):
    coder, element = FilingCoder(f"{s3.url}/elements"), b"a" * SMALL
    coder.encode(element)  # which makes the client
    asked = s3.proxy.asked
    encoded = coder.encode(element)
    assert s3.proxy.asked == asked + 1
    assert coder.decode(encoded) == element
    s3.proxy.refuse_next(7)  # more than the client asks by itself
    assert coder.decode(coder.encode(element)) == element
    assert s3.proxy.refused == 7


def test_two_files_at_s3_are_read_in_turns(s3):
    """They are larger than what Beam reads at once, so that each has to go on where it was."""
    half = 10_000_000
    contents = {f"{s3.url}/turns/{letter}": letter.encode() * 2 * half for letter in "ab"}
    for path, content in contents.items():
        write_bytes(path, content)
    with open_file(f"{s3.url}/turns/a", "rb") as first, open_file(f"{s3.url}/turns/b", "rb") as second:
        read = [[file.read(half) for file in (first, second)] for _ in range(2)]
    assert [first + second for first, second in zip(*read, strict=True)] == list(contents.values())


@BUCKETS
def test_an_output_in_a_bucket_that_is_not_there_is_refused(bucket, few_posts, capfd):
    scheme = bucket.url.partition("://")[0]
    assert report_main(few_posts, f"{scheme}://not-there/out", *bucket.flags) == 2
    printed, said = capfd.readouterr()
    assert printed == ""
    assert said.startswith(f"postkin report: --output '{scheme}://not-there/out' cannot be written: ")
    assert said.count("\n") == 1


@pytest.fixture
def s3_environment(s3):
    """What leads a process to the bucket without flags."""
    return {
        "AWS_ACCESS_KEY_ID": "key",
        "AWS_SECRET_ACCESS_KEY": "secret",
        "AWS_DEFAULT_REGION": "us-east-1",
        "AWS_ENDPOINT_URL": s3.proxy.url,
    }


def test_workers_of_a_pool_find_s3_by_their_environment(
    s3, s3_environment, few_posts, few, job_service, start_pool, tmp_path
):
    """Beam's pool tells its workers no flags, and its filesystem of S3 does not do without."""
    upload(few_posts, f"{s3.url}/posts")
    flags = external(job_service, start_pool(**s3_environment))
    assert report_main(f"{s3.url}/posts", f"{s3.url}/from-a-pool", *s3.flags, *flags) == 0
    same(download(f"{s3.url}/from-a-pool", tmp_path / "there"), few, "shard_articles")


def test_a_command_without_a_pipeline_finds_s3(s3, s3_environment, few):
    for path in (file for file in few.folder.rglob("*") if file.is_file()):
        write_bytes(f"{s3.url}/compared/{path.relative_to(few.folder).as_posix()}", path.read_bytes())
    command = [sys.executable, "-m", "jobs", "compare", f"{s3.url}/compared", str(few.folder)]
    done = subprocess.run(command, cwd=ROOT, env=environment(**s3_environment), capture_output=True, text=True)
    assert (done.returncode, done.stderr) == (0, "")
