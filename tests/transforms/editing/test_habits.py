import pytest

from transforms.editing.habits import form_of, usual_forms
from transforms.editing.new_key import Form
from transforms.reading.fields import FIELDS
from transforms.reading.front_matter import split_front_matter


@pytest.mark.parametrize(
    ("text", "form"),
    [
        ("---\ntags: [a]\n---\n", Form(("tags",), "flow")),
        ("---\nTags:\n- a\n---\n", Form(("Tags",), "block")),
        ("---\ntags:\n  - a\n---\n", Form(("tags",), "block", "  ")),
        ("---\n  tags:\n    - a\n---\n", Form(("tags",), "block", "  ")),
        ("---\nkeywords: a, b\n---\n", Form(("keywords",), "string")),
        ("+++\n[taxonomies]\ntags = ['a']\n+++\n", Form(("taxonomies", "tags"), "flow")),
        ("Title: A\nTags: a\n\nText\n", Form(("tags",), "string")),
        ("---\ntags:\n---\n", None),
        ("---\nx: &x [a]\ntags: *x\n---\n", None),
        ("---\ntags: {a: b}\n---\n", None),
        ("Text\n", None),
    ],
)
def test_the_form_of_a_post(text, form):
    assert form_of(split_front_matter(text, ""), FIELDS["tags"]) == form


def test_the_form_that_most_posts_have_is_usual_but_strings_only_where_all_have_them():
    block, flow, string = Form(), Form(layout="flow"), Form(layout="string")
    assert usual_forms([("YAML", block), ("YAML", flow), ("YAML", flow), ("TOML", block)]) == {
        "YAML": flow,
        "TOML": block,
    }
    assert usual_forms([("YAML", string)] * 9 + [("YAML", block)]) == {"YAML": block}
    assert usual_forms([("YAML", string)] * 9) == {"YAML": string}
    assert usual_forms([]) == {}
