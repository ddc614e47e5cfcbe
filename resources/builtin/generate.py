#!/usr/bin/env python3
"""Makes conversations from the data files.

  generate.py --check [FILE...]   syntax, unknown labels, questions that belong to two intents
  generate.py --show [N]          N random conversations, as the training sees them
  generate.py --statistics        how much data there is
"""
import argparse
import random
import re
import sys
import typing
import unicodedata

from grammar import Data, DataError, LANGUAGES

ASKING = {
    "en": r"(how|what|whats|what's|why|where|when|which|who|can|could|is|are|am|does|do|did|will|would|should|may|has|have)\b",
    "es": r"(cómo|qué|por qué|dónde|cuándo|cuál|cuáles|quién|quiénes|cuánto|cuánta|cuántos|cuántas|puedo|puede|puedes|podría|podrías|se puede|"
          r"es|eres|son|hay|tiene|tienes|sabes|existe|funciona|a qué|de qué|en qué|para qué|con qué)\b",
}
BEFORE = {"en": ("hello, ", "hi, ", "hey ", "hi! ", "ok, ", "please, ", "so ", "sorry, ", "one question: ", "tell me, ", "well, ", "and "),
          "es": ("hola, ", "buenas, ", "oye, ", "hola! ", "vale, ", "por favor, ", "perdona, ", "una pregunta: ", "dime, ", "bueno, ", "y ", "disculpa, ")}
BEHIND = {"en": (" please", ", please", ", thanks", " thank you", " in tercet", " here", " now"),
          "es": (" por favor", ", por favor", ", gracias", " en tercet", " aquí", " ahora")}
NEIGHBOURS = {"a": "sq", "e": "wr", "i": "uo", "o": "ip", "u": "yi", "t": "ry", "n": "bm", "s": "ad", "r": "et", "l": "k", "c": "xv", "d": "sf", "m": "n"}


def without_accents(text):
    return "".join(c for c in unicodedata.normalize("NFD", text) if c not in "\u0301\u0308")


def with_typo(text, rng):
    """One slip of the finger in one of the longer words."""
    places = [match for match in re.finditer(r"[a-záéíóúñü]{4,}", text)]
    if not places:
        return text
    match = rng.choice(places)
    at = rng.randrange(match.start() + 1, match.end() - 1)
    kind = rng.randrange(4)
    if kind == 0:
        return text[:at] + text[at + 1:]
    if kind == 1:
        return text[:at] + text[at + 1] + text[at] + text[at + 2:]
    if kind == 2:
        return text[:at] + text[at] + text[at:]
    return text[:at] + rng.choice(NEIGHBOURS.get(text[at], text[at])) + text[at + 1:]


def as_people_type(text, language, rng, follow_up=False):
    """Capitals, question marks, politeness, slips and missing accents."""
    asks = re.match(ASKING[language], text) is not None
    if not follow_up and len(text) > 12 and rng.random() < 0.08:
        text = rng.choice(BEFORE[language]) + text
    if len(text) > 12 and rng.random() < 0.07:
        text += rng.choice(BEHIND[language])
    if rng.random() < 0.13:
        text = with_typo(text, rng)
    if language == "es" and rng.random() < 0.35:
        text = without_accents(text)
    if language == "en" and rng.random() < 0.2:
        text = text.replace("'", "")
    if language == "en" and rng.random() < 0.6:
        text = re.sub(r"\bi\b", "I", text)
    style = rng.random()
    if style < 0.03:
        text = text.upper()
    elif style < 0.62:
        text = text[:1].upper() + text[1:]
    if rng.random() < 0.25:
        text = text.lower()
    end = rng.random()
    if asks and end < 0.7:
        text = ("¿" if language == "es" and rng.random() < 0.5 else "") + text + ("??" if end < 0.02 else "?")
    elif not asks and end < 0.25:
        text += "."
    elif not asks and end < 0.3:
        text += "!" if end < 0.28 else "?"
    elif end > 0.97:
        text += " "
    return text.strip()


