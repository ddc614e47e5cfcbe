#!/usr/bin/env python3
"""Measures how the speed of tercet-cli grows or falls with threads, with the text already in the context and with the
batch size. Every point is one run of `tercet-cli bench`, so that each starts from a fresh load; plot.py draws the result.

    measure.py --cli build/release/bin/tercet-cli --model model.gguf --out results.json
"""

import argparse
import datetime
import json
import os
import platform
import subprocess
import sys

CONTEXT = 4096  # tokens; a run needs depth + prompt + written + 1 of them
DEPTHS = (0, 512, 1024, 2048, 3072, 3900)
BATCHES = (1, 2, 4, 8, 16, 32, 64, 128, 256, 512, 1024)
USUAL_BATCH = 512  # what the program takes by itself; given in every run, since a stored measurement would change it


def cpu_name():
    """The processor as its maker calls it."""
    try:
        with open("/proc/cpuinfo", encoding="utf-8") as file:
            for line in file:
                if line.lower().startswith("model name"):
                    return line.split(":", 1)[1].strip()
    except OSError:
        pass
    if sys.platform == "darwin":
        told = subprocess.run(["sysctl", "-n", "machdep.cpu.brand_string"], capture_output=True, text=True, check=False)
        if told.stdout.strip():
            return told.stdout.strip()
    return platform.processor() or platform.machine()


def allowed_threads():
    """Hardware threads this process may run on."""
    try:
        return len(os.sched_getaffinity(0))
    except AttributeError:  # not on a Mac
        return os.cpu_count() or 1


def plan(threads, quick):
    """(chart, options of bench) of each run, in the order of measuring."""
    def run(chart, count, batch, depth, prompt, written):
        assert depth + prompt + written + 1 <= CONTEXT
        return chart, ["-t", str(count), "-b", str(batch), "-d", str(depth), "-p", str(prompt), "-n", str(written)]

    prompt, written, after_depth, depths, batches, longest = 128, 64, 32, DEPTHS, BATCHES, 1024
    if quick:  # to see that all works, also with a model of a few kilobytes
        prompt, written, after_depth, depths, batches, longest = 16, 8, 4, (0, 16, 32), (1, 4, 16), 32
    runs = [run("threads", count, USUAL_BATCH, 0, prompt, written) for count in range(1, threads + 1)]
    runs += [run("context", threads, USUAL_BATCH, depth, prompt, after_depth) for depth in depths]
    # Small batches read as slowly as the model writes. A text of 64 batches is enough to time them; the text that lies
    # behind its tokens, which would slow them a little, is shorter then.
    runs += [run("batch", threads, batch, 0, min(longest, 64 * batch), 1) for batch in batches]
    return runs


def save(path, results):
    """Replaces the file as a whole: a run that is broken off leaves what was measured before."""
    unfinished = path + ".part"
    with open(unfinished, "w", encoding="utf-8") as file:
        json.dump(results, file, indent=1)
        file.write("\n")
    os.replace(unfinished, path)


def bench(cli, model, options, repetitions):
    """The object that one run of bench prints."""
    done = subprocess.run([cli, "bench", model, "--json", "-r", str(repetitions), *options], capture_output=True, text=True, check=False)
    if done.returncode != 0:
        raise RuntimeError(done.stderr.strip() or f"exit code {done.returncode}")
    return json.loads(done.stdout)[0]


def main():
    parser = argparse.ArgumentParser(description="Measures speed by threads, by depth in the context and by batch size.")
    parser.add_argument("--cli", required=True, metavar="PATH", help="tercet-cli of a release build")
    parser.add_argument("--model", required=True, metavar="FILE")
    parser.add_argument("--out", required=True, metavar="FILE", help="results, for plot.py")
    parser.add_argument("--threads", type=int, metavar="N", help="most threads, and those of the other two charts (default: all allowed)")
    parser.add_argument("--repetitions", type=int, metavar="R", help="of each measurement (default: 3, with --quick 1)")
    parser.add_argument("--quick", action="store_true", help="few and short runs, only to try that it works")
    chosen = parser.parse_args()
    threads = allowed_threads() if chosen.threads is None else chosen.threads
    repetitions = (1 if chosen.quick else 3) if chosen.repetitions is None else chosen.repetitions
    if threads < 1 or repetitions < 1:
        parser.error("--threads and --repetitions are at least 1")

    results = {
        "cpu": cpu_name(),
        "system": f"{platform.system()} {platform.machine()}",
        "date": datetime.datetime.now().astimezone().isoformat(timespec="seconds"),
        "model": os.path.basename(chosen.model),
        "threads": threads,
        "repetitions": repetitions,
        "quick": chosen.quick,
        "load_before": os.getloadavg()[0],  # near 0 when nothing else was at work
        "runs": [],
        "failed": [],
    }
    runs = plan(threads, chosen.quick)
    for number, (chart, options) in enumerate(runs, 1):
        print(f"[{number}/{len(runs)}] {chart}: {' '.join(options)}", flush=True)
        try:
            measured = bench(chosen.cli, chosen.model, options, repetitions)
            print(f"    reading {measured['prefill_tokens_per_s']['median']:.1f} tokens/s, "
                  f"writing {measured['decode_tokens_per_s']['median']:.1f} tokens/s", flush=True)
            results["runs"].append({"chart": chart, "options": options, "bench": measured})
        except FileNotFoundError as problem:
            sys.exit(str(problem))
        except (RuntimeError, ValueError, LookupError, TypeError) as problem:
            results["failed"].append({"chart": chart, "options": options, "problem": str(problem)})
            print(f"    failed: {problem}", file=sys.stderr, flush=True)
        save(chosen.out, results)
    return 1 if results["failed"] else 0


if __name__ == "__main__":
    sys.exit(main())
