#!/usr/bin/env python3
"""Trains the built-in model: vocabulary first, then the weights. Goes on from the last checkpoint in the work folder.

Everything is drawn from the step's number, so that a training that was interrupted sees the same conversations. On a CPU each
process takes a part of every step, with one thread: several threads in one process wait for each other more than they compute.
"""
import os

os.environ.setdefault("OMP_NUM_THREADS", "1")  # before PyTorch and its BLAS library are loaded
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")

import argparse
import math
import pathlib
import random
import time

import torch
import torch.distributed as distributed
import torch.nn.functional as F

from generate import Conversations
from grammar import Data, LANGUAGES
from model import EPSILON, Config, Model, causal_mask
from tokens import END_OF_TURN, HEADERS, Tokens, train_vocabulary

PARTS = 2               # of a step; the processes share them
TOKENS_PER_PART = 2048
ROW_LENGTHS = (256, 256, 256, 256, 256, 256, 256, 256, 512, 1024)  # most rows hold short chats, some one long one
VOCABULARY_CONVERSATIONS = 40000
WORDS_STEPS, WORDS_BATCH = 1000, 512
LISTENING_STEPS, LISTENING_BATCH, LISTENING_LAYERS = 500, 96, 2
WORDS_RATE, LISTENING_RATE, TALKING_RATE = 5e-3, 1e-3, 2e-3
TELLING_APART = 0.3     # weight of the numbers of the questions beside the words of the answers


def cut_share(progress):
    """Of the chats, how many end after the first tokens of an answer: that is where it shows whether the question was understood, and
    so more questions fit into a step, once the answers are known. Towards the end they are repeated."""
    return 0.2 if progress < 0.35 else 0.7 if progress < 0.75 else 0.4


def systems(data):
    """Instructions that the chats of some people begin with: those of Tercet's own personas. The model answers as without them."""
    texts = [text for text in data.labels if text.startswith(("You are a", "You explain", "You summarise", "You correct", "You help", "You write"))]
    return texts + [data.labels[text] for text in texts] + ["You are a helpful assistant.", "Be brief.", "Answer in Spanish.", "Responde en español.",
                                                            "You are a pirate.", "Eres un asistente útil.", "Always answer politely.", "Responde siempre con una frase."]


def weights(data):
    """How often an intent is asked. Intents with slots are many questions in one, and those out of the field stand for all the rest of the world."""
    def weight(intent):
        slots = any("<" in answer for answers in intent.answers.values() for answer in answers)
        return 1.8 if intent.out_of_field else 3.0 if slots else 1.0
    return weight


class Batches:
    def __init__(self, data, tokens, seed):
        self.data, self.tokens, self.seed = data, tokens, seed
        self.systems = systems(data)
        self.stream = Conversations(data, 0, weights(data))
        self.classes = len(self.stream.numbers)

    def _chat(self, room, fill, cut_share):
        """One conversation of at most `room` tokens; with `fill` it goes on until the room is full, and `cut_share` of them end soon."""
        turns = self.stream.next()
        while fill:
            longer = turns + self.stream.next()
            if len(self.tokens.conversation(longer)[0]) > room:
                break
            turns = longer
        rng = self.stream.rng
        system = rng.choice(self.systems) if rng.random() < 0.1 else ""
        if rng.random() < cut_share:
            ids, learned, asked = self.tokens.conversation(turns[:1], system)
            end = min(learned.index(True) + rng.randrange(3, 9), room)
            return ids[:end], learned[:end], asked[:end]
        while turns:
            ids, learned, asked = self.tokens.conversation(turns, system)
            if len(ids) <= room:
                return ids, learned, asked
            turns.pop()
        return [], [], []

    def part(self, number, progress, length=None):
        """ids, next ids, wanted, asked: [rows][length]; mask: [rows][1][length][length]. Part `number` of all parts of all steps."""
        rng = self.stream.rng = random.Random(self.seed * 1_000_003 + number)
        length = length or rng.choice(ROW_LENGTHS)
        rows = TOKENS_PER_PART // length
        share = cut_share(progress) if length == 256 else 0.0
        ids = torch.zeros(rows, length + 1, dtype=torch.long)
        learned = torch.zeros(rows, length + 1, dtype=torch.bool)
        segment, asked = torch.full((rows, length + 1), -1), torch.full((rows, length + 1), -1)
        for row in range(rows):
            at, count = 0, 0
            while length + 1 - at > 24:
                chat, marks, numbers = self._chat(length + 1 - at, length > 256 and at == 0, share)
                if not chat:
                    break
                end = at + len(chat)
                ids[row, at:end], learned[row, at:end], segment[row, at:end], asked[row, at:end] = torch.tensor(chat), torch.tensor(marks), count, torch.tensor(numbers)
                at, count = end, count + 1
        inner = segment[:, :-1]
        visible = (inner[:, :, None] == inner[:, None, :]) & torch.ones(length, length, dtype=torch.bool).tril()
        mask = torch.zeros(visible.shape).masked_fill_(~visible, -1e9)[:, None]
        return ids[:, :-1], ids[:, 1:], learned[:, 1:] & (segment[:, 1:] == inner), asked[:, :-1], mask


    def questions(self, number, count):
        """`count` first questions of chats: token ids up to the answer, and the numbers of the questions."""
        rng = self.stream.rng = random.Random(self.seed * 1_000_003 + number)
        prompts, numbers = [], []
        for _ in range(count):
            language = rng.choice(LANGUAGES)
            intent = rng.choices(self.stream.first[language], self.stream.weights[language])[0]
            question, _, asked = self.stream.turn(intent, language)
            prompts.append(self.tokens.prompt(question))
            numbers.append(asked)
        return prompts, numbers


