#!/usr/bin/env python3
"""Trains the built-in model: vocabulary first, then the weights. Goes on from the last checkpoint in the work folder.

Everything is drawn from the step's number, so that a training that was interrupted sees the same conversations. On a CPU each
process takes a part of every step, with one thread: several threads in one process wait for each other more than they compute.
"""
import os

os.environ.setdefault("OMP_NUM_THREADS", "1")  # before PyTorch and its BLAS library are loaded
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")

import argparse
import dataclasses
import math
import pathlib
import random
import time

import torch
import torch.distributed as distributed
import torch.nn.functional as F

from generate import Conversations, Meaning
from grammar import Data, LANGUAGES
from model import EPSILON, Config, Model, causal_mask
from tokens import BOS, END_OF_TURN, HEADERS, Tokens, train_vocabulary

PARTS = 2               # of a step; the processes share them
TOKENS_PER_PART = 2048
ROW_LENGTHS = (256, 256, 256, 256, 256, 256, 256, 256, 512, 1024)  # most rows hold short chats, some one long one
VOCABULARY_CONVERSATIONS = 40000
WORDS_STEPS, WORDS_BATCH = 1000, 512
LISTENING_BATCH, LISTENING_ROWS, LISTENING_LAYERS = 96, 24, 2
WORDS_RATE = 5e-3
SECOND_QUESTIONS = 0.3  # share of the chats listened to
UNDERSTANDING = 5       # weight of an answer's first token, beside one of its text
TELLING_APART = 0.3     # weight of the meanings of the questions beside the words of the answers
VALUES = 0.5            # weight of the values in a meaning beside the intent


@dataclasses.dataclass
class Stage:
    """A part of the training after the words. `rates`, in relation to the falling one of the step: of the listening (lower) layers, of
    the upper ones and the output, of the embedding, of the head; 0: at rest."""
    name: str
    steps: int
    rates: tuple


LISTENING = Stage("listening", 2800, (1.0, 0.0, 0.5, 5.0))
ANSWERING = Stage("answering", 1000, (0.0, 1.0, 0.0, 0.0))
TALKING = Stage("talking", 3500, (0.2, 1.0, 0.1, 0.5))
LISTENING_RATE, TALKING_RATE = 1.2e-3, 1.8e-3  # at their highest; answering and talking share one fall


def cut_share(progress):
    """Of the chats, how many end after the first tokens of an answer: that is where it shows whether the question was understood, and
    so more questions fit into a step, once the answers are known. Towards the end they are repeated."""
    return 0.25 if progress < 0.3 else 0.45 if progress < 0.75 else 0.3


def thinned(text, rng):
    """Most questions lose a word here and there, so that none is told by one word alone."""
    words = text.split()
    if len(words) < 4 or rng.random() < 0.4:
        return text
    left = [word for word in words if rng.random() >= 0.15]
    return " ".join(left) if len(left) >= 3 else text


def systems(data):
    """Instructions that the chats of some people begin with: those of Tercet's own personas. The model answers as without them."""
    texts = [text for text in data.labels if text.startswith(("You are a", "You explain", "You summarise", "You correct", "You help", "You write"))]
    return texts + [data.labels[text] for text in texts] + ["You are a helpful assistant.", "Be brief.", "Answer in Spanish.", "Responde en español.",
                                                            "You are a pirate.", "Eres un asistente útil.", "Always answer politely.", "Responde siempre con una frase."]


def weights(data):
    """How often an intent is asked. Intents with slots are many questions in one, and those out of the field stand for all the rest of the world."""
    def weight(intent):
        slots = any("<" in answer for answers in intent.answers.values() for answer in answers)
        return 2.2 if intent.out_of_field else 5.0 if slots else 1.0
    return weight


