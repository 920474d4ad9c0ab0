"""Every check of the workspace, once: continuous integration and contributors call these.

Nothing here names a wheel. A folder with a ``pyproject.toml`` under ``adapters`` or ``packages``
is one, and is then linted, typed, built, installed alone and tested.
"""

from __future__ import annotations

import functools
import os
import re
import shutil
import subprocess
import sys
import time
import zipfile
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import nox
from packaging.specifiers import SpecifierSet

nox.needs_version = ">=2025.11.12"
nox.options.default_venv_backend = "uv"
nox.options.download_python = "never"
nox.options.error_on_missing_interpreters = False

ROOT = Path(__file__).parent
DIST = ROOT / "dist"
REPORTS = ROOT / ".nox" / "reports"
DEMO = ROOT / "examples" / "investigate_a_failure.py"
SCRIPTS = sorted(p for p in ROOT.glob("examples/*.py") if "# /// script" in p.read_text("utf-8"))
EXAMPLES = [script for script in SCRIPTS if script != DEMO]
PEER = "headroom-ai==0.42.0"
PYPI = "https://pypi.org/simple"

CORE = ROOT / "core"
ADAPTERS = sorted(p.parent for p in ROOT.glob("adapters/*/pyproject.toml"))
PACKAGES = sorted(p.parent for p in ROOT.glob("packages/*/pyproject.toml"))
LOCKED = [CORE, *PACKAGES]
HOMES = [*LOCKED, *ADAPTERS]
TABLES = {home: nox.project.load_toml(home / "pyproject.toml") for home in HOMES}
HOME = {table["project"]["name"]: home for home, table in TABLES.items()}

# Whole agents and servers on one adapter's framework: a folder named as the adapter's.
WHOLE = ROOT / "integration-tests"

# All that continuous integration runs, in seconds of two processors; what does not run in parallel
# (installing, linting, building) is left a quarter of their time.
LONGEST_RUN = 30 * 60 * 2 * 3 // 4
PARALLEL = ("-n", "2", "--dist", "worksteal")

# Newest last. The Python that runs nox is always among those tested.
VERSIONS = ["3.10", "3.11", "3.12", "3.13", "3.14"]
RUNNING = f"{sys.version_info.major}.{sys.version_info.minor}"


# Replays of whole recordings at every turn are left to the Python that runs nox.
QUICK = ["-m", "not slow", "-k", "not keep_every_prefix", "--hypothesis-profile=quick"]


def interpreter(version: str) -> str:
    """Find a Python of this version that really starts, or hand the version to nox to look for.

    A pyenv shim on the path answers only for the versions that its owner has activated; the
    installations behind it are looked up where they lie.
    """
    if version == RUNNING:
        return sys.executable
    pyenv = Path(os.environ.get("PYENV_ROOT", Path.home() / ".pyenv")) / "versions"
    on_path = shutil.which(f"python{version}")
    behind = sorted(pyenv.glob(f"{version}.*/bin/python{version}"))
    for candidate in filter(None, [on_path, *map(str, reversed(behind))]):
        probe = [candidate, "-c", "import sys; print('%d.%d' % sys.version_info[:2])"]
        answer = subprocess.run(probe, capture_output=True, text=True, check=False)
        if answer.returncode == 0 and answer.stdout.strip() == version:
            return candidate
    return version


INTERPRETERS = {version: interpreter(version) for version in dict.fromkeys([*VERSIONS, RUNNING])}


# Wheels are tested on the oldest and the newest Python; the checkout on this one and the others.
PRESENT = [version for version, python in INTERPRETERS.items() if python != version]
BY_WHEELS = {PRESENT[0], PRESENT[-1]} - {RUNNING}
CHECKOUT = [version for version in INTERPRETERS if version not in BY_WHEELS]

nox.options.sessions = [
    *("lint", "types", *(f"tests({version})" for version in CHECKOUT), "grammars", "build"),
    *("wheels", "integration", "docs", "examples", "demo"),
]


def wheel_runs() -> list[Any]:
    """Pair each wheel's newest dependencies with the newest Python present, lowest with oldest."""
    runs = []
    for resolution, oldest_first in (("highest", False), ("lowest-direct", True)):
        for home in HOMES:
            allowed = SpecifierSet(TABLES[home]["project"]["requires-python"])
            present = [p for v, p in INTERPRETERS.items() if p != v and v in allowed]
            python = present[0 if oldest_first else -1]
            runs.append(nox.param(python, home, resolution, id=f"{home.name}, {resolution}"))
    return runs


