import pytest

from transforms.generators.permalinks import JEKYLL_STYLES, expand
from transforms.generators.registry import COMMON, FIELDS, GENERATORS, PLAIN

KNOWN = dict.fromkeys(("year", "month", "day", "y_day", "name", "file", "categories", "id", "slug_or_words"), "x")


@pytest.mark.parametrize("name", GENERATORS)
def test_each_generator_can_be_told_and_its_patterns_be_filled_in(name):
    generator = GENERATORS[name]
    assert generator.name == name
    assert generator.configs or generator.folders
    for pattern in generator.permalinks:
        assert expand(JEKYLL_STYLES.get(pattern, pattern), KNOWN, generator.tokens)


def test_fields_are_those_of_all_generators_in_lower_case():
    assert {"slug", "id", "permalink", "path", "aliases", "redirect_from"} <= set(FIELDS)
    assert list(FIELDS) == sorted({field.lower() for field in FIELDS})


def test_files_of_one_name_are_told_apart_by_keys_but_for_the_last():
    by_config = {}
    for generator in GENERATORS.values():
        for config in generator.configs:
            by_config.setdefault(config, []).append(generator)
    assert all(generator.told_by for several in by_config.values() for generator in several[:-1])


def test_of_no_generator_nothing_is_assumed():
    assert PLAIN.name not in GENERATORS
    assert not any((PLAIN.slugs, PLAIN.addresses, PLAIN.aliases, PLAIN.permalinks, PLAIN.hosts, PLAIN.languages))
    assert not any((COMMON.addresses, COMMON.permalinks, COMMON.hosts, COMMON.suffixes))
