#include "tests/support/safetensors_reader.h"

#include <simdjson.h>

#include <fstream>
#include <iterator>

namespace tercet::test {

SafeTensors load_safetensors(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  if (!file) throw std::runtime_error("cannot open " + path);
  const std::string all(std::istreambuf_iterator<char>(file), {});
  std::uint64_t header_size = 0;
  if (all.size() < sizeof header_size) throw std::runtime_error("too short: " + path);
  std::memcpy(&header_size, all.data(), sizeof header_size);
  if (header_size > all.size() - sizeof header_size) throw std::runtime_error("cut: " + path);
  const std::size_t data = sizeof header_size + header_size;  // where offsets count from

  simdjson::dom::parser parser;
  simdjson::dom::object header;
  if (parser.parse(all.data() + sizeof header_size, header_size).get(header) != simdjson::SUCCESS) {
    throw std::runtime_error("no header in " + path);
  }
  SafeTensors tensors;
  for (const auto& [name, entry] : header) {
    if (name == "__metadata__") continue;
    SafeTensor tensor{.dtype = std::string(entry["dtype"].get_string().value()), .shape = {}, .bytes = {}};
    for (const auto dim : entry["shape"].get_array()) tensor.shape.push_back(static_cast<std::size_t>(dim.get_uint64().value()));
    const std::uint64_t begin = entry["data_offsets"].at(0).get_uint64(), end = entry["data_offsets"].at(1).get_uint64();
    if (begin > end || end > all.size() - data) throw std::runtime_error("cut: " + path);
    tensor.bytes.resize(end - begin);
    if (end > begin) std::memcpy(tensor.bytes.data(), all.data() + data + begin, end - begin);
    tensors.emplace(name, std::move(tensor));
  }
  return tensors;
}

}  // namespace tercet::test
