from pathlib import Path

import pytest
from tiny_model import HARMLESS, TOLD, TOPICS, tiny_weigher

from nlu.effects import Effect, Material, effect, keep
from nlu.examples import FOLDER
from nlu.reading import Reader
from nlu.share import Share
from nlu.weighing import Thresholds, Weigher, numbers

HEAD = "kind\tcategory\turgency\tperspective\tstyle\ttext"


@pytest.fixture(scope="module")
def weigher() -> Weigher:
    return tiny_weigher()


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    folder = tmp_path / "nlu"
    (folder / "glossary").mkdir(parents=True)
    (folder / "en").mkdir()
    told: dict[str, dict[str, dict[str, list[str]]]] = {}
    for text, urgency, category, who in TOLD:
        told.setdefault(category, {}).setdefault(urgency, {}).setdefault(who, []).append(text)
    lines = ["disclosures:"]
    for category, urgencies in told.items():
        lines.append(f"  {category}:")
        for urgency, perspectives in urgencies.items():
            lines.append(f"    {urgency}:")
            for who, texts in perspectives.items():
                lines += [f"      {who}:", *(f"      - {text}" for text in texts)]
    lines += ["harmless:", *(f"- {text}" for text in HARMLESS)]
    (folder / "en" / "disclosures.yml").write_text("\n".join(lines) + "\n", encoding="utf-8")
    topics = ["nlu:", "  - intent: rights", "    examples: |", *(f"      - {text}" for text in TOPICS)]
    (folder / "en" / "topics.yml").write_text("\n".join(topics) + "\n", encoding="utf-8")
    english = (FOLDER / "glossary" / "en.tsv").read_bytes()
    (folder / "glossary" / "en.tsv").write_bytes(english)
    (folder / "glossary" / "rom.tsv").write_text("lemma\tgloss\nmurro\tmy\ndad\tdad\n", encoding="utf-8")
    return folder


@pytest.fixture
def learned(tmp_path: Path, folder: Path) -> Path:
    keep(tmp_path / "models" / "learned", folder)
    return tmp_path / "models" / "learned"


@pytest.fixture
def tests(tmp_path: Path) -> Path:
    tests = tmp_path / "tests"
    tests.mkdir()
    rows = (
        HEAD,
        "disclosure\tviolence_at_home\turgent\tself\t\tmurro dad marel man",
        "harmless\tnone\tnone\tnone\t\tgood game",
    )
    (tests / "rom.tsv").write_text("\n".join(rows) + "\n", encoding="utf-8")
    return tests


@pytest.fixture
def said() -> list[str]:
    return []


def _add(path: Path, line: str) -> None:
    path.write_text(path.read_text(encoding="utf-8") + line + "\n", encoding="utf-8")