@functools.cache
def as_pip_is_set_up() -> dict[str, str]:
    """Tell uv of the index and the certificates that pip is told of, where uv has none itself.

    A machine that knows only pip may reach packages through a mirror or a proxy of its own.
    """
    names = {"index-url": "UV_DEFAULT_INDEX", "cert": "SSL_CERT_FILE"}
    pip = [sys.executable, "-m", "pip", "config", "list"]
    listing = subprocess.run(pip, capture_output=True, text=True, check=False).stdout
    settings = re.findall(r"^\S+\.(index-url|cert)='(.+)'$", listing, re.MULTILINE)
    return {names[key]: value for key, value in settings if names[key] not in os.environ}


BUDGETS: dict[str, int] = {}
_spent: dict[str, float] = {}


def busy_seconds() -> float:
    """Sum the processor time of everything that has run: unlike the clock, fair on a busy box."""
    times = os.times()
    return times.children_user + times.children_system


def budget(seconds: int) -> Callable[[Callable[..., None]], Callable[..., None]]:
    """State how long all runs of a session together may keep a processor busy; more is a failure.

    On two cores that do nothing else, tests take about half of that time.
    """

    def decorate(check: Callable[..., None]) -> Callable[..., None]:
        name = check.__name__
        BUDGETS[name] = seconds

        @functools.wraps(check)
        def timed(session: nox.Session, *args: Any, **kwargs: Any) -> None:
            session.env.update(as_pip_is_set_up())
            started, busy = time.monotonic(), busy_seconds()
            check(session, *args, **kwargs)
            _spent[name] = _spent.get(name, 0.0) + busy_seconds() - busy
            session.log(
                f"{session.name} took {time.monotonic() - started:.0f} s; "
                f"{name} has been busy for {_spent[name]:.0f} s of its {seconds} s"
            )
            if _spent[name] > seconds:
                session.error(f"{name} is over its budget of {seconds} s")

        timed.__doc__ = f"{(check.__doc__ or '').splitlines()[0]} [{seconds} s]"
        return timed

    return decorate


def module(home: Path) -> str:
    """Name the package that a wheel is imported by."""
    (package,) = TABLES[home]["tool"]["hatch"]["build"]["targets"]["wheel"]["packages"]
    return Path(package).name


def ours(requirements: Sequence[str]) -> list[Path]:
    """Pick out the requirements that this workspace itself builds."""
    names = [re.split(r"[^\w.-]", r, maxsplit=1)[0] for r in requirements]
    return [HOME[name] for name in names if name in HOME]


def closure(homes: Sequence[Path]) -> list[Path]:
    """Add the workspace wheels that these need at run time."""
    found = dict.fromkeys(homes)
    for home in homes:
        found |= dict.fromkeys(closure(ours(TABLES[home]["project"]["dependencies"])))
    return list(found)


def editable(homes: Sequence[Path]) -> list[str]:
    """Arguments that install these, and what they need of ours, from the checkout."""
    return [argument for home in closure(homes) for argument in ("-e", str(home))]


def built(homes: Sequence[Path]) -> list[str]:
    """Wheel files of these, and of what they need of ours."""
    names = [TABLES[home]["project"]["name"].replace("-", "_") for home in closure(homes)]
    return [str(wheel) for name in names for wheel in DIST.glob(f"{name}-*.whl")]


def test_group(home: Path) -> tuple[list[Path], list[str]]:
    """Split what a wheel's tests need into ours and the rest."""
    group = list(nox.project.dependency_groups(TABLES[home], "test"))
    local = ours(group)
    names = {TABLES[h]["project"]["name"] for h in local}
    return local, [r for r in group if re.split(r"[^\w.-]", r, maxsplit=1)[0] not in names]


def locked(session: nox.Session, *groups: str) -> list[str]:
    """Arguments that install dependency groups at exactly the locked versions.

    By way of a requirements file, because it holds versions and hashes and no addresses: an index
    that this machine prefers is used.
    """
    arguments = []
    for group in groups:
        listing = Path(session.create_tmp()) / f"{group}.txt"
        # The group `test` is each member's own, with what that member needs to run.
        which = ["--all-packages", "--group"] if group == "test" else ["--only-group"]
        session.run_install(
            *("uv", "export", "--quiet", "--frozen", "--no-emit-workspace", "--no-header"),
            *("--output-file", str(listing), *which, group),
        )
        arguments += ["-r", str(listing)]
    return arguments


