#!/usr/bin/env python3
"""Writes the trained model as GGUF I2_S, with what its tests compare it with:

  tercet-guide.gguf   the model
  logits.json         prompts, their token ids, and the logits of the quantised forward pass of the training code
  labels.tsv          the labels of the window that the answers name, English and Spanish, as they were at training
"""
import argparse
import json
import pathlib

import numpy
import torch

import gguf
from generate import Conversations, numbers_of
from grammar import Data, FOLDER, LANGUAGES
from model import Config, Model, causal_mask, rms_norm, ternary
from tokens import BOS, END_OF_TURN, EOS, Tokens

SHARPNESS = 2.5  # chosen with evaluate at the temperature of the window, 0.7
CAUTION = 1.4    # chosen with evaluate, too
CAUTION_SEED, CAUTION_QUESTIONS = 7, 200  # of each language

PROMPTS = (("en", "hello"), ("en", "How do I change the number of CPU threads?"), ("es", "¿Qué es un modelo ternario?"),
           ("en", "what is 7 + 5"), ("es", "cuéntame un chiste"), ("en", "who won the world cup in 1998"))


def metadata(config, tokens, understandings):
    """`understandings`: the text of each control token behind the pieces."""
    arch, processor = "bitnet-b1.58", tokens.processor
    size = processor.get_piece_size()

    def kind(i):
        return (2 if processor.is_unknown(i) else 3 if processor.is_control(i) else 6 if processor.is_byte(i) else 1)

    return [
        ("general.architecture", gguf.STRING, arch),
        ("general.name", gguf.STRING, "Tercet guide"),
        ("general.license", gguf.STRING, "mit"),
        ("general.file_type", gguf.U32, 40),
        ("general.quantization_version", gguf.U32, 2),
        (arch + ".vocab_size", gguf.U32, config.vocab),
        (arch + ".context_length", gguf.U32, config.context),
        (arch + ".embedding_length", gguf.U32, config.hidden),
        (arch + ".block_count", gguf.U32, config.layers),
        (arch + ".feed_forward_length", gguf.U32, config.ffn),
        (arch + ".rope.dimension_count", gguf.U32, config.head_dim),
        (arch + ".attention.head_count", gguf.U32, config.heads),
        (arch + ".attention.head_count_kv", gguf.U32, config.kv_heads),
        (arch + ".attention.layer_norm_rms_epsilon", gguf.F32, 1e-5),
        (arch + ".rope.freq_base", gguf.F32, config.rope_base),
        ("tokenizer.ggml.model", gguf.STRING, "llama"),
        ("tokenizer.ggml.tokens", (gguf.ARRAY, gguf.STRING), [processor.id_to_piece(i) for i in range(size)] + understandings),
        ("tokenizer.ggml.scores", (gguf.ARRAY, gguf.F32), [processor.get_score(i) for i in range(size)] + [0.0] * len(understandings)),
        ("tokenizer.ggml.token_type", (gguf.ARRAY, gguf.I32), [kind(i) for i in range(size)] + [3] * len(understandings)),
        ("tokenizer.ggml.bos_token_id", gguf.U32, BOS),
        ("tokenizer.ggml.eos_token_id", gguf.U32, EOS),
        ("tokenizer.ggml.eot_token_id", gguf.U32, END_OF_TURN),
        ("tokenizer.ggml.unknown_token_id", gguf.U32, 0),
        ("tokenizer.ggml.add_bos_token", gguf.BOOL, True),
        ("tokenizer.ggml.add_space_prefix", gguf.BOOL, False),
        ("tokenizer.chat_template", gguf.STRING,
         "{{ bos_token }}{% for message in messages %}{{ message['role'] | capitalize + ': ' + message['content'] | trim + '<|eot_id|>' }}{% endfor %}"
         "{% if add_generation_prompt %}{{ 'Assistant: ' }}{% endif %}"),
    ]


