"""Seeds for the fuzzers from the project's own files: recorded graphs, case texts, and their conversions where a build is there."""
import base64
import json
import pathlib
import subprocess
import sys

ROOT = pathlib.Path(__file__).resolve().parents[2]
OUT = pathlib.Path(sys.argv[1])


def main() -> None:
    for kind in ("graphdef", "tflite", "text"):
        (OUT / kind).mkdir(parents=True, exist_ok=True)
    converter = next((p for p in (ROOT / ".venv/bin/toucanet", ROOT / "build/release/toucanet") if p.exists()), None)
    for file in sorted((ROOT / "tests/oracle/goldens").glob("*.jsonl")):
        for i, line in enumerate(file.read_text().splitlines()):
            case = json.loads(line)
            graph = OUT / "graphdef" / f"{file.stem}{i}.pb"
            graph.write_bytes(base64.b64decode(case["graph"]))
            model = OUT / "tflite" / f"{file.stem}{i}.tflite"
            if converter and i % 4 == 0 and not model.exists():
                subprocess.run([converter, "convert", graph, "-o", model, "--no-verify", "--quiet"], stderr=subprocess.DEVNULL, check=False)
    for file in sorted((ROOT / "src").glob("*/*/*.cases")):
        text = ""
        for i, line in enumerate(file.read_text().splitlines() + ["case end"]):
            if line.startswith(" "):
                text += line + "\n"
            elif text:
                (OUT / "text" / f"{file.stem}{i}.txt").write_text(text)
                text = ""


if __name__ == "__main__":
    main()
