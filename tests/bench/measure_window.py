#!/usr/bin/env python3
"""Measures the window with the built-in model: how long it takes to be drawn, the memory it holds and the processor time it
takes while nobody touches it. On Linux, on an X server (Xvfb will do), with the program that was built as a release.

    measure_window.py build/release/bin/tercet [--messages 1000] [--conversations 0 ...] [--starts 5]

--conversations makes that many others beside the open one, of 100 short messages each; several numbers are compared.
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


def start_in_turn(tercet, data_dirs, starts):
    """Prints for each directory how long the program takes to its first frame there. In turn, as the machine is now quicker,
    now slower."""
    times = [[] for _ in data_dirs]
    for _ in range(starts):
        for data_dir, into in zip(data_dirs.values(), times):
            program, seconds = start(tercet, data_dir)
            into.append(seconds)
            end(program)
    for what, each in zip(data_dirs, times):
        print(f"{what}: start to first frame: median {statistics.median(each):.2f} s of {starts}, quickest {min(each):.2f} s")


def watch(tercet, what, data_dir):
    """Prints the memory the program holds there, and the processor time it takes while nobody touches it."""
    program, _ = start(tercet, data_dir)
    time.sleep(REST_S)
    print(f"{what}: {status_mib(program, 'VmRSS'):.0f} MiB resident, of it {status_mib(program, 'RssAnon'):.0f} MiB its own")
    before = ticks(program)
    time.sleep(WATCH_S)
    spent = (ticks(program) - before) / TICKS_PER_S
    print(f"{what}: at rest {spent:.2f} s of processor time in {WATCH_S:.0f} s, {100 * spent / WATCH_S:.1f} % of a core")
    end(program)


def end(program):
    program.terminate()
    program.wait()


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("tercet")
    parser.add_argument("--messages", type=int, default=1000)
    parser.add_argument("--conversations", type=int, nargs="+", default=[0])
    parser.add_argument("--starts", type=int, default=5)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as top:
        data_dirs = {"without a chat": os.path.join(top, "empty")}
        os.mkdir(data_dirs["without a chat"])
        for conversations in options.conversations:
            data_dir = os.path.join(top, str(conversations))
            os.mkdir(data_dir)
            make_history(data_dir, options.messages, conversations)
            end(start(options.tercet, data_dir)[0])  # the file is of the first version: this start brings it up to date
            data_dirs[f"with a chat of {options.messages} messages, and {conversations} others"] = data_dir
        start_in_turn(options.tercet, data_dirs, options.starts)
        for what, data_dir in data_dirs.items():
            watch(options.tercet, what, data_dir)


if __name__ == "__main__":
    main()
