#!/usr/bin/env python3
"""Measures the window with the built-in model: how long it takes to be drawn, the memory it holds and the processor time it
takes while nobody touches it. On Linux, on an X server (Xvfb will do), with the program that was built as a release.

    measure_window.py build/release/bin/tercet [--messages 1000] [--conversations 0] [--starts 5]

--conversations makes that many others beside the open one, of 100 short messages each.
"""

import argparse
import os
import pathlib
import sqlite3
import statistics
import subprocess
import tempfile
import threading
import time

SCHEMA = pathlib.Path(__file__).parents[2] / "resources/history/1.sql"
REST_S = 15.0  # the text cursor blinks for the first ten seconds
WATCH_S = 10.0
TICKS_PER_S = os.sysconf("SC_CLK_TCK")
OTHER_MESSAGES = 100
ANSWER = """It depends on **what you need**:

1. A first point, with some `code` in it, and a sentence that goes on until it has to wrap at the end of the column.
2. A second one.

| Case | Time |
|---|---|
| small | 1 ms |

```python
def answer(question):
    return question[::-1]  # %d
```
"""


def add_others(database, conversations):
    """Conversations that are only listed and searched."""
    first = database.execute("SELECT max(id) FROM messages").fetchone()[0] + 1
    words = "river stone cloud engine paper window garden music winter bridge".split()
    for n in range(conversations):
        conversation = database.execute(
            "INSERT INTO conversations(title, created_at, updated_at) VALUES (?, ?, ?)", (f"Chat {n} on {words[n % 10]}", n, n)
        ).lastrowid
        ids = range(first + n * OTHER_MESSAGES, first + (n + 1) * OTHER_MESSAGES)
        database.executemany(
            "INSERT INTO messages(id, conversation_id, parent_id, author, state, text, created_at, last_child)"
            " VALUES (?, ?, ?, ?, 'complete', ?, ?, ?)",
            ((i, conversation, i - 1 if i > ids[0] else None, "assistant" if (i - ids[0]) % 2 else "user",
              f"{words[i % 10]} {words[i // 10 % 10]} {i}", i, i + 1 if i < ids[-1] else None) for i in ids),
        )
        database.execute("UPDATE conversations SET leaf_id = ? WHERE id = ?", (ids[-1], conversation))


def make_history(data_dir, messages, conversations):
    """A conversation of so many messages, half of them answers; it is opened at the start."""
    database = sqlite3.connect(os.path.join(data_dir, "conversations.sqlite"))
    database.executescript(SCHEMA.read_text(encoding="utf-8"))
    database.execute("PRAGMA user_version = 1")
    database.execute("INSERT INTO conversations(title, created_at, updated_at) VALUES ('A long chat', 1, 1)")
    for n in range(messages):
        author, text = ("assistant", ANSWER % n) if n % 2 else ("user", f"Question {n}: what would you do, and why?")
        database.execute(
            "INSERT INTO messages(conversation_id, parent_id, author, state, text, created_at, last_child)"
            " VALUES (1, ?, ?, 'complete', ?, ?, ?)",
            (n or None, author, text, n + 1, n + 2 if n + 1 < messages else None),
        )
    database.execute("UPDATE conversations SET leaf_id = (SELECT max(id) FROM messages)")
    add_others(database, conversations)
    database.commit()
    database.close()
    with open(os.path.join(data_dir, "settings.ini"), "w", encoding="utf-8") as settings:
        settings.write("[chat]\nlast=1\n")


def start(tercet, data_dir):
    """The program, and the seconds until its first frame was drawn."""
    environment = dict(os.environ, QT_LOGGING_RULES="qt.scenegraph.time.renderloop=true", QT_LOGGING_TO_CONSOLE="1")
    begin = time.monotonic()
    program = subprocess.Popen([tercet, "--data-dir", data_dir], env=environment, stderr=subprocess.PIPE, text=True)
    for line in program.stderr:
        if "rame rendered" in line:
            seconds = time.monotonic() - begin
            threading.Thread(target=program.stderr.read, daemon=True).start()  # a full pipe would stop the program
            return program, seconds
    raise SystemExit("the program ended without drawing")


def status_mib(program, field):
    with open(f"/proc/{program.pid}/status", encoding="utf-8") as status:
        return next(int(line.split()[1]) for line in status if line.startswith(field + ":")) / 1024


def ticks(program):
    """Processor time so far, of the program and the system for it."""
    with open(f"/proc/{program.pid}/stat", encoding="utf-8") as stat:
        fields = stat.read().rpartition(")")[2].split()
    return int(fields[11]) + int(fields[12])


def measure(tercet, data_dir, starts):
    """Starts the program so often, and watches it after the last start. Prints a line for each figure."""
    times = []
    for remaining in reversed(range(starts)):
        program, seconds = start(tercet, data_dir)
        times.append(seconds)
        if remaining:
            program.terminate()
            program.wait()
    print(f"  start to first frame: median {statistics.median(times):.2f} s of {starts}, first {times[0]:.2f} s")
    time.sleep(REST_S)
    print(f"  memory: {status_mib(program, 'VmRSS'):.0f} MiB resident, of it {status_mib(program, 'RssAnon'):.0f} MiB its own")
    before = ticks(program)
    time.sleep(WATCH_S)
    spent = (ticks(program) - before) / TICKS_PER_S
    print(f"  at rest: {spent:.2f} s of processor time in {WATCH_S:.0f} s, {100 * spent / WATCH_S:.1f} % of a core")
    program.terminate()
    program.wait()


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("tercet")
    parser.add_argument("--messages", type=int, default=1000)
    parser.add_argument("--conversations", type=int, default=0)
    parser.add_argument("--starts", type=int, default=5)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as data_dir:
        print("without a chat")
        measure(options.tercet, data_dir, options.starts)
    with tempfile.TemporaryDirectory() as data_dir:
        make_history(data_dir, options.messages, options.conversations)
        print(f"with a chat of {options.messages} messages, and {options.conversations} others")
        program, _ = start(options.tercet, data_dir)  # the file is of the first version: this start brings it up to date
        program.terminate()
        program.wait()
        measure(options.tercet, data_dir, options.starts)


if __name__ == "__main__":
    main()