def whole(home: Path) -> Path | None:
    """Return the folder of tests that drive an adapter's framework as a whole, if there is one."""
    folder = WHOLE / home.name
    return folder if home in ADAPTERS and folder.is_dir() else None


def whole_needs(home: Path, resolution: str = "highest") -> list[str]:
    """Arguments that install what those tests take beside the adapter's own test tools.

    A framework that the adapter itself does not depend on has its lowest versions in a second file.
    """
    names = ["requirements.txt"]
    if resolution != "highest":
        names.insert(0, "requirements-lowest.txt")
    listings = [WHOLE / home.name / name for name in names] if home in ADAPTERS else []
    return next((["-r", str(listing)] for listing in listings if listing.is_file()), [])


def pytest(session: nox.Session, *arguments: str, isolated: bool = False, part: str = "") -> None:
    """Run tests with the workspace's settings on two processors, and leave a report.

    Pytest itself fails when it finds nothing to run.
    """
    report = re.sub(r"[^\w.-]+", "-", f"{session.name} {part}").strip("-")
    session.run(
        *("python", *(["-I"] if isolated else []), "-m", "pytest", *PARALLEL),
        *("-c", str(ROOT / "pyproject.toml"), f"--junitxml={REPORTS / report}.xml"),
        *("-o", f"cache_dir={ROOT / '.pytest_cache'}", *arguments, *session.posargs),
    )


def contracts_from_folders() -> str:
    """Write the import contracts that follow from what is there, so that none is forgotten.

    Applications may use adapters, adapters the core, the core nobody; adapters never use each
    other, and neither do the compressors that the core bundles.
    """
    rows = [" : ".join(map(module, PACKAGES)), " | ".join(map(module, ADAPTERS)), module(CORE)]
    bundled = (CORE / "src" / "headroom" / "bundled.py").read_text("utf-8")
    compressors = re.findall(r"^from (headroom\.compressors\.(?!interface)\w+)", bundled, re.M)
    return f"""
[tool.importlinter]
root_packages = {[module(home) for home in HOMES]}

[[tool.importlinter.contracts]]
name = "applications use adapters, adapters use the core, the core uses nobody"
type = "layers"
layers = {[row for row in rows if row]}

[[tool.importlinter.contracts]]
name = "adapters import the core's public names and nothing behind them"
type = "forbidden"
source_modules = {[module(home) for home in ADAPTERS]}
forbidden_modules = ["{module(CORE)}.**"]
allow_indirect_imports = true

[[tool.importlinter.contracts]]
name = "compressors never import each other"
type = "independence"
modules = {compressors}
"""


@nox.session
@budget(30)
def lint(session: nox.Session) -> None:
    """Check style, banned names, import layers, and that the lock fits and names PyPI only."""
    session.install(*locked(session, "lint"))
    session.run("ruff", "check")
    session.run("ruff", "format", "--check")
    env = {"PYTHONPATH": os.pathsep.join(str(home / "src") for home in HOMES)}
    session.run("lint-imports", "--no-cache", env=env)
    derived = Path(session.create_tmp()) / "contracts.toml"
    derived.write_text(contracts_from_folders(), encoding="utf-8")
    session.run("lint-imports", "--no-cache", "--config", str(derived), env=env)
    indexes = set(re.findall(r'registry = "([^"]*)"', (ROOT / "uv.lock").read_text("utf-8")))
    if indexes - {PYPI}:
        session.error(f"uv.lock names {sorted(indexes)}; only {PYPI} may stand in it")
    # The lock speaks of PyPI, so it is compared as PyPI would have it, whatever is configured here.
    public = {"UV_DEFAULT_INDEX": PYPI, "UV_INDEX": "", "UV_EXTRA_INDEX_URL": ""}
    session.run("uv", "lock", "--check", "--quiet", env=public)
    names = {name.partition("(")[0] for name in nox.options.sessions or ()}
    if (total := sum(BUDGETS[name] for name in names)) > LONGEST_RUN:
        session.error(f"the sessions' budgets add up to {total} s, {LONGEST_RUN} s at most")
    licence = (ROOT / "LICENSE").read_bytes()
    for home in HOMES:
        if (home / "LICENSE").read_bytes() != licence:
            session.error(f"{home.relative_to(ROOT)}/LICENSE is not the workspace's")