def vocabulary(data, path, size):
    stream = Conversations(data, 7, weights(data))
    texts = []
    for _ in range(VOCABULARY_CONVERSATIONS):
        for question, answer, _ in stream.next():
            texts += [question, answer] + list(HEADERS.values())[1:]
    texts += systems(data) * 20 + [HEADERS["system"]] * 1000
    train_vocabulary(texts, path, size)


def padded(prompts):
    """ids [count][longest], and where each ends."""
    ids = torch.zeros(len(prompts), max(map(len, prompts)), dtype=torch.long)
    for row, prompt in enumerate(prompts):
        ids[row, :len(prompt)] = torch.tensor(prompt)
    return ids, torch.tensor([len(prompt) - 1 for prompt in prompts])


def normalised(x):
    return x * torch.rsqrt(x.pow(2).mean(-1, keepdim=True) + EPSILON)


def words(batches, path, config):
    """First meanings of the tokens: which questions they stand in. A question is told from the weighted mean of its tokens, which needs
    so little time that every token is met hundreds of times."""
    embedding = torch.nn.Parameter(torch.randn(config.vocab, config.hidden) * 0.05)
    attention, head = torch.nn.Parameter(torch.zeros(config.hidden)), torch.nn.Linear(config.hidden, batches.classes)
    optimizer = torch.optim.Adam([embedding, attention, *head.parameters()], lr=WORDS_RATE)
    for step in range(WORDS_STEPS):
        optimizer.param_groups[0]["lr"] = WORDS_RATE * (1 - step / WORDS_STEPS) + 1e-4
        prompts, numbers = batches.questions(step, WORDS_BATCH)
        ids, ends = padded(prompts)
        x = normalised(embedding[ids])
        outside = torch.arange(ids.shape[1]) > ends[:, None]
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
    """Two stages after the words. Listening: the lower layers learn to tell the questions apart by themselves. Talking: the whole model
    learns the answers, and goes on with telling apart."""

    def __init__(self, rank, arguments, processes):
        self.rank, self.processes = rank, processes
        self.device = "cuda" if torch.cuda.is_available() else "cpu"
        data, self.config = Data(), Config()
        tokens = Tokens(arguments.work / "vocabulary.model")
        self.batches, self.held_back = Batches(data, tokens, 1), Batches(data, tokens, 2)
        self.model = Model(self.config)
        with torch.no_grad():
            self.model.token_embd.copy_(torch.load(arguments.work / "words.pt") * 0.05)
        self.head = torch.nn.Linear(self.config.hidden, self.batches.classes)  # of the training alone
        self.model.to(self.device), self.head.to(self.device)
        lower = [p for layer in self.model.layers[:LISTENING_LAYERS] for p in layer.parameters()]
        upper = [p for layer in self.model.layers[LISTENING_LAYERS:] for p in layer.parameters()] + [self.model.output_norm, self.model.output]
        groups = (lower, upper, [self.model.token_embd], list(self.head.parameters()))
        self.parameters = [p for group in groups for p in group]
        # Rates in relation to that of the stage, listening and talking. What has learnt to listen changes little while answers are
        # learnt: where many ternary weights change their sign in every step, it would be lost.
        rates = ((1.0, 0.2), (1.0, 1.0), (0.5, 0.1), (5.0, 1.0))
        self.optimizer = torch.optim.AdamW([{"params": group, "rates": rate} for group, rate in zip(groups, rates)], betas=(0.9, 0.98), weight_decay=0.0)
        self.checkpoint, self.step = arguments.work / "checkpoint.pt", 0
        self.steps = LISTENING_STEPS + arguments.steps
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

    def told_apart(self, state, numbers):
        logits = self.head(normalised(state))
        return F.cross_entropy(logits, numbers), (logits.argmax(-1) == numbers).float().mean().item()

    def listen(self, number):
        """Loss of a part, and the share of questions told apart."""
        prompts, numbers = self.batches.questions(1_000_000 + number, LISTENING_BATCH)
        order = sorted(range(len(prompts)), key=lambda i: len(prompts[i]))
        states = []
        for some in (order[:len(order) * 2 // 3], order[len(order) * 2 // 3:]):  # so that the long ones don't make all long
            ids, ends = padded([prompts[i] for i in some])
            state = self.model.token_embd[ids.to(self.device)]
            for layer in self.model.layers[:LISTENING_LAYERS]:
                state = layer(state, causal_mask(ids.shape[1]).to(self.device), self.model.cos[:ids.shape[1]], self.model.sin[:ids.shape[1]])
            states.append(state[torch.arange(len(some)), ends])
        return self.told_apart(torch.cat(states), torch.tensor(numbers)[order].to(self.device))

    def talk(self, number, progress):
        ids, following, wanted, asked, mask = (x.to(self.device) for x in self.batches.part(number, progress))
        states = list(self.model.states(ids, mask))
        loss = F.cross_entropy(self.model.logits(states[-1][wanted]), following[wanted])
        apart, right = self.told_apart(states[LISTENING_LAYERS - 1][asked >= 0], asked[asked >= 0])
        return loss + TELLING_APART * apart, right

    def run_step(self):
        """Mean loss and share told apart of the process's parts; the gradients are those of all processes."""
        listening = self.step < LISTENING_STEPS
        progress = self.step / LISTENING_STEPS if listening else (self.step - LISTENING_STEPS) / (self.steps - LISTENING_STEPS)
        warm = min(1.0, (self.step if listening else self.step - LISTENING_STEPS) / 50 + 0.02)
        rate = warm * (LISTENING_RATE * (1 - 0.7 * progress) if listening else TALKING_RATE * falling(progress))
        for group in self.optimizer.param_groups:
            group["lr"] = rate * group["rates"][0 if listening else 1]
        self.optimizer.zero_grad(set_to_none=True)
        total = told = 0.0
        mine = range(self.rank, PARTS, self.processes)
        for part in mine:
            number = self.step * PARTS + part
            loss, right = self.listen(number) if listening else self.talk(number, progress)
            (loss / PARTS).backward()
            total, told = total + loss.item() / len(mine), told + right / len(mine)
        used = [p for p in self.parameters if p.grad is not None]
        if self.processes > 1:
            shared = torch.cat([p.grad.view(-1) for p in used])
            distributed.all_reduce(shared)
            for p, gradient in zip(used, shared.split([p.numel() for p in used])):
                p.grad.copy_(gradient.view_as(p))
        torch.nn.utils.clip_grad_norm_(used, 1.0)
        self.optimizer.step()
        self.step += 1
        return total, told

    def run(self):
        self.tell(f"{sum(p.numel() for p in self.model.parameters())} parameters, step {self.step} of {self.steps}, {self.processes} processes on {self.device}")
        began, sums, count = time.time(), [0.0, 0.0], 0
        while self.step < self.steps:
            sums, count = [a + b for a, b in zip(sums, self.run_step())], count + 1
            if self.step % 50 == 0 or self.step == self.steps:
                if self.rank == 0:
                    held = ""
                    if self.step > LISTENING_STEPS and self.step % 100 == 0:
                        held = "  held back {:.3f}  whole answers {:.3f}".format(*validate(self.model, self.held_back, self.device))
                    self.tell(f"step {self.step}  loss {sums[0] / count:.3f}  told apart {sums[1] / count:.3f}{held}  {(time.time() - began) / count:.2f} s a step")
                    self.save()
                began, sums, count = time.time(), [0.0, 0.0], 0


def train(rank, arguments, processes):
    torch.set_num_threads(1)
    torch.manual_seed(1)
    if processes > 1:
        distributed.init_process_group("gloo", f"file://{arguments.work.resolve()}/meeting", rank=rank, world_size=processes)
    Training(rank, arguments, processes).run()


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--work", type=pathlib.Path, default=pathlib.Path("build/builtin"), help="checkpoints (default: %(default)s)")
    parser.add_argument("--steps", type=int, default=1950, help="of the last stage (default: %(default)s)")
    arguments = parser.parse_args()
    arguments.work.mkdir(parents=True, exist_ok=True)
    torch.set_num_threads(1)
    torch.manual_seed(1)
    data, config = Data(), Config()
    if not (arguments.work / "vocabulary.model").exists():
        vocabulary(data, arguments.work / "vocabulary.model", config.vocab)
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
