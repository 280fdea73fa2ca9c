import os
import subprocess
import sys
import tomllib
from pathlib import Path
from typing import Any

import pytest

from locality import knowledge
from locality.figures import Problem
from locality.knowledge import KnowledgeError, files
from tests.knowledge.made import FILES, home


def test_the_package_loads_whole_and_once() -> None:
    known = knowledge.load()
    assert {"practice_map", "payments", "waiting_times", "places"} <= set(known.publications)
    assert len([id for id in known.measures if id.startswith("qof.register.")]) == 21
    assert knowledge.load() is known


def test_loading_leaves_sqlglot_and_duckdb_alone() -> None:
    code = (
        "import sys; from locality import knowledge; known = knowledge.load(); "
        "known.rules.value('qof.point_value', '2026-27'); "
        "print([name for name in ('sqlglot', 'duckdb', 'django', 'scipy') if name in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


def test_an_overlay_adds_and_is_marked(tmp_path: Path) -> None:
    known = knowledge.load(home(tmp_path))
    measure = known.measures["local.reviews"]
    assert measure.local and not measure.replaces
    assert measure.place == str(tmp_path / "knowledge/measures/reviews.toml")
    assert not known.measures["qof.register.hyp"].local
    assert known.publications["local_counts"].overlay
    value = known.rules.value("local.rate", "2026-27")
    assert value.local and str(value.value) == "1.25"
    assert known.rules.sheet("local", "2026-27").local
    assert known.rules.sheet("local", "2026-27").total() == 15
    assert known.glossary["hub"].local and not known.glossary["PCN"].local
    assert [one.id for one in known.coverage if one.local] == ["local_scheme"]


def test_an_overlay_replaces_and_says_what(tmp_path: Path) -> None:
    own = home(tmp_path)
    text = (files.PACKAGE / "measures/qof/registers/hyp.toml").read_text("utf-8")
    (own / "knowledge/measures/hyp.toml").write_text(text.replace("Register: hyp", "Our hyp"))
    known = knowledge.load(own)
    measure = known.measures["qof.register.hyp"]
    assert measure.title == "Our hypertension" and measure.local
    assert measure.replaces == "knowledge/measures/qof/registers/hyp.toml"
    assert len(known.measures) == len(knowledge.load().measures) + 1


def test_a_home_without_knowledge_is_the_package(tmp_path: Path) -> None:
    known = knowledge.load(tmp_path / "nothing here")
    assert known.measures == knowledge.load().measures
    assert known.hash == knowledge.load().hash


def test_the_cache_sees_every_change(tmp_path: Path) -> None:
    own = home(tmp_path)
    first = knowledge.load(own)
    assert knowledge.load(str(own)) is first
    path = own / "knowledge/rules/own.toml"
    path.write_text(path.read_text("utf-8").replace("1.25", "1.35"))
    os.utime(path, ns=(1, 1))
    second = knowledge.load(own)
    assert second is not first and second.hash != first.hash
    assert str(second.rules.value("local.rate", "2026-27").value) == "1.35"
    path.unlink()
    assert "local.rate" not in knowledge.load(own).rules.scalars


def test_hidden_files_and_notes_are_passed_over(tmp_path: Path) -> None:
    own = home(tmp_path)
    (own / "knowledge/measures/.reviews.toml.swp").write_text("not toml [")
    (own / "knowledge/measures/.hidden.toml").write_text("not toml [")
    (own / "knowledge/README.md").write_text("Ours.")
    assert "local.reviews" in knowledge.load(own).measures


FAULTS = tomllib.loads(Path(__file__).with_name("faults.toml").read_text("utf-8"))["fault"]


@pytest.mark.parametrize(
    "fault", FAULTS, ids=[f"{number}-{one['file']}" for number, one in enumerate(FAULTS)]
)
def test_a_fault_is_a_sentence_with_file_key_and_nearest_name(
    tmp_path: Path, fault: dict[str, Any]
) -> None:
    name, old, new = fault["file"], fault["old"], fault["new"]
    assert old in FILES[name], "the test's own file has changed"
    changed = FILES[name].replace(old, new)
    if fault.get("last"):
        before, _, after = FILES[name].rpartition(old)
        changed = before + new + after
    with pytest.raises(KnowledgeError) as told:
        knowledge.load(home(tmp_path, **{name: changed}))
    sentence = str(told.value)
    assert isinstance(told.value, Problem)
    assert name in sentence and "\n" not in sentence
    for word in fault["says"]:
        assert word in sentence, sentence


def test_a_publication_of_the_same_id_stands_in(tmp_path: Path) -> None:
    text = FILES["publications/local_counts.toml"].replace("local_counts", "list_sizes")
    known = knowledge.load(home(tmp_path, **{"publications/mine.toml": text}))
    assert known.publications["list_sizes"].replaces == "knowledge/publications/list_sizes.toml"


def test_two_files_with_one_id_are_refused(tmp_path: Path) -> None:
    own = home(tmp_path, **{"measures/again.toml": FILES["measures/reviews.toml"]})
    with pytest.raises(KnowledgeError, match=r"reviews.*'local\.reviews' is already in.*again"):
        knowledge.load(own)


def test_one_rule_in_two_files_is_refused(tmp_path: Path) -> None:
    own = home(tmp_path, **{"rules/zz.toml": FILES["rules/own.toml"]})
    with pytest.raises(KnowledgeError, match=r"zz\.toml.*'local\.rate' stands twice"):
        knowledge.load(own)


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("measure/x.toml", "did you mean 'measures'"),
        ("glosary.toml", "did you mean 'glossary.toml'"),
        ("rules.csv", "nothing reads"),
    ],
)
def test_a_file_that_nothing_would_read_is_told(tmp_path: Path, name: str, words: str) -> None:
    with pytest.raises(KnowledgeError, match=words):
        knowledge.load(home(tmp_path, **{name: ""}))


def test_a_sheet_without_its_head_is_told(tmp_path: Path) -> None:
    own = home(tmp_path)
    (own / "knowledge/rules/local/2026-27.toml").unlink()
    with pytest.raises(KnowledgeError, match=r"its head 2026-27\.toml is not beside it"):
        knowledge.load(own)


def test_one_sheet_in_two_folders_is_refused(tmp_path: Path) -> None:
    twice = {
        f"rules/z/local/2026-27.{end}": FILES[f"rules/local/2026-27.{end}"]
        for end in ("toml", "csv")
    }
    with pytest.raises(KnowledgeError, match=r"z/local/2026-27\.csv: local/2026-27 is already in"):
        knowledge.load(home(tmp_path, **twice))


def test_bad_bytes_are_told(tmp_path: Path) -> None:
    own = home(tmp_path)
    (own / "knowledge/glossary.toml").write_bytes("term = 'caf\xe9'".encode("latin-1"))
    with pytest.raises(KnowledgeError, match="UTF-8"):
        knowledge.load(own)


def test_a_byte_order_mark_and_windows_line_ends_do_no_harm(tmp_path: Path) -> None:
    own = home(tmp_path)
    path = own / "knowledge/rules/local/2026-27.csv"
    path.write_bytes(
        b"\xef\xbb\xbf" + FILES["rules/local/2026-27.csv"].replace("\n", "\r\n").encode()
    )
    assert knowledge.load(own).rules.sheet("local", "2026-27").total() == 15
