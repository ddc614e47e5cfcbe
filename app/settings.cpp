#include "app/settings.h"

#include <QDir>
#include <QFile>
#include <QLocale>
#include <QSettings>
#include <QStringDecoder>

#include <cmath>
#include <functional>
#include <optional>
#include <type_traits>
#include <utility>

#include "app/notice.h"
#include "app/sampling_style.h"

namespace tercet {
namespace {

constexpr int kMaxBatch = 2048;
constexpr int kMinContext = 16;
constexpr int kDefaultContext = 4096;  // what 2B4T was trained for
constexpr const SamplingValues& kUsual = valuesOf(SamplingStyle::Balanced);
constexpr int kUnknown = -1;
constexpr int kFarAway = 100000;       // pixels; no desktop is larger

/// What the file holds under a key, as a T; nothing when it is something else.
template <typename T>
std::optional<T> convert(const QVariant& stored) {
  // A list: a person wrote a comma by hand without quoting the value.
  const QString text = stored.typeId() == QMetaType::QStringList ? stored.toStringList().join(QStringLiteral(", "))
                                                                 : stored.toString();
  if constexpr (std::is_same_v<T, QString>) {
    return text;
  } else if constexpr (std::is_same_v<T, bool>) {
    if (text == QLatin1String("true")) return true;
    if (text == QLatin1String("false")) return false;
    return std::nullopt;
  } else {
    bool ok = false;
    T value{};
    if constexpr (std::is_same_v<T, int>) {
      value = text.toInt(&ok);
    } else {
      value = text.toDouble(&ok);
    }
    return ok ? std::optional<T>(value) : std::nullopt;
  }
}

bool isSeed(const QString& text) {
  if (text.isEmpty()) return true;
  for (const QChar c : text) {
    if (c < u'0' || c > u'9') return false;
  }
  bool ok = false;
  text.toULongLong(&ok);
  return ok;
}

/// Renames `path` to …damaged; one of that name, from an earlier time, gets a number first. False when it had to stay.
bool putAside(const QString& path) {
  const QString aside = path + QStringLiteral(".damaged");
  if (QFile::exists(aside)) {
    int number = 1;
    while (QFile::exists(aside + QStringLiteral(".%1").arg(number))) ++number;
    if (!QFile::rename(aside, aside + QStringLiteral(".%1").arg(number))) return false;
  }
  return QFile::rename(path, aside);
}

}  // namespace

struct Settings::Values {
  int threads = 0;
  int batch = 0;
  int context = kDefaultContext;
  bool compactCache = false;
  double temperature = kUsual.temperature;
  int topK = kUsual.topK;
  double topP = kUsual.topP;
  double minP = kUsual.minP;
  double repeatPenalty = kUsual.repeatPenalty;
  int maxTokens = 0;
  QString seed;
  QString systemPrompt;
  QString theme = QStringLiteral("system");
  QString language = QStringLiteral("system");
  int zoom = 100;
  bool sendWithEnter = true;
  bool shortcuts = true;
  QString notify = QStringLiteral("title");
  int windowWidth = kUnknown;
  int windowHeight = kUnknown;
  int windowX = kUnknown;
  int windowY = kUnknown;
  bool windowMaximized = false;
  QString lastModel;
  QString lastConversation;
};

/// One setting: where it is kept, what it may be, and who is told.
template <typename T>
struct Settings::Field {
  const char* key;
  const char* label;               // source text for tr()
  T Values::*member;
  void (Settings::*notify)();
  std::function<bool(const T&)> valid;
  QString range;                   // for people
};

struct Settings::Fields {
  Field<int> threads, batch, context;
  Field<bool> compactCache;
  Field<double> temperature;
  Field<int> topK;
  Field<double> topP, minP, repeatPenalty;
  Field<int> maxTokens;
  Field<QString> seed, systemPrompt, theme, language;
  Field<int> zoom;
  Field<bool> sendWithEnter, shortcuts;
  Field<QString> notify;
  Field<int> windowWidth, windowHeight, windowX, windowY;
  Field<bool> windowMaximized;
  Field<QString> lastModel, lastConversation;

  explicit Fields(int logicalThreads);
  template <typename Visit>
  void each(Visit&& visit) const;

