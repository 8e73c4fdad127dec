"""Every command of the README does what the README says."""

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

REPOSITORY = Path(__file__).resolve().parent.parent
BLOCKS = re.findall(r"```sh\n(.*?)```", (REPOSITORY / "README.md").read_text("utf-8"), re.DOTALL)
COMMANDS = [line for block in BLOCKS for line in block.splitlines() if line]
TARGETS = [command for command in COMMANDS if command.startswith("make ")]


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with some dumps in `dumps/`, as the README's reader has."""
    folder = tmp_path_factory.mktemp("reader")
    run("crashveil simulate --reports 60 --output other/fleet", folder)
    (folder / "dumps").mkdir()
    for number, path in enumerate(sorted((folder / "other" / "fleet").rglob("*.ips"))):
        shutil.copy2(path, folder / "dumps" / f"{number}.ips")
    return folder


def run(command: str, folder: Path) -> str:
    path = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
    done = subprocess.run(
        ["sh", "-c", command],
        cwd=folder,
        env=os.environ | {"PATH": path},
        capture_output=True,
        text=True,
        timeout=240,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


def test_the_readme_shows_the_two_commands_that_its_makefile_has() -> None:
    assert TARGETS == ["make demo", "make test"]
    makefile = (REPOSITORY / "Makefile").read_text("utf-8")
    for command in TARGETS:
        assert f"\n{command.removeprefix('make ')}: setup" in makefile


def test_every_command_works_in_the_order_in_which_it_stands(folder: Path) -> None:
    told = {command: run(command, folder) for command in COMMANDS if command not in TARGETS}
    assert len(told) >= 6
    output = "\n".join(told.values())
    assert '"status": "ok"' in output
    assert "NOT ANONYMOUS" in output
    assert "cannot open /home/<USER_NAME>/mail: <EMAIL_ADDRESS>" in output
    assert (folder / "fleet").is_dir()


def test_every_file_that_the_readme_links_to_is_there() -> None:
    links = re.findall(r"\]\((?!https?:)([^)]+)\)", (REPOSITORY / "README.md").read_text("utf-8"))
    assert links
    for link in links:
        path, _, heading = link.partition("#")
        assert (REPOSITORY / path).exists(), link
        if heading:
            text = (REPOSITORY / path).read_text("utf-8").lower()
            assert f"# {heading.replace('-', ' ')}\n" in text, link
