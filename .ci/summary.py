"""Sum the test reports of all sessions; a run that tested nothing has failed."""

from __future__ import annotations

import sys
from pathlib import Path
from xml.etree import ElementTree


def main(folder: Path) -> int:
    """Print one line for each report and the sum as the last line; return the exit status."""
    passed = failed = 0
    for report in sorted(folder.glob("*.xml")):
        suites = ElementTree.parse(report).getroot().iter("testsuite")
        for suite in suites:
            counts = {
                key: int(suite.get(key, "0")) for key in ("tests", "failures", "errors", "skipped")
            }
            bad = counts["failures"] + counts["errors"]
            good = counts["tests"] - bad - counts["skipped"]
            print(f"{report.stem}: {good} passed, {bad} failed, {counts['skipped']} skipped")
            passed, failed = passed + good, failed + bad
    if not passed:
        print("no test was executed", file=sys.stderr)
    print(f"{passed} passed, {failed} failed")
    return int(failed > 0 or passed == 0)


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1])))
