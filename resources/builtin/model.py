"""A small transformer of the architecture of BitNet b1.58 2B4T, for quantisation-aware training.

Linear layers: ternary weights with one scale per matrix (absmean), 8-bit activations with one scale per token (absmax), gradients
straight through the rounding (Ma et al. 2024, "The Era of 1-bit LLMs"; Ma et al. 2025, "BitNet b1.58 2B4T"). RMSNorm before each
block and again before the output and the down projection, squared ReLU, grouped-query attention, rotary positions (half-split).
The output matrix is one of its own: the embedding learns which questions mean the same, the output how answers go on.
"""
import dataclasses
import math

import torch
import torch.nn.functional as F

EPSILON = 1e-5


@dataclasses.dataclass
class Config:
    pieces: int = 4096          # of the vocabulary of the texts
    understandings: int = 640   # control tokens behind them, see tokens.py
    hidden: int = 256
    layers: int = 4
    heads: int = 4
    kv_heads: int = 2
    head_dim: int = 64
    ffn: int = 1024
    context: int = 1024
    rope_base: float = 10000.0

    @property
    def vocab(self):
        return self.pieces + self.understandings


class Through(torch.autograd.Function):
    """`rounded` in the forward pass, the gradient of `value` in the backward pass."""

    @staticmethod
    def forward(ctx, value, rounded):
        return rounded

    @staticmethod
    def backward(ctx, gradient):
        return gradient, None


def ternary(weight):
    """The matrix in {-1, 0, +1} and its scale: the mean of |w|."""
    scale = weight.abs().mean().clamp(min=EPSILON)
    return (weight / scale).round().clamp(-1, 1), scale


def quantize_weight(weight):
    with torch.no_grad():
        signs, scale = ternary(weight)
        rounded = signs * scale
    return Through.apply(weight, rounded)


def quantize_activation(x):
    """8 bits per value, one scale per row."""
    with torch.no_grad():
        scale = 127.0 / x.abs().amax(-1, keepdim=True).clamp(min=EPSILON)
        rounded = (x * scale).round_().div_(scale)
    return Through.apply(x, rounded)


def rms_norm(x, weight):
    return x * torch.rsqrt(x.pow(2).mean(-1, keepdim=True) + EPSILON) * weight


def rope_tables(config, length):
    """cos and sin of [length][head_dim/2]."""
    half = config.head_dim // 2
    frequencies = config.rope_base ** (-torch.arange(half, dtype=torch.float64) / half)
    angles = torch.arange(length, dtype=torch.float64)[:, None] * frequencies
    return angles.cos().float(), angles.sin().float()


def rotate(x, cos, sin):
    """x: [..., length, head_dim]."""
    first, second = x.chunk(2, -1)
    return torch.cat((first * cos - second * sin, second * cos + first * sin), -1)


