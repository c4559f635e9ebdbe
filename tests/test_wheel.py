"""The wheel: what people install makes the same packs as the checkout."""

import os
import shutil
import subprocess
import sys
import sysconfig
import zipfile
from pathlib import Path

import pytest

from mm365.pack.contents import build_pack
from mm365.request.request import Request
from mm365.scripts.change import build_change
from mm365.shipped import SCHEMAS
from tests.commands import CHECKOUT, REQUEST, tree
from tests.exports import backup, tenant_with, written

pytestmark = pytest.mark.xdist_group("wheel")  # built once


def sources() -> list[str]:
    """What git tracks or would add."""
    git = shutil.which("git")
    if git is None or not (CHECKOUT / ".git").exists():
        pytest.skip("the wheel is built from what git tracks, and this is no git checkout")
    command = [git, "ls-files", "-z", "--cached", "--others", "--exclude-standard"]
    listed = subprocess.run(command, cwd=CHECKOUT, capture_output=True, text=True, check=True).stdout
    return [path for path in listed.split("\0") if path and (CHECKOUT / path).is_file()]


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A wheel, built from a copy of the sources."""
    copy = tmp_path_factory.mktemp("sources")
    for path in sources():
        (copy / path).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy2(CHECKOUT / path, copy / path)
    out = tmp_path_factory.mktemp("wheel")
    command = [sys.executable, "-m", "build", "--wheel", "--no-isolation", "--outdir", str(out), str(copy)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    return next(out.glob("*.whl"))


def test_wheel_holds_the_package_its_templates_its_notebooks_and_nothing_else(wheel: Path) -> None:
    expected = {path.removeprefix("generator/") for path in sources() if path.startswith("generator/")}
    expected |= {f"mm365/{path}" for path in sources() if path.startswith(("templates/", "notebooks/"))}
    names = {name for name in zipfile.ZipFile(wheel).namelist() if ".dist-info/" not in name}
    assert names == expected


def test_wheel_says_that_the_package_is_typed(wheel: Path) -> None:
    assert "mm365/py.typed" in zipfile.ZipFile(wheel).namelist()


def test_wheel_carries_the_licence_and_the_command(wheel: Path) -> None:
    with zipfile.ZipFile(wheel) as archive:
        names = archive.namelist()
        entry_points = next(name for name in names if name.endswith(".dist-info/entry_points.txt"))
        assert "mm365 = mm365.cli.main:main" in archive.read(entry_points).decode()
    assert any(name.endswith(".dist-info/licenses/LICENSE") for name in names)


@pytest.fixture(scope="module")
def home(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The home of somebody who installed the wheel into ``venv`` there."""
    home = tmp_path_factory.mktemp("a home")
    subprocess.run([sys.executable, "-m", "venv", str(home / "venv")], check=True, capture_output=True)
    command = [str(program(home, "python")), "-m", "pip", "install", "--quiet", "--no-index", "--no-deps", str(wheel)]
    subprocess.run(command, check=True, capture_output=True)
    packages = next((home / "venv").rglob("site-packages"))
    # The dependencies are those that the tests run with: nothing is fetched.
    (packages / "dependencies.pth").write_text(sysconfig.get_path("purelib") + "\n", encoding="utf-8")
    return home


def program(home: Path, name: str) -> Path:
    return home / "venv" / ("Scripts" if os.name == "nt" else "bin") / name


def installed(home: Path, *arguments: str) -> "subprocess.CompletedProcess[str]":
    """The installed command, in that home."""
    command = [str(program(home, "mm365")), *arguments]
    environment = {"HOME": str(home), "PATH": os.defpath}
    return subprocess.run(command, cwd=home, env=environment, capture_output=True, text=True, check=False)


def test_installed_wheel_makes_the_same_pack_as_the_checkout(home: Path, valid_request: Request) -> None:
    made = installed(home, "pack", *REQUEST, "--output", "pack")
    assert (made.returncode, made.stderr) == (0, "")
    assert tree(home / "pack") == build_pack(build_change(valid_request)).files
    command = [str(program(home, "python")), "-I", "-c", "import mm365; print(mm365.__file__)"]
    where = subprocess.run(command, cwd=home, capture_output=True, text=True, check=True).stdout
    assert Path(where.strip()).is_relative_to(home / "venv")


def test_installed_wheel_has_the_notebooks(home: Path) -> None:
    assert installed(home, "notebook", "review", "--no-start").returncode == 0
    assert (home / "review.ipynb").read_bytes() == (CHECKOUT / "notebooks" / "review.ipynb").read_bytes()


def test_installed_wheel_has_the_schemas_and_the_forecast(home: Path) -> None:
    assert installed(home, "schema", "plan").stdout == (SCHEMAS / "plan.json").read_text(encoding="utf-8")
    [file] = written(home, backup(tenant_with()))
    done = installed(home, "plan", "--snapshot", file, *REQUEST, "--posture")
    assert (done.returncode, "ORCA233_1" in done.stdout) == (0, True)


@pytest.mark.powershell
def test_installed_wheel_rehearses_a_pack(home: Path, pwsh: str) -> None:
    assert installed(home, "pack", *REQUEST, "--output", "to rehearse").returncode == 0
    done = installed(home, "rehearse", "to rehearse", "--way", "call", "--shell", pwsh)
    assert (done.returncode, done.stderr) == (0, ""), done.stdout
