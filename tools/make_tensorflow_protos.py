#!/usr/bin/env python3
"""Write src/import/graphdef/tensorflow.proto from facts/tensorflow_protos.json.

Names and numbers are TensorFlow's, so both its binary and its text format can be read.
`tensorflow.` becomes `toucanet.tf`. What ROOTS do not reach is left out.
"""
import json
import os
import pathlib
import re

ROOT = pathlib.Path(__file__).resolve().parent.parent
SHARED = ROOT / os.environ.get("TOUCANET_SHARED", "../shared")
TARGET = ROOT / "src/import/graphdef/tensorflow.proto"

IMPORTS = {
    "google.protobuf.Any": "google/protobuf/any.proto",
    "google.protobuf.BoolValue": "google/protobuf/wrappers.proto",
}
ROOTS = [
    "SavedModel",  # MetaGraphDef, GraphDef, FunctionDefLibrary, SaverDef, SavedObjectGraph
    "BundleHeaderProto", "BundleEntryProto", "TrackableObjectGraph", "CheckpointState",
    "VariableDef",  # the bytes of MetaGraphDef's collection "variables"
    "Example",
]
UNPACKABLE = {"string", "bytes"}


class Writer:
    def __init__(self, facts):
        reached, queue = set(), [f"tensorflow.{root}" for root in ROOTS]
        while queue:
            name = queue.pop()
            if name not in reached:
                reached.add(name)
                fields = facts["messages"].get(name, {"fields": []})["fields"]
                queue += [n for f in fields for n in re.findall(r"\w+(?:\.\w+)+", f["type"])]
                queue.append(name.rpartition(".")[0])
        self.messages = {n: m for n, m in facts["messages"].items()
                         if n in reached and n.startswith("tensorflow.")}
        self.enums = {n: e for n, e in facts["enums"].items() if n in reached}
        self.imports = sorted(path for name, path in IMPORTS.items() if name in reached)

    def children(self, kind, parent):
        return [n for n in kind if n.rpartition(".")[0] == parent]

    def enum(self, name, indent):
        values = self.enums[name].items()
        return [
            f"{indent}enum {name.rpartition('.')[2]} {{",
            *(f"{indent}  {value} = {number};" for value, number in values),
            f"{indent}}}",
        ]

    def field(self, fact, indent):
        kind = re.sub(r"\btensorflow\.", "", fact["type"])
        repeated = "repeated " if fact.get("repeated") else ""
        scalar = fact.get("enum") or ("." not in fact["type"] and kind not in UNPACKABLE)
        unpacked = repeated and scalar and not fact.get("packed")
        option = " [packed = false]" if unpacked else ""
        return f"{indent}{repeated}{kind} {fact['name']} = {fact['n']}{option};"

    def message(self, name, indent=""):
        inner = indent + "  "
        lines = [f"{indent}message {name.rpartition('.')[2]} {{"]
        for child in self.children(self.enums, name):
            lines += self.enum(child, inner)
        for child in self.children(self.messages, name):
            lines += self.message(child, inner)
        choice = None
        fields = self.messages[name]["fields"]
        for fact in sorted(fields, key=lambda f: (f.get("oneof", ""), f["n"])):
            if fact.get("oneof") != choice:
                if choice:
                    lines.append(f"{inner}}}")
                choice = fact.get("oneof")
                lines.append(f"{inner}oneof {choice} {{")
            lines.append(self.field(fact, inner + "  " if choice else inner))
        if choice:
            lines.append(f"{inner}}}")
        if len(lines) == 1:
            return [lines[0] + "}"]
        return [*lines, f"{indent}}}"]

    def text(self):
        blocks = [
            ["// Written by tools/make_tensorflow_protos.py."],
            ['syntax = "proto3";'],
            ["package toucanet.tf;"],
            [f'import "{path}";' for path in self.imports],
            *(self.enum(n, "") for n in self.children(self.enums, "tensorflow")),
            *(self.message(n) for n in self.children(self.messages, "tensorflow")),
        ]
        return "\n\n".join("\n".join(block) for block in blocks) + "\n"


def main():
    facts = json.loads((SHARED / "facts/tensorflow_protos.json").read_text())
    TARGET.parent.mkdir(parents=True, exist_ok=True)
    TARGET.write_text(Writer(facts).text())


if __name__ == "__main__":
    main()
