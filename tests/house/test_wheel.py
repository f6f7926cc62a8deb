"""What is installed from the built wheel, away from the checkout, does the whole job."""

import subprocess
import sys
import venv
from pathlib import Path

import pytest

TOP = Path(__file__).parents[2]


@pytest.mark.long
def test_the_wheel_alone_does_the_whole_job(tmp_path: Path) -> None:
    subprocess.run([sys.executable, "-m", "build", "--wheel", "--outdir", str(tmp_path), str(TOP)], check=True)
    (wheel,) = tmp_path.glob("gouji_toolkit-*.whl")
    venv.create(tmp_path / "env", with_pip=True)
    scripts = tmp_path / "env" / ("Scripts" if sys.platform == "win32" else "bin")
    subprocess.run([scripts / "python", "-m", "pip", "install", "--quiet", str(wheel)], check=True)
    done = subprocess.run([scripts / "gouji", "demo", "演示"], cwd=tmp_path, capture_output=True, check=True)
    assert "收到文件 7 份，收录 5 家，未收录 2 份；名册共 8 家，未报 1 家。" in done.stdout.decode()
    begun = ("init", "任务", "--year", "2025", "--office", "县政府办", "--due", "2026-01-31", "--roster", "名册.csv")
    (tmp_path / "名册.csv").write_bytes((TOP / "samples" / "roster.csv").read_bytes())
    for words in (begun, ("issue", "任务"), ("status", "任务", "--html", "进度.html")):
        subprocess.run([scripts / "gouji", *words], cwd=tmp_path, check=True)
    assert "桐川县自然资源局（样例）" in (tmp_path / "进度.html").read_text("utf-8")
    made = sorted(path.relative_to(tmp_path).as_posix() for path in (tmp_path / "演示").rglob("*.xlsx"))
    assert len(made) == 16
    assert made[-1] == "演示/3-汇总/汇总.xlsx"
