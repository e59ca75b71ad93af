import pytest

from transforms.generators.languages import base, family, folded, folder_language, language_of, split_suffix, standard


@pytest.mark.parametrize(
    ("name", "language"),
    [
        ("ja", "ja"),
        ("pt-BR", "pt-BR"),
        ("zh_Hant_TW", "zh-Hant-TW"),
        ("es-419", "es-419"),
        ("fil", "fil"),
        ("posts", None),
        ("js", None),
        ("JA", None),
        ("en-", None),
        ("", None),
    ],
)
def test_what_is_a_language(name, language):
    assert language_of(name) == language


def test_a_site_may_say_which_languages_it_has():
    assert language_of("PT-br", ["en", "pt-BR"]) == "pt-BR"
    assert language_of("de", ["en", "pt-BR"]) is None


@pytest.mark.parametrize(
    ("name", "parts"),
    [
        ("post.ja", ("post", "ja")),
        ("index.pt-BR", ("index", "pt-BR")),
        ("a.b.fr", ("a.b", "fr")),
        ("release-1.2", ("release-1.2", None)),
        (".ja", (".ja", None)),
        ("ja", ("ja", None)),
    ],
)
def test_the_suffix_of_a_name(name, parts):
    assert split_suffix(name) == parts


def test_the_first_folder_that_is_a_language():
    assert folder_language(["content", "ja", "posts", "en"]) == (1, "ja")
    assert folder_language(["content", "posts"]) is None
    assert folder_language([]) is None


@pytest.mark.parametrize(
    ("code", "family_", "base_"),
    [
        ("en", "en", "en"),
        ("en_US", "en", "en"),
        ("zh-TW", "zh-hant", "zh"),
        ("zh_Hant", "zh-hant", "zh"),
        ("zh", "zh-hans", "zh"),
        ("cn", "zh-hans", "zh"),
        ("jp", "ja", "ja"),
    ],
)
def test_codes_that_readers_read_alike(code, family_, base_):
    assert (family(code), base(code)) == (family_, base_)


def test_codes_are_compared_without_case_and_kind_of_hyphen():
    assert folded("pt_BR") == folded("pt-br")
    assert language_of("zh_tw", ["en", "zh-TW"]) == "zh-TW"
    assert (standard("CN"), standard("pt_BR")) == ("zh-CN", "pt_BR")
