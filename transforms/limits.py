"""How much of one post is read: posts are written by others, and none may cost a run its time.

Every number is far above what blogs hold. What is above it is left out with a reason, never silently.
"""

from __future__ import annotations

POST_BYTES = 10 * 2**20
"""Of a post's file."""
FRONT_MATTER_BYTES = 64 * 2**10
FRONT_MATTER_DEPTH = 100
"""Lists and mappings inside of each other, and the parts of a key of TOML."""
FRONT_MATTER_KEYS = 200
FRONT_MATTER_KEY_CHARACTERS = 100
"""So many keys are remembered of a post's front matter, the first, and so much of each."""
BODY_LINES = 50_000
BODY_BLOCKS = 100_000
"""What a markdown parser makes of a body: a list item is about five, a cell of a table three."""
BODY_MARKUP = 50_000
"""Characters of a body outside of code blocks that may be markup, such as `*` and `[`."""
BODY_URLS = 20_000
"""Addresses that begin with a scheme, outside of code blocks."""
BODY_CHARACTERS = 2**20
"""Of the text of a body, which is several novels; the lines that do not fit are cut off, and that is noted."""
PROSE_CHARACTERS = 2**20
"""Of a body, for passages that other posts have too."""
TITLE_CHARACTERS = 500
HEADING_CHARACTERS = 500
HEADINGS = 1_000
LEDE_CHARACTERS = 10_000
"""What is longer is cut, and noted."""
DATE_CHARACTERS = 100
TAGS = 100
"""Of a post; its categories are counted by themselves."""
TAG_CHARACTERS = 200
CORPUS_TAGS = 3_000
"""Of a corpus; of one whose posts name more than CORPUS_TAGS times USES_OF_A_TAG, one for each so many uses."""
USES_OF_A_TAG = 10
LIKENESS_CHARACTERS = 60
"""Of the name of a tag; a longer one is compared with others as a whole alone, not part by part."""
LIKENESS_WORDS = 10
"""The same for a name of more words."""
PICTURE_BYTES = 10 * 2**20
PICTURE_PIXELS = 50_000_000
LOG_BYTES = 8 * 2**30
"""Of a reading log, unpacked; what is beyond is left out and counted."""
LOG_EXPANSION = 250
"""A packed log becomes no more than so many times larger: rows that repeat each other take a hundredth."""
LOG_ROW_BYTES = 64 * 2**10
"""Of a row of a reading log."""
LOG_ARRAY_BYTES = 256 * 2**20
"""Of a reading log that is one JSON array, which is read whole."""
