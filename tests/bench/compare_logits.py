#!/usr/bin/env python3
"""How far the logits of one run are from those of another, both written by `tercet-cli logits`.

compare_logits.py REFERENCE.npy OTHER.npy. Prints the largest and the usual difference, the cosine of the rows, the share of
positions with the same likeliest token, and the Kullback-Leibler divergence of the other's distribution from the reference's,
in nats. Standard library only.
"""

import ast
import itertools
import math
import statistics
import sys
from array import array
from operator import mul, sub


def rows(path):
    """Yields the rows of a float32 [rows][columns] file, one at a time."""
    with open(path, "rb") as file:
        magic = file.read(8)
        if magic[:6] != b"\x93NUMPY":
            raise SystemExit(f"{path} is not an npy file")
        size = int.from_bytes(file.read(2 if magic[6] == 1 else 4), "little")
        header = ast.literal_eval(file.read(size).decode("latin-1"))
        if header["descr"] != "<f4" or header["fortran_order"] or len(header["shape"]) != 2:
            raise SystemExit(f"{path} does not hold float32 rows")
        count, columns = header["shape"]
        for _ in range(count):
            row = array("f")
            row.fromfile(file, columns)
            yield row


def log_of_sum(row):
    most = max(row)
    return most + math.log(sum(map(math.exp, (x - most for x in row))))


def compare(a, b):
    """Of two rows: largest and mean square difference, cosine, whether the likeliest token is the same, divergence."""
    if len(a) != len(b):
        raise SystemExit("the two files do not have the same shape")
    differences = list(map(sub, a, b))
    dot, aa, bb = sum(map(mul, a, b)), sum(map(mul, a, a)), sum(map(mul, b, b))
    all_a, all_b = log_of_sum(a), log_of_sum(b)
    weights = [math.exp(x - all_a) for x in a]
    divergence = sum(map(mul, weights, differences)) - all_a + all_b
    return (max(map(abs, differences)), sum(map(mul, differences, differences)) / len(a), dot / math.sqrt(aa * bb),
            a.index(max(a)) == b.index(max(b)), divergence)


def main():
    if len(sys.argv) != 3:
        raise SystemExit(__doc__)
    found = [compare(a, b) for a, b in itertools.zip_longest(rows(sys.argv[1]), rows(sys.argv[2]), fillvalue=())]
    largest, squares, cosines, same, divergences = zip(*found)
    print(f"{len(found)} positions")
    print(f"difference   {max(largest):.4g} at most, {math.sqrt(statistics.mean(squares)):.4g} root mean square")
    print(f"cosine       {min(cosines):.6f} at least, {statistics.median(cosines):.6f} median")
    print(f"same token   {100 * sum(same) / len(same):.1f} %")
    print(f"divergence   {statistics.mean(divergences):.3g} mean, {max(divergences):.3g} at most")


if __name__ == "__main__":
    main()
