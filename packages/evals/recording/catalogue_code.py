"""Source code in nine languages."""

from recordings import (
    ATTRS,
    COLIN_MCDONNELL,
    EXPRESS,
    OURS,
    PG,
    PYTEST,
    RICH,
    Fact,
    Recording,
    shell,
)


def _read(name: str, path: str, command: str, *needles: Fact, licence: str) -> Recording:
    """Return the recording of a file that an agent reads by its path."""
    arguments = {"path": path}
    made_with = "npm" if "node_modules" in command else "pip"
    return Recording(
        f"code/{name}.txt", "code", "read_file", arguments, command, made_with, needles, licence
    )


def _made(file: str, language: str, *needles: Fact) -> Recording:
    """Return the recording of a module that `sources.py` writes."""
    command = f"python sources.py {language} 7"
    arguments = {"path": f"src/{file}"}
    name = f"code/{file}.txt"
    return Recording(name, "code", "read_file", arguments, command, "sources.py", needles, OURS)


CODE = (
    shell(
        "code/panel.txt",
        "cat -n rich/panel.py",
        "cat -n site/rich/panel.py",
        "pip",
        ("What happens to line breaks in a panel's title?", ('plain.replace("\\n", " ")',)),
        ("Which box is drawn by default?", ("box: Box = ROUNDED",)),
        ("What does Panel.fit set expand to?", ("expand=False",)),
        licence=RICH,
    ),
    _read(
        "validators",
        "attr/validators.py",
        "cat site/attr/validators.py",
        (
            "Which flags error does matches_re raise?",
            ("'flags' can only be used with a string pattern",),
        ),
        ("What is said when a string is too long?", ("must be <= {self.max_length}",)),
        (
            "What does optional do with a list of validators?",
            ("_AndValidator(validator)",),
        ),
        licence=ATTRS,
    ),
    _read(
        "pathlib",
        "src/_pytest/pathlib.py",
        "cat site/_pytest/pathlib.py",
        ("How often does make_numbered_dir try?", ("for i in range(10):",)),
        ("Why can a cleanup lock not be created?", ("cannot create lockfile in {p}",)),
        ("What is raised if a module's file is another one?", ("raise ImportPathMismatchError(",)),
        ("When is a lock considered dead?", ("consider_lock_dead_if_created_before",)),
        licence=PYTEST,
    ),
    shell(
        "code/response.txt",
        "nl -ba lib/response.js",
        "nl -ba web/node_modules/express/lib/response.js",
        "npm",
        (
            "What does sendFile complain about if the path is relative?",
            ("path must be absolute or specify root to res.sendFile",),
        ),
        ("What do signed cookies require?", ('cookieParser("secret") required',)),
        ("Which content type may not be set?", ("Content-Type cannot be set to an Array",)),
        ("How does res.location treat back?", ("'Referrer'",)),
        licence=EXPRESS,
    ),
    _read(
        "client",
        "packages/pg/lib/client.js",
        "cat web/node_modules/pg/lib/client.js",
        ("What happens when a query times out on reading?", ("Query read timeout",)),
        ("May a client be reused?", ("Client has already been connected",)),
        ("What does `end` send to the backend?", ("this.connection.end()",)),
        licence=PG,
    ),
    shell(
        "code/schemas.txt",
        "sed -n '1,460p' classic/schemas.ts",
        "sed -n '1,460p' web/node_modules/zod/src/v4/classic/schemas.ts",
        "npm",
        ("How is nullish built?", ("optional(nullable(inst))",)),
        ("Which check makes a string not empty?", ("checks.minLength(1, ...args)",)),
        ("What is `spa` short for?", ("inst.spa = inst.safeParseAsync",)),
        licence=COLIN_MCDONNELL,
    ),
    _read(
        "zod-error",
        "src/v3/ZodError.ts",
        "cat web/node_modules/zod/src/v3/ZodError.ts",
        ("Where do errors of a union go in format()?", ("issue.unionErrors.map(processError)",)),
        ("Which issue has multipleOf?", ("interface ZodNotMultipleOfIssue",)),
        licence=COLIN_MCDONNELL,
    ),
    shell(
        "code/spinner.txt",
        "sed -n '566,640p' rich/progress.py",
        "sed -n '566,640p' site/rich/progress.py",
        "pip",
        ("Which spinner is used unless one is named?", ('spinner_name: str = "dots"',)),
        ("What is shown when a task is finished?", ("finished_text",)),
        licence=RICH,
    ),
    _made(
        "warehouse.go",
        "go",
        ("How heavy may a truck be?", ("tonnes > 40",)),
        ("Within how many days are returns accepted?", ("days > 41",)),
        ("Why would PickOrder refuse?", ("an order this large is picked by two",)),
    ),
    _made(
        "warehouse.rs",
        "rust",
        ("How many seals may a container get?", ("seals > 2",)),
        ("Which event follows when forklifts are charged?", ("forklift.charging",)),
        ("What does cool_goods refuse?", ("the cold chain was broken", "degrees > 7")),
    ),
    _made(
        "Warehouse.java",
        "java",
        ("Which value of goods needs a written declaration?", ("euros > 1000",)),
        ("How much may be missing when stock is counted?", ("missing > 12",)),
        ("What does blockAisle throw?", ("too many aisles are closed at once",)),
    ),
    _made(
        "warehouse.c",
        "c",
        ("What weight does a shelf bear?", ("kilograms > 740",)),
        ("Who signs when spoiled goods are written off?", ("a manager has to sign this",)),
        ("What does warehouse_hand_over tell?", ("parcels.handed_over",)),
    ),
    _made(
        "warehouse.hpp",
        "cpp",
        ("How many pallets may a delivery have?", ("pallets > 33",)),
        ("How many litres fit into the largest carton?", ("litres > 61",)),
        ("What does charge_forklift throw?", ("the battery is still good",)),
    ),
    _made(
        "WarehouseForms.tsx",
        "tsx",
        ("When has the carrier left?", ("minutes > 25",)),
        ("Which form seals a container?", ("SealContainerForm", "seals > 2")),
        ("What does TakeBackForm say when it is too late?", ("returned after the last day",)),
    ),
)
