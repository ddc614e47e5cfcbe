// How keys and values of a conversation are cached, as people choose it.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <string_view>

namespace tercet {

/// Auto: half precision, but single where the whole cache is small (kv_cache.h). EightBit takes half the memory of Half and
/// changes logits (measured in tests/bench/README.md), so it is never what Auto comes to.
enum class CachePrecision : std::uint8_t { Auto, Half, Single, EightBit };

/// The names that commands take, each at the place of its value.
inline constexpr std::array<std::string_view, 4> kCachePrecisionNames = {"auto", "f16", "f32", "q8"};

constexpr std::string_view name_of(CachePrecision precision) noexcept { return kCachePrecisionNames[static_cast<std::size_t>(precision)]; }

}  // namespace tercet
