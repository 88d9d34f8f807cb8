"""Folders of results: what is in them stays, if it is somebody else's or was changed by hand."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path

import pandas as pd
import pytest

from simsvc.errors import InputError
from simsvc.runs import folder as folders
from simsvc.runs.folder import check_writable, guarded, note_of, written, written_to_edit


@pytest.mark.parametrize(
    "manifest", ['{"name": "my app", "version": 3}', '{"program": "other"}', "[1, 2]", "half a", "[" * 100_000]
)
def test_a_manifest_of_another_program_is_left_alone(manifest: str, tmp_path: Path) -> None:
    (tmp_path / "manifest.json").write_text(manifest)
    with pytest.raises(InputError, match=r"holds the manifest\.json of another program; choose another folder"):
        check_writable(tmp_path)
    assert (tmp_path / "manifest.json").read_text() == manifest


def test_a_folder_of_ours_may_be_written_to_again(tmp_path: Path) -> None:
    (tmp_path / "manifest.json").write_text('{"program": "simsvc"}')
    (tmp_path / "runs.csv").touch()
    check_writable(tmp_path)


def save(folder: Path, content: str) -> str:
    """Write a scenario as a calibration does; returns the name of the file written."""
    path, as_written = written_to_edit(folder, "scenario.toml", content)
    written(folder / "manifest.json", json.dumps({"program": "simsvc", "as_written": as_written}))
    return path.name


def test_a_scenario_that_was_edited_is_kept_and_the_new_one_stands_beside_it(tmp_path: Path) -> None:
    scenario = tmp_path / "scenario.toml"
    assert save(tmp_path, "a = 1") == "scenario.toml"
    assert save(tmp_path, "a = 2") == "scenario.toml"  # nobody has touched it
    assert scenario.read_text() == "a = 2"
    scenario.write_text("a = 2  # my own")
    for content in ("a = 3", "a = 4"):
        assert save(tmp_path, content) == "scenario-new.toml"
        assert scenario.read_text() == "a = 2  # my own"
        assert (tmp_path / "scenario-new.toml").read_text() == content
    scenario.unlink()
    assert save(tmp_path, "a = 5") == "scenario.toml"


def test_what_cannot_be_known_to_be_unchanged_is_kept(tmp_path: Path) -> None:
    """A folder of an earlier version, whose manifest does not say what was written."""
    (tmp_path / "scenario.toml").write_text("a = 1")
    (tmp_path / "manifest.json").write_text('{"program": "simsvc"}')
    assert save(tmp_path, "a = 2") == "scenario-new.toml"
    assert note_of(tmp_path)["as_written"] == {"scenario.toml": ""}


def test_texts_that_begin_like_a_formula_get_an_apostrophe_and_numbers_do_not() -> None:
    frame = pd.DataFrame({"text": ["=1+1", "+1", "-1", "@x", "\tx", "a=1", ""], "number": range(-3, 4), "none": None})
    found = guarded(frame)
    assert list(found["text"]) == ["'=1+1", "'+1", "'-1", "'@x", "'\tx", "a=1", ""]
    pd.testing.assert_frame_equal(found[["number", "none"]], frame[["number", "none"]])
    assert frame["text"].iloc[0] == "=1+1"


def test_a_commit_is_marked_if_sources_differ_and_not_for_what_a_reproduction_writes(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    files = [
        tmp_path / name for name in ("simsvc/runs/folder.py", "simsvc/evidence/answers.csv", "experiments/flip.py")
    ]
    for file in (*files, tmp_path / "results" / "a.csv"):
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text("1")
    names = ("-c", "user.name=a", "-c", "user.email=a@b.c")
    for words in (("init", "-q"), ("add", "-A"), (*names, "commit", "-q", "-m", "first")):
        subprocess.run(["git", *words], cwd=tmp_path, check=True)
    monkeypatch.setattr(folders, "__file__", str(files[0]))
    first = folders.commit()
    assert len(first) == 40
    files[1].write_text("2")
    (tmp_path / "results" / "a.csv").write_text("2")
    assert folders.commit() == first
    files[2].write_text("2")
    assert folders.commit() == f"{first}-dirty"
