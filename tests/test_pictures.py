"""The pictures that the READMEs show: there, small, and taken by the script."""

import re
import struct
from pathlib import Path

import pytest

from scripts import pictures

ROOT = Path(__file__).resolve().parents[1]


@pytest.mark.parametrize(("readme", "language"), [("README.md", "en"), ("README.zh.md", "zh")])
def test_each_readme_shows_a_small_picture_in_its_language(readme, language):
    shown = re.findall(r"!\[[^\]]+\]\(([^)]+)\)", (ROOT / readme).read_text(encoding="utf-8"))
    assert shown == [f"docs/manual/pictures/held-orders-{language}.png"]
    picture = (ROOT / shown[0]).read_bytes()
    assert picture.startswith(b"\x89PNG")
    assert struct.unpack(">II", picture[16:24]) == (1440, 900)
    assert len(picture) <= pictures.BYTES_MAX
