"""Which post an address in a reading log is of: by the site's rules, as for links between posts."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from transforms.numerics.arrays import Ints
from transforms.sampling import key_of
from transforms.site.addresses import Directory, Parts, Place, enter, entries_of, keys_to, lead, parts_of, split_address
from transforms.site.hyperlinks import is_page

REMEMBERED = 1 << 16
"""So many addresses are looked up once."""
LONGEST = 2_000
"""An address of more characters is no post's."""
NO_POST = -1
_AMP = "amp"


@dataclass(frozen=True, eq=False)
class PostAddresses:
    """The addresses of posts, on a site below the path `base`; `ids` [n] are the posts', in their order."""

    directory: Directory
    ids: tuple[str, ...]
    base: Parts = ()

    @cached_property
    def keys(self) -> Ints:
        """The keys of the posts, in their order: int64 [n]."""
        return np.array([key_of(id_) for id_ in self.ids], np.int64)


def post_addresses(places: Iterable[Place], base: Parts = ()) -> PostAddresses:
    """Enter posts, in any order."""
    places = list(places)
    directory = enter(entry for place in places for entry in entries_of(place))
    return PostAddresses(directory, tuple(sorted(place.id for place in places)), base)


class PostFinder:
    """Finds the post that an address is of; what it has found it keeps for the next time, within bounds."""

    def __init__(self, addresses: PostAddresses) -> None:
        self._addresses = addresses
        self._numbers = {id_: number for number, id_ in enumerate(addresses.ids)}
        self._found: dict[str, int] = {}
        self._of_paths: dict[str, int] = {}

    def find(self, address: str) -> int:
        """Return the number of a post by its url or path, NO_POST if there is none or there are several.

        Host, query, fragment, suffix and slashes at the ends do not matter. What AMP puts into an address is passed
        over where no post has it.
        """
        found = self._found.get(address)
        if found is None:
            path = split_address(address.strip()[: LONGEST + 1])[1]
            found = self._of_paths.get(path)
            if found is None:
                found = _remember(self._of_paths, path, self._look_up(path))
            if len(address) <= LONGEST:
                _remember(self._found, address, found)
        return found

    def _look_up(self, path: str) -> int:
        if len(path) > LONGEST or not is_page(path if path.startswith("/") else f"/{path}"):
            return NO_POST
        for parts in self._meant(parts_of(path)):
            id_ = lead(self._addresses.directory, keys_to(parts))[0]
            if id_:
                return self._numbers[id_]
        return NO_POST

    def _meant(self, parts: Parts | None) -> Iterator[Parts]:
        """The paths from the site's root that a path may mean, the likeliest first."""
        base = self._addresses.base
        for path in _without_amp(parts or ()):
            if base and path[: len(base)] == base:
                yield path[len(base) :]
            if path:
                yield path


def _remember(found: dict[str, int], name: str, post: int) -> int:
    if len(found) == REMEMBERED:
        found.clear()
    found[name] = post
    return post


def _without_amp(parts: Parts) -> Iterator[Parts]:
    yield parts
    if parts[1:] and parts[-1] == _AMP:
        yield parts[:-1]
    if parts[1:] and parts[0] == _AMP:
        yield parts[1:]
    if parts and parts[-1].endswith(f".{_AMP}"):
        yield (*parts[:-1], parts[-1].removesuffix(f".{_AMP}"))
