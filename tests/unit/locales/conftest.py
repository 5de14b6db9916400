"""Small catalogues in a folder of the test's own."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

HEADER = """msgid ""
msgstr ""
"Language: {locale}\\n"
"Content-Type: text/plain; charset=utf-8\\n"
"Plural-Forms: {plural}\\n"

"""
PLURALS = {
    "en": "nplurals=2; plural=(n != 1);",
    "sq": "nplurals=2; plural=(n != 1);",
    "sr": "nplurals=3; plural=(n%10==1 && n%100!=11 ? 0 : n%10>=2 && n%10<=4 && (n%100<10 || n%100>=20) ? 1 : 2);",
}

Write = Callable[[str, str], Path]


@pytest.fixture
def write(tmp_path: Path) -> Write:
    """Write the words of a locale (the part of a .po file below its header); gives the folder of all locales."""

    def writing(locale: str, words: str) -> Path:
        path = tmp_path / locale / "LC_MESSAGES" / "helpline.po"
        path.parent.mkdir(parents=True, exist_ok=True)
        header = HEADER.format(locale=locale.replace("-", "_"), plural=PLURALS[locale[:2]])
        path.write_text(header + words, encoding="utf-8")
        return tmp_path

    return writing
