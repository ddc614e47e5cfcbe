#include "engine/text/bpe_tables.h"

#include <array>
#include <bit>
#include <cstring>
#include <limits>

namespace tercet {
namespace {

// Bytes that are printable characters of Latin-1 stand for themselves.
constexpr bool stands_for_itself(unsigned byte) {
  return (byte >= 0x21 && byte <= 0x7E) || (byte >= 0xA1 && byte <= 0xAC) || byte >= 0xAE;
}

constexpr unsigned kOthers = 68;  // the rest, in increasing order, are U+0100, U+0101, ...
constexpr std::array<unsigned char, kOthers> kOtherBytes = [] {
  std::array<unsigned char, kOthers> bytes{};
  std::size_t next = 0;
  for (unsigned byte = 0; byte < 256; ++byte) {
    if (!stands_for_itself(byte)) bytes[next++] = static_cast<unsigned char>(byte);
  }
  return bytes;
}();

constexpr std::uint64_t kGolden = 0x9E3779B97F4A7C15;  // 2^64 / golden ratio

std::uint64_t hash_of(std::string_view bytes) noexcept {
  std::uint64_t hash = bytes.size() * kGolden;
  const auto take_in = [&hash](std::uint64_t word) {
    hash = (hash ^ word) * kGolden;
    hash ^= hash >> 29U;
  };
  std::uint64_t word = 0;
  for (; bytes.size() >= sizeof word; bytes.remove_prefix(sizeof word)) {
    std::memcpy(&word, bytes.data(), sizeof word);
    take_in(word);
  }
  word = 0;
  for (const char c : bytes) word = word << 8U | static_cast<unsigned char>(c);
  take_in(word);
  return hash * kGolden;
}

/// The top bits are the good ones of a product. size is a power of two above 1.
std::size_t home(std::uint64_t hash, std::size_t size) noexcept {
  return static_cast<std::size_t>(hash >> (64U - static_cast<unsigned>(std::countr_zero(size))));
}

}  // namespace

bool append_mapped_bytes(std::string_view text, std::string& bytes) {
  const std::size_t before = bytes.size();
  for (std::size_t i = 0; i < text.size(); ++i) {
    unsigned code = static_cast<unsigned char>(text[i]);
    const bool two_bytes = code >= 0xC2 && code <= 0xDF && i + 1 < text.size() &&
                           (static_cast<unsigned char>(text[i + 1]) & 0xC0U) == 0x80U;
    if (two_bytes) code = (code & 0x1FU) << 6U | (static_cast<unsigned char>(text[++i]) & 0x3FU);
    const bool itself = code < 0x100 && stands_for_itself(code) && (two_bytes || code < 0x80);
    const bool other = two_bytes && code >= 0x100 && code < 0x100 + kOthers;
    if (!itself && !other) {
      bytes.resize(before);
      return false;
    }
    bytes.push_back(static_cast<char>(itself ? code : kOtherBytes[code - 0x100]));
  }
  return true;
}

bool TokenTable::add(std::string_view bytes, bool findable) {
  if (bytes.size() > std::numeric_limits<std::uint32_t>::max() - arena_.size()) return false;
  const auto id = static_cast<TokenId>(ends_.size());
  arena_.insert(arena_.end(), bytes.begin(), bytes.end());
  ends_.push_back(static_cast<std::uint32_t>(arena_.size()));
  if (!findable || bytes.empty()) return true;
  if ((findable_ + 1) * 2 > slots_.size()) grow(std::bit_ceil((findable_ + 1) * 2));
  const std::uint64_t hash = hash_of(bytes);
  Slot& slot = slots_[slot_of(bytes, hash)];
  if (slot.token >= 0) return true;
  slot = {id, static_cast<std::uint32_t>(hash)};
  ++findable_;
  longest_ = bytes.size() > longest_ ? bytes.size() : longest_;
  return true;
}

void TokenTable::reserve(std::size_t count, std::size_t bytes) {
  arena_.reserve(bytes);
  ends_.reserve(count);
  grow(std::bit_ceil((count + 1) * 2));
}

void TokenTable::shrink() { arena_.shrink_to_fit(); }

std::string_view TokenTable::bytes(TokenId id) const noexcept {
  const auto index = static_cast<std::size_t>(id);
  const std::size_t begin = index == 0 ? 0 : ends_[index - 1];
  return {arena_.data() + begin, ends_[index] - begin};
}

std::optional<TokenId> TokenTable::find(std::string_view bytes) const noexcept {
  if (bytes.size() > longest_ || bytes.empty()) return std::nullopt;
  const TokenId id = slots_[slot_of(bytes, hash_of(bytes))].token;
  return id < 0 ? std::nullopt : std::optional(id);
}

// The slot that holds `bytes`, or the empty one where they would go.
std::size_t TokenTable::slot_of(std::string_view bytes, std::uint64_t hash) const noexcept {
  const auto tag = static_cast<std::uint32_t>(hash);
  const auto taken_by_another = [&](const Slot& slot) {
    return slot.token >= 0 && (slot.tag != tag || this->bytes(slot.token) != bytes);
  };
  std::size_t slot = home(hash, slots_.size());
  while (taken_by_another(slots_[slot])) slot = (slot + 1) & (slots_.size() - 1);
  return slot;
}

void TokenTable::grow(std::size_t slots) {
  if (slots <= slots_.size()) return;
  const std::vector<Slot> old = std::move(slots_);
  slots_.assign(slots < 2 ? 2 : slots, Slot());
  for (const Slot& slot : old) {
    if (slot.token < 0) continue;
    const std::string_view text = bytes(slot.token);
    slots_[slot_of(text, hash_of(text))] = slot;
  }
}

MergeTable::MergeTable(std::size_t count) : slots_(std::bit_ceil(count + count / 3 + 2), Slot{kEmpty, {}}) {}

void MergeTable::add(TokenId left, TokenId right, Merge merge) {
  const auto pair = std::uint64_t{static_cast<std::uint32_t>(left)} << 32U | static_cast<std::uint32_t>(right);
  Slot& slot = slots_[slot_of(pair)];
  if (slot.pair == kEmpty) slot = {pair, merge};
}

const Merge* MergeTable::find(TokenId left, TokenId right) const noexcept {
  const auto pair = std::uint64_t{static_cast<std::uint32_t>(left)} << 32U | static_cast<std::uint32_t>(right);
  const Slot& slot = slots_[slot_of(pair)];
  return slot.pair == kEmpty ? nullptr : &slot.merge;
}

std::size_t MergeTable::slot_of(std::uint64_t pair) const noexcept {
  std::size_t slot = home((pair ^ pair >> 32U) * kGolden, slots_.size());
  while (slots_[slot].pair != kEmpty && slots_[slot].pair != pair) slot = (slot + 1) & (slots_.size() - 1);
  return slot;
}

}  // namespace tercet
