#!/usr/bin/env python3
"""Write src/export/tflite.fbs from facts/tflite_schema.json.

The position of a field in the JSON is its id, the position of a union member its tag.
"""
import json
import os
import pathlib

ROOT = pathlib.Path(__file__).resolve().parent.parent
SHARED = ROOT / os.environ.get("TOUCANET_SHARED", "../shared")
TARGET = ROOT / "src/export/tflite.fbs"


def enum(name, fact):
    """A value is written out only where it is not its predecessor plus one."""
    lines, due = [], 0
    for value, number in fact["values"].items():
        lines.append(f"  {value}," if number == due else f"  {value} = {number},")
        due = number + 1
    return [f"enum {name} : {fact['type']} {{", *lines, "}"]


def field(fact):
    default = f" = {fact['default']}" if "default" in fact else ""
    attribute = f" ({fact['attr']})" if "attr" in fact else ""
    return f"  {fact['name']}: {fact['type']}{default}{attribute};"


def table(name, fields):
    return [f"table {name} {{", *map(field, fields), "}"] if fields else [f"table {name} {{}}"]


def main():
    schema = json.loads((SHARED / "facts/tflite_schema.json").read_text())
    assert not schema["structs"], "structs are not written"
    blocks = [
        ["// Written by tools/make_tflite_schema.py."],
        ["namespace toucanet.fb;"],
        [f"file_identifier \"{schema['file_identifier']}\";",
         f"file_extension \"{schema['file_extension']}\";"],
        *(enum(name, fact) for name, fact in schema["enums"].items()),
        *([f"union {name} {{", *(f"  {member}," for member in members), "}"]
          for name, members in schema["unions"].items()),
        *(table(name, fields) for name, fields in schema["tables"].items()),
        [f"root_type {schema['root_type']};"],
    ]
    TARGET.parent.mkdir(parents=True, exist_ok=True)
    TARGET.write_text("\n\n".join("\n".join(block) for block in blocks) + "\n")


if __name__ == "__main__":
    main()
