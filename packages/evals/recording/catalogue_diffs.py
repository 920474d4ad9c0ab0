"""What is recorded of version control: patches, logs, blame, statistics and status."""

from recordings import ATTRS, shell

# Where the history is this project's own, authors have another name.
_NEUTRAL = "sed 's/^\\(Author: *\\).*/\\1Headroom <team@headroom.example>/'"
_OWN = 'cd "$PROJECT/../../.." &&'

DIFFS = (
    shell(
        "diff/upgrade.diff",
        "git diff main~3 main",
        "cd upgrade && git diff main~3 main",
        "git",
        ("When are refunds closed?", ("raise RefundClosed('refunds closed at midnight')",)),
        ("Which version of vue-core is asked for now?", ('+    "vue-core": "^4.0.2"',)),
        ("How is the tax computed now?", ("+    return 1.19 * found.",)),
        ("What was make_coupon renamed to?", ("issue_coupon",)),
    ),
    shell(
        "diff/upgrade-log.diff",
        "git log -p -n 3",
        "cd upgrade && git log -p -n 3",
        "git",
        ("Which commit closes refunds?", ("Close refunds at night, tax by default",)),
        ("Which exception does a closed refund raise?", ("RefundClosed",)),
        ("Which logging library came?", ("+import structlog",)),
    ),
    shell(
        "diff/upgrade-status.txt",
        "git status",
        "cd upgrade && git status",
        "git",
        ("Which service was deleted?", ("deleted:", "src/stock/service.py")),
        ("Which tool is not tracked?", ("src/new_tool.py",)),
        ("What is staged?", ("modified:", "src/cart/service.py")),
    ),
    shell(
        "diff/feature.diff",
        "git show 6bc80c2",
        f"{_OWN} git show 6bc80c2 | {_NEUTRAL}",
        "git",
        ("Which function says whether a question is about the call?", ("def is_about_call(",)),
        ("How many lines named in a log are kept at most?", ("_MOST_NAMED = 12",)),
        ("Why did 'go ahead' count as a question?", ("A log's path shares words with it",)),
    ),
    shell(
        "diff/refactoring.diff",
        "git diff ab62d72~1 ab62d72",
        f"{_OWN} git diff ab62d72~1 ab62d72",
        "git",
        ("Which class stores originals before use now?", ("+class Rewriter:",)),
        ("Which method has stored renderings before?", ("-    def _stored(self, job: Job",)),
        ("Where did _why_unread go?", ("+def why_unread(message: Any) -> str:",)),
    ),
    shell(
        "diff/dependencies.diff",
        "git show -U1 25bbb1c",
        f"{_OWN} git show -U1 25bbb1c | {_NEUTRAL}",
        "git",
        ("Which version of selectolax is allowed?", ('"selectolax>=1.0,<2"',)),
        ("Why one grammar a wheel?", ("bundles of many languages take over 180",)),
        ("What did the commit change?", ("Depend on the parsers for source code and HTML",)),
    ),
    shell(
        "diff/own-log.txt",
        "git log --stat -n 24",
        f"{_OWN} git log --stat -n 24 6904ef4 | {_NEUTRAL}",
        "git",
        ("Which commit reads web pages?", ("4d2a3f3", "Read web pages as their main content")),
        ("When were prices and cache rules added?", ("13:43:01", "Say what tokens cost")),
        ("Which commit made a module for the memory?", ("ab62d72", "a module of their own")),
    ),
    shell(
        "diff/own-log-oneline.txt",
        "git log --oneline -n 120",
        f"{_OWN} git log --oneline -n 120 6904ef4",
        "git",
        ("Which commit records manifests and a plan?", ("3e282ef", "Record manifests, a plan")),
        ("Which commit says what tokens cost?", ("3c797fd", "Say what tokens cost")),
        ("What is the newest commit?", ("6904ef4", "Read rows without names")),
    ),
    shell(
        "diff/own-blame.txt",
        "git blame core/src/headroom/engine.py",
        f"{_OWN} git blame --date=short 6904ef4 -- core/src/headroom/engine.py"
        " | sed 's/(Seed [^ ]* maintainers/(Headroom/'",
        "git",
        ("Which commit brought SMALLEST_GAIN_TOKENS?", ("2c11232a", "SMALLEST_GAIN_TOKENS = 20")),
        ("Who changed readings last?", ("b54cab03", "def readings(")),
        ("When was the class Job written?", ("2026-11-20", "class Job:")),
    ),
    shell(
        "diff/own-stat.txt",
        "git diff --stat 3e282ef 6904ef4",
        f"{_OWN} git diff --stat 3e282ef 6904ef4",
        "git",
        ("How much did engine.py change?", ("core/src/headroom/engine.py", "35")),
        ("How many files changed?", ("190 files changed, 11084 insertions(+)",)),
        ("Which is the largest new file for HTML?", ("html_writer.py", "378")),
    ),
    shell(
        "diff/unified.diff",
        "diff -u old/attr site/attr",
        "for f in converters.py filters.py setters.py _compat.py converters.pyi; do"
        " diff -u --label old/attr/$f --label site/attr/$f old/attr/$f site/attr/$f; done",
        "diff",
        ("What may to_bool be given now?", ("+def to_bool(val: str | int | bool) -> bool: ...",)),
        ("What does pipe return now?", ("pipe(*validators: _CallableConverterType)",)),
        licence=ATTRS,
    ),
)
