"""The data files of the built-in model: intents with questions (as a small grammar) and answers, in English and Spanish.

README.md describes the format. Nothing here depends on PyTorch or sentencepiece.
"""
import dataclasses
import pathlib
import random
import re
import unicodedata
import xml.etree.ElementTree

LANGUAGES = ("en", "es")
FOLDER = pathlib.Path(__file__).resolve().parent
TRANSLATIONS = FOLDER.parent / "i18n" / "tercet_es.ts"


class DataError(Exception):
    """What is wrong in a data file, with its place."""


def read_labels(path=TRANSLATIONS):
    """Source text of every label of the window -> its Spanish text. Of several translations the most frequent one."""
    counts = {}
    for message in xml.etree.ElementTree.parse(path).getroot().iter("message"):
        translation = message.find("translation")
        if message.get("numerus") == "yes" or translation.get("type") in ("vanished", "obsolete"):
            continue
        of_source = counts.setdefault(message.find("source").text, {})
        of_source[translation.text] = of_source.get(translation.text, 0) + 1
    return {source: max(found, key=found.get) for source, found in counts.items()}


# ---- one line of the grammar -------------------------------------------------------------------------------------------------
# A pattern is a list of parts: a string, ("any", [pattern, ...]) or ("slot", name).

_TOKEN = re.compile(r"[()\[\]|]|<[a-z0-9_]+>|[^()\[\]|<]+|<")


def parse_pattern(text):
    tokens = _TOKEN.findall(text)
    position = 0

    def choice(closing):
        nonlocal position
        alternatives, parts = [], []
        while True:
            if position == len(tokens):
                if closing:
                    raise DataError(f"'{closing}' is missing in: {text}")
                break
            token = tokens[position]
            position += 1
            if token == closing:
                break
            if token in ")]":
                raise DataError(f"'{token}' closes nothing in: {text}")
            if token == "|":
                alternatives.append(parts)
                parts = []
            elif token == "(":
                parts.append(("any", choice(")")))
            elif token == "[":
                parts.append(("any", choice("]") + [[]]))
            elif re.fullmatch(r"<[a-z0-9_]+>", token):
                parts.append(("slot", token[1:-1]))
            else:
                parts.append(token)
        alternatives.append(parts)
        return alternatives

    alternatives = choice("")
    return alternatives[0] if len(alternatives) == 1 else [("any", alternatives)]


def slots_of(pattern):
    for part in pattern:
        if isinstance(part, tuple):
            if part[0] == "slot":
                yield part[1]
            else:
                for alternative in part[1]:
                    yield from slots_of(alternative)


def count_expansions(pattern, slot_size):
    total = 1
    for part in pattern:
        if isinstance(part, tuple):
            total *= slot_size(part[1]) if part[0] == "slot" else sum(count_expansions(a, slot_size) for a in part[1])
    return total


def expand(pattern, rng, slot):
    """One random text of a pattern; slot(name) gives the text of a slot."""
    out = []
    for part in pattern:
        if isinstance(part, str):
            out.append(part)
        elif part[0] == "slot":
            out.append(slot(part[1]))
        else:
            out.append(expand(rng.choice(part[1]), rng, slot))
    return "".join(out)


def all_expansions(pattern):
    """Every text of a pattern, with "<slot>" for a slot."""
    texts = [""]
    for part in pattern:
        if isinstance(part, str):
            ends = [part]
        elif part[0] == "slot":
            ends = [f"<{part[1]}>"]
        else:
            ends = [text for alternative in part[1] for text in all_expansions(alternative)]
        texts = [text + end for text in texts for end in ends]
    return texts


_SLOT_IN_ANSWER = re.compile(r"<([a-z0-9_]+)=?>")


def tidy(text):
    return re.sub(r" {2,}", " ", text).strip()


def comparable(text):
    """Without capitals, accents and punctuation."""
    letters = (c for c in unicodedata.normalize("NFD", text.lower()) if not unicodedata.combining(c))
    return " ".join(re.findall(r"\w+|[-+*]", "".join(letters)))


# ---- files -------------------------------------------------------------------------------------------------------------------

@dataclasses.dataclass
class Intent:
    id: str
    topic: str
    place: str
    after: "Intent | None" = None                    # a follow-up makes sense only right after this one
    questions: dict = dataclasses.field(default_factory=lambda: {language: [] for language in LANGUAGES})
    answers: dict = dataclasses.field(default_factory=lambda: {language: [] for language in LANGUAGES})

    @property
    def out_of_field(self):
        return self.id.startswith("beyond.")


