// The key and value cache by itself: what comes back of what was stored, and how much memory it takes.
#include <QtTest/QtTest>

#include <cmath>
#include <cstring>

#include "engine/kv_cache.h"
#include "kernels/dispatch.h"
#include "kernels/layout.h"

using namespace tercet;
using kernels::CacheType;
using kernels::kKeyBlock;

namespace {

ModelConfig config_of(std::uint32_t head_dim) {
  ModelConfig config;
  config.layers = 2;
  config.heads = config.kv_heads = 3;
  config.head_dim = head_dim;
  config.context_length = 4096;
  return config;
}

/// Numbers of about the size of `scale`, none of them twice.
std::vector<float> row_of(std::size_t n, float scale, std::size_t seed) {
  std::vector<float> row;
  for (std::size_t i = 0; i < n; ++i) row.push_back(scale * std::sin(static_cast<float>(1 + i + 31 * seed)));
  return row;
}

}  // namespace

class TestKvCache : public QObject {
  Q_OBJECT

 private Q_SLOTS:
  void eight_bits_come_back_within_half_a_step_data() {
    QTest::addColumn<QString>("set");
    QTest::addColumn<int>("head_dim");
    for (const auto& status : kernels::all_sets()) {
      for (const int head_dim : {10, 64, 100}) QTest::addRow("%s, %d", status.name.data(), head_dim) << QString::fromLatin1(status.name.data()) << head_dim;
    }
  }
  void eight_bits_come_back_within_half_a_step() {
    QFETCH(QString, set);
    QFETCH(int, head_dim);
    const kernels::SetStatus* status = kernels::find_set(set.toStdString());
    if (status->set == nullptr || !status->supported) QSKIP(qPrintable(set + " cannot run here"));
    const auto dim = static_cast<std::size_t>(head_dim);
    constexpr std::uint32_t kContext = 20;  // ends within a block of keys
    auto cache = KvCache::create(config_of(static_cast<std::uint32_t>(head_dim)), kContext, CacheType::Q8);
    QVERIFY(cache.has_value());
    const auto scale_at = [](std::uint32_t position) { return position == 3 ? 0.0F : std::ldexp(1.0F, static_cast<int>(position) - 8); };
    const auto seed_of = [](std::uint32_t layer, std::uint32_t head, std::uint32_t position) { return (layer * 3 + head) * kContext + position; };
    for (std::uint32_t position = kContext; position-- > 0;) {  // backwards: a row must not spill into the next
      for (std::uint32_t layer = 0; layer < 2; ++layer) {
        for (std::uint32_t head = 0; head < 3; ++head) {
          const std::vector<float> key = row_of(dim, scale_at(position), seed_of(layer, head, position));
          const std::vector<float> value = row_of(dim, 3 * scale_at(position), 1000 + seed_of(layer, head, position));
          cache->store(*status->set, layer, head, position, key.data(), value.data());
        }
      }
    }
    for (std::uint32_t layer = 0; layer < 2; ++layer) {
      for (std::uint32_t head = 0; head < 3; ++head) {
        const auto* keys = static_cast<const std::int8_t*>(cache->keys(layer, head));
        const auto* values = static_cast<const std::int8_t*>(cache->values(layer, head));
        for (std::uint32_t position = 0; position < kContext; ++position) {
          const float key_scale = cache->key_scales(layer, head)[position], value_scale = cache->value_scales(layer, head)[position];
          const std::vector<float> key = row_of(dim, scale_at(position), seed_of(layer, head, position));
          const std::vector<float> value = row_of(dim, 3 * scale_at(position), 1000 + seed_of(layer, head, position));
          for (std::size_t d = 0; d < dim; ++d) {
            const float got_key = key_scale * static_cast<float>(keys[(position / kKeyBlock * dim + d) * kKeyBlock + position % kKeyBlock]);
            const float got_value = value_scale * static_cast<float>(values[position * dim + d]);
            QVERIFY(std::abs(got_key - key[d]) <= 0.501F * key_scale);
            QVERIFY(std::abs(got_value - value[d]) <= 0.501F * value_scale);
          }
          if (position != 3) QVERIFY(key_scale <= scale_at(position) / 127);
        }
      }
    }
  }

  void memory_follows_the_element_type() {
    const ModelConfig config = config_of(128);
    const std::uint64_t half = KvCache::bytes(config, 1000, CacheType::F16), eight = KvCache::bytes(config, 1000, CacheType::Q8);
    QCOMPARE(KvCache::bytes(config, 1000, CacheType::F32), 2 * half);
    QCOMPARE(half, std::uint64_t{2 * 2 * 1008 * 2 * 3 * 128});
    QCOMPARE(eight, half / 2 + std::uint64_t{2 * 1008 * 2 * 3 * 4});  // a scale for each key and value
    const auto cache = KvCache::create(config, 1000, CacheType::Q8);
    QVERIFY(cache.has_value());
    QCOMPARE(cache->bytes_per_position() * 1008, eight);
  }

  void eight_bits_are_never_chosen_by_themselves() {
    ModelConfig config = config_of(128);
    QCOMPARE(cache_type(CachePrecision::Auto, config), CacheType::F32);
    config.layers = 30;
    QCOMPARE(cache_type(CachePrecision::Auto, config), CacheType::F16);
    QCOMPARE(cache_type(CachePrecision::EightBit, config), CacheType::Q8);
  }
};

QTEST_APPLESS_MAIN(TestKvCache)
#include "tst_kv_cache.moc"
