// What people set, kept in settings.ini of the data directory. Values out of range are refused, never bent.
#pragma once

#include <QObject>
#include <QString>
#include <QStringList>
#include <QTimer>
#include <QtQml/qqmlregistration.h>

#include <memory>

#include "app/chat_settings.h"
#include "engine/session.h"

class QSettings;

namespace tercet {

struct NoticeContent;

class Settings : public QObject {
  Q_OBJECT
  QML_ELEMENT
  QML_UNCREATABLE("made by AppRoot")
  // Performance
  Q_PROPERTY(int threads READ threads WRITE setThreads NOTIFY threadsChanged)  // 0 = Auto
  Q_PROPERTY(int batch READ batch WRITE setBatch NOTIFY batchChanged)          // 0 = Auto
  Q_PROPERTY(int context READ context WRITE setContext NOTIFY contextChanged)
  Q_PROPERTY(bool compactCache READ compactCache WRITE setCompactCache NOTIFY compactCacheChanged)  // keys and values in 8 bits
  Q_PROPERTY(int maxThreads READ maxThreads CONSTANT)
  Q_PROPERTY(int maxBatch READ maxBatch CONSTANT)
  Q_PROPERTY(int minContext READ minContext CONSTANT)
  // Answers
  Q_PROPERTY(int style READ style WRITE setStyle NOTIFY styleChanged)                // SamplingStyle of the five below
  Q_PROPERTY(double temperature READ temperature WRITE setTemperature NOTIFY temperatureChanged)  // [0, 5]
  Q_PROPERTY(int topK READ topK WRITE setTopK NOTIFY topKChanged)                    // 0 = off
  Q_PROPERTY(double topP READ topP WRITE setTopP NOTIFY topPChanged)                 // (0, 1], 1 = off
  Q_PROPERTY(double minP READ minP WRITE setMinP NOTIFY minPChanged)                 // [0, 1), 0 = off
  Q_PROPERTY(double repeatPenalty READ repeatPenalty WRITE setRepeatPenalty NOTIFY repeatPenaltyChanged)  // [1, 2]
  Q_PROPERTY(int maxTokens READ maxTokens WRITE setMaxTokens NOTIFY maxTokensChanged)  // 0 = until done
  Q_PROPERTY(QString seed READ seed WRITE setSeed NOTIFY seedChanged)                // "" = another each time
  Q_PROPERTY(QString systemPrompt READ systemPrompt WRITE setSystemPrompt NOTIFY systemPromptChanged)
  // Appearance
  Q_PROPERTY(QString theme READ theme WRITE setTheme NOTIFY themeChanged)            // "system", "light", "dark"
  Q_PROPERTY(QString language READ language WRITE setLanguage NOTIFY languageChanged)  // "system", "en", "es"
  Q_PROPERTY(int zoom READ zoom WRITE setZoom NOTIFY zoomChanged)                    // percent, 80..200
  Q_PROPERTY(bool sendWithEnter READ sendWithEnter WRITE setSendWithEnter NOTIFY sendWithEnterChanged)
  Q_PROPERTY(bool shortcuts READ shortcuts WRITE setShortcuts NOTIFY shortcutsChanged)
  // What the desktop shows when a long answer is ready and the window is not in use: "off", "title", "text"
  Q_PROPERTY(QString notify READ notify WRITE setNotify NOTIFY notifyChanged)
  // The window; its size and place are those when it is not maximized, -1 = not known yet
  Q_PROPERTY(int windowWidth READ windowWidth WRITE setWindowWidth NOTIFY windowWidthChanged)
  Q_PROPERTY(int windowHeight READ windowHeight WRITE setWindowHeight NOTIFY windowHeightChanged)
  Q_PROPERTY(int windowX READ windowX WRITE setWindowX NOTIFY windowXChanged)
  Q_PROPERTY(int windowY READ windowY WRITE setWindowY NOTIFY windowYChanged)
  Q_PROPERTY(bool windowMaximized READ windowMaximized WRITE setWindowMaximized NOTIFY windowMaximizedChanged)
  Q_PROPERTY(QString lastModel READ lastModel WRITE setLastModel NOTIFY lastModelChanged)
  Q_PROPERTY(QString lastConversation READ lastConversation WRITE setLastConversation NOTIFY lastConversationChanged)