def caution(model, tokens, data, strength):
    """Raises the logits of all answers to what is outside the field by `strength` where an answer begins: there are more such questions than
    the data can have, and a refusal does less harm than a wrong answer. The model has no biases, so the direction that its last states share at
    these places, a mean of drawn questions, stands in for one."""
    conversations = Conversations(data, CAUTION_SEED)
    shared = torch.zeros(model.config.hidden)
    for language in LANGUAGES:
        for _ in range(CAUTION_QUESTIONS):
            ids = tokens.prompt(conversations.first_turn(language)[0])
            *_, last = model.states(torch.tensor([ids]), causal_mask(len(ids)))
            shared += rms_norm(last[0, -1], model.output_norm) / (len(LANGUAGES) * CAUTION_QUESTIONS)
    outside = [tokens.understanding(number) for (intent, _), number in numbers_of(data).items() if intent.startswith("beyond.")]
    model.output[outside] += strength * shared / shared.square().sum()


def sharpen(model):
    """Makes the model as decided as if it were asked at a temperature of 1 / SHARPNESS. The second likeliest token of so small a model is
    mostly a mistake, and people leave the temperature as it is."""
    model.output_norm.mul_(SHARPNESS)


def tensors(model):
    def vector(name, value):
        return name + ".weight", tuple(value.shape), gguf.TYPE_F32, value.detach().numpy().astype("<f4").tobytes()

    def matrix(name, value):
        signs, scale = ternary(value.detach())
        return name + ".weight", tuple(value.shape), gguf.TYPE_I2_S, gguf.i2_s(signs.numpy(), scale.item())

    yield "token_embd.weight", (model.config.vocab, model.config.hidden), gguf.TYPE_F16, model.token_embd().detach().numpy().astype("<f2").tobytes()
    for i, layer in enumerate(model.layers):
        for name, value in layer.named_parameters():
            yield (vector if value.dim() == 1 else matrix)(f"blk.{i}.{name}", value)
    yield vector("output_norm", model.output_norm)
    yield "output.weight", tuple(model.output.shape), gguf.TYPE_F16, model.output.detach().numpy().astype("<f2").tobytes()


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--work", type=pathlib.Path, default=pathlib.Path("build/builtin"), help="where train.py left its checkpoint")
    parser.add_argument("--out", type=pathlib.Path, default=FOLDER)
    parser.add_argument("--caution", type=float, default=CAUTION, help="how much likelier refusals become, in logits (default %(default)s)")
    arguments = parser.parse_args()
    saved = torch.load(arguments.work / "checkpoint.pt", map_location="cpu")
    config, tokens = Config(**saved["config"]), Tokens(arguments.work / "vocabulary.model")
    model = Model(config)
    model.load_state_dict(saved["model"])
    model.eval()
    data = Data()
    with torch.no_grad():
        caution(model, tokens, data, arguments.caution)
        for matrix in (model.piece_embd, model.understanding_embd, model.output):
            matrix.copy_(matrix.half().float())  # as the file has them
        sharpen(model)
    understandings = [f"<|{intent} {language}|>" for intent, language in numbers_of(data)]
    understandings += [f"<|unused {i}|>" for i in range(len(understandings), config.understandings)]
    gguf.write(arguments.out / "tercet-guide.gguf", metadata(config, tokens, understandings), list(tensors(model)))

    compared = []
    for language, text in PROMPTS:
        ids = tokens.prompt(text)
        with torch.no_grad():
            logits = model(torch.tensor([ids]), causal_mask(len(ids)))[0, -1]
        best = logits.topk(16)
        compared.append({"language": language, "text": text, "ids": ids, "mean": round(logits.mean().item(), 5), "deviation": round(logits.std().item(), 5),
                         "best": [[i, round(v, 4)] for i, v in zip(best.indices.tolist(), best.values.tolist())],
                         "every_64th": [round(v, 4) for v in logits[::64].tolist()]})
    (arguments.out / "logits.json").write_text(json.dumps(compared, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")

    lines = [f"{label}\t{data.labels[label]}" for label in sorted(data.used_labels)]
    (arguments.out / "labels.tsv").write_text("\n".join(lines) + "\n", encoding="utf-8")
    size = (arguments.out / "tercet-guide.gguf").stat().st_size
    print(f"step {saved['step']}: {size / 1e6:.2f} MB, {len(compared)} prompts, {len(lines)} labels")


if __name__ == "__main__":
    main()
