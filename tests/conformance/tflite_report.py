"""The part of doc/conformance.md about .tflite files."""

import collections

from report import cell, table

TITLE = "# Files of TensorFlow Lite"
RESULTS = ["agrees", "differs", "refused", "both refuse", "LiteRT refuses", "crashed"]


def is_bad(entry):
    return entry["result"] == "crashed" or (not entry["outside"] and entry["result"] in ("differs", "refused"))


def counts(entries):
    rows = []
    for suite in [*dict.fromkeys(e["suite"] for e in entries), "all"]:
        for scope in ("in scope", "out of scope"):
            some = [e for e in entries if suite in (e["suite"], "all") and bool(e["outside"]) == (scope != "in scope")]
            if some:
                found = collections.Counter(e["result"] for e in some)
                rows.append([suite, scope, len(some)] + [found[r] or "" for r in RESULTS])
    return table(["suite", "", "files"] + RESULTS, rows)


def page(entries):
    scoped = [e for e in entries if not e["outside"]]
    running = [e for e in scoped if e["result"] in ("agrees", "differs", "refused", "crashed")]
    good = [e for e in running if e["result"] == "agrees"]
    kept = [e for e in good if e.get("recorded") is not None]
    other = [e for e in scoped if e["result"] != "agrees"]
    return [
        TITLE, "",
        "Written by `tests/conformance/run_tflite.py`: every `.tflite` and `.bin` under `../shared` on Toucanet's interpreter, plain",
        "and fast, beside LiteRT's reference kernels (its others where those are missing), with the inputs beside the file or seeded",
        "ones, the main graph and, where there are several, every signature.", "",
        f"**{len(good)} of {len(running)} files in scope that LiteRT runs give its results.** Integers are equal, floats as near as above.",
        f"{sum(bool(e['recorded']) for e in kept)} of {len(kept)} files with recorded results: LiteRT's are the recorded ones.", "",
        *counts(entries), "",
        "In scope are the operators that the converter writes, those of the models' files, and control flow; not those of the list below,",
        "not custom ones, strings, sparse tensors and 4 bits. Files out of scope are run too: they agree or are refused.", "",
        "## In scope and not in agreement", "",
        *(table(["file", "result", "reason"], [[e["name"], e["result"], cell(e["reason"], 260)] for e in other]) if other else ["None."]), "",
        "## Out of scope", "",
        *table(["file", "because of", "result", "reason"], [[e["name"], cell(e["outside"]), e["result"], cell(e["reason"], 110)] for e in entries if e["outside"]]), "",
    ]


def console(entries):
    lines = [f"{e['name']}: {e['result']}: {e['reason']}" for e in entries if is_bad(e)]
    return "\n".join([*lines, "", *counts(entries)])
