"""Writes a model as GGUF version 3: metadata, then tensors as F32, F16 or I2_S."""
import struct

import numpy

U32, I32, F32, BOOL, STRING, ARRAY = 4, 5, 6, 7, 8, 9
TYPE_F32, TYPE_F16, TYPE_I2_S = 0, 1, 36
ALIGNMENT = 32


def _string(text):
    data = text.encode("utf-8")
    return struct.pack("<Q", len(data)) + data


def _value(kind, value):
    if kind == STRING:
        return _string(value)
    return struct.pack({U32: "<I", I32: "<i", F32: "<f", BOOL: "<?"}[kind], value)


def i2_s(signs, scale):
    """Ternary values, blocks of 128 in 32 bytes: of byte b the bits from the top down are the elements b, b+32, b+64, b+96."""
    codes = (signs.astype(numpy.int8) + 1).astype(numpy.uint8).reshape(-1, 4, 32)
    packed = codes[:, 0] << 6 | codes[:, 1] << 4 | codes[:, 2] << 2 | codes[:, 3]
    return packed.tobytes() + struct.pack("<f", scale) + bytes(28)


def write(path, metadata, tensors):
    """metadata: [(key, kind, value)], of arrays (key, (ARRAY, kind), values). tensors: [(name, shape, type, bytes)]."""
    out = bytearray(b"GGUF" + struct.pack("<IQQ", 3, len(tensors), len(metadata)))
    for key, kind, value in metadata:
        out += _string(key)
        if isinstance(kind, tuple):
            out += struct.pack("<IIQ", ARRAY, kind[1], len(value)) + b"".join(_value(kind[1], item) for item in value)
        else:
            out += struct.pack("<I", kind) + _value(kind, value)
    offset = 0
    for name, shape, kind, data in tensors:
        out += _string(name) + struct.pack("<I", len(shape)) + b"".join(struct.pack("<Q", size) for size in reversed(shape))
        out += struct.pack("<IQ", kind, offset)
        offset += -(-len(data) // ALIGNMENT) * ALIGNMENT
    for _, _, _, data in tensors:
        out += bytes(-len(out) % ALIGNMENT) + data
    with open(path, "wb") as file:
        file.write(out)