class Batches:
    def __init__(self, data, tokens, seed):
        self.data, self.tokens, self.seed = data, tokens, seed
        self.systems = systems(data)
        self.stream = Conversations(data, 0, weights(data))
        self.intents, self.values = len(self.stream.numbers), len(self.stream.values)

    def _retold(self, turns):
        return [turn for turn in range(len(turns) - 1) if self.stream.rng.random() < 0.15]

    def _chat(self, room, fill, cut_share):
        """One conversation of at most `room` tokens; with `fill` it goes on until the room is full, and `cut_share` of them end soon."""
        rng = self.stream.rng
        cut = rng.random() < cut_share
        turns = self.stream.some(SECOND_QUESTIONS) if cut else self.stream.next()
        while fill and not cut:
            longer = turns + self.stream.next()
            if len(self.tokens.conversation(longer)[0]) > room:
                break
            turns = longer
        system = rng.choice(self.systems) if rng.random() < 0.1 else ""
        if cut:
            ids, learned, asked = self.tokens.conversation(turns, system, self._retold(turns))
            end = min(max(asked) + 1 + rng.randrange(3, 9), room)
            return ids[:end], learned[:end], {at: meaning for at, meaning in asked.items() if at < end}
        while turns:
            ids, learned, asked = self.tokens.conversation(turns, system, self._retold(turns))
            if len(ids) <= room:
                return ids, learned, asked
            turns.pop()
        return [], [], {}

    def part(self, number, progress, length=None):
        """ids, next ids, wanted: [rows][length]; asked: [rows][length][3], a Meaning or -1; mask: [rows][1][length][length]. Part `number` of
        all parts of all steps."""
        rng = self.stream.rng = random.Random(self.seed * 1_000_003 + number)
        length = length or rng.choice(ROW_LENGTHS)
        rows = TOKENS_PER_PART // length
        share = cut_share(progress) if length == 256 else 0.0
        ids = torch.zeros(rows, length + 1, dtype=torch.long)
        learned = torch.zeros(rows, length + 1, dtype=torch.bool)
        segment, asked = torch.full((rows, length + 1), -1), torch.full((rows, length + 1, len(Meaning._fields)), -1)
        for row in range(rows):
            at, count = 0, 0
            while length + 1 - at > 24:
                chat, marks, meanings = self._chat(length + 1 - at, length > 256 and at == 0, share)
                if not chat:
                    break
                end = at + len(chat)
                ids[row, at:end], learned[row, at:end], segment[row, at:end] = torch.tensor(chat), torch.tensor(marks), count
                for place, meaning in meanings.items():
                    asked[row, at + place] = torch.tensor(meaning)
                at, count = end, count + 1
        inner = segment[:, :-1]
        visible = (inner[:, :, None] == inner[:, None, :]) & torch.ones(length, length, dtype=torch.bool).tril()
        mask = torch.zeros(visible.shape).masked_fill_(~visible, -1e9)[:, None]
        return ids[:, :-1], ids[:, 1:], learned[:, 1:] & (segment[:, 1:] == inner), asked[:, :-1], mask


    def questions(self, number, count):
        """`count` first questions of chats: token ids up to the answer, and the numbers of the intents."""
        rng = self.stream.rng = random.Random(self.seed * 1_000_003 + number)
        prompts, numbers = [], []
        for _ in range(count):
            question, _, asked = self.stream.first_turn(rng.choice(LANGUAGES))
            prompts.append(self.tokens.prompt(question))
            numbers.append(asked.intent)
        return prompts, numbers

    def chats(self, number, count):
        """`count` chats up to where their last answer begins, a part of them with an earlier question, whose answer is mostly cut so that
        more fit into a step: [(token ids, {position: Meaning})]."""
        rng = self.stream.rng = random.Random(self.seed * 1_000_003 + number)
        found = []
        for _ in range(count):
            ids, asked = [BOS], {}
            for question, answer, meaning in self.stream.some(SECOND_QUESTIONS):
                ids += self.tokens.question(thinned(question, rng) if meaning.value < 0 else question)
                asked[len(ids) - 1] = meaning
                if rng.random() < 0.85:
                    ids.append(self.tokens.understanding(meaning.intent))
                written = self.tokens.encode(answer)
                ids += written[:rng.randrange(6, 30)] if rng.random() < 0.7 else written
                ids.append(END_OF_TURN)
            found.append((ids[:max(asked) + 1], asked))
        return found


def vocabulary(data, path, size):
    stream = Conversations(data, 7, weights(data))
    texts = []
    for _ in range(VOCABULARY_CONVERSATIONS):
        for question, answer, _ in stream.next():
            texts += [question, answer] + list(HEADERS.values())[1:]
    texts += systems(data) * 20 + [HEADERS["system"]] * 1000
    train_vocabulary(texts, path, size)


