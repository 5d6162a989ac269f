"""Turns results into doc/conformance.md and into lines for the terminal."""

import collections
import os
import re

GROUPS = {
    "in_scope": "every op the outputs need is in `scope.txt`",
    "out_of_scope": "an op is needed that is not in `scope.txt`",
    "channels_first": "an op keeps channels first (`data_format` NCHW or the like)",
    "random": "the outputs depend on random numbers",
    "unsettled": "TensorFlow itself rejects the graph or does not give the recorded numbers",
    "no_inputs": "nothing to feed",
}
RESULTS = ["right", "wrong", "refused", "verification_failed", "litert_rejects", "crashed", "unjudged", "not_run"]
SUITES = ["dl4j", "opencv", "models"]


def share(part, whole):
    return f"{100 * part / whole:.1f} %" if whole else "–"


def cell(text, limit=160):
    text = " ".join("".join(c if c.isprintable() else " " for c in str(text)).split()).replace("|", "\\|")
    return text if len(text) <= limit else text[: limit - 1] + "…"


def reason_text(entry, limit=160):
    parts = []
    for reason in entry["reasons"]:
        parts.append(f"{reason['code']} {reason['message']}".strip())
    return cell("; ".join(dict.fromkeys(parts)), limit)


def table(head, rows):
    lines = ["| " + " | ".join(head) + " |", "|" + "---|" * len(head)]
    return lines + ["| " + " | ".join(str(value) for value in row) + " |" for row in rows]


def in_scope(entries):
    return [entry for entry in entries if entry["group"] == "in_scope"]


def right(entries):
    return [entry for entry in entries if entry["result"] == "right"]


def summary(entries):
    rows = []
    for suite in SUITES + ["all"]:
        some = [entry for entry in entries if suite in (entry["suite"], "all")]
        scoped = in_scope(some)
        rows.append([suite, len(some), len(scoped), len(right(scoped)), share(len(right(scoped)), len(scoped))])
    return table(["suite", "graphs", "in scope", "right", "share right"], rows)


def by_group(entries):
    used = [result for result in RESULTS if any(entry["result"] == result for entry in entries)]
    rows = []
    for group, meaning in GROUPS.items():
        some = [entry for entry in entries if entry["group"] == group]
        counts = collections.Counter(entry["result"] for entry in some)
        rows.append([f"`{group}`: {meaning}", len(some)] + [counts[result] or "" for result in used])
    return table(["group", "graphs"] + [result.replace("_", " ") for result in used], rows)


def reasons(entries):
    """Rows of result, code, number of graphs, example: a graph counts once for each of its codes."""
    found = collections.defaultdict(list)
    for entry in entries:
        if entry["result"] in ("right", "not_run", "unjudged"):
            continue
        for reason in {reason["code"]: reason for reason in entry["reasons"]}.values():
            found[entry["result"], reason["code"] or ""].append((entry, reason))
    rows = []
    order = sorted(found.items(), key=lambda item: (RESULTS.index(item[0][0]), -len(item[1]), item[0][1]))
    for (result, code), hits in order:
        entry, reason = hits[0]
        example = f"{entry['suite']}/{entry['name']}: {reason['message']}"
        rows.append([result.replace("_", " "), code, len(hits), cell(example)])
    return table(["result", "code", "graphs", "example"], rows)


def model_rows(entries):
    rows = []
    for entry in entries:
        if entry["suite"] == "models":
            largest = entry.get("largest_difference")
            expected = " (as expected)" if entry["result"] == entry["expect"] != "right" else ""
            rows.append([
                entry["name"], entry["result"] + expected,
                entry.get("source_nodes") or "", entry.get("tflite_operators") or "",
                "" if largest is None else f"{largest:.2g}", reason_text(entry, 100),
            ])
    return table(["network", "result", "TensorFlow nodes", "operators", "largest difference", "reason"], rows)


def remark_lines(entries):
    some = right(in_scope(entries))
    narrowed = [entry for entry in some if any(" became " in remark for remark in entry["remarks"])]
    fallback = [entry for entry in some if any("only without" in remark for remark in entry["remarks"])]
    lines = []
    if narrowed:
        lines.append(f"{len(narrowed)} of the right ones take or give another number type than the graph.")
    if fallback:
        lines.append(f"{len(fallback)} of the right ones run only without LiteRT's default delegate.")
    return lines


def write(entries, path):
    scoped = in_scope(entries)
    bad = [entry for entry in scoped if entry["result"] != "right"]
    good, part = len(right(scoped)), share(len(right(scoped)), len(scoped))
    unsettled = [entry for entry in entries if entry["group"] == "unsettled"]
    lines = [
        "# Conformance", "",
        "Written by `tests/conformance/run.py`. Frozen graphs of other projects are converted, run in LiteRT and",
        "compared with the numbers those projects recorded from TensorFlow, or, where they recorded none, with",
        "TensorFlow itself.", "",
        f"**{good} of {len(scoped)} graphs in scope are right ({part}).**",
        "", *summary(entries), "", *remark_lines(entries), "", "## Groups and results", "", *by_group(entries), "",
        "Integers and bools must be equal; floats may differ by 1e-4 + 1e-4·|x| + 1e-6·max|x| (float16: by",
        "1e-4 + 2^-10·|x| + 1e-6·max|x|), with NaN and infinity in the same places.", "",
        "## Networks", "", *model_rows(entries), "",
        "## In scope and not right", "",
        *(table(["graph", "result", "reason"], [
            [f"{e['suite']}/{e['name']}", e["result"].replace("_", " "), reason_text(e)] for e in bad
        ]) if bad else ["None."]), "",
        "## Reasons, in scope", "", *reasons(scoped), "",
        "## Reasons, everywhere else", "", *reasons([e for e in entries if e["group"] != "in_scope"]), "",
        "## Unsettled graphs", "",
        *table(["graph", "why", "result"], [
            [f"{e['suite']}/{e['name']}", cell(e["why_group"]), e["result"]] for e in unsettled
        ]), "",
        "## Graphs in scope", "",
        ", ".join(f"{entry['suite']}/{entry['name']}" for entry in scoped), "",
    ]
    replace_part(path, lines[0], lines)


def replace_part(path, title, lines):
    """The page has one part a runner, each under a title of its own; the others' stay."""
    os.makedirs(os.path.dirname(path), exist_ok=True)
    parts = {}
    if os.path.exists(path):
        with open(path) as file:
            for part in re.split(r"(?m)^(?=# )", file.read()):
                if part.strip():
                    parts[part.split("\n", 1)[0]] = part.rstrip("\n") + "\n"
    parts[title] = "\n".join(lines).rstrip("\n") + "\n"
    with open(path, "w") as file:
        file.write("\n".join(parts.values()))


def console(entries, detailed):
    lines = []
    for entry in entries:
        if detailed or entry["suite"] == "models" or entry["result"] == "crashed":
            largest = entry.get("largest_difference")
            lines.append(f"{entry['suite']}/{entry['name']}: {entry['group']}, {entry['result']}"
                         + (f", {entry['tflite_operators']} operators" if entry.get("tflite_operators") else "")
                         + (f", largest difference {largest:.3g}" if largest is not None else ""))
            lines += [f"    {r['code']} {r['message']}".rstrip() for r in entry["reasons"]]
            lines += ["    " + remark for remark in entry["remarks"]]
    lines += ["", *by_group(entries), "", *summary(entries), *remark_lines(entries)]
    return "\n".join(lines)
