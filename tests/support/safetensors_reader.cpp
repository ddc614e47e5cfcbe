#include "tests/support/safetensors_reader.h"

#include <QByteArray>
#include <QFile>
#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>

namespace tercet::test {

SafeTensors load_safetensors(const std::string& path) {
  QFile file(QString::fromStdString(path));
  if (!file.open(QIODevice::ReadOnly)) throw std::runtime_error("cannot open " + path);
  const QByteArray all = file.readAll();
  std::uint64_t header_size = 0;
  if (static_cast<std::size_t>(all.size()) < sizeof header_size) throw std::runtime_error("too short: " + path);
  std::memcpy(&header_size, all.constData(), sizeof header_size);
  const QJsonDocument header = QJsonDocument::fromJson(all.mid(8, static_cast<qsizetype>(header_size)));
  if (!header.isObject()) throw std::runtime_error("no header in " + path);

  SafeTensors tensors;
  const QJsonObject object = header.object();
  for (auto it = object.begin(); it != object.end(); ++it) {
    if (it.key() == QLatin1String("__metadata__")) continue;
    const QJsonObject entry = it.value().toObject();
    SafeTensor tensor{.dtype = entry["dtype"].toString().toStdString(), .shape = {}, .bytes = {}};
    const QJsonArray shape = entry["shape"].toArray();
    for (const QJsonValue dim : shape) tensor.shape.push_back(static_cast<std::size_t>(dim.toInteger()));
    const QJsonArray offsets = entry["data_offsets"].toArray();
    const qsizetype begin = 8 + static_cast<qsizetype>(header_size) + offsets[0].toInteger();
    const qsizetype size = offsets[1].toInteger() - offsets[0].toInteger();
    if (begin < 0 || size < 0 || size > all.size() - begin) throw std::runtime_error("cut: " + path);
    tensor.bytes.resize(static_cast<std::size_t>(size));
    if (size > 0) std::memcpy(tensor.bytes.data(), all.constData() + begin, tensor.bytes.size());
    tensors.emplace(it.key().toStdString(), std::move(tensor));
  }
  return tensors;
}

}  // namespace tercet::test
