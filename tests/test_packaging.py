"""The wheel carries all that is needed and runs in an environment of its own."""

from __future__ import annotations

import os
import subprocess
import sys
import sysconfig
import venv
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]


def test_the_wheel_runs_in_a_clean_environment(tmp_path: Path) -> None:
    subprocess.run(
        [sys.executable, "-m", "build", "--wheel", "--no-isolation", "--outdir", tmp_path, ROOT],
        check=True,
        capture_output=True,
    )
    (wheel,) = tmp_path.glob("*.whl")
    venv.create(tmp_path / "venv", with_pip=True)
    binaries = tmp_path / "venv" / "bin"
    subprocess.run(
        [binaries / "python", "-m", "pip", "install", "--quiet", "--no-deps", wheel],
        check=True,
        capture_output=True,
    )
    # Its dependencies are those that the lock put beside this test; the wheel itself comes first.
    (site,) = (tmp_path / "venv" / "lib").glob("python3*/site-packages")
    (site / "dependencies.pth").write_text(sysconfig.get_path("purelib") + "\n")
    environment = {**os.environ, "TRACKER_HOME": str(tmp_path / "home")}
    where = subprocess.run(
        [binaries / "python", "-c", "import tracker_tui; print(tracker_tui.__file__)"],
        check=True,
        capture_output=True,
        text=True,
        cwd=tmp_path,
        env=environment,
    )
    assert str(site) in where.stdout
    listed = subprocess.run(
        [binaries / "tracker", "list", "worktrees"],
        check=True,
        capture_output=True,
        text=True,
        cwd=tmp_path,
        env=environment,
    )
    assert "Git worktrees" in listed.stdout
    for words, begin in (
        (["completion", "bash"], "#"),
        (["export", "--format", "html"], "<!doct"),
        (["lint", "--schema"], '{\n  "$schema"'),
    ):
        written = subprocess.run(
            [binaries / "tracker", *words],
            check=True,
            capture_output=True,
            text=True,
            cwd=tmp_path,
            env=environment,
        )
        assert written.stdout.startswith(begin)
    assert {path.name for path in site.glob("tracker_tui/tui/**/*.tcss")} >= {
        "board.tcss",
        "detail.tcss",
    }
