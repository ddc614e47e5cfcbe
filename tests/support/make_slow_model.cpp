// Writes a model of random weights that takes a while for every answer, for tests of the whole program that stop one.
#include <cstdio>
#include <fstream>

#include "tests/support/tiny_model.h"

int main(int argc, char** argv) {
  if (argc != 2) {
    std::fputs("usage: make_slow_model FILE\n", stderr);
    return 2;
  }
  const auto bytes = tercet::test::make_tiny_gguf(
      {.vocab = 4096, .context = 4096, .hidden = 1024, .layers = 16, .heads = 8, .kv_heads = 2, .head_dim = 128, .ffn = 2816});
  std::ofstream file(argv[1], std::ios::binary);
  file.write(reinterpret_cast<const char*>(bytes.data()), static_cast<std::streamsize>(bytes.size()));
  return file.flush() ? 0 : 1;
}
