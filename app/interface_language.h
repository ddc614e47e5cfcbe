// The language of the window.
#pragma once

#include <QString>
#include <QTranslator>

#include <array>

class QQmlEngine;

namespace tercet {

/// Installs the translations of Tercet and of Qt for the whole program; they are removed when it ends.
class InterfaceLanguage {
 public:
  /// `setting`: "en", "es" or "system": the first of the two that the system's languages name, else English. Texts that are shown have to
  /// be read again.
  void install(const QString& setting);

 private:
  QTranslator m_own;
  std::array<QTranslator, 2> m_qt;
};

/// Reads the texts of `engine` again, and lets its numbers follow the language (Qt.uiLanguage).
void showLanguage(QQmlEngine& engine);

}  // namespace tercet