class Layer(torch.nn.Module):
    def __init__(self, config):
        super().__init__()
        self.config = config
        query, kv = config.heads * config.head_dim, config.kv_heads * config.head_dim

        def matrix(rows, columns):
            return torch.nn.Parameter(torch.randn(rows, columns) * 0.02)

        def ones(size):
            return torch.nn.Parameter(torch.ones(size))

        self.attn_norm, self.ffn_norm = ones(config.hidden), ones(config.hidden)
        self.attn_sub_norm, self.ffn_sub_norm = ones(query), ones(config.ffn)
        self.attn_q, self.attn_k, self.attn_v = matrix(query, config.hidden), matrix(kv, config.hidden), matrix(kv, config.hidden)
        self.attn_output = matrix(config.hidden, query)
        self.ffn_gate, self.ffn_up = matrix(config.ffn, config.hidden), matrix(config.ffn, config.hidden)
        self.ffn_down = matrix(config.hidden, config.ffn)

    def forward(self, x, mask, cos, sin, at=None):
        """x: [batch][length][hidden]; mask: [batch][1][length][length] or [length][length], added to the scores. With `at`, (rows, columns)
        of N positions, only their states are computed, [N][1][hidden]; the mask is then [length][length]."""
        config = self.config
        batch, length, _ = x.shape
        heads, kv_heads = config.heads, config.kv_heads

        def weight(*matrices):
            return torch.cat([quantize_weight(matrix) for matrix in matrices])

        def in_heads(projected):
            return projected.view(batch, -1, projected.shape[-1] // config.head_dim, config.head_dim).transpose(1, 2)

        h = quantize_activation(rms_norm(x, self.attn_norm))
        if at is None:
            q, k, v = in_heads(F.linear(h, weight(self.attn_q, self.attn_k, self.attn_v))).split((heads, kv_heads, kv_heads), 1)
            q = rotate(q, cos, sin)
        else:
            rows, columns = at
            k, v = in_heads(F.linear(h, weight(self.attn_k, self.attn_v))).split(kv_heads, 1)
            q = F.linear(h[rows, columns], weight(self.attn_q)).view(-1, heads, config.head_dim)
            q = rotate(q, cos[columns][:, None], sin[columns][:, None])[:, :, None]
            x, mask = x[rows, columns][:, None], mask[columns][:, None, None]
        k = rotate(k, cos, sin)
        if at is not None:
            k, v = k[rows], v[rows]
        k, v = k.repeat_interleave(heads // kv_heads, 1), v.repeat_interleave(heads // kv_heads, 1)
        weights = (q @ k.transpose(-1, -2) * (1.0 / math.sqrt(config.head_dim)) + mask).softmax(-1)
        o = (weights @ v).transpose(1, 2).reshape(x.shape[0], x.shape[1], -1)
        x = x + F.linear(quantize_activation(rms_norm(o, self.attn_sub_norm)), weight(self.attn_output))
        h = quantize_activation(rms_norm(x, self.ffn_norm))
        gate, up = F.linear(h, weight(self.ffn_gate, self.ffn_up)).chunk(2, -1)
        f = gate.relu().square() * up
        return x + F.linear(quantize_activation(rms_norm(f, self.ffn_sub_norm)), weight(self.ffn_down))


class Model(torch.nn.Module):
    def __init__(self, config):
        super().__init__()
        self.config = config
        self.piece_embd = torch.nn.Parameter(torch.randn(config.pieces, config.hidden) * 0.02)
        self.understanding_embd = torch.nn.Parameter(torch.randn(config.understandings, config.hidden) * 0.05)
        self.layers = torch.nn.ModuleList([Layer(config) for _ in range(config.layers)])
        self.output_norm = torch.nn.Parameter(torch.ones(config.hidden))
        self.output = torch.nn.Parameter(torch.randn(config.vocab, config.hidden) * 0.02)
        cos, sin = rope_tables(config, config.context)
        self.register_buffer("cos", cos, persistent=False)
        self.register_buffer("sin", sin, persistent=False)

    def token_embd(self):
        """[vocab][hidden]"""
        return torch.cat((self.piece_embd, self.understanding_embd))

    def states(self, ids, mask, resting=0):
        """The residual stream after each layer, [batch][length][hidden]. No gradient goes through the first `resting` layers."""
        length = ids.shape[1]
        x = F.embedding(ids, self.token_embd())
        for number, layer in enumerate(self.layers):
            with torch.set_grad_enabled(torch.is_grad_enabled() and number >= resting):
                x = layer(x, mask, self.cos[:length], self.sin[:length])
            yield x

    def logits(self, state):
        """Of the last state, or of some rows of it."""
        return F.linear(rms_norm(state, self.output_norm), self.output)

    def forward(self, ids, mask):
        """Logits of all positions."""
        *_, last = self.states(ids, mask)
        return self.logits(last)


def causal_mask(length):
    return torch.full((length, length), -1e9).triu(1)
