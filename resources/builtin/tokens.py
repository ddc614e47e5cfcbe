"""Conversations <-> token ids: the sentencepiece vocabulary and the chat format of BitNet 2B4T.

Role headers and contents are encoded apart, as the engine does (engine/text/chat_template.cpp).

The first token of an answer is none of its text: it says what was understood, as one control token for each intent and language. So the
model decides once, with everything that it heard, and then writes the answer to what it decided.
"""
import pathlib
import tempfile

import sentencepiece

BOS, EOS, END_OF_TURN = 1, 2, 3
HEADERS = {"system": "System: ", "user": "User: ", "assistant": "Assistant: "}


def train_vocabulary(texts, path, size):
    """BPE with byte fallback over `texts`, written to `path`."""
    with tempfile.TemporaryDirectory() as folder:
        lines = pathlib.Path(folder, "lines.txt")
        lines.write_text("\n".join(text.replace("\n", " ") for text in texts), encoding="utf-8")
        sentencepiece.SentencePieceTrainer.train(
            input=str(lines), model_prefix=str(pathlib.Path(folder, "m")), model_type="bpe", vocab_size=size, byte_fallback=True,
            unk_id=0, bos_id=BOS, eos_id=EOS, control_symbols=["<|eot_id|>"], normalization_rule_name="identity",
            remove_extra_whitespaces=False, add_dummy_prefix=False, split_digits=True, character_coverage=1.0, num_threads=2,
            input_sentence_size=0, minloglevel=2)
        pathlib.Path(path).write_bytes(pathlib.Path(folder, "m.model").read_bytes())


class Tokens:
    def __init__(self, path):
        self.processor = sentencepiece.SentencePieceProcessor(model_file=str(path))
        assert self.processor.piece_to_id("<|eot_id|>") == END_OF_TURN
        self.pieces = self.processor.get_piece_size()
        self.headers = {role: self.processor.encode(text) for role, text in HEADERS.items()}

    def encode(self, text):
        return self.processor.encode(text.strip())

    def understanding(self, number):
        """The control token of the question with this number."""
        return self.pieces + number

    def conversation(self, turns, system="", retold=()):
        """(ids, learned, asked): what the model reads and writes; learned marks the ids that it has to write itself; asked has the Meaning
        of each question, by the place of the id before its answer. turns: [(question, answer, Meaning)]. Of the turns in `retold` only the
        text of the answer is known, as after an import; those are not learned."""
        ids = [BOS]
        if system:
            ids += self.headers["system"] + self.encode(system) + [END_OF_TURN]
        learned, asked = [False] * len(ids), {}
        for turn, (question, answer, meaning) in enumerate(turns):
            read = self.question(question)
            written = self.encode(answer) + [END_OF_TURN]
            if turn not in retold:
                written.insert(0, self.understanding(meaning.intent))
            asked[len(ids) + len(read) - 1] = meaning
            ids += read + written
            learned += [False] * len(read) + [turn not in retold] * len(written)
        return ids, learned, asked

    def question(self, text):
        """Ids of a question, up to where its answer begins."""
        return self.headers["user"] + self.encode(text) + [END_OF_TURN] + self.headers["assistant"]

    def prompt(self, question):
        """Ids of a chat up to the point where the answer to its first question begins."""
        return [BOS] + self.question(question)