class Data:
    """All intents of a set of files, and their slots: name -> language -> [(question side, answer side)]."""

    def __init__(self, paths=None, labels=None):
        self.labels = read_labels() if labels is None else labels
        self.used_labels = set()
        self.intents = {}
        self.slots = arithmetic_slots()
        for path in sorted(FOLDER.glob("data/*.txt")) if paths is None else paths:
            self._read(pathlib.Path(path))

    def _read(self, path):
        topic, intent, parent = "", None, None
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
            place, line = f"{path.name}:{number}", line.strip()
            try:
                if not line or line.startswith("//"):
                    continue
                if line.startswith("### ") or line.startswith("## "):
                    name = line.lstrip("#").strip()
                    if not re.fullmatch(r"[a-z0-9_.]+", name) or name in self.intents:
                        raise DataError(f"'{name}' is not a name or stands twice")
                    follow_up = line.startswith("### ")
                    if follow_up and parent is None:
                        raise DataError("a follow-up of nothing")
                    intent = Intent(name, topic, place, parent if follow_up else None)
                    self.intents[name] = intent
                    if not follow_up:
                        parent = intent
                elif line.startswith("# "):
                    topic, intent, parent = line[2:].strip(), None, None
                elif line.startswith("@"):
                    self._read_slot(line)
                else:
                    self._read_line(line, intent)
            except DataError as error:
                raise DataError(f"{place}: {error}") from None

    def _read_slot(self, line):
        match = re.fullmatch(r"@([a-z0-9_]+) (en|es): *(.*)", line)
        if not match:
            raise DataError(f"not a slot: {line}")
        name, language, values = match.groups()
        pairs = [tuple(side.strip() for side in value.split("=", 1)) for value in values.split("|") if value.strip()]
        entries = self.slots.setdefault(name, {}).setdefault(language, [])
        entries.extend(pair if len(pair) == 2 else (pair[0], pair[0]) for pair in pairs)

    def _read_line(self, line, intent):
        match = re.fullmatch(r"(en|es)([?>]) +(.*)", line)
        if not match:
            raise DataError(f"not a statement: {line}")
        if intent is None:
            raise DataError("no intent yet")
        language, kind, text = match.groups()
        if kind == "?":
            pattern = parse_pattern(text)
            for name in slots_of(pattern):
                if language not in self.slots.get(name, {}):
                    raise DataError(f"there is no slot <{name}> in '{language}'")
            intent.questions[language].append(pattern)
        else:
            for label in re.findall(r"\{([^{}]+)\}", text.replace("{{", "").replace("}}", "")):
                if label not in self.labels:
                    raise DataError(f"the window has no label '{label}'")
                self.used_labels.add(label)
            for name in re.findall(r"<([a-z0-9_]+)=?>", text):
                if language not in self.slots.get(name, {}):
                    raise DataError(f"there is no slot <{name}> in '{language}'")
            intent.answers[language].append(text)

    def check(self):
        """Problems that single lines don't show."""
        problems = []
        for intent in self.intents.values():
            for language in LANGUAGES:
                if bool(intent.questions[language]) != bool(intent.answers[language]):
                    problems.append(f"{intent.place}: {intent.id} has only questions or only answers in '{language}'")
            if not any(intent.answers.values()):
                problems.append(f"{intent.place}: {intent.id} is empty")
        seen = {}
        rng = random.Random(1)
        for intent in self.intents.values():
            for language in LANGUAGES:
                for pattern in intent.questions[language]:
                    for _ in range(60):
                        text = tidy(expand(pattern, rng, lambda name: rng.choice(self.slots[name][language])[0]))
                        if re.match(r"[¿¡]", text) or re.search(r"[?!]$", text):
                            problems.append(f"{intent.id}: punctuation in '{text}'")
                        key = (language, intent.after.id if intent.after else "", text)
                        other = seen.setdefault(key, intent.id)
                        if other != intent.id:
                            problems.append(f"'{text}' asks both {other} and {intent.id}")
        return list(dict.fromkeys(problems))

    # ---- texts ----

    def label_text(self, label, language):
        return "**" + (label if language == "en" else self.labels[label]) + "**"

    def answer_text(self, template, language, chosen=None):
        """The answer as the model is to write it. `chosen`: slot name -> (question side, answer side)."""
        text = template.replace("\\n", "\n").replace("{{", "\0").replace("}}", "\1")
        text = re.sub(r"\{([^{}]+)\}", lambda match: self.label_text(match[1], language), text)
        text = text.replace("\0", "{{").replace("\1", "}}")
        for name, (left, right) in (chosen or {}).items():
            text = text.replace(f"<{name}=>", right).replace(f"<{name}>", left)
        return text[:1].upper() + text[1:]

    def answers_of(self, intent, language):
        return [self.answer_text(template, language) for template in intent.answers[language]]

    def filled_answers(self, intent, language):
        """Every answer with a slot, once for each of the slot's values."""
        for template in intent.answers[language]:
            for name in dict.fromkeys(_SLOT_IN_ANSWER.findall(template)):
                for pair in self.slots[name][language]:
                    yield self.answer_text(template, language, {name: pair})

    def values(self, intent, language, chosen):
        """What an answer to a question with these slots depends on: [(kind, value)], of a sum its two numbers, else the slot; often nothing."""
        found = []
        for name in dict.fromkeys(_SLOT_IN_ANSWER.findall("".join(intent.answers[language]))):
            if name in chosen:
                text = chosen[name][0]
                found += list(zip(("first number", "second number"), re.findall(r"[0-9]+", text))) if name in ARITHMETIC else [(name, text)]
        return found

    def all_values(self):
        """(kind, value) -> its number, in order."""
        values = {}
        for intent in self.intents.values():
            for language in LANGUAGES:
                for name in dict.fromkeys(_SLOT_IN_ANSWER.findall("".join(intent.answers[language]))):
                    for pair in self.slots[name][language]:
                        for value in self.values(intent, language, {name: pair}):
                            values.setdefault(value, len(values))
        return values

    def question(self, intent, language, rng):
        """A random plain question and the slots that were chosen for it."""
        chosen = {}

        def slot(name):
            if name not in chosen:
                chosen[name] = rng.choice(self.slots[name][language])
            return chosen[name][0]

        return tidy(expand(rng.choice(intent.questions[language]), rng, slot)), chosen

    def asked(self, language):
        """A function: whether a question stands in the data, but for capitals, accents and punctuation."""
        values = {name: {comparable(left) for left, _ in of_language.get(language, ())} for name, of_language in self.slots.items()}
        texts, patterns = set(), []
        for pattern in (pattern for intent in self.intents.values() for pattern in intent.questions[language]):
            for text in all_expansions(pattern):
                parts = re.split(r"<([a-z0-9_]+)>", text)
                if len(parts) == 1:
                    texts.add(comparable(text))
                else:
                    literals = [comparable(part) for part in parts[::2]]
                    patterns.append((max(literals, key=len), r" ?(.+?) ?".join(map(re.escape, literals)), parts[1::2]))

        def stands(question):
            question = comparable(question)
            if question in texts:
                return True
            found = ((re.fullmatch(pattern, question), names) for literal, pattern, names in patterns if literal in question)
            return any(match and all(value in values[name] for value, name in zip(match.groups(), names)) for match, names in found)

        return stands

    def count_pairs(self):
        """Different plain questions, all expansions counted, slots as one each."""
        return sum(count_expansions(pattern, lambda name: 1)
                   for intent in self.intents.values() for language in LANGUAGES for pattern in intent.questions[language])


ARITHMETIC = ("sum", "difference", "product")


def arithmetic_slots(highest=12):
    """<sum>, <difference> and <product> of small numbers, as "3 + 4", "3+4" and in words."""
    slots = {}
    words = {"en": ("plus", "minus", "times"), "es": ("más", "menos", "por")}
    numbers = range(highest + 1)
    tables = {"sum": ("+", 0, [(a, b, a + b) for a in numbers for b in numbers]),
              "difference": ("-", 1, [(a, b, a - b) for a in numbers for b in numbers if a >= b]),
              "product": ("x", 2, [(a, b, a * b) for a in range(1, 11) for b in range(1, 11)])}
    for name, (sign, index, rows) in tables.items():
        for language in LANGUAGES:
            word = words[language][index]
            forms = (f"{{}} {sign} {{}}", f"{{}}{sign}{{}}", f"{{}} {word} {{}}")
            forms += ("{} * {}",) if name == "product" else ()
            slots.setdefault(name, {})[language] = [(form.format(a, b), str(c)) for a, b, c in rows for form in forms]
    return slots
