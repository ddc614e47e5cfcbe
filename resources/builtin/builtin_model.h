// The model that is part of the program: a small guide to Tercet, so that the first window answers at once. README.md tells how it is made.
#pragma once

#include <string>
#include <string_view>

#include "engine/format/model_source.h"

namespace tercet::builtin {

/// What people write instead of a path on the command line. A file of that name is "./builtin".
inline constexpr std::string_view kName = "builtin";
/// Its path for Qt, and in settings and chats.
inline constexpr const char* kPath = ":/builtin/tercet-guide.gguf";

/// What `path` stands for: the built-in model for kName and kPath, else the file.
ModelSource source_of(const std::string& path);

}  // namespace tercet::builtin
