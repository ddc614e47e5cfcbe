// The golden models without Qt Test, for an emulator: check_engine_plain FIXTURES SET... compares each kernel set named with
// the golden results for 1 and 2 threads and batches of 1 and 7, and these with each other, bit for bit.
// Exit: 0 right, 1 wrong, 2 wrong usage, 77 there are no fixtures or the CPU refuses a set.
#include <cstdio>
#include <cstring>
#include <filesystem>

#include "kernels/dispatch.h"
#include "tests/engine/engine_fixture.h"
#include "tests/engine/golden.h"

using namespace tercet;
using namespace tercet::test;

namespace {

/// Prints what differs; returns how many comparisons did. `first` keeps the logits of the first call for the later ones.
int check(Engine& engine, const std::vector<GoldenCase>& cases, const std::string& what, std::vector<std::vector<float>>& first) {
  int wrong = 0;
  const auto expect = [&](bool right, std::size_t c, const char* detail) {
    if (right) return;
    ++wrong;
    std::printf("WRONG %s, case %zu: %s\n", what.c_str(), c, detail);
  };
  for (std::size_t c = 0; c < cases.size(); ++c) {
    const GoldenCase& one = cases[c];
    const std::vector<float> got = all_logits(*engine.session, one.tokens);
    if (got.size() != one.logits.size()) {
      expect(false, c, "number of logits");
      continue;
    }
    expect(distance(one, got).within(one.safe), c, "logits");
    if (first.size() == c) first.push_back(got);
    expect(std::memcmp(first[c].data(), got.data(), got.size() * sizeof(float)) == 0, c, "other bits than with the first threads and batch");
    const auto answer = engine.session->generate_from_tokens(one.tokens, greedy(static_cast<std::uint32_t>(one.greedy.size())), {}, {});
    expect(answer && greedy_agrees(one, answer->tokens), c, "greedy tokens");
  }
  return wrong;
}

int check_set(const std::string& fixtures, const std::string& isa) {
  int wrong = 0;
  for (const auto& [file, golden] : kGoldenModels) {
    const std::vector<GoldenCase> cases = golden_cases(fixtures, golden);
    if (cases.empty()) ++wrong;
    std::vector<std::vector<float>> first;
    for (const int threads : {1, 2}) {
      for (const std::uint32_t batch : {1U, 7U}) {
        const std::string what = std::string(file) + " " + isa + ", " + std::to_string(threads) + " threads, batch " + std::to_string(batch);
        Engine engine = make_engine(fixtures + file, {.isa = isa, .threads = threads, .batch = batch});
        if (!engine.failure.empty() || engine.model->info().isa != isa) {
          std::printf("WRONG %s: %s\n", what.c_str(), engine.failure.empty() ? "another set was taken" : engine.failure.c_str());
          ++wrong;
          continue;
        }
        wrong += check(engine, cases, what, first);
      }
    }
  }
  return wrong;
}

}  // namespace

int main(int argc, char** argv) {
  if (argc < 3) {
    std::printf("usage: %s FIXTURES SET...\n", argv[0]);
    return 2;
  }
  const std::string fixtures = std::string(argv[1]) + "/";
  if (!std::filesystem::exists(fixtures + "golden_2b4t.json")) {
    std::printf("skipped: there are no fixtures in %s\n", argv[1]);
    return 77;
  }
  int result = 0;
  for (int i = 2; i < argc; ++i) {
    const kernels::SetStatus* status = kernels::find_set(argv[i]);
    if (status == nullptr) {
      std::printf("%s: no such set\n", argv[i]);
      return 2;
    }
    if (!status->supported) {
      std::printf("%s: refused, %s\n", argv[i], status->set == nullptr ? "not compiled" : "not supported by this CPU");
      if (result == 0) result = 77;
      continue;
    }
    const int wrong = check_set(fixtures, argv[i]);
    std::printf("%s: %s\n", argv[i], wrong == 0 ? "ok" : "WRONG");
    if (wrong != 0) result = 1;
  }
  return result;
}
