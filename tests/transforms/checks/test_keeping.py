import dataclasses

import numpy as np

from tests.transforms.checks.by_hand import HOW, post, texts
from transforms.checks.check import check
from transforms.checks.fitting import fit_blog
from transforms.checks.keeping import state_of_blog
from transforms.checks.posts import ChangedPost
from transforms.checks.settings import Settings
from transforms.checks.stored import blog_of_state
from transforms.output.layout import STATE_FILES
from transforms.reading.files import blob_name
from transforms.state.files import SCALE, load_state, state_files

BLOG = {
    path: text.encode() for path, text in texts(45, **{"posts/a.md": post(3, body="See [this](post-5.md).")}).items()
}
NEW = ChangedPost("posts/new.md", "added", post(99, date="2024-05-01").replace("baking", "astronomy").encode())
EVERY = Settings(levels={"tag-doubtful": "notice"}, link_from=0.0, suggest_from=0.1)


def test_what_was_kept_says_what_was_learned(tmp_path):
    fitted = fit_blog(BLOG, HOW)
    state = state_of_blog(fitted, HOW, "1")
    files = state_files(state)
    assert set(files) == set(STATE_FILES)
    for name, content in files.items():
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_bytes(content)
    blobs = {path: blob_name(text) for path, text in BLOG.items()}

    def read_none(paths):
        assert not paths
        return {}

    known, outdated = blog_of_state(load_state(str(tmp_path)), fitted.models.learned.encoder, HOW, blobs, read_none)
    assert outdated.count == 0
    one, other = (check([NEW], blog, HOW, EVERY) for blog in (fitted, known))
    assert dataclasses.replace(other, fitted="base") == one
    assert known.customs == fitted.customs
    assert known.tags == fitted.tags
    assert known.linking.usual == fitted.linking.usual
    # A state keeps numbers from -1 to 1 in 16 bits: each is off by half a step at most, and float32's own rounding.
    step, rounding = 1 / SCALE, float(np.finfo(np.float32).eps)
    np.testing.assert_allclose(
        known.models.learned.vectors, fitted.models.learned.vectors, rtol=0, atol=step / 2 + rounding
    )


def test_nothing_is_kept_where_nothing_was_learned(monkeypatch):
    few = dict(list(BLOG.items())[:2])
    assert state_of_blog(fit_blog(few, HOW), HOW, "1") is None
    monkeypatch.setattr("transforms.checks.keeping.MAX_POSTS", 45)
    assert state_of_blog(fit_blog(BLOG, HOW), HOW, "1") is None