def padded(prompts):
    """ids [count][longest]"""
    ids = torch.zeros(len(prompts), max(map(len, prompts)), dtype=torch.long)
    for row, prompt in enumerate(prompts):
        ids[row, :len(prompt)] = torch.tensor(prompt)
    return ids


def normalised(x):
    return x * torch.rsqrt(x.pow(2).mean(-1, keepdim=True) + EPSILON)


def words(batches, path, config):
    """First meanings of the tokens: which questions they stand in. A question is told from the weighted mean of its tokens, which needs
    so little time that every token is met hundreds of times."""
    embedding = torch.nn.Parameter(torch.randn(config.pieces, config.hidden) * 0.05)
    attention, head = torch.nn.Parameter(torch.zeros(config.hidden)), torch.nn.Linear(config.hidden, batches.intents)
    optimizer = torch.optim.Adam([embedding, attention, *head.parameters()], lr=WORDS_RATE)
    for step in range(WORDS_STEPS):
        optimizer.param_groups[0]["lr"] = WORDS_RATE * (1 - step / WORDS_STEPS) + 1e-4
        prompts, numbers = batches.questions(step, WORDS_BATCH)
        ids = padded(prompts)
        x = normalised(embedding[ids])
        outside = torch.arange(ids.shape[1]) >= torch.tensor([len(prompt) for prompt in prompts])[:, None]
        share = (x @ attention).masked_fill(outside, -1e9).softmax(-1)
        logits = head(normalised((share[:, :, None] * x).sum(1)))
        loss = F.cross_entropy(logits, torch.tensor(numbers))
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        if (step + 1) % 200 == 0:
            right = (logits.argmax(-1) == torch.tensor(numbers)).float().mean().item()
            print(f"words {step + 1}  loss {loss.item():.3f}  told apart {right:.3f}", flush=True)
    torch.save(normalised(embedding.detach()), path)


@torch.no_grad()
def validate(model, batches, device):
    """Loss, and the share of answers whose every token is the likeliest one."""
    loss = right = answers = tokens = 0
    for number in range(4):
        ids, following, wanted, _, mask = batches.part(number, 1.0, 256)
        logits = model(ids.to(device), mask.to(device)).cpu()[wanted]
        target = following[wanted]
        loss += F.cross_entropy(logits, target, reduction="sum").item()
        tokens += len(target)
        good = logits.argmax(-1) == target
        ends = (target == END_OF_TURN).nonzero()[:, 0].tolist()
        begin = 0
        for end in ends:
            right += bool(good[begin:end + 1].all())
            answers += 1
            begin = end + 1
    return loss / tokens, right / answers


def falling(progress):
    """From 1 to nearly 0, along a cosine."""
    return 0.01 + 0.99 * 0.5 * (1 + math.cos(math.pi * progress))


