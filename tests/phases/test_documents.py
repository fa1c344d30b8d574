"""The parts of documents that the last phase writes: sections, and trees of folders."""

from __future__ import annotations

import re

from phases.pllm import picture, sections

TITLE = re.compile("structure", re.IGNORECASE)

TREE = """pllm/
├── cmd/
│   └── server/   # the gateway
└── internal/     # ours
    ├── auth/     # who may come in
    └── config/"""


def test_a_heading_in_a_fenced_block_is_none() -> None:
    text = "# Top\n\n```sh\n# structure\n```\n\n## Structure\n\nProse.\n\n### Below\n\n## Next\n"
    assert sections.find(text, TITLE) == (6, 12)


def test_a_section_without_a_next_one_runs_to_the_end() -> None:
    assert sections.find("## Structure\n\nProse.\n", TITLE) == (0, 4)
    assert sections.find("## Other\n", TITLE) is None


def test_a_longer_fence_is_closed_by_one_as_long() -> None:
    lines = ["````", "```", "├── in/", "```", "````", ""]
    fence = sections.drawing_in(lines)
    assert fence is not None
    assert (fence.start, fence.end) == (0, 4)


def test_a_new_section_goes_before_what_ends_a_readme_or_to_its_end() -> None:
    before = re.compile("licen", re.IGNORECASE)
    assert sections.insert_before("# A\n\n## License\n", before, "## B\n") == "# A\n\n## B\n\n## License\n"
    assert sections.insert_before("# A\n", before, "## B\n") == "# A\n\n## B\n"


def test_a_drawing_is_read_as_it_is_drawn() -> None:
    words = {"cmd/server": "the gateway", "internal": "ours", "internal/auth": "who may come in"}
    assert picture.read(TREE) == words
    drawn = picture.draw("pllm", ["cmd", "cmd/server", "internal", "internal/auth", "internal/config"], words)
    assert picture.read(drawn) == words
    assert [line.split(" #")[0].rstrip() for line in drawn.split("\n")] == [
        line.split(" #")[0].rstrip() for line in TREE.split("\n")
    ]