def numbers_of(data):
    """(intent id, language) -> the number that stands for it, in order."""
    return {key: number for number, key in enumerate((i.id, language) for i in data.intents.values() for language in LANGUAGES)}


class Meaning(typing.NamedTuple):
    """What a question asks: the number of its intent and language, and of the value or the two values that its answer depends on, such as a
    country or the numbers of a sum; -1: none."""
    intent: int
    value: int = -1
    second: int = -1


class Conversations:
    """An endless stream of conversations: [(question, answer, Meaning), ...] of one language, mostly short."""

    def __init__(self, data, seed, weight=lambda intent: 1.0):
        self.data, self.rng = data, random.Random(seed)
        self.first = {language: [i for i in data.intents.values() if i.after is None and i.questions[language]] for language in LANGUAGES}
        self.weights = {language: [weight(i) for i in self.first[language]] for language in LANGUAGES}
        self.numbers, self.values = numbers_of(data), data.all_values()
        self.follow_ups = {}
        for intent in data.intents.values():
            if intent.after is not None:
                self.follow_ups.setdefault(intent.after.id, []).append(intent)
        self.with_follow_ups = [i for i in data.intents.values() if i.id in self.follow_ups]

    def turn(self, intent, language):
        plain, chosen = self.data.question(intent, language, self.rng)
        answer = self.data.answer_text(self.rng.choice(intent.answers[language]), language, chosen)
        values = [self.values[value] for value in self.data.values(intent, language, chosen)]
        return as_people_type(plain, language, self.rng, intent.after is not None), answer, Meaning(self.numbers[intent.id, language], *values)

    def first_turn(self, language):
        """A turn that a conversation can begin with."""
        return self.turn(self.rng.choices(self.first[language], self.weights[language])[0], language)

    def pair(self, language):
        """Two turns, the second mostly a follow-up of the first one."""
        if self.rng.random() < 0.7:
            intent = self.rng.choice(self.with_follow_ups)
            found = [i for i in self.follow_ups[intent.id] if i.questions[language]]
            if found and intent.questions[language]:
                return [self.turn(intent, language), self.turn(self.rng.choice(found), language)]
        return [self.first_turn(language), self.first_turn(language)]

    def some(self, pairs):
        """One turn, or two in a share `pairs` of the calls."""
        language = self.rng.choice(LANGUAGES)
        return self.pair(language) if self.rng.random() < pairs else [self.first_turn(language)]

    def next(self):
        """A conversation."""
        rng, turns = self.rng, []
        language = rng.choice(LANGUAGES)
        length = rng.choice((1, 1, 1, 2, 2, 3, 4))
        while len(turns) < length:
            if turns and rng.random() < 0.04:
                language = "es" if language == "en" else "en"
            turns += self.pair(language) if length > 1 and rng.random() < 0.4 else [self.first_turn(language)]
        return turns


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--check", nargs="*", metavar="FILE")
    parser.add_argument("--show", nargs="?", type=int, const=10, metavar="N")
    parser.add_argument("--statistics", action="store_true")
    parser.add_argument("--seed", type=int, default=1)
    arguments = parser.parse_args()
    try:
        data = Data(arguments.check or None)
    except DataError as error:
        sys.exit(str(error))
    if arguments.check is not None:
        problems = data.check()
        print("\n".join(problems) or "nothing to complain about")
        if problems:
            sys.exit(1)
    if arguments.statistics or arguments.check is not None:
        kinds = {"first": 0, "follow-up": 0, "out of field": 0}
        for intent in data.intents.values():
            kinds["out of field" if intent.out_of_field else "follow-up" if intent.after else "first"] += 1
        topics = {intent.topic for intent in data.intents.values()}
        lines = sum(len(intent.questions[language]) for intent in data.intents.values() for language in LANGUAGES)
        print(f"{len(topics)} topics; intents: {kinds}; {lines} question lines; {data.count_pairs()} different questions before slots and typing")
    if arguments.show:
        stream = Conversations(data, arguments.seed)
        for _ in range(arguments.show):
            for question, answer, _ in stream.next():
                print(f"> {question}\n{answer}\n")
            print("---")


if __name__ == "__main__":
    main()
