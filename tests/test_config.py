"""The settings: a default for each, and one line for what is wrong."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tracker_tui.config import GLYPHS, WEEKDAYS, Config, load, parse
from tracker_tui.errors import TrackerError


def test_no_file_means_all_defaults(tmp_path: Path) -> None:
    assert load(tmp_path / "config.toml") == Config()
    assert Config().first_weekday == 0


def test_every_setting_is_read(tmp_path: Path) -> None:
    file = tmp_path / "config.toml"
    file.write_bytes(
        b'\xef\xbb\xbftheme = "nord"\nglyphs = "ascii"\ndaily_limit = 7\nweek_starts = "sunday"\n'
        b"day_starts = 0\nretention = 0.85\nrhythm_half_life = 30\n"
        b'[keymap]\n"item.learned" = "D"\n'
    )
    config = load(file)
    assert config == Config(
        theme="nord",
        glyphs="ascii",
        daily_limit=7,
        day_starts=0,
        retention=0.85,
        rhythm_half_life=30,
        week_starts="sunday",
        keymap={"item.learned": "D"},
    )
    assert config.first_weekday == 6


@pytest.mark.parametrize(
    ("content", "words"),
    [
        ("theme = 1", "theme is not text"),
        ('glyphs = "asci"', "did you mean ascii?"),
        ("glyphs = ['ascii']", "glyphs is"),
        ("daily_limit = 0", "1 to 50"),
        ("day_starts = 13", "0 to 12"),
        ("day_starts = -1", "0 to 12"),
        ("day_starts = 4.0", "0 to 12"),
        ("retention = 0.5", "0.7 to 0.97"),
        ("retention = 0.98", "0.7 to 0.97"),
        ("retention = true", "0.7 to 0.97"),
        ('retention = "0.9"', "0.7 to 0.97"),
        ("retention = nan", "0.7 to 0.97"),
        ("rhythm_half_life = 0", "1 to 365"),
        ("daily_limit = 51", "1 to 50"),
        ("daily_limit = true", "1 to 50"),
        ('daily_limit = "5"', "1 to 50"),
        ("daily_limit = 5.0", "1 to 50"),
        ('week_starts = "mon"', "did you mean monday?"),
        ("keymap = 1", "keymap is not a table"),
        ("[keymap]\nitem.learned = 'D'", "keymap is not a table"),
        ("[keymap]\n'item.learned' = ''", "keymap is not a table"),
        ("tehme = 'x'", "did you mean theme?"),
        ("[keymaps]", "did you mean keymap?"),
        ("theme = ", "is no TOML"),
        ("theme = 1" + "1" * 5_000, "is no TOML"),
        ("theme = " + "[" * 50_000, "is no TOML"),
        ("theme = '\x1b'", "is no TOML"),
    ],
)
def test_what_is_wrong_is_one_line_that_names_the_file(content: str, words: str) -> None:
    with pytest.raises(TrackerError) as caught:
        parse(content, "my.toml")
    assert words in str(caught.value)
    assert caught.value.problem.startswith("my.toml")
    assert str(caught.value).isprintable()


def test_a_file_that_cannot_be_read_is_one_line(tmp_path: Path) -> None:
    file = tmp_path / "config.toml"
    file.write_bytes(b"theme = '\xff'")
    with pytest.raises(TrackerError, match="not UTF-8"):
        load(file)
    with pytest.raises(TrackerError, match="cannot be read: Is a directory"):
        load(tmp_path)


@given(st.text(st.sampled_from("thems=\"'[]1.\n ") | st.characters(codec=None), max_size=30))
def test_any_text_is_settings_or_one_line(content: str) -> None:
    try:
        config = parse(content)
    except TrackerError as error:
        assert str(error).isprintable()
        return
    assert config.glyphs in GLYPHS
    assert config.week_starts in WEEKDAYS
