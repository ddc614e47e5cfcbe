// Where a model comes from: a file, or bytes that are part of the program.
#pragma once

#include <cstddef>
#include <span>
#include <string>
#include <utility>

namespace tercet {

/// A path is a source by itself. `bytes`, when not empty, are the model; they stay as they are while anything made of them lives.
struct ModelSource {
  ModelSource(std::string file) : path(std::move(file)) {}  // NOLINT: converts on purpose
  ModelSource(const char* file) : path(file) {}             // NOLINT
  ModelSource(std::string name, std::span<const std::byte> model) : path(std::move(name)), bytes(model) {}

  std::string path;  // of the file, or what people call the bytes
  std::span<const std::byte> bytes = {};
};

}  // namespace tercet
