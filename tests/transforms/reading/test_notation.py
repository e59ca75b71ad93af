import pytest
from hypothesis import given
from hypothesis import strategies as st

from transforms.reading.markdown import parse_markdown
from transforms.reading.notation import strip_attributes, strip_notation


@pytest.mark.parametrize(
    ("heading", "text"),
    [
        ("Part {#id}", "Part"),
        ("Part {#id .class}", "Part"),
        ("Part {.class #id}", "Part"),
        ("Part{#id}", "Part"),
        ("Part {: #id}", "Part"),
        ("Part {:.no_toc}", "Part"),
        ("Part {-}", "Part"),
        ('Part {background-color="black"}', "Part"),
        ("Part # {#id} #", "Part #"),
        ("[Part](/a){.class}", "Part"),
        ("`Part`{.class}", "Part"),
        (":tada: Part :rocket: :boom:", "Part"),
        ("Part[^1]", "Part"),
        ("Part ==two==", "Part two"),
        ("The $O(n^2)$ part", "The O(n^2) part"),
        ("A set {a, b}", "A set {a, b}"),
        ("Vue's {{ x }} part", "Vue's part"),
    ],
)
def test_headings_are_clean(heading, text):
    assert parse_markdown(f"## {heading}\n\nText\n\n[^1]: Note").headings == (text,)


@pytest.mark.parametrize(
    ("text", "plain"),
    [
        ("![A lamp](/a.png){width=50%} and [b](/b){:target='_blank'}", "A lamp and b"),
        ("![A lamp](/a.png =250x) and ![b](/b.png =10x20)", "A lamp and b"),
        ("A [span]{.mark} and {:::nothing /}", "A span and"),
        ("#{name}, {name}, {:ok, pid}, {#if x}, {a=1}", "#{name}, {name}, {:ok, pid}, {#if x}, {a=1}"),
        ("tagged with :evergreen_tree: today", "tagged with evergreen tree today"),
        ("done :+1:", "done"),
        ("10:30:45, a:b:c, std::vector::end, http://a:b:c", "10:30:45, a:b:c, std::vector::end,"),
        ("`:tada:` is code", ":tada: is code"),
        ("==marked==, ~~struck~~, a == b, c==d", "marked, struck, a == b, c==d"),
        ("`a==b` and `c==d`", "a==b and c==d"),
        ("~~[struck](/a) `code`~~ and ~~~", "struck code and ~~~"),
        ("seen %%not seen%%.", "seen ."),
        ("100 %% of", "100 %% of"),
        ("H~2~O, x^2^ and CO~2~, ~5 or a~b, 2^10 and ~/a", "H2O, x2 and CO2, ~5 or a~b, 2^10 and ~/a"),
        ("$x$, $\\alpha_1$, $\\mathbb{R}^2$ and $`a*b*c`$", "x, alpha_1, R^2 and a*b*c"),
        ("$a*b*c$ is $\\frac{1}{2}$", "a*b*c is 12"),
        ("$5 and $10, $HOME or $PATH, $HOME/$USER, US$5-$6", "$5 and $10, $HOME or $PATH, $HOME/$USER, US$5-$6"),
        ("from $5-$10, or 5$ and 6$, \\$x\\$", "from $5-$10, or 5$ and 6$, $x$"),
    ],
)
def test_lines_are_clean(text, plain):
    assert parse_markdown(text).body == plain


@given(st.text(st.sampled_from("ab1 {}#.:=~%$[]^\"'_-\n")))
def test_only_notation_is_taken_out(text):
    stripped = strip_notation(text)
    rest = iter(text.replace("_", " "))
    assert all(letter in rest for letter in stripped.replace("_", " "))
    assert text.startswith(strip_attributes(text))


@pytest.mark.parametrize(
    ("text", "body"),
    [
        ("{% highlight ruby %}\nputs 1\n\n# no\n{% endhighlight %}\n\nText", "ruby\nText"),
        ("  {%- highlight ruby linenos -%}\n  puts\n  {%- endhighlight -%}\n\nText", "ruby\nText"),
        ("{% highlight js %}a{% endhighlight %} b", "js\nb"),
        ("{% codeblock lang:js a.js %}\nx\n{% endcodeblock %}\nText", "js\nText"),
        ('{{< highlight go "linenos=table" >}}\nx\n{{< /highlight >}}\nText', "go\nText"),
        ("{{% mermaid %}}\na --> b\n{{% /mermaid %}}\nText", "Text"),
        ("{% comment %}\nnot\n\nshown\n{% endcomment %}\nText", "Text"),
        ("Between `{% highlight x %}` and `{% endhighlight %}` it stays.", "Between and it stays."),
        ("{% highlight ruby %}\n\nnever closed", "never closed"),
        ("```\n{% highlight ruby %}\n```\n\nText\n\n```\n{% endhighlight %}\n```\n\nMore", "Text\nMore"),
        ('{{< figure src="/a.png" >}}\n\n{{ youtube(id="x") }}\n\n{% notice(kind="tip") %}\nText\n{% end %}', "Text"),
    ],
)
def test_template_tags_that_hold_code_are_code(text, body):
    assert parse_markdown(text).body == body
