"""An organisation's pack: its own texts and services over what ships, and further languages that stand on one that ships.

A folder of its own beside the program (HELPLINE_PACK), laid out like locales/, so that an update of the program never touches it:

    pack.yml                            what it is called, and its further languages:
                                        name: Example NGO
                                        locales: {cnr: {name: Crnogorski, stands_on: sr-Latn}}
    <locale>/LC_MESSAGES/helpline.po    the texts that are different; everything else is said as it ships
    services/<country>.yml              in place of the country's file
"""

from __future__ import annotations

import os
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from types import MappingProxyType

import yaml

VARIABLE = "HELPLINE_PACK"
_CODE = re.compile(r"[a-z]{2,3}(?:-[A-Z][a-z]{3})?(?:-[A-Z]{2})?")


@dataclass(frozen=True, slots=True)
class Pack:
    """A pack that was found. `locales` are its further languages, by code: their own name, and the locale that fills their gaps.

    `mistake` is one exact line where it cannot be used: the settings refuse it before anything starts.
    """

    folder: Path
    name: str = ""
    locales: Mapping[str, tuple[str, str]] = field(default_factory=lambda: MappingProxyType({}))
    mistake: str = ""


def find(folder: str) -> Pack | None:
    """Read the pack.yml of a folder; nothing where no folder is named. Never raises: a mistake is told in the pack."""
    if not folder.strip():
        return None
    path = Path(folder.strip()).absolute()
    where = path / "pack.yml"
    try:
        written = yaml.safe_load(where.read_text(encoding="utf-8")) or {}
    except OSError:
        return Pack(path, mistake=f"{VARIABLE}: there is no pack.yml in {path}")
    except (yaml.YAMLError, UnicodeDecodeError):
        return Pack(path, mistake=f"{where} is not readable YAML")
    try:
        locales = {
            str(code): (str(one["name"]).strip(), str(one["stands_on"]))
            for code, one in (written.get("locales") or {}).items()
        }
        name = str(written["name"]).strip()
    except (AttributeError, KeyError, TypeError):
        return Pack(path, mistake=f"{where} needs a 'name', and for each of its 'locales' a 'name' and 'stands_on'")
    if wrong := next((code for code in locales if not _CODE.fullmatch(code)), ""):
        return Pack(path, mistake=f"{where}: {wrong} is not a language code such as cnr or sr-Latn-ME")
    return Pack(path, name, MappingProxyType(locales))


PACK = find(os.environ.get(VARIABLE, ""))
"""The pack of this process."""
