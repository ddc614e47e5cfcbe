#!/usr/bin/env python3
"""Asks the built-in model the held-out questions, through tercet-cli, and judges the answers.

An answer is right when it is closer to an answer of the asked intent than to any other and nearly the same as it (or, for a task such
as a sum, says what has to be in it and nothing else of the kind). A refusal is right when it is closest to a refusal, of whatever field.
Broken off are answers that the model did not end itself; loops repeat a part of four words or more three times in a row.
"""
import argparse
import collections
import concurrent.futures
import difflib
import json
import pathlib
import re
import subprocess
import sys

from grammar import Data, DataError, FOLDER, LANGUAGES

NEARLY_THE_SAME = 0.8  # of the words, in order
LONGEST = 300          # tokens


def read_held_out(path, data):
    """[(intent id, language, question, what has to be in the answer)]"""
    questions, intent = [], None
    for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
        line = line.strip()
        if line.startswith("## "):
            intent = line[3:].strip()
            if intent != "beyond" and intent not in data.intents:
                raise DataError(f"{path.name}:{number}: there is no intent {intent}")
        elif line:
            match = re.fullmatch(r"(en|es)\? +(.*?)(?: +=> +(.*))?", line)
            if not match or intent is None:
                raise DataError(f"{path.name}:{number}: not a question: {line}")
            questions.append((intent, match[1], match[2], match[3]))
    return questions


def words(text):
    return re.findall(r"\w+|[-+−=]", text.lower())


def similarity(first, second):
    return difflib.SequenceMatcher(None, first, second, autojunk=False).ratio()


class Judge:
    def __init__(self, data):
        self.answers = {language: [] for language in LANGUAGES}  # (intent, words before and after slots)
        for intent in data.intents.values():
            for language in LANGUAGES:
                for text in data.answers_of(intent, language):
                    self.answers[language].append((intent, words(re.sub(r"<[a-z0-9_]+=?>", "", text)), bool(re.search(r"<[a-z0-9_]+=?>", text))))

    def closest(self, reply, language):
        """(similarity, intent, whether it has slots) of the best answers, best first."""
        said, bag = words(reply), collections.Counter(words(reply))
        rough = sorted(self.answers[language], key=lambda a: -2 * sum((bag & collections.Counter(a[1])).values()) / (len(said) + len(a[1]) + 1))[:12]
        return sorted(((similarity(said, answer), intent, slots) for intent, answer, slots in rough), key=lambda best: -best[0])

    def right(self, reply, intent_id, language, wanted):
        best = self.closest(reply, language)
        if intent_id == "beyond":
            return best[0][1].out_of_field
        if wanted:
            return contains(reply, wanted) and any(intent.id == intent_id for score, intent, _ in best[:4])
        top = best[0][0]
        if top < NEARLY_THE_SAME and not best[0][2]:
            return False
        return any(intent.id == intent_id for score, intent, _ in best if score >= top - 1e-9)


def contains(reply, wanted):
    return re.search(r"(?<!\w)" + re.escape(wanted.lower()) + r"(?!\w)", reply.lower()) is not None


def loops(reply):
    said = words(reply)
    return any(said[i:i + n] == said[i + n:i + 2 * n] == said[i + 2 * n:i + 3 * n] for n in range(4, 20) for i in range(len(said) - 3 * n + 1))


def ask(arguments, lines):
    """The answers to the lines of one conversation."""
    command = [arguments.cli, "chat", arguments.model, "--threads", "1", "--temperature", str(arguments.temperature), "--seed", "1",
               "-n", str(LONGEST), "--json"]
    done = subprocess.run(command, input="\n".join(lines) + "\n", capture_output=True, text=True, check=True)
    return [json.loads(line) for line in done.stdout.splitlines()]


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--cli", default=str(FOLDER.parents[1] / "build/release/bin/tercet-cli"))
    parser.add_argument("--model", default="builtin")
    parser.add_argument("--temperature", type=float, default=0.0, help="0 (default): always the likeliest token")
    parser.add_argument("--wrong", action="store_true", help="show every wrong answer")
    parser.add_argument("--samples", type=int, default=0, metavar="N", help="show N conversations, drawn evenly from the held-out questions")
    arguments = parser.parse_args()
    data = Data()
    judge = Judge(data)
    questions = [q for path in sorted(FOLDER.glob("held_out/*.txt")) for q in read_held_out(path, data)]

    # A follow-up is asked after a held-out question of the intent it follows.
    by_intent = collections.defaultdict(list)
    for intent, language, text, _ in questions:
        by_intent[intent, language].append(text)
    conversations = []
    for intent, language, text, _ in questions:
        before, parent = [], intent != "beyond" and data.intents[intent].after
        if parent and by_intent[parent.id, language]:
            before = [by_intent[parent.id, language][0]]
        conversations.append(before + [text])
    with concurrent.futures.ThreadPoolExecutor(2) as pool:
        replies = list(pool.map(lambda lines: ask(arguments, lines), conversations))

    results = collections.defaultdict(lambda: [0, 0])
    broken = looped = 0
    sample_every = max(1, len(questions) // arguments.samples) if arguments.samples else 0
    for number, ((intent, language, text, wanted), lines, answers) in enumerate(zip(questions, conversations, replies)):
        last = answers[-1]
        good = len(answers) == len(lines) and judge.right(last["text"], intent, language, wanted)
        kinds = ["out of field"] if intent == "beyond" else ["follow-ups" if data.intents[intent].after else "first questions", "all in the field"]
        for kind in kinds:
            results[kind, language][0] += good
            results[kind, language][1] += 1
        broken += last["stop_reason"] != "end_of_turn"
        looped += loops(last["text"])
        if (arguments.wrong and not good) or (sample_every and number % sample_every == 0):
            print(f"[{'right' if good else 'WRONG'}] {intent} ({language})")
            for line, answer in zip(lines, answers):
                print(f"> {line}\n{answer['text']}\n")
    for (kind, language), (good, count) in sorted(results.items()):
        print(f"{kind}, {language}: {good} of {count} right, {100 * good / count:.1f} %")
    print(f"{len(questions)} answers: {broken} broken off, {looped} looping")


if __name__ == "__main__":
    try:
        main()
    except (DataError, subprocess.CalledProcessError) as error:
        sys.exit(getattr(error, "stderr", "") or str(error))
