#include "resources/builtin/builtin_model.h"

#include <QResource>

#include <cstddef>
#include <span>

namespace tercet::builtin {

ModelSource source_of(const std::string& path) {
  if (path != kName && path != kPath) return path;
  // Stored as it is, so the bytes are used where they lie.
  const QResource model{QLatin1String(kPath)};
  return {path, std::as_bytes(std::span(model.data(), static_cast<std::size_t>(model.size())))};
}

}  // namespace tercet::builtin
