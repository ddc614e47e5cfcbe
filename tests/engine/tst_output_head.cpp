// The screened head against the full pass: the best k, everything within a range, and penalised tokens must come out the
// same to the bit, on random and on adversarial matrices and states.
#include <QtTest/QtTest>

#include <algorithm>
#include <cmath>
#include <cstring>
#include <limits>

#include "engine/output_head.h"
#include "kernels/dispatch.h"
#include "tests/support/encoders.h"
#include "tests/support/temp_dir.h"
#include "tests/support/test_rng.h"

using namespace tercet;
using namespace tercet::test;

namespace {

constexpr std::size_t kRows = 3000, kCols = 256;
constexpr float kInfinity = std::numeric_limits<float>::infinity();

enum class Kind { Random, EqualRows, NearlyEqual, OneHuge, Outliers, Zero };

std::vector<float> make_matrix(Kind kind, TestRng& random) {
  std::vector<float> w(kRows * kCols);
  for (std::size_t i = 0; i < w.size(); ++i) {
    const float value = static_cast<float>(random.normal());
    const std::size_t row = i / kCols, col = i % kCols;
    switch (kind) {
      case Kind::Random: w[i] = value; break;
      case Kind::EqualRows: w[i] = row < 10 ? value : w[i % (10 * kCols)]; break;
      case Kind::NearlyEqual: w[i] = row == 0 ? value : w[col] + 1e-3F * value; break;
      case Kind::OneHuge: w[i] = row == 17 ? 1000 * value : value; break;
      case Kind::Outliers: w[i] = col == row % kCols ? 300.0F : 0.01F * value; break;
      case Kind::Zero: w[i] = row % 2 == 0 ? 0.0F : value; break;
    }
  }
  return w;
}

bool better(const Candidate& a, const Candidate& b) { return a.logit > b.logit || (a.logit == b.logit && a.token < b.token); }

}  // namespace

class TestOutputHead : public QObject {
  Q_OBJECT

 private Q_SLOTS:
  void screened_results_are_those_of_the_full_pass_data() {
    QTest::addColumn<int>("kind");
    QTest::addColumn<int>("dtype");
    const char* names[] = {"random", "equal rows", "nearly equal rows", "one huge row", "outliers", "zero rows"};
    for (int kind = 0; kind < 6; ++kind) {
      for (const DType type : {DType::F32, DType::F16, DType::BF16, DType::Q8_0, DType::Q6_K}) {
        QTest::addRow("%s, %s", names[kind], std::string(dtype_name(type)).c_str()) << kind << static_cast<int>(type);
      }
    }
  }
  void screened_results_are_those_of_the_full_pass() {
    QFETCH(int, kind);
    QFETCH(int, dtype);
    const DType type = static_cast<DType>(dtype);
    TestRng random(static_cast<std::uint64_t>(100 + kind));
    const TempDir dir;
    const std::string path = dir.write("matrix", encode_floats(type, make_matrix(static_cast<Kind>(kind), random)));
    auto file = MappedFile::open(path);
    QVERIFY(file.has_value());
    const TensorView view{.name = "output.weight", .dtype = type, .rows = kRows, .cols = kCols, .file_offset = 0, .bytes = (*file)->bytes()};
    ThreadPool pool(2);
    const kernels::KernelSet& kernels = kernels::best_set();
    auto head = OutputHead::build(std::make_unique<RowReader>(view, *file, kernels), kernels, pool, [](double) { return true; });
    QVERIFY2(head.has_value(), head ? "" : head.error().detail.c_str());

    std::size_t survivors = 0, queries = 0;
    for (int state = 0; state < 30; ++state) {
      std::vector<float> hidden(kCols);
      const float size = std::pow(10.0F, static_cast<float>(state % 7 - 3));
      for (float& value : hidden) value = size * static_cast<float>(random.normal());
      if (state % 5 == 1) std::fill(hidden.begin() + 1, hidden.end(), 0.0F);
      if (state % 5 == 2) hidden[state % 256] *= 1000.0F;
      if (state == 3) std::fill(hidden.begin(), hidden.end(), 0.0F);
      std::vector<float> logits(kRows);
      QVERIFY((*head)->all_logits(hidden.data(), 1, pool, logits).has_value());
      std::vector<Candidate> full;
      for (std::size_t i = 0; i < kRows; ++i) full.push_back({static_cast<TokenId>(i), logits[i]});
      std::sort(full.begin(), full.end(), better);

      OutputHead::Screen screen;
      (*head)->screen(hidden.data(), 1, pool, screen);
      for (const std::uint32_t count : {1U, 5U, 40U}) {
        for (const float range : {0.0F, size * 3, kInfinity}) {
          if (count > 1 && range == 0.0F) continue;
          const std::vector<TokenId> also = state % 3 == 0 ? std::vector<TokenId>{full[3].token < full[0].token ? full[3].token : full[0].token,
                                                                                  full[3].token < full[0].token ? full[0].token : full[3].token}
                                                           : std::vector<TokenId>();
          std::vector<Candidate> found;
          QVERIFY((*head)->candidates(screen, 0, {.count = count, .range = range, .also = also}, pool, found).has_value());
          survivors += found.size();
          ++queries;
          for (const Candidate& candidate : found) {
            QVERIFY(std::memcmp(&candidate.logit, &logits[static_cast<std::size_t>(candidate.token)], 4) == 0);
          }
          std::sort(found.begin(), found.end(), better);
          QVERIFY(std::adjacent_find(found.begin(), found.end(), [](auto& a, auto& b) { return a.token == b.token; }) == found.end());
          // All of `also`, and of the others the best `count` that lie within the range.
          std::vector<Candidate> wanted;
          float top = -kInfinity;
          for (const Candidate& candidate : full) {
            const bool is_also = std::find(also.begin(), also.end(), candidate.token) != also.end();
            if (is_also) continue;
            top = std::max(top, candidate.logit);
            if (wanted.size() < count && candidate.logit >= top - range) wanted.push_back(candidate);
          }
          for (const TokenId token : also) wanted.push_back({token, logits[static_cast<std::size_t>(token)]});
          for (const Candidate& want : wanted) {
            QVERIFY2(std::find_if(found.begin(), found.end(), [&](auto& c) { return c.token == want.token; }) != found.end(),
                     qPrintable(QString("token %1 of state %2, count %3, range %4 is missing").arg(want.token).arg(state).arg(count).arg(range)));
          }
        }
      }
    }
    if (kind == 0 && type == DType::F16) QVERIFY2(survivors < queries * kRows / 4, "the screen lets too much through to be of use");
  }

