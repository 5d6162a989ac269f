"""Writes src/import/graphdef/tf_registry.inc: the non-type attributes of the TensorFlow operators that are importable.

usage: make_tf_registry.py path/to/tf_ops.json
"""
import json
import pathlib
import re
import sys

ROOT = pathlib.Path(__file__).resolve().parents[1]
KINDS = {"string": "S", "int": "I", "float": "F", "bool": "B", "shape": "Shape", "tensor": "Tensor", "func": "Func"}


def default(kind: str, value: object) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, list):
        return "[" + ",".join(default(kind, v) for v in value) + "]"
    return value if isinstance(value, str) else json.dumps(value)


def main() -> None:
    ops = {o["op"]: o for o in json.loads(pathlib.Path(sys.argv[1]).read_text())["ops"]}
    named = set()
    for folder in ("ops", "import", "rewrites"):
        for file in (ROOT / "src" / folder).glob("**/*.*"):
            if file.suffix in (".cpp", ".h"):
                named |= set(re.findall(r'"([A-Z]\w*)"', file.read_text()))
    lines = []
    for op in sorted(named & ops.keys()):
        counts = {i.get("number_attr") for i in ops[op]["inputs"]}
        for a in ops[op]["attrs"]:
            kind = a["type"]
            if kind in ("type", "list(type)") or a["name"] in counts:
                continue
            cpp = "List" if kind.startswith("list(") else KINDS[kind]
            text = default(kind, a["default"]) if "default" in a else ""
            allowed = "," + ",".join(a["allowed"]) + "," if kind == "string" and "allowed" in a else ""
            required = "false" if "default" in a else "true"
            lines.append(f'{{"{op}", "{a["name"]}", AttrView::Kind::{cpp}, "{kind}", {required}, {json.dumps(text)}, "{allowed}"}},')
    out = ROOT / "src/import/graphdef/tf_registry.inc"
    out.write_text("// Written by tools/make_tf_registry.py: op, attribute, kind, type, required, default, allowed. Sorted by op.\n" + "\n".join(lines) + "\n")
    print(f"{out}: {len(lines)} attributes of {len(named & ops.keys())} operators")


if __name__ == "__main__":
    main()