class Training:
    """Three stages after the words. Listening: the lower layers learn to tell the questions apart by themselves. Answering: the upper
    layers learn the answers, while the lower ones rest. Talking: all layers together, the lower ones slowly: where many ternary weights
    change their sign in every step, what they have learnt would be lost."""

    def __init__(self, rank, arguments, processes):
        self.rank, self.processes = rank, processes
        self.device = "cuda" if torch.cuda.is_available() else "cpu"
        data, self.config = Data(), Config()
        tokens = Tokens(arguments.work / "vocabulary.model")
        self.batches, self.held_back = Batches(data, tokens, 1), Batches(data, tokens, 2)
        self.model = Model(self.config)
        with torch.no_grad():
            self.model.piece_embd.copy_(torch.load(arguments.work / "words.pt") * 0.05)
        self.head = torch.nn.Linear(self.config.hidden, self.batches.intents + 2 * self.batches.values)  # of the training alone
        self.model.to(self.device), self.head.to(self.device)
        lower = [p for layer in self.model.layers[:LISTENING_LAYERS] for p in layer.parameters()]
        upper = [p for layer in self.model.layers[LISTENING_LAYERS:] for p in layer.parameters()] + [self.model.output_norm, self.model.output,
                                                                                                   self.model.understanding_embd]
        self.groups = (lower, upper, [self.model.piece_embd], list(self.head.parameters()))
        self.parameters = [p for group in self.groups for p in group]
        self.optimizer = torch.optim.AdamW([{"params": group} for group in self.groups], betas=(0.9, 0.98), weight_decay=0.0)
        self.checkpoint, self.step = arguments.work / "checkpoint.pt", 0
        self.stages = [dataclasses.replace(stage, steps=round(stage.steps * arguments.length)) for stage in (LISTENING, ANSWERING, TALKING)]
        self.steps = sum(stage.steps for stage in self.stages)
        if self.checkpoint.exists():
            saved = torch.load(self.checkpoint, map_location=self.device)
            self.model.load_state_dict(saved["model"])
            self.head.load_state_dict(saved["head"])
            self.optimizer.load_state_dict(saved["optimizer"])
            self.step = saved["step"]

    def save(self):
        partial = self.checkpoint.with_suffix(".part")
        torch.save({"model": self.model.state_dict(), "head": self.head.state_dict(), "optimizer": self.optimizer.state_dict(), "step": self.step,
                    "config": vars(self.config)}, partial)
        partial.replace(self.checkpoint)

    def tell(self, text):
        if self.rank == 0:
            print(text, flush=True)

    @torch.no_grad()
    def hand_over(self):
        """The output begins with what the head has learnt: which intent goes with which state."""
        self.model.output[self.config.pieces:][:self.batches.intents].copy_(self.head.weight[:self.batches.intents])

    def told_apart(self, state, meanings):
        """Loss, and the shares of intents and of values told right. state: [N][hidden]; meanings: [N][3]."""
        intents, *values = self.head(normalised(state)).split((self.batches.intents, self.batches.values, self.batches.values), -1)
        loss = F.cross_entropy(intents, meanings[:, 0])
        values, wanted = torch.cat(values), meanings[:, 1:].t().flatten()
        values, wanted = values[wanted >= 0], wanted[wanted >= 0]
        if len(wanted):
            loss = loss + VALUES * F.cross_entropy(values, wanted)
        return loss, [(intents.argmax(-1) == meanings[:, 0]).float().mean().item(), (values.argmax(-1) == wanted).float().mean().item() if len(wanted) else 1.0]

    def listen(self, number):
        """Loss of a part, and the shares told right. The last layer is computed only where an answer begins."""
        chats = sorted(self.batches.chats(1_000_000 + number, LISTENING_BATCH), key=lambda chat: len(chat[0]))
        states, meanings = [], []
        for some in (chats[begin:begin + LISTENING_ROWS] for begin in range(0, len(chats), LISTENING_ROWS)):  # long ones don't make all long
            ids = padded([ids for ids, _ in some])
            where = [(row, position) for row, (_, asked) in enumerate(some) for position in asked]
            meanings += [meaning for _, asked in some for meaning in asked.values()]
            length = ids.shape[1]
            mask, cos, sin = causal_mask(length).to(self.device), self.model.cos[:length], self.model.sin[:length]
            state = F.embedding(ids.to(self.device), self.model.token_embd())
            for layer in self.model.layers[:LISTENING_LAYERS - 1]:
                state = layer(state, mask, cos, sin)
            states.append(self.model.layers[LISTENING_LAYERS - 1](state, mask, cos, sin, torch.tensor(where, device=self.device).unbind(1))[:, 0])
        return self.told_apart(torch.cat(states), torch.tensor(meanings, device=self.device))

    def talk(self, number, progress, lower_rest):
        """Loss of a part, and the shares told right."""
        ids, following, wanted, asked, mask = (x.to(self.device) for x in self.batches.part(number, progress))
        states = list(self.model.states(ids, mask, LISTENING_LAYERS if lower_rest else 0))
        targets = following[wanted]
        weights = torch.where(targets >= self.config.pieces, UNDERSTANDING, 1)
        losses = F.cross_entropy(self.model.logits(states[-1][wanted]), targets, reduction="none")
        loss = (losses * weights).sum() / weights.sum()
        apart, right = self.told_apart(states[LISTENING_LAYERS - 1][asked[..., 0] >= 0], asked[asked[..., 0] >= 0])
        return loss if lower_rest else loss + TELLING_APART * apart, right

    def place(self):
        """The stage of the step, the learning rate, and how far answering and talking are, in [0, 1]."""
        listening, answering, _ = self.stages
        if self.step < listening.steps:
            return listening, min(1.0, self.step / 50 + 0.02) * LISTENING_RATE * falling(self.step / listening.steps), 0.0
        beyond = self.step - listening.steps
        progress = beyond / (self.steps - listening.steps)
        return self.stages[1 if beyond < answering.steps else 2], min(1.0, beyond / 50 + 0.02) * TALKING_RATE * falling(progress), progress

    def run_step(self):
        """Mean loss and shares told right of the process's parts; the gradients are those of all processes."""
        stage, rate, progress = self.place()
        for group, share in zip(self.optimizer.param_groups, stage.rates):
            group["lr"] = rate * share
            for p in group["params"]:
                p.requires_grad_(share > 0)
        self.optimizer.zero_grad(set_to_none=True)
        sums = [0.0, 0.0, 0.0]
        mine = range(self.rank, PARTS, self.processes)
        for part in mine:
            number = self.step * PARTS + part
            loss, right = self.listen(number) if stage.name == LISTENING.name else self.talk(number, progress, stage.rates[0] == 0)
            (loss / PARTS).backward()
            sums = [a + b / len(mine) for a, b in zip(sums, (loss.item(), *right))]
        used = [p for p in self.parameters if p.grad is not None]
        if self.processes > 1:
            shared = torch.cat([p.grad.view(-1) for p in used])
            distributed.all_reduce(shared)
            for p, gradient in zip(used, shared.split([p.numel() for p in used])):
                p.grad.copy_(gradient.view_as(p))
        torch.nn.utils.clip_grad_norm_(used, 1.0)
        self.optimizer.step()
        self.step += 1
        return sums

    def run(self):
        self.tell(f"{sum(p.numel() for p in self.model.parameters())} parameters, step {self.step} of {self.steps}, {self.processes} processes on {self.device}")
        began, sums, count = time.time(), [0.0, 0.0, 0.0], 0
        while self.step < self.steps:
            if self.step == self.stages[0].steps:
                self.hand_over()
            sums, count = [a + b for a, b in zip(sums, self.run_step())], count + 1
            if self.step % 50 == 0 or self.step == self.steps:
                if self.rank == 0:
                    held = ""
                    if self.step > self.stages[0].steps and self.step % 100 == 0:
                        held = "  held back {:.3f}  whole answers {:.3f}".format(*validate(self.model, self.held_back, self.device))
                    self.tell(f"step {self.step}  loss {sums[0] / count:.3f}  told apart {sums[1] / count:.3f}  values {sums[2] / count:.3f}{held}  {(time.time() - began) / count:.2f} s a step")
                    self.save()
                began, sums, count = time.time(), [0.0, 0.0, 0.0], 0


