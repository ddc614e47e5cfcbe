#include "app/interface_language.h"

#include <QCoreApplication>
#include <QLibraryInfo>
#include <QLocale>
#include <QQmlEngine>

namespace tercet {
namespace {

/// "en" or "es": what was chosen, or what fits the system.
QString languageCode(const QString& setting) {
  if (setting != QLatin1String("system")) return setting;
  for (const QString& wished : QLocale::system().uiLanguages()) {
    const QString language = wished.left(2).toLower();
    if (language == QLatin1String("es") || language == QLatin1String("en")) return language;
  }
  return QStringLiteral("en");
}

}  // namespace

void InterfaceLanguage::install(const QString& setting) {
  const QString code = languageCode(setting);
  QLocale::setDefault(setting == QLatin1String("system") ? QLocale::system() : QLocale(code));
  QCoreApplication::removeTranslator(&m_own);
  for (QTranslator& translator : m_qt) QCoreApplication::removeTranslator(&translator);
  // English has a file, too: the plural forms.
  if (m_own.load(QStringLiteral(":/i18n/tercet_%1.qm").arg(code))) QCoreApplication::installTranslator(&m_own);
  // "Cancel", and the file dialog that stands in where the system has none.
  for (std::size_t part = 0; part < m_qt.size(); ++part) {
    const QString name = QLatin1String(part == 0 ? "qtbase_" : "qtdeclarative_") + code;
    if (m_qt[part].load(name, QLibraryInfo::path(QLibraryInfo::TranslationsPath))) QCoreApplication::installTranslator(&m_qt[part]);
  }
}

void showLanguage(QQmlEngine& engine) {
  engine.setUiLanguage(QLocale().bcp47Name());
  engine.retranslate();
}

}  // namespace tercet