  // Greedy and top-k choices of 12,000 states, random ones and such as are hard: near ties, one large value, states along a row.
  void ten_thousand_states_choose_what_the_full_pass_chooses_data() {
    QTest::addColumn<int>("kind");
    const char* names[] = {"random", "equal rows", "nearly equal rows", "one huge row", "outliers", "zero rows"};
    for (int kind = 0; kind < 6; ++kind) QTest::newRow(names[kind]) << kind;
  }
  void ten_thousand_states_choose_what_the_full_pass_chooses() {
    QFETCH(int, kind);
#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
    constexpr int kStates = 100;
#else
    constexpr int kStates = 2000;
#endif
    TestRng random(static_cast<std::uint64_t>(500 + kind));
    const TempDir dir;
    const std::string path = dir.write("matrix", encode_floats(DType::F16, make_matrix(static_cast<Kind>(kind), random)));
    auto file = MappedFile::open(path);
    const TensorView view{.name = "output.weight", .dtype = DType::F16, .rows = kRows, .cols = kCols, .file_offset = 0, .bytes = (*file)->bytes()};
    ThreadPool pool(2);
    const kernels::KernelSet& kernels = kernels::best_set();
    auto head = OutputHead::build(std::make_unique<RowReader>(view, *file, kernels), kernels, pool, [](double) { return true; });
    QVERIFY(head.has_value());
    std::vector<float> rows(kRows * kCols);
    kernels.f16_to_f32(reinterpret_cast<const std::uint16_t*>((*file)->bytes().data()), rows.size(), rows.data());

    OutputHead::Screen screen;
    std::vector<Candidate> found, full(kRows);
    constexpr std::size_t kTogether = 4;
    std::vector<float> hidden(kTogether * kCols);
    for (int state = 0; state < kStates; state += kTogether) {
      for (std::size_t p = 0; p < kTogether; ++p) {
        float* x = hidden.data() + p * kCols;
        const std::size_t row = static_cast<std::size_t>(state) * 7 % kRows;
        for (std::size_t i = 0; i < kCols; ++i) {
          x[i] = static_cast<float>(random.normal());
          if (p == 1) x[i] = rows[row * kCols + i] + 1e-4F * x[i];                       // along a row: its neighbours tie
          if (p == 2) x[i] = i % 64 == static_cast<std::size_t>(state) % 64 ? 100 * x[i] : 1e-3F * x[i];
        }
      }
      (*head)->screen(hidden.data(), kTogether, pool, screen);
      for (std::size_t p = 0; p < kTogether; ++p) {
        for (std::size_t row = 0; row < kRows; ++row) full[row] = {static_cast<TokenId>(row), kernels.dot(hidden.data() + p * kCols, rows.data() + row * kCols, kCols)};
        std::partial_sort(full.begin(), full.begin() + 40, full.end(), better);
        for (const std::uint32_t count : {1U, 40U}) {
          QVERIFY((*head)->candidates(screen, p, {.count = count, .range = kInfinity}, pool, found).has_value());
          QVERIFY(found.size() >= count);
          std::partial_sort(found.begin(), found.begin() + count, found.end(), better);
          for (std::size_t i = 0; i < count; ++i) {
            QCOMPARE(found[i].token, full[i].token);
            QVERIFY(std::memcmp(&found[i].logit, &full[i].logit, sizeof(float)) == 0);
          }
        }
      }
    }
  }