def train(rank, arguments, processes):
    torch.set_num_threads(1)
    torch.manual_seed(1)
    if processes > 1:
        distributed.init_process_group("gloo", f"file://{arguments.work.resolve()}/meeting", rank=rank, world_size=processes)
    Training(rank, arguments, processes).run()


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--work", type=pathlib.Path, default=pathlib.Path("build/builtin"), help="checkpoints (default: %(default)s)")
    parser.add_argument("--length", type=float, default=1.0, help="of all stages after the words, in relation to the usual one (default: %(default)s)")
    arguments = parser.parse_args()
    arguments.work.mkdir(parents=True, exist_ok=True)
    torch.set_num_threads(1)
    torch.manual_seed(1)
    data, config = Data(), Config()
    if not (arguments.work / "vocabulary.model").exists():
        vocabulary(data, arguments.work / "vocabulary.model", config.pieces)
    if not (arguments.work / "words.pt").exists():
        words(Batches(data, Tokens(arguments.work / "vocabulary.model"), 3), arguments.work / "words.pt", config)
    processes = 1 if torch.cuda.is_available() else min(PARTS, os.cpu_count())
    (arguments.work / "meeting").unlink(missing_ok=True)
    if processes == 1:
        train(0, arguments, 1)
    else:
        torch.multiprocessing.spawn(train, (arguments, processes), processes)


if __name__ == "__main__":
    main()