 public:
  /// Reads `dataDir`/settings.ini. `logicalThreads` is the most that `threads` may be.
  Settings(const QString& dataDir, int logicalThreads, QObject* parent = nullptr);
  ~Settings() override;

  int threads() const;
  void setThreads(int value);
  int batch() const;
  void setBatch(int value);
  int context() const;
  void setContext(int value);
  bool compactCache() const;
  void setCompactCache(bool value);
  int maxThreads() const { return m_logicalThreads; }
  int maxBatch() const;
  int minContext() const;
  int style() const;
  void setStyle(int value);
  double temperature() const;
  void setTemperature(double value);
  int topK() const;
  void setTopK(int value);
  double topP() const;
  void setTopP(double value);
  double minP() const;
  void setMinP(double value);
  double repeatPenalty() const;
  void setRepeatPenalty(double value);
  int maxTokens() const;
  void setMaxTokens(int value);
  QString seed() const;
  void setSeed(const QString& value);
  QString systemPrompt() const;
  void setSystemPrompt(const QString& value);
  QString theme() const;
  void setTheme(const QString& value);
  QString language() const;
  void setLanguage(const QString& value);
  int zoom() const;
  void setZoom(int value);
  bool sendWithEnter() const;
  void setSendWithEnter(bool value);
  bool shortcuts() const;
  void setShortcuts(bool value);
  QString notify() const;
  void setNotify(const QString& value);
  int windowWidth() const;
  void setWindowWidth(int value);
  int windowHeight() const;
  void setWindowHeight(int value);
  int windowX() const;
  void setWindowX(int value);
  int windowY() const;
  void setWindowY(int value);
  bool windowMaximized() const;
  void setWindowMaximized(bool value);
  QString lastModel() const;
  void setLastModel(const QString& value);
  QString lastConversation() const;
  void setLastConversation(const QString& value);

  /// Temperature and the other sampling values, the answer length and the seed as they come.
  Q_INVOKABLE void resetSampling();

  /// Sampling and length for the engine: those of the chat where it has its own. `newSeed` is used when none is set.
  GenerateOptions generateOptions(std::uint64_t newSeed, const ChatSettings& chat = {}) const;
  /// `wanted` without what these settings would refuse: it may come from a file of a stranger.
  ChatSettings inRange(ChatSettings wanted) const;
  /// The context that suits most models; another value was chosen by a person.
  static int defaultContext();

  /// Emits `trouble` for what was wrong with the file when it was read; call it once somebody listens.
  void reportReading();
  /// Writes now. False (and `trouble`, once) when the file cannot be written.
  bool save();

 Q_SIGNALS:
  void threadsChanged();
  void batchChanged();
  void contextChanged();
  void compactCacheChanged();
  void styleChanged();
  void temperatureChanged();
  void topKChanged();
  void topPChanged();
  void minPChanged();
  void repeatPenaltyChanged();
  void maxTokensChanged();
  void seedChanged();
  void systemPromptChanged();
  void themeChanged();
  void languageChanged();
  void zoomChanged();
  void sendWithEnterChanged();
  void shortcutsChanged();
  void notifyChanged();
  void windowWidthChanged();
  void windowHeightChanged();
  void windowXChanged();
  void windowYChanged();
  void windowMaximizedChanged();
  void lastModelChanged();
  void lastConversationChanged();
  /// Something people should know: a damaged or unwritable file, a value that was refused.
  void trouble(const tercet::NoticeContent& notice);

 private:
  struct Values;
  struct Fields;
  template <typename T>
  struct Field;

  void openFile(const QString& dataDir);
  template <typename T>
  void read(const Field<T>& field);
  template <typename T>
  void set(const Field<T>& field, const T& value);
  template <typename T>
  void refuse(const Field<T>& field);

  int m_logicalThreads;
  QString m_path;
  std::unique_ptr<Values> m_values;
  std::unique_ptr<const Fields> m_fields;
  std::unique_ptr<QSettings> m_file;
  QTimer m_saveSoon;                  // a slider sends many values
  QStringList m_outOfRange;           // entries of the file that were not used
  bool m_putAside = false;            // the file could not be read as settings
  bool m_writeTroubleTold = false;
};

}  // namespace tercet
