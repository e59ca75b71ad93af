"""The translations on the small sites of each generator."""

import itertools
from pathlib import Path

import pytest

from tests.transforms.site.test_sites import FOLDERS, posts_of, short
from transforms.corpus.languages import are_translations
from transforms.site.site_model import find_site

SITES = Path(__file__).parents[2] / "data" / "sites"
TRANSLATIONS = {
    "astro": "en/first-pot=ja/first-pot en/glaze=ja/glaze en/kiln=ja/kiln",
    "docusaurus": "2024-1-2-file1=fr/2024-1-2-file1 2024-02-03-weft=fr/2024-02-03-weft",
    "hugo": "blog/moon=blog/moon.ja blog/tour=blog/tour.ja",
    "mkdocs": "queen=queen.de drone=drone.de",
    "vitepress": "posts/cirrus=ja/posts/cirrus posts/cumulus=ja/posts/cumulus",
    "zola": "kale=kale.fr leek=leek.fr",
    "translated": "en/2024-01-05-pendulum=ja/2024-01-05-pendulum en/2024-01-05-pendulum=de/2024-01-08-pendel"
    " de/2024-01-08-pendel=ja/2024-01-05-pendulum en/2024-02-10-mainspring=ja/2024-02-11-zenmai"
    " en/2024-03-03-escapement=de/2024-03-20-escapement",
}


@pytest.mark.parametrize("name", sorted({*TRANSLATIONS, *FOLDERS}))
def test_every_translation_of_a_site_is_found_and_no_other(name):
    folder = FOLDERS.get(name, "_posts/")
    posts = posts_of(SITES / name, find_site([str(SITES / name)]))
    found = {
        frozenset((short(one.id, folder), short(other.id, folder)))
        for one, other in itertools.combinations(posts, 2)
        if are_translations(one, other)
    }
    assert found == {frozenset(pair.split("=")) for pair in TRANSLATIONS.get(name, "").split()}