@nox.session
@nox.parametrize("home", [None, *ADAPTERS], ids=["locked", *(h.name for h in ADAPTERS)])
@budget(110)
def types(session: nox.Session, home: Path | None) -> None:
    """Check types strictly: core and packages together, each adapter with its framework."""
    if home is None:
        session.install(*locked(session, "types", "nox", "test"), *editable(LOCKED))
        session.run("mypy", *(str(h / "src") for h in LOCKED))
        session.run("mypy", "noxfile.py", "conftest.py", ".ci/summary.py")
        return
    local, tools = test_group(home)
    session.install(*locked(session, "types"), *editable([home, *local]), *tools)
    session.run("mypy", str(home / "src"))


@nox.session
@nox.parametrize("python", list(INTERPRETERS.values()), ids=list(INTERPRETERS))
@budget(650)
def tests(session: nox.Session) -> None:
    """Test core and packages from the checkout, at the locked versions, on one Python.

    The Python that runs nox runs everything; the others leave out what is slow and try fewer
    examples of each property.
    """
    session.install(*locked(session, "test"), *editable(LOCKED))
    quick = [] if session.python == sys.executable else QUICK
    pytest(session, "--doctest-modules", *quick, *map(str, LOCKED))


@nox.session
@budget(30)
def grammars(session: nox.Session) -> None:
    """Test the other source of grammars, where it loads: it needs a runtime of its own time."""
    if sys.version_info >= (3, 13):
        session.skip("tree-sitter-languages has no wheel for this Python")
    bundle = ("tree-sitter==0.21.3", "tree-sitter-languages==1.10.2")
    session.install("--no-deps", "-e", str(CORE), *bundle)
    session.install("tiktoken>=0.13", "pytest>=8.3", "pytest-xdist>=3.6", "hypothesis>=6.100")
    # What the old runtime warns of is its own affair.
    quiet = ("-W", "ignore::FutureWarning")
    pytest(session, *quiet, str(CORE / "tests" / "test_code_grammars.py"))


@nox.session
@nox.parametrize("home", ADAPTERS, ids=[h.name for h in ADAPTERS])
@budget(300)
def adapters(session: nox.Session, home: Path) -> None:
    """Test one adapter from the checkout with its newest framework: the quick loop."""
    local, tools = test_group(home)
    session.install(*editable([home, *local]), *tools, *whole_needs(home))
    folder = whole(home)
    pytest(session, "--doctest-modules", str(home), *([] if folder is None else [str(folder)]))


@nox.session
@budget(300)
def coverage(session: nox.Session) -> None:
    """Measure which branches of the core its own tests take."""
    local, _ = test_group(CORE)
    session.install(*locked(session, "coverage", "test"), *editable([CORE, *local]))
    config = f"--rcfile={ROOT / 'pyproject.toml'}"
    session.run(
        "coverage", "run", config, "-m", "pytest", "--doctest-modules", str(CORE), *session.posargs
    )
    session.run("coverage", "report", config)


@nox.session
@budget(40)
def build(session: nox.Session) -> None:
    """Build a source archive and from it a wheel for each folder, and look into the wheels."""
    shutil.rmtree(DIST, ignore_errors=True)
    for home in HOMES:
        session.run("uv", "build", "--quiet", "--out-dir", str(DIST), str(home))
        (wheel,) = built([home])[:1]
        names = zipfile.ZipFile(wheel).namelist()
        foreign = [n for n in names if f"{module(home)}/" not in n and ".dist-info/" not in n]
        typed, licence = f"{module(home)}/py.typed", ".dist-info/licenses/LICENSE"
        if foreign or typed not in names or not any(n.endswith(licence) for n in names):
            session.error(f"{wheel}: py.typed and LICENSE are needed, {foreign} are not")


