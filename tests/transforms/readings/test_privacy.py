import hashlib

from tests.transforms.readings.logs import START
from transforms.readings.page_view import PageView
from transforms.readings.privacy import Pseudonyms, make_key

VIEW = PageView("198.51.100.7 Firefox", START, "/tea/", daily=True)
NAMED = PageView("reader", START, "/tea/", "session")


def test_a_hash_is_keyed():
    one, other = Pseudonyms(make_key()), Pseudonyms(make_key())

    assert one.reader(VIEW) != other.reader(VIEW)
    assert one.session(NAMED) != other.session(NAMED)
    assert len({make_key() for _ in range(9)}) == 9
    assert one.reader(NAMED) == hashlib.blake2b(b"\0reader", digest_size=16, key=one.key).digest()
    assert len(one.reader(VIEW)) == 16


def test_who_is_told_by_address_is_somebody_else_the_next_day():
    names = Pseudonyms(make_key())
    tomorrow = START + 24 * 3600

    assert names.reader(VIEW) == names.reader(VIEW._replace(second=START + 60))
    assert names.reader(VIEW) != names.reader(VIEW._replace(second=tomorrow))
    assert names.reader(NAMED) == names.reader(NAMED._replace(second=tomorrow))


def test_sessions_are_told_apart_by_their_readers():
    names = Pseudonyms(make_key())

    assert names.session(VIEW) == 0
    assert 0 < names.session(NAMED) < 2**57
    assert names.session(NAMED) != names.session(NAMED._replace(reader="another"))


def test_the_key_is_not_shown():
    names = Pseudonyms(make_key())

    assert names.key.hex() not in repr(names)
    assert str(names) == "Pseudonyms()"
