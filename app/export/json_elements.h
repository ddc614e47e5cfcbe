// Cuts a long JSON array into its elements as its bytes arrive.
#pragma once

#include <QByteArray>
#include <QByteArrayView>

#include <functional>

namespace tercet {

/// QJsonDocument holds a whole document several times over and refuses very large ones; an export of ChatGPT is one array of
/// hundreds of megabytes. So each element is found by its brackets and parsed by itself: the memory is that of the largest.
class JsonElements {
 public:
  /// Takes an element's bytes, which may still be malformed inside. False ends it.
  using Take = std::function<bool(const QByteArray& element)>;

  /// Of an element longer than `mostBytes` only the first of them are given to `take`.
  JsonElements(qsizetype mostBytes, Take take) : m_most(mostBytes), m_take(std::move(take)) {}

  /// False once no more is wanted: `take` said so, or what came is no array.
  bool feed(QByteArrayView bytes);
  /// The array was there and ended.
  bool complete() const { return m_place == Place::After; }
  /// What came is no array.
  bool broken() const { return m_place == Place::Broken; }

 private:
  enum class Place { Before, Between, Inside, After, Broken, Ended };

  void step(char c);
  void stepInside(char c);
  void keep(char c);
  void give();

  qsizetype m_most;
  Take m_take;
  Place m_place = Place::Before;
  QByteArray m_element;
  qint64 m_depth = 0;      // open brackets of the element
  bool m_inText = false;
  bool m_escaped = false;
};

}  // namespace tercet