  void a_range_without_a_count_finds_all_in_the_range() {
    TestRng random(5);
    const TempDir dir;
    const std::string path = dir.write("matrix", encode_floats(DType::F16, make_matrix(Kind::Random, random)));
    auto file = MappedFile::open(path);
    const TensorView view{.name = "output.weight", .dtype = DType::F16, .rows = kRows, .cols = kCols, .file_offset = 0, .bytes = (*file)->bytes()};
    ThreadPool pool(1);
    auto head = OutputHead::build(std::make_unique<RowReader>(view, *file, kernels::best_set()), kernels::best_set(), pool, [](double) { return true; });
    QVERIFY(head.has_value());
    std::vector<float> hidden(kCols), logits(kRows);
    for (float& value : hidden) value = static_cast<float>(random.normal());
    QVERIFY((*head)->all_logits(hidden.data(), 1, pool, logits).has_value());
    std::vector<Candidate> found;
    OutputHead::Screen screen;
    (*head)->screen(hidden.data(), 1, pool, screen);
    QVERIFY((*head)->candidates(screen, 0, {.count = 0, .range = 20.0F}, pool, found).has_value());
    const float top = *std::max_element(logits.begin(), logits.end());
    for (std::size_t i = 0; i < kRows; ++i) {
      const bool is_found = std::find_if(found.begin(), found.end(), [&](auto& c) { return c.token == static_cast<TokenId>(i); }) != found.end();
      if (logits[i] >= top - 20.0F) QVERIFY(is_found);
    }
  }

  void rows_that_are_not_finite_are_refused() {
    std::vector<float> w(512 * kCols, 1.0F);
    w[300 * kCols + 7] = std::nanf("");
    const TempDir dir;
    const std::string path = dir.write("matrix", encode_floats(DType::F32, w));
    auto file = MappedFile::open(path);
    const TensorView view{.name = "output.weight", .dtype = DType::F32, .rows = 512, .cols = kCols, .file_offset = 0, .bytes = (*file)->bytes()};
    ThreadPool pool(2);
    auto head = OutputHead::build(std::make_unique<RowReader>(view, *file, kernels::best_set()), kernels::best_set(), pool, [](double) { return true; });
    QVERIFY(!head.has_value());
    QCOMPARE(head.error().code, ErrorCode::BadWeights);
  }

  void a_file_that_was_cut_is_an_error_not_a_crash() {
    TestRng random(6);
    const TempDir dir;
    const std::string path = dir.write("matrix", encode_floats(DType::F16, make_matrix(Kind::Random, random)));
    auto file = MappedFile::open(path);
    const TensorView view{.name = "output.weight", .dtype = DType::F16, .rows = kRows, .cols = kCols, .file_offset = 0, .bytes = (*file)->bytes()};
    ThreadPool pool(1);
    auto head = OutputHead::build(std::make_unique<RowReader>(view, *file, kernels::best_set()), kernels::best_set(), pool, [](double) { return true; });
    QVERIFY(head.has_value());
    std::filesystem::resize_file(path, 100);
    std::vector<float> hidden(kCols, 1.0F);
    std::vector<Candidate> found;
    OutputHead::Screen screen;
    (*head)->screen(hidden.data(), 1, pool, screen);
    const auto done = (*head)->candidates(screen, 0, {.count = 40, .range = kInfinity}, pool, found);
    QVERIFY(!done.has_value());
    QCOMPARE(done.error().code, ErrorCode::ModelChanged);
  }
};

QTEST_APPLESS_MAIN(TestOutputHead)
#include "tst_output_head.moc"
