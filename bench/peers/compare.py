#!/usr/bin/env python3
"""Times trinity and llama.cpp on the same files, in turns, and prints the ratios.

A MODEL is the path of a GGUF file, tales (the model inside the program), or SHAPE:TYPE: random weights, which trinity
writes to a folder. llama.cpp is built for this processor by pip, from llama-cpp-python's sources, the first
time, in bench/peers/.venv.

    bench/peers/compare.py tales bitnet2b:tq2_0 model.gguf
"""

import argparse
import json
import os
import statistics
import subprocess
import sys
import tempfile
import venv

here = os.path.dirname(os.path.abspath(__file__))
root = os.path.dirname(os.path.dirname(here))
environment = os.path.join(here, ".venv")


def main():
    arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    arguments.add_argument("model", nargs="+")
    arguments.add_argument("-p", type=int, default=512, help="tokens of the prompt (512)")
    arguments.add_argument("-n", type=int, default=128, help="tokens of the answer (128)")
    arguments.add_argument("-r", type=int, default=3, help="rounds, in each of which both run (3)")
    arguments.add_argument("-t", type=int, default=2, help="threads (2)")
    arguments.add_argument("--trinity", help="the program (built from this repository)")
    arguments.add_argument("--python", help="one that has llama_cpp (that of bench/peers/.venv)")
    arguments.add_argument("--files", help="a folder that keeps synthetic models (a temporary one)")
    arguments.add_argument("--vocab", help="the synthetic models' vocabulary is that of a file")
    arguments.add_argument("--json", action="store_true", help="print JSON")
    a, flags = arguments.parse_known_args()  # what is unknown is for trinity bench: --batch 512

    with tempfile.TemporaryDirectory() as scratch:
        program = a.trinity or build(scratch)
        python = a.python or peer()
        results = [compare(a, m, file_of(m, program, a.files or scratch, a.vocab), program, python, flags) for m in a.model]
    if a.json:
        print(json.dumps(results))
        return
    show(results)


def build(folder):
    program = os.path.join(folder, "trinity")
    subprocess.run(["go", "build", "-o", program, "./cmd/trinity"], cwd=root, check=True, env={**os.environ, "CGO_ENABLED": "0"})
    return program


def peer():
    """The Python of an environment with llama.cpp, which is made where it is missing."""
    python = os.path.join(environment, "bin", "python")
    if not os.path.exists(python):
        venv.create(environment, with_pip=True)
    if subprocess.run([python, "-c", "import llama_cpp"], capture_output=True).returncode != 0:
        print("building llama.cpp; it takes minutes", file=sys.stderr)
        subprocess.run([python, "-m", "pip", "install", "--quiet", "--no-binary", "llama-cpp-python", "llama-cpp-python"],
                       check=True, env={**os.environ, "CMAKE_ARGS": "-DGGML_NATIVE=ON"})
    return python


def file_of(model, program, folder, vocabulary):
    """The path of a model's file."""
    if model == "tales":
        return os.path.join(root, "internal", "tales", "tales.gguf")
    if os.path.exists(model) or ":" not in model:
        return model
    path = os.path.join(folder, model.replace(":", "-") + ".gguf")
    if not os.path.exists(path):
        run([program, "bench", "--synthetic", model, "--save", path, *(["--vocab", vocabulary] if vocabulary else [])])
    return path


def compare(a, model, path, program, python, flags):
    """Both on one file, in turns, so that what else the machine does meets both."""
    size = ["-p", str(a.p), "-n", str(a.n), "-r", "1"]
    ours, theirs, about = {"prefill": [], "decode": []}, {"prefill": [], "decode": []}, {}
    for _ in range(a.r):
        report = measured([program, "bench", "--json", "--threads", str(a.t), *size, *flags, path])
        other = measured([python, os.path.join(here, "llamacpp.py"), "-t", str(a.t), *size, path])
        for test in ours:
            ours[test].append(report["models"][0][test]["tokens_per_second"])
            theirs[test] += other[test]
        about = {"type": report["models"][0]["type"], "variant": report["models"][0]["variant"], "machine": report["machine"],
                 "peer": other["peer"], "system": other["system"]}
    tests = {test: {"trinity": statistics.median(ours[test]), "peer": statistics.median(theirs[test]),
                    "ratio": statistics.median(ours[test]) / statistics.median(theirs[test])} for test in ours}
    return {"model": model, **about, "load": os.getloadavg()[0], "threads": a.t, "p": a.p, "n": a.n, "runs": a.r, **tests}


def run(command):
    done = subprocess.run(command, capture_output=True, text=True)
    if done.returncode != 0:
        sys.exit(f"{' '.join(command)}: {done.stderr.strip()}")
    return done.stdout


def measured(command):
    return json.loads(run(command))


def show(results):
    rows = [["model", "type", "variant", "test", "trinity", "llama.cpp", "ratio"]]
    for r in results:
        for test, name in (("prefill", f"pp{r['p']}"), ("decode", f"tg{r['n']}")):
            t = r[test]
            rows.append([os.path.basename(r["model"]), r["type"], r["variant"], name, f"{t['trinity']:.1f}", f"{t['peer']:.1f}", f"{t['ratio']:.2f}"])
    widths = [max(len(row[c]) for row in rows) for c in range(len(rows[0]))]
    rows.insert(1, ["-" * w for w in widths])
    for row in rows:
        print("| " + " | ".join(cell.ljust(w) for cell, w in zip(row, widths)) + " |")
    r = results[-1]
    print(f"\ntokens/s: medians of {r['runs']} rounds, {r['threads']} threads; load average {r['load']:.1f}"
          f"\n{r['peer']}: {r['system']}")


main()
