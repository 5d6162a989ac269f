#!/usr/bin/env python3
"""Writes doc/transformations.md from src/rewrites and tools/toco_defects.txt. With --check: exit code 1 if it is not up to date."""
import pathlib
import re
import sys

ROOT = pathlib.Path(__file__).resolve().parents[1]
PAGE = ROOT / "doc" / "transformations.md"
STAGES = {
    "Clean": "Noise of the source goes away: identities, dropout, activations that do nothing.",
    "Lower": "What TensorFlow Lite lacks is expressed by what it has, and what it has is recognised in what expresses it.",
    "Fuse": "Fewer and larger operators: constants go into filters and biases, activations into producers, movements together.",
    "Export": "The last stage, after every operator is one that TensorFlow Lite takes.",
}


def field(source, name):
    m = re.search(rf"^\s*\.{name} = ((?:\"(?:[^\"\\]|\\.)*\"\s*)+),", source, re.M)
    return "".join(re.findall(r'"((?:[^"\\]|\\.)*)"', m[1])) if m else ""


def cases(path):
    """[(name, {"before": text, "after": text, "unchanged": reason})] of a file of cases."""
    found, text = [], None
    for line in path.read_text().splitlines():
        if line.startswith("case "):
            found.append((line[5:], {}))
            text = None
        elif line.startswith(" "):
            if text:
                found[-1][1][text] = found[-1][1].get(text, "") + line[2:] + "\n"
        elif line and not line.startswith("#"):
            text = line if line in ("before", "after") else None
            if line.startswith("unchanged"):
                found[-1][1]["unchanged"] = line[len("unchanged because ") :]
    return found


def rewrites():
    for folder in sorted((ROOT / "src" / "rewrites").iterdir()):
        if folder.is_dir():
            source = (folder / f"{folder.name}.cpp").read_text()
            definition = source[source.index("constinit const Rewrite ") :]
            stage = re.search(r"\.stage = Stage::(\w+)", definition)
            assert stage and field(definition, "name") == folder.name, folder
            yield folder.name, stage[1], {k: field(definition, k) for k in ("summary", "mathematics", "toco")}, cases(folder / f"{folder.name}.cases")


def defects(known):
    for line in (ROOT / "tools" / "toco_defects.txt").read_text().splitlines():
        if not line or line.startswith("#"):
            continue
        transformation, wrong, place, case = (c.strip() for c in line.split("|"))
        if place == "-":
            yield transformation, wrong, f"none yet: {case}"
        elif place in known:
            assert case in known[place], f"toco_defects.txt: {place} has no case '{case}'"
            yield transformation, wrong, f"[{place}](#{place}): {case}"
        else:
            file = ROOT / "src" / "ops" / place / f"{place}.cases"
            assert case in dict(cases(file)), f"toco_defects.txt: {place} has no case '{case}'"
            yield transformation, wrong, f"[{place}](../src/ops/{place}/{place}.cases): {case}"


def page():
    every = list(rewrites())
    out = [
        "# Transformations\n",
        "Made from `src/rewrites` by `make docs`; do not edit. "
        f"{len(every)} rewrites with {sum(len(c) for *_, c in every)} cases. Each is a folder; its first case stands here, the others, and why a",
        "rewrite does *not* apply, in the file of cases beside it. The text form is that of `--dump-ir`; a constant without values",
        "stands for any values. `--disable NAME` leaves a rewrite out, `toucanet explain` tells where each applied.\n",
        "Between rewrites, operators on constants are evaluated (`fold_constants`), equal operators are merged (`merge_duplicates`) and",
        "dead ones removed. Inside a stage rewrites run until none applies.\n",
    ]
    for stage in STAGES:
        out += [f"- **{stage.lower()}**: " + ", ".join(f"[{n}](#{n})" for n, s, *_ in every if s == stage)]
    for stage, about in STAGES.items():
        out += [f"\n# Stage {stage.lower()}\n", about]
        for name, s, fields, own in every:
            if s != stage:
                continue
            out += [f"\n## {name}\n", f"{fields['summary'][0].upper()}{fields['summary'][1:]}.\n"]
            if fields["mathematics"]:
                out += [f"Because: {fields['mathematics']}.\n"]
            if fields["toco"]:
                out += [f"In TOCO: {fields['toco']}.\n"]
            first = next((c for c in own if "after" in c[1]), own[0])
            out += [f"Case \"{first[0]}\", one of [{len(own)}](../src/rewrites/{name}/{name}.cases):\n", "```"]
            after = first[1].get("after") or f"unchanged: {first[1]['unchanged']}\n"
            out += [first[1]["before"] + "→\n" + after + "```"]
    assert {s for _, s, *_ in every} <= set(STAGES)
    out += [
        "\n# Defects of TOCO and the cases that would show them\n",
        "TOCO was TensorFlow Lite's converter in the time of TensorFlow 1. What is known to have gone wrong in it is a case here.\n",
        "| TOCO's transformation | what went wrong | case here |\n|---|---|---|",
    ]
    known = {n: dict(own) for n, _, _, own in every}
    out += [f"| {t} | {w} | {c} |" for t, w, c in defects(known)]
    return "\n".join(out) + "\n"


def main():
    text = page()
    if "--check" in sys.argv[1:]:
        if not PAGE.exists() or PAGE.read_text() != text:
            sys.exit("doc/transformations.md is not up to date; run: make docs")
    else:
        PAGE.write_text(text)


if __name__ == "__main__":
    main()