def _everything(folder: Path) -> dict[str, bytes]:
    return {str(path.relative_to(folder)): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def test_a_copy_of_lines_and_glossaries_is_kept(folder: Path, learned: Path) -> None:
    assert _everything(learned) == _everything(folder)
    assert sorted(_everything(learned)) == [
        "en/disclosures.yml",
        "en/topics.yml",
        "glossary/en.tsv",
        "glossary/rom.tsv",
    ]
    assert not learned.with_name("learned.new").exists()


def test_what_is_neither_a_line_nor_a_glossary_is_not_kept(folder: Path, learned: Path) -> None:
    (folder / "reading.py").write_text("", encoding="utf-8")
    (folder / "patterns.yml").write_text("", encoding="utf-8")
    before = _everything(learned)
    keep(learned, folder)
    assert _everything(learned) == before


def test_a_new_copy_replaces_the_old_one(folder: Path, learned: Path) -> None:
    (folder / "en" / "topics.yml").unlink()
    _add(folder / "glossary" / "rom.tsv", "marel\tbeats")
    learned.with_name("learned.new").mkdir()
    (learned.with_name("learned.new") / "left from a crash").write_text("", encoding="utf-8")
    keep(learned, folder)
    assert _everything(learned) == _everything(folder)


def test_no_change_has_no_effect(weigher: Weigher, folder: Path, learned: Path, tests: Path, said: list[str]) -> None:
    found = effect(weigher, Material(learned), Material(folder), tests, said.append)
    assert found == Effect(())
    assert (found.judged, found.before, found.after, list(found.marks()), said) == ((), {}, {}, [], [])


def test_a_comment_or_another_order_is_no_change(
    weigher: Weigher, folder: Path, learned: Path, tests: Path, said: list[str]
) -> None:
    (folder / "glossary" / "rom.tsv").write_text("lemma\tgloss\n\ndad\tdad\nmurro\tmy\n", encoding="utf-8")
    _add(folder / "en" / "disclosures.yml", "# looked over by the team")
    assert effect(weigher, Material(learned), Material(folder), tests, said.append) == Effect(())


def test_a_new_word_changes_how_a_line_is_judged_and_says_so(
    weigher: Weigher, folder: Path, learned: Path, tests: Path, said: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(weigher, "thresholds", _between(weigher, learned, folder))
    _add(folder / "glossary" / "rom.tsv", "marel\tbeats\nman\tme")
    found = effect(weigher, Material(learned), Material(folder), tests, said.append)
    assert found.changed == ("+ rom glossary: marel = beats", "+ rom glossary: man = me")
    assert len(found.judged) == 1
    assert found.judged[0].startswith("rom disclosure (urgent) “murro dad marel man”: none → ")
    assert found.before["rom"]["disclosure noticed"] == found.before["all"]["disclosure noticed"] == Share(0, 1)
    assert found.after["rom"]["disclosure noticed"] == found.after["all"]["disclosure noticed"] == Share(1, 1)
    assert next(found.marks()) == "rom: disclosure noticed 0.000 (0/1) → 1.000 (1/1)"
    assert said == []


def _between(weigher: Weigher, learned: Path, folder: Path) -> Thresholds:
    before = Reader(learned / "glossary").read("murro dad marel man", "rom")
    path = folder.parent / "after"
    keep(path, folder)
    _add(path / "glossary" / "rom.tsv", "marel\tbeats\nman\tme")
    after = Reader(path / "glossary").read("murro dad marel man", "rom")
    lower, higher = (one.disclosure for one in weigher.weigh_all(numbers([before, after])))
    assert lower < higher
    return Thresholds((lower + higher) / 2, 1.0, 1.0)


def test_a_word_that_is_gone_or_glossed_otherwise_is_listed(
    weigher: Weigher, folder: Path, learned: Path, tests: Path, said: list[str]
) -> None:
    (folder / "glossary" / "rom.tsv").write_text("lemma\tgloss\nmurro\tmine\n", encoding="utf-8")
    found = effect(weigher, Material(learned), Material(folder), tests, said.append)
    assert found.changed == ("+ rom glossary: murro = mine", "- rom glossary: murro = my", "- rom glossary: dad = dad")


def test_a_word_that_means_nothing_is_listed_with_a_dash(
    weigher: Weigher, folder: Path, learned: Path, tests: Path, said: list[str]
) -> None:
    _add(folder / "glossary" / "rom.tsv", "o\t-")
    assert effect(weigher, Material(learned), Material(folder), tests, said.append).changed == (
        "+ rom glossary: o = -",
    )


def test_a_new_line_is_listed_and_judged_after_learning(
    weigher: Weigher, folder: Path, learned: Path, tests: Path, said: list[str]
) -> None:
    text = (folder / "en" / "disclosures.yml").read_text(encoding="utf-8")
    new = "  forced_labour:\n    urgent:\n      self:\n      - grandpa makes me carry bricks all summer\nharmless:"
    (folder / "en" / "disclosures.yml").write_text(text.replace("harmless:", new), encoding="utf-8")
    row = "disclosure\tforced_labour\turgent\tself\t\tgrandpa makes me carry bricks all summer"
    (tests / "en.tsv").write_text(f"{HEAD}\n{row}\n", encoding="utf-8")
    found = effect(weigher, Material(learned), Material(folder), tests, said.append)
    assert found.changed == ("+ en disclosure forced_labour urgent: grandpa makes me carry bricks all summer",)
    assert said[0] == "learning all lines, the new ones among them"
    assert list(found.after) == ["en", "rom", "all"]
    assert found.after["en"]["disclosure noticed"] == Share(1, 1)
    assert found.after["en"]["category right"] == Share(1, 1)
    assert found.before["en"].get("category right", Share()).hits == 0


def test_a_line_that_is_gone_or_labelled_otherwise_is_listed(
    weigher: Weigher, folder: Path, learned: Path, tests: Path, said: list[str]
) -> None:
    path = folder / "en" / "disclosures.yml"
    told = path.read_text(encoding="utf-8").replace("- good game\n", "").replace("concern:", "emergency:")
    path.write_text(told, encoding="utf-8")
    changed = effect(weigher, Material(learned), Material(folder), tests, said.append).changed
    assert "- en harmless: good game" in changed
    assert "- en disclosure violence_at_home concern: i am scared of my uncle" in changed
    assert "+ en disclosure violence_at_home emergency: i am scared of my uncle" in changed


def test_the_trained_models_stay_as_they_were(
    weigher: Weigher, folder: Path, learned: Path, tests: Path, said: list[str]
) -> None:
    reading = Reader().read("my dad beats me", "en")
    before = weigher.weigh(reading)
    _add(folder / "en" / "disclosures.yml", "- we won the match")
    effect(weigher, Material(learned), Material(folder), tests, said.append)
    assert weigher.weigh(reading) == before


def test_a_mark_that_did_not_move_is_not_named() -> None:
    was = {"en": {"disclosure noticed": Share(1, 2), "look-alike noticed": Share(1, 4)}}
    now = {"en": {"disclosure noticed": Share(1, 2), "look-alike noticed": Share(0, 4)}}
    found = Effect(("+ en harmless: nice day",), before=was, after=now)
    assert list(found.marks()) == ["en: look-alike noticed 0.250 (1/4) → 0.000 (0/4)"]


def test_a_copy_that_is_missing_is_an_error(
    weigher: Weigher, folder: Path, tests: Path, tmp_path: Path, said: list[str]
) -> None:
    with pytest.raises(OSError, match="learned"):
        effect(weigher, Material(tmp_path / "learned"), Material(folder), tests, said.append)


def test_test_sets_that_are_missing_are_an_error(
    weigher: Weigher, folder: Path, learned: Path, tmp_path: Path, said: list[str]
) -> None:
    _add(folder / "glossary" / "rom.tsv", "marel\tbeats")
    with pytest.raises(OSError, match="nowhere"):
        effect(weigher, Material(learned), Material(folder), tmp_path / "nowhere", said.append)


def test_a_folder_that_is_missing_cannot_be_kept(tmp_path: Path) -> None:
    with pytest.raises(OSError, match="nowhere"):
        keep(tmp_path / "learned", tmp_path / "nowhere")


def test_a_file_that_is_broken_is_an_error_by_name(
    weigher: Weigher, folder: Path, learned: Path, tests: Path, said: list[str]
) -> None:
    (folder / "en" / "disclosures.yml").write_text("harmless: [", encoding="utf-8")
    with pytest.raises(ValueError, match=r"disclosures\.yml"):
        effect(weigher, Material(learned), Material(folder), tests, said.append)
