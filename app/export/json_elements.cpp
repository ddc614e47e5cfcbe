#include "app/export/json_elements.h"

namespace tercet {
namespace {

bool isSpace(char c) { return c == ' ' || c == '\n' || c == '\r' || c == '\t'; }
bool isByteOrderMark(char c) { return c == '\xEF' || c == '\xBB' || c == '\xBF'; }

}  // namespace

bool JsonElements::feed(QByteArrayView bytes) {
  for (const char c : bytes) {
    if (m_place == Place::Broken || m_place == Place::Ended) return false;
    step(c);
  }
  return m_place != Place::Broken && m_place != Place::Ended;
}

void JsonElements::step(char c) {
  switch (m_place) {
    case Place::Before:
      if (c == '[') m_place = Place::Between;
      else if (!isSpace(c) && !isByteOrderMark(c)) m_place = Place::Broken;
      return;
    case Place::Between:
      if (isSpace(c) || c == ',') return;
      if (c == ']') {
        m_place = Place::After;
        return;
      }
      m_place = Place::Inside;
      stepInside(c);
      return;
    case Place::Inside: stepInside(c); return;
    case Place::After:
      if (!isSpace(c)) m_place = Place::Broken;
      return;
    case Place::Broken:
    case Place::Ended: return;
  }
}

void JsonElements::stepInside(char c) {
  if (m_inText) {
    keep(c);
    if (m_escaped) m_escaped = false;
    else if (c == '\\') m_escaped = true;
    else if (c == '"') m_inText = false;
    return;
  }
  if (m_depth == 0 && (c == ',' || c == ']')) {  // the end of a number or a word
    give();
    if (m_place == Place::Between && c == ']') m_place = Place::After;
    return;
  }
  keep(c);
  if (c == '"') m_inText = true;
  if (c == '{' || c == '[') ++m_depth;
  if ((c == '}' || c == ']') && --m_depth == 0) give();
}

void JsonElements::keep(char c) {
  if (m_element.size() < m_most) m_element += c;
}

void JsonElements::give() {
  m_place = m_take(m_element) ? Place::Between : Place::Ended;
  m_element.clear();
  m_depth = 0;
}

}  // namespace tercet
