#include "engine/format/gguf.h"

#include <utility>

#include "engine/format/gguf_config.h"
#include "engine/format/gguf_container.h"
#include "engine/format/gguf_tensors.h"
#include "engine/format/gguf_tokenizer.h"

namespace tercet {

Result<Checkpoint> open_gguf(const ModelSource& source) {
  auto mapping = MappedFile::open(source);
  if (!mapping) return mapping.error();
  const std::span<const std::byte> file = (*mapping)->bytes();
  const auto container = gguf::read_container(file);
  if (!container) return container.error();

  // In this order a file gets the error that says most: a foreign model is named before its encodings are, an encoding
  // that cannot be read before the sizes that follow from it, and a cut file is called cut whatever else is odd.
  auto architecture = gguf::read_architecture(*container);
  if (!architecture) return architecture.error();
  auto tensors = gguf::place_tensors(*container, file);
  if (!tensors) return tensors.error();

  Checkpoint checkpoint;
  auto config = gguf::read_config(*container, *architecture, *tensors, checkpoint.warnings);
  if (!config) return config.error();
  auto tokenizer = gguf::read_tokenizer(*container, checkpoint.warnings);
  if (!tokenizer) return tokenizer.error();

  checkpoint.path = source.path;
  checkpoint.file_bytes = file.size();
  checkpoint.container = "GGUF v" + std::to_string(container->version);
  checkpoint.config = std::move(*config);
  checkpoint.tokenizer = std::move(*tokenizer);
  checkpoint.tensors = std::move(*tensors);
  checkpoint.mapping = std::move(*mapping);
  return checkpoint;
}

}  // namespace tercet