@nox.session(requires=["build"])
@nox.parametrize("python, home, resolution", wheel_runs())
@budget(1100)
def wheels(session: nox.Session, home: Path, resolution: str) -> None:
    """Install one built wheel alone, import it, then run its own tests on it.

    An adapter's are those of its folder under ``integration-tests`` as well. The import comes
    before the test tools: they bring packages along that would hide an undeclared dependency.
    Python's ``-I`` keeps the checkout out of reach.
    """
    # A wheel file's own requirements do not count as direct ones for uv: they are repeated.
    needs = [r for h in closure([home]) for r in TABLES[h]["project"]["dependencies"]]
    direct = [r for r in needs if not ours([r])]
    binary = ("--only-binary=:all:", f"--resolution={resolution}")
    session.install(*binary, *built([home]), *direct)
    session.chdir(session.create_tmp())
    session.run("python", "-I", "-c", f"import {module(home)}")
    installed = Path("installed.txt")
    frozen = str(session.run("uv", "pip", "freeze", "--quiet", silent=True))
    session.log("; ".join(frozen.splitlines()))
    installed.write_text("\n".join(r for r in frozen.splitlines() if "==" in r), encoding="utf-8")
    local, tools = test_group(home)
    # The tools adapt to what is there, or a test tool's wish would lift the lowest versions.
    tools += whole_needs(home, resolution)
    session.install("-c", str(installed), *built([home, *local]), *tools)
    what = ["--doctest-modules", "--pyargs", module(home), str(home / "tests")]
    pytest(session, *QUICK, *what, isolated=True)
    if (folder := whole(home)) is not None:
        pytest(session, str(folder), isolated=True, part="whole")


@nox.session
@budget(60)
def docs(session: nox.Session) -> None:
    """Build the documentation; a dead link or reference is an error."""
    session.install(*locked(session, "docs"), *editable(LOCKED))
    measure(session, "pages", "--check", str(ROOT / "docs" / "how-to" / "kinds"))
    session.run("mkdocs", "build", "--strict", env={"NO_MKDOCS_2_WARNING": "1"})


def needs_of(session: nox.Session, example: Path) -> list[str]:
    """Arguments that install what an example's script block names, ours from the checkout."""
    if not example.is_file():
        session.error(f"{example.relative_to(ROOT)} is missing")
    needs = nox.project.load_toml(example)["dependencies"]
    return [*editable(ours(needs)), *(r for r in needs if not ours([r]))]


@nox.session
@nox.parametrize("example", EXAMPLES, ids=[e.stem for e in EXAMPLES])
@budget(130)
def examples(session: nox.Session, example: Path) -> None:
    """Run an example as its reader would."""
    session.install(*needs_of(session, example))
    session.run("python", str(example), *session.posargs)


@nox.session
@budget(30)
def demo(session: nox.Session) -> None:
    """Send a real agent conversation through a wrapped model, over HTTP: the main job."""
    session.install(*needs_of(session, DEMO))
    session.run("python", str(DEMO), *session.posargs)


@nox.session
@budget(330)
def integration(session: nox.Session) -> None:
    """Test what takes several wheels at once, on the real framework and over real connections."""
    session.install(*needs_of(session, DEMO), "-r", str(WHOLE / "requirements.txt"))
    elsewhere = [f"--ignore={folder}" for home in ADAPTERS if (folder := whole(home))]
    pytest(session, str(WHOLE), *elsewhere)


def incumbent(session: nox.Session) -> str:
    """Install the incumbent into an environment of its own, and name its interpreter."""
    peer = Path(session.create_tmp()) / "peer"
    session.run("uv", "venv", "--quiet", "--clear", str(peer))
    python = next(peer.glob("bin/python")) if os.name != "nt" else peer / "Scripts" / "python.exe"
    session.run("uv", "pip", "install", "--quiet", "--python", str(python), PEER)
    return str(python)


def measure(session: nox.Session, *arguments: str) -> None:
    """Run a command of headroom-evals on the checkout."""
    session.run("python", "-m", "headroom_evals", *arguments)


@nox.session
@budget(600)
def bench(session: nox.Session) -> None:
    """Measure speed per kind of content, beside the incumbent in an environment of its own."""
    session.install(*locked(session, "test"), *editable(LOCKED))
    measure(session, "speed", "--peer-python", incumbent(session), *session.posargs)


@nox.session
@budget(600)
def quality(session: nox.Session) -> None:
    """Measure tokens and facts that remain, beside the incumbent in an environment of its own."""
    session.install(*locked(session, "test"), *editable(LOCKED))
    measure(session, "quality", "--peer-python", incumbent(session), *session.posargs)


@nox.session
@budget(900)
def figures(session: nox.Session) -> None:
    """Write every page of the documentation that holds measurements, or befores and afters."""
    session.install(*locked(session, "test"), *editable(LOCKED))
    peer = incumbent(session)
    for name in ("quality", "speed"):
        page = ROOT / "docs" / "reference" / f"{name}.md"
        measure(session, name, "--peer-python", peer, "--markdown", str(page))
    measure(session, "pages", str(ROOT / "docs" / "how-to" / "kinds"))
