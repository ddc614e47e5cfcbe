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
from model import Config, Model
from tokens import Tokens, train_vocabulary

PARTS = 2               # of a step; the processes share them
TOKENS_PER_PART = 2048
ROW_LENGTHS = (256, 256, 256, 256, 256, 256, 256, 256, 512, 1024)  # most rows hold short chats, some one long one
VOCABULARY_CONVERSATIONS = 40000
FAST_STEPS, FAST_RATE, SLOW_RATE = 1100, 3e-3, 1e-3  # of the learning rate


# Once the answers are known by heart, what is left to learn is which question asks for which: most chats then end after the first
# tokens of an answer, so that more questions fit into a step. Towards the end answers are repeated.
def cut_share(step):
    return 0.0 if step < 900 else 0.93 if step < 2700 else 0.4


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
            ids, learned = self.tokens.conversation(turns[:1], system)
            end = learned.index(True) + rng.randrange(3, 9)
            return (ids[:end], learned[:end]) if len(ids[:end]) <= room else ([], [])
        while turns:
            ids, learned = self.tokens.conversation(turns, system)
            if len(ids) <= room:
                return ids, learned
            turns.pop()
        return [], []

    def part(self, number, length=None):
        """ids, next ids, wanted: [rows][length]; mask: [rows][1][length][length]. Part `number` of all parts of all steps."""
        rng = self.stream.rng = random.Random(self.seed * 1_000_003 + number)
        length = length or rng.choice(ROW_LENGTHS)
        rows = TOKENS_PER_PART // length
        share = cut_share(number // PARTS) if length == 256 else 0.0
        ids = torch.zeros(rows, length + 1, dtype=torch.long)
        learned = torch.zeros(rows, length + 1, dtype=torch.bool)
        segment = torch.full((rows, length + 1), -1)
        for row in range(rows):
            at, count = 0, 0
            while length + 1 - at > 24:
                chat, marks = self._chat(length + 1 - at, length > 256 and at == 0, share)
                if not chat:
                    break
                end = at + len(chat)
                ids[row, at:end], learned[row, at:end], segment[row, at:end] = torch.tensor(chat), torch.tensor(marks), count
                at, count = end, count + 1
        inner = segment[:, :-1]
        visible = (inner[:, :, None] == inner[:, None, :]) & torch.ones(length, length, dtype=torch.bool).tril()
        mask = torch.zeros(visible.shape).masked_fill_(~visible, -1e9)[:, None]
        return ids[:, :-1], ids[:, 1:], learned[:, 1:] & (segment[:, 1:] == inner), mask


def vocabulary(data, path, size):
    if path.exists():
        return Tokens(path)
    stream = Conversations(data, 7, weights(data))
    texts = []
    for _ in range(VOCABULARY_CONVERSATIONS):
        for turn in stream.next():
            texts += turn
    texts += systems(data) * 20
    train_vocabulary(texts, path, size)
    return Tokens(path)


@torch.no_grad()
def validate(model, batches, device):
    """Loss, and the share of answers whose every token is the likeliest one."""
    loss = right = answers = tokens = 0
    for number in range(4):
        ids, following, wanted, mask = batches.part(number, 256)
        logits = model(ids.to(device), mask.to(device), wanted.to(device)).float().cpu()
        target = following[wanted]
        loss += F.cross_entropy(logits, target, reduction="sum").item()
        tokens += len(target)
        good = logits.argmax(-1) == target
        ends = (target == 3).nonzero()[:, 0].tolist()
        begin = 0
        for end in ends:
            right += bool(good[begin:end + 1].all())
            answers += 1
            begin = end + 1
    return loss / tokens, right / answers


def learning_rate(step, steps):
    """High while the answers are learnt by heart; telling questions apart needs weights that change their signs less often."""
    if step < FAST_STEPS:
        return FAST_RATE * min(1.0, (step + 1) / 200)
    return SLOW_RATE * (0.01 + 0.99 * 0.5 * (1 + math.cos(math.pi * (step - FAST_STEPS) / (steps - FAST_STEPS))))


def train(rank, arguments, processes):
    torch.set_num_threads(1)
    torch.manual_seed(1)
    device = "cuda" if torch.cuda.is_available() else "cpu"
    if processes > 1:
        distributed.init_process_group("gloo", f"file://{arguments.work.resolve()}/meeting", rank=rank, world_size=processes)

    data, config = Data(), Config()
    tokens = Tokens(arguments.work / "vocabulary.model")
    model = Model(config).to(device)
    parameters = list(model.parameters())
    optimizer = torch.optim.AdamW([{"params": [p for p in parameters if p.dim() > 1]},
                                   {"params": [p for p in parameters if p.dim() == 1], "weight_decay": 0.0}], betas=(0.9, 0.98))
    batches, held_back = Batches(data, tokens, 1), Batches(data, tokens, 2)
    checkpoint, first = arguments.work / "checkpoint.pt", 0
    if checkpoint.exists():
        saved = torch.load(checkpoint, map_location=device)
        model.load_state_dict(saved["model"])
        optimizer.load_state_dict(saved["optimizer"])
        first = saved["step"]

    def save(step):
        partial = checkpoint.with_suffix(".part")
        torch.save({"model": model.state_dict(), "optimizer": optimizer.state_dict(), "step": step, "config": vars(config)}, partial)
        partial.replace(checkpoint)

    def tell(text):
        if rank == 0:
            print(text, flush=True)

    tell(f"{sum(p.numel() for p in parameters)} parameters, step {first} of {arguments.steps}, {processes} processes on {device}")
    began, seen = time.time(), 0
    for step in range(first, arguments.steps):
        for group in optimizer.param_groups:
            group["lr"] = learning_rate(step, arguments.steps)
        optimizer.param_groups[0]["weight_decay"] = 0.05 if step < arguments.steps // 2 else 0.0
        optimizer.zero_grad(set_to_none=True)
        total = 0.0
        for part in range(rank, PARTS, processes):
            ids, following, wanted, mask = batches.part(step * PARTS + part)
            logits = model(ids.to(device), mask.to(device), wanted.to(device))
            loss = F.cross_entropy(logits, following[wanted].to(device)) / PARTS
            loss.backward()
            total += loss.item()
            seen += ids.numel() * processes
        if processes > 1:
            shared = torch.cat([p.grad.view(-1) for p in parameters] + [torch.tensor([total])])
            distributed.all_reduce(shared)
            total, at = shared[-1].item(), 0
            for p in parameters:
                p.grad.copy_(shared[at:at + p.numel()].view_as(p))
                at += p.numel()
        torch.nn.utils.clip_grad_norm_(parameters, 1.0)
        optimizer.step()
        if (step + 1) % 100 == 0 or step + 1 == arguments.steps:
            if rank == 0:
                held, exact = validate(model, held_back, device)
                tell(f"step {step + 1}  loss {total:.3f}  held back {held:.3f}  whole answers {exact:.3f}  {seen / (time.time() - began):.0f} tokens/s")
                save(step + 1)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--work", type=pathlib.Path, default=pathlib.Path("build/builtin"), help="checkpoints (default: %(default)s)")
    parser.add_argument("--steps", type=int, default=3200)
    arguments = parser.parse_args()
    arguments.work.mkdir(parents=True, exist_ok=True)
    vocabulary(Data(), arguments.work / "vocabulary.model", Config().vocab)
    processes = 1 if torch.cuda.is_available() else min(PARTS, os.cpu_count())
    (arguments.work / "meeting").unlink(missing_ok=True)
    if processes == 1:
        train(0, arguments, 1)
    else:
        torch.multiprocessing.spawn(train, (arguments, processes), processes)


if __name__ == "__main__":
    main()
