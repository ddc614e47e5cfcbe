#include "app/cli/arguments.h"

#include <charconv>
#include <cmath>
#include <cstdio>
#include <cstdlib>
#include <limits>

namespace tercet::cli {
namespace {

std::string quoted(std::string_view word) {
  constexpr std::size_t kLongest = 60;  // a message stays one readable line
  std::string text = "'";
  text.append(word.substr(0, kLongest));
  if (word.size() > kLongest) text.append("...");
  return text.append("'");
}

std::string shortest(double value) {
  char text[32];
  std::snprintf(text, sizeof text, "%g", value);
  return text;
}

const OptionSpec* spec_of(std::span<const OptionSpec> specs, std::string_view name) {
  for (const OptionSpec& spec : specs) {
    if (spec.name == name || (!spec.alias.empty() && spec.alias == name)) return &spec;
  }
  return nullptr;
}

/// Digits with at most one sign, point and exponent; strtod alone would also take "inf", "0x1p3" and blanks.
std::optional<double> parse_decimal(std::string_view word) {
  if (word.empty() || word.size() > 64) return std::nullopt;
  if (word.find_first_not_of("0123456789.eE+-") != std::string_view::npos) return std::nullopt;
  const std::string text(word);
  char* end = nullptr;
  const double value = std::strtod(text.c_str(), &end);
  if (end != text.c_str() + text.size() || !std::isfinite(value)) return std::nullopt;
  return value;
}

}  // namespace

Arguments::Arguments(std::span<const OptionSpec> specs, std::span<const std::string_view> words) {
  bool only_operands = false;
  for (std::size_t i = 0; i < words.size(); ++i) {
    const std::string_view word = words[i];
    if (only_operands || word.size() < 2 || word[0] != '-') {
      operands_.push_back(word);
      continue;
    }
    if (word == "--") {
      only_operands = true;
      continue;
    }
    if (word == "--help" || word == "-h") {
      wants_help_ = true;
      continue;
    }
    const std::size_t equals = word.starts_with("--") ? word.find('=') : std::string_view::npos;
    const OptionSpec* spec = spec_of(specs, word.substr(0, equals));
    if (spec == nullptr) {
      refuse("unknown option " + quoted(word.substr(0, equals)));
      continue;
    }
    Given given{spec->name, {}};
    if (spec->value.empty()) {
      if (equals != std::string_view::npos) refuse(std::string(spec->name) + " takes no value");
    } else if (equals != std::string_view::npos) {
      given.value = word.substr(equals + 1);
    } else if (i + 1 < words.size()) {
      given.value = words[++i];
    } else {
      refuse(std::string(word) + " needs a value (" + std::string(spec->value) + ")");
    }
    if (find(spec->name) != nullptr) refuse(std::string(spec->name) + " is given twice");
    given_.push_back(given);
  }
}

const Arguments::Given* Arguments::find(std::string_view name) const noexcept {
  for (const Given& given : given_) {
    if (given.name == name) return &given;
  }
  return nullptr;
}

void Arguments::refuse(std::string problem) {
  if (problem_.empty()) problem_ = std::move(problem);
}

std::string Arguments::operand(std::string_view what) {
  if (operands_.empty() || operands_.front().empty()) {
    refuse(std::string(what) + " is missing");
    return {};
  }
  if (operands_.size() > 1) refuse("unexpected argument " + quoted(operands_[1]));
  return std::string(operands_.front());
}

std::string Arguments::text(std::string_view name, std::string_view fallback) const {
  const Given* given = find(name);
  return std::string(given == nullptr ? fallback : given->value);
}

std::optional<std::uint64_t> Arguments::parse_whole(std::string_view name, std::string_view word, std::uint64_t least,
                                                    std::uint64_t most, std::string_view also) {
  std::uint64_t value = 0;
  const char* end = word.data() + word.size();
  const auto [stopped, failure] = std::from_chars(word.data(), end, value);
  if (word.empty() || failure != std::errc{} || stopped != end || value < least || value > most) {
    refuse(std::string(name) + " takes a whole number from " + std::to_string(least) + " to " + std::to_string(most) +
           std::string(also) + ", not " + quoted(word));
    return std::nullopt;
  }
  return value;
}

std::uint64_t Arguments::whole(std::string_view name, std::uint64_t least, std::uint64_t most, std::uint64_t fallback) {
  const Given* given = find(name);
  if (given == nullptr) return fallback;
  return parse_whole(name, given->value, least, most, {}).value_or(fallback);
}

std::optional<std::uint64_t> Arguments::whole_or_auto(std::string_view name, std::uint64_t least, std::uint64_t most) {
  const Given* given = find(name);
  if (given == nullptr || given->value == "auto" || given->value == "0") return std::nullopt;
  return parse_whole(name, given->value, least, most, " (0 or auto: chosen by Tercet)");
}

double Arguments::number(std::string_view name, double least, double most, double fallback) {
  const Given* given = find(name);
  if (given == nullptr) return fallback;
  const std::optional<double> value = parse_decimal(given->value);
  if (!value || *value < least || *value > most) {
    refuse(std::string(name) + " takes a number from " + shortest(least) + " to " + shortest(most) + ", not " +
           quoted(given->value));
    return fallback;
  }
  return *value;
}

std::vector<std::uint64_t> Arguments::list(std::string_view name, std::uint64_t least, std::uint64_t most) {
  std::vector<std::uint64_t> values;
  const Given* given = find(name);
  if (given == nullptr) return values;
  std::string_view rest = given->value;
  while (true) {
    const std::size_t comma = rest.find(',');
    const std::optional<std::uint64_t> value = parse_whole(name, rest.substr(0, comma), least, most, ", separated by commas");
    if (!value) return {};
    values.push_back(*value);
    if (comma == std::string_view::npos) return values;
    rest.remove_prefix(comma + 1);
  }
}

std::vector<TokenId> Arguments::tokens(std::string_view name) {
  std::vector<TokenId> ids;
  for (const std::uint64_t value : list(name, 0, std::numeric_limits<TokenId>::max())) {
    ids.push_back(static_cast<TokenId>(value));
  }
  return ids;
}

}  // namespace tercet::cli
