"""The library example of the README runs on a run folder as the demonstration writes it."""

import re
from pathlib import Path

README = Path(__file__).parents[2] / "README.md"


def test_library_example(finished, task, tmp_path, monkeypatch, capsys):
    (tmp_path / "runs" / "demo").mkdir(parents=True)
    (tmp_path / "runs" / "demo" / "models").symlink_to(finished.out / "models")
    (tmp_path / "runs" / "demo" / "task1.zarr").symlink_to(task)
    monkeypatch.chdir(tmp_path)
    (code,) = re.findall(r"```python\n(.*?)```", README.read_text(), flags=re.DOTALL)
    exec(compile(code, "README.md", "exec"), {})
    assert "target" in capsys.readouterr().out