 private:
  static Field<int> whole(const char* key, const char* label, int Values::*member, void (Settings::*notify)(), int low,
                          int high) {
    return {key, label, member, notify, [=](const int& value) { return value >= low && value <= high; },
            QStringLiteral("%1 – %2").arg(low).arg(high)};
  }
  static Field<double> real(const char* key, const char* label, double Values::*member, void (Settings::*notify)(),
                            std::function<bool(double)> valid, const char* range) {
    return {key, label, member, notify, [valid](const double& value) { // As the engine will see it: rounding to float may reach an open end of the range.
            return std::isfinite(value) && valid(static_cast<float>(value));
            },
            QString::fromUtf8(range)};
  }
  static Field<bool> either(const char* key, const char* label, bool Values::*member, void (Settings::*notify)()) {
    return {key, label, member, notify, [](const bool&) { return true; }, QStringLiteral("true, false")};
  }
  static Field<QString> text(const char* key, const char* label, QString Values::*member, void (Settings::*notify)(),
                             std::function<bool(const QString&)> valid = {}, const char* range = "") {
    return {key, label, member, notify, valid ? std::move(valid) : [](const QString&) { return true; },
            QString::fromUtf8(range)};
  }
};

Settings::Fields::Fields(int logicalThreads)
    : threads(whole("performance/threads", QT_TR_NOOP("CPU threads"), &Values::threads, &Settings::threadsChanged, 0,
                    logicalThreads)),
      batch(whole("performance/batch", QT_TR_NOOP("Batch size"), &Values::batch, &Settings::batchChanged, 0, kMaxBatch)),
      context(whole("performance/context", QT_TR_NOOP("Context length"), &Values::context, &Settings::contextChanged,
                    kMinContext, 1 << 20)),
      compactCache(either("performance/compactCache", QT_TR_NOOP("Compact memory"), &Values::compactCache,
                          &Settings::compactCacheChanged)),
      temperature(real("answers/temperature", QT_TR_NOOP("Temperature"), &Values::temperature,
                       &Settings::temperatureChanged, [](double v) { return v >= 0 && v <= 5; }, "0 – 5")),
      topK(whole("answers/topK", QT_TR_NOOP("Top-k"), &Values::topK, &Settings::topKChanged, 0, 1 << 20)),
      topP(real("answers/topP", QT_TR_NOOP("Top-p"), &Values::topP, &Settings::topPChanged,
                [](double v) { return v > 0 && v <= 1; }, "> 0 – 1")),
      minP(real("answers/minP", QT_TR_NOOP("Min-p"), &Values::minP, &Settings::minPChanged,
                [](double v) { return v >= 0 && v < 1; }, "0 – < 1")),
      repeatPenalty(real("answers/repeatPenalty", QT_TR_NOOP("Repetition penalty"), &Values::repeatPenalty,
                         &Settings::repeatPenaltyChanged, [](double v) { return v >= 1 && v <= 2; }, "1 – 2")),
      maxTokens(whole("answers/maxTokens", QT_TR_NOOP("Answer length"), &Values::maxTokens,
                      &Settings::maxTokensChanged, 0, 1 << 20)),
      seed(text("answers/seed", QT_TR_NOOP("Seed"), &Values::seed, &Settings::seedChanged, isSeed,
                "0 – 18446744073709551615")),
      systemPrompt(text("answers/systemPrompt", QT_TR_NOOP("System prompt"), &Values::systemPrompt,
                        &Settings::systemPromptChanged)),
      theme(text("appearance/theme", QT_TR_NOOP("Theme"), &Values::theme, &Settings::themeChanged,
                 [](const QString& v) { return v == u"system" || v == u"light" || v == u"dark"; },
                 "system, light, dark")),
      language(text("appearance/language", QT_TR_NOOP("Language"), &Values::language, &Settings::languageChanged,
                    [](const QString& v) { return v == u"system" || v == u"en" || v == u"es"; }, "system, en, es")),
      zoom(whole("appearance/zoom", QT_TR_NOOP("Zoom"), &Values::zoom, &Settings::zoomChanged, 80, 200)),
      sendWithEnter(either("keyboard/sendWithEnter", QT_TR_NOOP("Enter sends"), &Values::sendWithEnter,
                           &Settings::sendWithEnterChanged)),
      shortcuts(either("keyboard/shortcuts", QT_TR_NOOP("Keyboard shortcuts"), &Values::shortcuts,
                       &Settings::shortcutsChanged)),
      notify(text("notifications/show", QT_TR_NOOP("Notifications"), &Values::notify, &Settings::notifyChanged,
                  [](const QString& v) { return v == u"off" || v == u"title" || v == u"text"; }, "off, title, text")),
      windowWidth(whole("window/width", QT_TR_NOOP("Window"), &Values::windowWidth, &Settings::windowWidthChanged,
                        kUnknown, kFarAway)),
      windowHeight(whole("window/height", QT_TR_NOOP("Window"), &Values::windowHeight, &Settings::windowHeightChanged,
                         kUnknown, kFarAway)),
      windowX(whole("window/x", QT_TR_NOOP("Window"), &Values::windowX, &Settings::windowXChanged, -kFarAway, kFarAway)),
      windowY(whole("window/y", QT_TR_NOOP("Window"), &Values::windowY, &Settings::windowYChanged, -kFarAway, kFarAway)),
      windowMaximized(either("window/maximized", QT_TR_NOOP("Window"), &Values::windowMaximized,
                             &Settings::windowMaximizedChanged)),
      lastModel(text("model/last", QT_TR_NOOP("Last model"), &Values::lastModel, &Settings::lastModelChanged)),
      lastConversation(text("chat/last", QT_TR_NOOP("Last chat"), &Values::lastConversation, &Settings::lastConversationChanged)) {}

template <typename Visit>
void Settings::Fields::each(Visit&& visit) const {
  visit(threads), visit(batch), visit(context), visit(compactCache);
  visit(temperature), visit(topK), visit(topP), visit(minP), visit(repeatPenalty), visit(maxTokens), visit(seed);
  visit(systemPrompt), visit(theme), visit(language), visit(zoom), visit(sendWithEnter);
  visit(shortcuts), visit(notify);
  visit(windowWidth), visit(windowHeight), visit(windowX), visit(windowY), visit(windowMaximized);
  visit(lastModel), visit(lastConversation);
}

Settings::Settings(const QString& dataDir, int logicalThreads, QObject* parent)
    : QObject(parent),
      m_logicalThreads(logicalThreads),
      m_values(std::make_unique<Values>()),
      m_fields(std::make_unique<Fields>(logicalThreads)) {
  m_saveSoon.setSingleShot(true);
  m_saveSoon.setInterval(400);
  connect(&m_saveSoon, &QTimer::timeout, this, &Settings::save);
  openFile(dataDir);
  m_fields->each([this](const auto& field) { read(field); });
  for (const auto signal : {&Settings::temperatureChanged, &Settings::topKChanged, &Settings::topPChanged, &Settings::minPChanged,
                            &Settings::repeatPenaltyChanged}) {
    connect(this, signal, this, &Settings::styleChanged);
  }
}

Settings::~Settings() {
  if (m_saveSoon.isActive()) m_file->sync();
}

/// A file that is no text is put aside as settings.ini.damaged and a new one begun: QSettings would read what it can
/// of it and then write over the rest. Where it can't be put aside, it stays as it is.
void Settings::openFile(const QString& dataDir) {
  QDir().mkpath(dataDir);
  m_path = QDir(dataDir).filePath(QStringLiteral("settings.ini"));
  QFile file(m_path);
  if (file.open(QIODevice::ReadOnly)) {
    const QByteArray bytes = file.readAll();
    file.close();
    QStringDecoder utf8(QStringDecoder::Utf8);
    const QString decoded = utf8(bytes);
    bool broken = bytes.contains('\0') || utf8.hasError();
    if (!broken) broken = QSettings(m_path, QSettings::IniFormat).status() == QSettings::FormatError;
    if (broken) {
      m_putAside = putAside(m_path);
      if (!m_putAside) {
        // Below a file nothing can be written: changes hold until the program ends, and people are told so.
        m_file = std::make_unique<QSettings>(QDir(m_path).filePath(QStringLiteral("settings.ini")), QSettings::IniFormat);
        return;
      }
    }
  }
  m_file = std::make_unique<QSettings>(m_path, QSettings::IniFormat);
}

template <typename T>
void Settings::read(const Field<T>& field) {
  const QString key = QString::fromLatin1(field.key);
  if (!m_file->contains(key)) return;
  const QVariant stored = m_file->value(key);
  const std::optional<T> value = convert<T>(stored);
  if (value && field.valid(*value)) {
    (*m_values).*field.member = *value;
  } else {
    m_outOfRange << QStringLiteral("%1 = %2").arg(key, stored.toString().left(80));
  }
}

template <typename T>
void Settings::set(const Field<T>& field, const T& value) {
  T& current = (*m_values).*field.member;
  if (current == value) return;
  if (!field.valid(value)) {
    refuse(field);
    return;
  }
  current = value;
  m_file->setValue(QString::fromLatin1(field.key), value);
  if (!m_saveSoon.isActive()) m_saveSoon.start();  // also of somebody who never stops typing
  Q_EMIT(this->*field.notify)();
}

template <typename T>
void Settings::refuse(const Field<T>& field) {
  NoticeContent notice{Notice::Kind::Warning, QStringLiteral("C-305"), tr("A setting is out of range."),
                       //: %1: the name of a setting, %2: its range, e.g. "0 – 8"
                       tr("%1 can be %2. The value from before stays.").arg(tr(field.label), field.range)};
  Q_EMIT trouble(notice);
  Q_EMIT(this->*field.notify)();  // whoever shows the refused value reads the old one again
}

void Settings::reportReading() {
  if (m_putAside) {
    NoticeContent notice{Notice::Kind::Warning, QStringLiteral("S-503"), tr("The settings file was damaged."),
                         tr("Tercet starts with the usual settings. The old file is kept as settings.ini.damaged."), m_path};
    Q_EMIT trouble(notice);
  } else if (!m_outOfRange.isEmpty()) {
    NoticeContent notice{Notice::Kind::Warning, QStringLiteral("S-504"), tr("Some settings couldn't be used."),
                         tr("They are out of range on this computer, so the usual values are used instead."),
                         m_outOfRange.join(QLatin1Char('\n'))};
    Q_EMIT trouble(notice);
  }
  if (m_file->status() == QSettings::AccessError || !m_file->isWritable()) {
    m_writeTroubleTold = false;
    save();
  }
}

bool Settings::save() {
  m_saveSoon.stop();
  m_file->sync();
  if (m_file->status() == QSettings::NoError && m_file->isWritable()) return true;
  if (!m_writeTroubleTold) {
    m_writeTroubleTold = true;
    NoticeContent notice{Notice::Kind::Warning, QStringLiteral("S-502"), tr("Settings can't be saved."),
                         tr("Changes hold until you close Tercet. Check the folder in the details."), m_path};
    Q_EMIT trouble(notice);
  }
  return false;
}

int Settings::maxBatch() const { return kMaxBatch; }
int Settings::minContext() const { return kMinContext; }
int Settings::defaultContext() { return kDefaultContext; }

int Settings::threads() const { return m_values->threads; }
void Settings::setThreads(int value) { set(m_fields->threads, value); }
int Settings::batch() const { return m_values->batch; }
void Settings::setBatch(int value) { set(m_fields->batch, value); }
int Settings::context() const { return m_values->context; }
void Settings::setContext(int value) { set(m_fields->context, value); }
bool Settings::compactCache() const { return m_values->compactCache; }
void Settings::setCompactCache(bool value) { set(m_fields->compactCache, value); }
int Settings::style() const {
  return static_cast<int>(styleOf({m_values->temperature, m_values->topK, m_values->topP, m_values->minP, m_values->repeatPenalty}));
}

void Settings::setStyle(int value) {
  if (value < 0 || value >= static_cast<int>(SamplingStyle::Custom)) return;
  const SamplingValues& values = valuesOf(static_cast<SamplingStyle>(value));
  setTemperature(values.temperature);
  setTopK(values.topK);
  setTopP(values.topP);
  setMinP(values.minP);
  setRepeatPenalty(values.repeatPenalty);
}

double Settings::temperature() const { return m_values->temperature; }
void Settings::setTemperature(double value) { set(m_fields->temperature, value); }
int Settings::topK() const { return m_values->topK; }
void Settings::setTopK(int value) { set(m_fields->topK, value); }
double Settings::topP() const { return m_values->topP; }
void Settings::setTopP(double value) { set(m_fields->topP, value); }
double Settings::minP() const { return m_values->minP; }
void Settings::setMinP(double value) { set(m_fields->minP, value); }
double Settings::repeatPenalty() const { return m_values->repeatPenalty; }
void Settings::setRepeatPenalty(double value) { set(m_fields->repeatPenalty, value); }
int Settings::maxTokens() const { return m_values->maxTokens; }
void Settings::setMaxTokens(int value) { set(m_fields->maxTokens, value); }
QString Settings::seed() const { return m_values->seed; }
void Settings::setSeed(const QString& value) { set(m_fields->seed, value.trimmed()); }
QString Settings::systemPrompt() const { return m_values->systemPrompt; }
void Settings::setSystemPrompt(const QString& value) { set(m_fields->systemPrompt, value); }
QString Settings::theme() const { return m_values->theme; }
void Settings::setTheme(const QString& value) { set(m_fields->theme, value); }
QString Settings::language() const { return m_values->language; }
void Settings::setLanguage(const QString& value) { set(m_fields->language, value); }
int Settings::zoom() const { return m_values->zoom; }
void Settings::setZoom(int value) { set(m_fields->zoom, value); }
bool Settings::sendWithEnter() const { return m_values->sendWithEnter; }
void Settings::setSendWithEnter(bool value) { set(m_fields->sendWithEnter, value); }
bool Settings::shortcuts() const { return m_values->shortcuts; }
void Settings::setShortcuts(bool value) { set(m_fields->shortcuts, value); }
QString Settings::notify() const { return m_values->notify; }
void Settings::setNotify(const QString& value) { set(m_fields->notify, value); }
int Settings::windowWidth() const { return m_values->windowWidth; }
void Settings::setWindowWidth(int value) { set(m_fields->windowWidth, value); }
int Settings::windowHeight() const { return m_values->windowHeight; }
void Settings::setWindowHeight(int value) { set(m_fields->windowHeight, value); }
int Settings::windowX() const { return m_values->windowX; }
void Settings::setWindowX(int value) { set(m_fields->windowX, value); }
int Settings::windowY() const { return m_values->windowY; }
void Settings::setWindowY(int value) { set(m_fields->windowY, value); }
bool Settings::windowMaximized() const { return m_values->windowMaximized; }
void Settings::setWindowMaximized(bool value) { set(m_fields->windowMaximized, value); }
QString Settings::lastModel() const { return m_values->lastModel; }
void Settings::setLastModel(const QString& value) { set(m_fields->lastModel, value); }
QString Settings::lastConversation() const { return m_values->lastConversation; }
void Settings::setLastConversation(const QString& value) { set(m_fields->lastConversation, value); }

void Settings::resetSampling() {
  const Values usual;
  setStyle(static_cast<int>(SamplingStyle::Balanced));
  setMaxTokens(usual.maxTokens);
  setSeed(usual.seed);
}

GenerateOptions Settings::generateOptions(std::uint64_t newSeed, const ChatSettings& chat) const {
  GenerateOptions options;
  options.sampling.temperature = static_cast<float>(chat.temperature.value_or(m_values->temperature));
  options.sampling.top_k = static_cast<std::uint32_t>(chat.topK.value_or(m_values->topK));
  options.sampling.top_p = static_cast<float>(chat.topP.value_or(m_values->topP));
  options.sampling.min_p = static_cast<float>(chat.minP.value_or(m_values->minP));
  options.sampling.repeat_penalty = static_cast<float>(chat.repeatPenalty.value_or(m_values->repeatPenalty));
  const QString seed = chat.seed.value_or(m_values->seed);
  options.sampling.seed = seed.isEmpty() ? newSeed : seed.toULongLong();
  options.max_tokens = static_cast<std::uint32_t>(chat.maxTokens.value_or(m_values->maxTokens));
  return options;
}

ChatSettings Settings::inRange(ChatSettings wanted) const {
  const auto keep = [](auto& value, const auto& field) {
    if (value && !field.valid(*value)) value.reset();
  };
  keep(wanted.systemPrompt, m_fields->systemPrompt);
  keep(wanted.temperature, m_fields->temperature);
  keep(wanted.topK, m_fields->topK);
  keep(wanted.topP, m_fields->topP);
  keep(wanted.minP, m_fields->minP);
  keep(wanted.repeatPenalty, m_fields->repeatPenalty);
  keep(wanted.maxTokens, m_fields->maxTokens);
  keep(wanted.seed, m_fields->seed);
  return wanted;
}

}  // namespace tercet
