#include "app/model_controller.h"

#include <QDir>
#include <QFile>
#include <QFileInfo>
#include <QLocale>
#include <QSaveFile>
#include <QStandardPaths>

#include <algorithm>
#include <utility>

#include "app/error_text.h"
#include "app/notice.h"
#include "app/settings.h"
#include "resources/builtin/builtin_model.h"

namespace tercet {
namespace {

constexpr int kSettleMs = 250;         // a slider at rest
constexpr auto kMarkerName = "loading-model";

/// "1.19 GB", "12 MB": decimal units, as file managers and shops write them.
QString sizeText(quint64 bytes) {
  const QLocale locale;
  const double megabytes = static_cast<double>(bytes) / 1e6;
  if (megabytes >= 100) return ModelController::tr("%1 GB").arg(locale.toString(megabytes / 1e3, 'f', 2));
  return ModelController::tr("%1 MB").arg(locale.toString(megabytes, 'f', megabytes < 10 ? 1 : 0));
}

QString builtInPath() { return QLatin1String(builtin::kPath); }

CachePrecision cachePrecision(bool compact) { return compact ? CachePrecision::EightBit : CachePrecision::Auto; }

/// The text a path had before it was taken for a URL.
QString plainPath(const QUrl& url) {
  QString path = url.path(QUrl::FullyDecoded);
  if (!url.scheme().isEmpty()) path.prepend(url.scheme() + QLatin1Char(':'));
  if (url.hasQuery()) path += QLatin1Char('?') + url.query(QUrl::FullyDecoded);
  if (url.hasFragment()) path += QLatin1Char('#') + url.fragment(QUrl::FullyDecoded);
  return path;
}

}  // namespace

ModelController::ModelController(const QString& dataDir, CpuTopology cpu, Settings* settings, Notice* notice,
                                 QObject* parent)
    : QObject(parent),
      m_markerPath(QDir(dataDir).filePath(QLatin1String(kMarkerName))),
      m_cpu(cpu),
      m_settings(settings),
      m_notice(notice) {
  m_settle.setSingleShot(true);
  m_settle.setInterval(kSettleMs);
  connect(&m_settle, &QTimer::timeout, this, &ModelController::applyPending);
  connect(settings, &Settings::threadsChanged, &m_settle, qOverload<>(&QTimer::start));
  connect(settings, &Settings::batchChanged, &m_settle, qOverload<>(&QTimer::start));
  connect(settings, &Settings::compactCacheChanged, &m_settle, qOverload<>(&QTimer::start));
  connect(settings, &Settings::contextChanged, this, [this] {
    if (m_model && m_settings->context() > contextLimit()) {
      refuseContext();
    } else {
      m_settle.start();
    }
  });
}

ModelController::~ModelController() = default;

QString ModelController::name() const { return m_model ? m_model->name : QString(); }
QString ModelController::path() const { return m_model ? m_model->path : QString(); }
QString ModelController::architecture() const { return m_model ? m_model->architecture : QString(); }
QString ModelController::isa() const { return m_model ? m_model->isa : QString(); }
int ModelController::contextLimit() const {
  return m_model ? static_cast<int>(std::min<std::uint32_t>(m_model->config.context_length, 1U << 30)) : 0;
}
int ModelController::effectiveThreads() const { return m_model ? m_model->inUse.threads : 0; }
int ModelController::effectiveBatch() const { return m_model ? m_model->inUse.batch : 0; }
int ModelController::effectiveContext() const { return m_model ? m_model->inUse.context : 0; }
std::string ModelController::identity() const { return m_model ? m_model->identity : std::string(); }

QString ModelController::details() const {
  if (!m_model) return {};
  //: A loaded model: architecture, size in memory, instruction set
  return tr("%1 · %2 in memory · %3").arg(m_model->architecture, sizeText(m_model->memoryBytes), m_model->isa);
}

QString ModelController::pendingName() const {
  return m_state == State::Loading ? printable(QFileInfo(m_pendingPath).completeBaseName()) : QString();
}

QUrl ModelController::likelyFolder() const {
  const QString last = m_settings->lastModel();
  const QString ofLast = last.isEmpty() || last == builtInPath() ? QString() : QFileInfo(last).absolutePath();
  for (const QString& folder : {ofLast, QStandardPaths::writableLocation(QStandardPaths::DownloadLocation)}) {
    if (!folder.isEmpty() && QFileInfo(folder).isDir()) return QUrl::fromLocalFile(folder);
  }
  return QUrl::fromLocalFile(QDir::homePath());
}

QString ModelController::memoryEstimateText(int context, int batch, bool compactCache) const {
  if (!m_model || context <= 0) return {};
  const auto tokens = static_cast<std::uint32_t>(std::min(context, contextLimit()));  // as much as the model can use
  const auto at_once = static_cast<std::uint32_t>(batch > 0 ? batch : recommendedBatch());
  return sizeText(estimate_memory(m_model->config, tokens, at_once, cachePrecision(compactCache)).total());
}

void ModelController::open(const QUrl& fileUrlOrPath) {
  if (fileUrlOrPath.isLocalFile()) {
    openPath(fileUrlOrPath.toLocalFile());
  } else if (fileUrlOrPath.scheme().size() <= 1) {  // a plain path; one letter is a drive
    openPath(plainPath(fileUrlOrPath));
  } else {
    m_notice->show({Notice::Kind::Error, QStringLiteral("M-105"), tr("Only files on this computer can be opened."),
                    tr("Download the model first, then choose the file."), printable(fileUrlOrPath.toDisplayString()),
                    Notice::Action::OpenModel});
  }
}

void ModelController::openPath(const QString& path) {
  if (path.isEmpty()) return;
  startLoad(QDir::current().absoluteFilePath(path), false);
}

void ModelController::openBuiltIn() { startLoad(builtInPath(), false); }

void ModelController::retry(bool unloadFirst) {
  if (!m_attemptedPath.isEmpty()) startLoad(m_attemptedPath, unloadFirst);
}

void ModelController::openLast() {
  QFile marker(m_markerPath);
  if (!marker.exists()) {
    if (m_settings->lastModel().isEmpty()) {
      fallBack();
    } else {
      openPath(m_settings->lastModel());
    }
    return;
  }
  // The marker stays until a load ends, so that a model that takes the computer down is never loaded by itself.
  if (marker.open(QIODevice::ReadOnly)) m_attemptedPath = QString::fromUtf8(marker.readAll()).trimmed();
  const QString file = printable(QFileInfo(m_attemptedPath).fileName());
  m_notice->show({Notice::Kind::Warning, QStringLiteral("M-119"), tr("The model of last time didn't finish loading."),
                  //: %1: a file name
                  tr("Tercet ended while it loaded %1, so it isn't loaded again by itself.").arg(file),
                  printable(m_attemptedPath),
                  m_attemptedPath.isEmpty() ? Notice::Action::OpenModel : Notice::Action::Retry});
  fallBack();
}

void ModelController::startLoad(const QString& path, bool unloadFirst) {
  if (m_shutDown) return;
  m_attemptedPath = path;
  m_fallingBack = false;
  m_notice->clear(u"M");
  writeMarker(path);
  requestLoad(path, unloadFirst);
}

/// Nobody chose it: the model of last time, notices and what Retry means stay as they are.
void ModelController::fallBack() {
  if (m_shutDown || m_model) return;
  m_fallingBack = true;
  requestLoad(builtInPath(), false);
}

void ModelController::requestLoad(const QString& path, bool unloadFirst) {
  m_stop.request_stop();  // a load under way is superseded
  m_stop = {};
  m_pendingPath = path;
  m_progress = 0;
  Q_EMIT loadStarting();
  m_state = State::Loading;
  updateBuiltIn();
  Q_EMIT stateChanged();
  Q_EMIT progressChanged();
  Q_EMIT loadRequested({.id = ++m_loadId, .path = path, .config = wanted(), .unloadFirst = unloadFirst, .stop = m_stop});
}

void ModelController::updateBuiltIn() {
  const bool now = (m_model ? m_model->path : m_pendingPath) == builtInPath();
  if (now == m_builtIn) return;
  m_builtIn = now;
  Q_EMIT builtInChanged();
}

void ModelController::cancel() {
  // The worker answers at once; it may also be too late, and then the new model is there.
  if (m_state == State::Loading) m_stop.request_stop();
}

void ModelController::shutDown() {
  m_shutDown = true;
  m_settle.stop();
  m_stop.request_stop();
  if (m_state == State::Loading && !m_fallingBack) removeMarker();
}

void ModelController::onLoadProgressed(RequestId id, double fraction) {
  if (id != m_loadId || m_state != State::Loading) return;
  m_progress = std::clamp(fraction, 0.0, 1.0);
  Q_EMIT progressChanged();
}

void ModelController::onLoaded(RequestId id, const LoadedModel& model) {
  // Also when it was superseded meanwhile: this model is the one in memory now.
  m_model = model;
  updateBuiltIn();
  Q_EMIT modelChanged();
  Q_EMIT effectiveChanged();
  Q_EMIT modelReplaced();
  if (id != m_loadId) return;
  if (!m_fallingBack) m_settings->setLastModel(model.path);
  endLoad();
  if (m_settings->context() > contextLimit() && m_settings->context() != Settings::defaultContext()) {
    m_notice->show({Notice::Kind::Info, QStringLiteral("C-305"), tr("This model remembers less than you chose."),
                    tr("It was trained for %1 tokens, so that many are used.").arg(QLocale().toString(contextLimit()))});
  }
}

void ModelController::onLoadFailed(RequestId id, const LoadFailure& failure) {
  if (!failure.keptPrevious && m_model) {
    m_model.reset();
    updateBuiltIn();
    Q_EMIT modelChanged();
    Q_EMIT effectiveChanged();
    Q_EMIT modelReplaced();
  }
  if (id != m_loadId) return;
  const bool fellBack = m_fallingBack;
  endLoad();
  if (failure.error.code != ErrorCode::Stopped) showFailure(failure);
  if (!fellBack) fallBack();
}

void ModelController::showFailure(const LoadFailure& failure) {
  if (failure.error.code == ErrorCode::OutOfMemory && failure.keptPrevious) {
    m_notice->show(noticeForOtherModelInMemory(failure.error, m_attemptedPath));
  } else {
    m_notice->show(noticeFor(failure.error, m_attemptedPath));
  }
}

void ModelController::endLoad() {
  if (!m_fallingBack) removeMarker();  // else it may still be that of a load that never ended
  m_pendingPath.clear();
  m_fallingBack = false;
  m_state = m_model ? State::Ready : State::NoModel;
  updateBuiltIn();
  Q_EMIT stateChanged();
  applyPending();  // settings may have changed during the load, and Auto may be measured for this model
}

EngineConfig ModelController::wanted() const {
  EngineConfig config{.threads = m_settings->threads() > 0 ? m_settings->threads() : recommendedThreads(),
                      .batch = m_settings->batch() > 0 ? m_settings->batch() : recommendedBatch(),
                      .context = m_settings->context(),
                      .cache = cachePrecision(m_settings->compactCache())};
  return config;
}

void ModelController::reloadWithCurrentSettings() { applyPending(); }

void ModelController::applyPending() {
  m_settle.stop();
  if (!m_model || m_state != State::Ready || m_shutDown) return;
  EngineConfig config = wanted();
  config.context = std::min(config.context, contextLimit());
  if (config == m_requested.value_or(m_model->inUse)) return;
  m_requested = config;
  Q_EMIT configureRequested({.id = ++m_configureId, .config = config});
}

void ModelController::onConfigured(RequestId id, const EngineConfig& inUse) {
  if (id == m_configureId) m_requested.reset();
  setInUse(inUse);
}

void ModelController::onConfigureFailed(RequestId id, const Error& error, const EngineConfig& inUse) {
  setInUse(inUse);
  if (id != m_configureId) return;
  m_requested.reset();
  m_notice->show(noticeFor(error));
  // What is in use is what the settings show again; Auto stays Auto.
  if (m_settings->threads() > 0 && inUse.threads > 0) m_settings->setThreads(inUse.threads);
  if (m_settings->batch() > 0 && inUse.batch > 0) m_settings->setBatch(inUse.batch);
  if (m_settings->context() <= contextLimit() && inUse.context > 0) m_settings->setContext(inUse.context);
  m_settings->setCompactCache(inUse.cache == CachePrecision::EightBit);
}

void ModelController::refuseContext() {
  const QLocale locale;
  m_notice->show({Notice::Kind::Warning, QStringLiteral("C-305"), tr("A setting is out of range."),
                  tr("This model was trained for %1 tokens; its context can't be longer. %2 stay in use.")
                      .arg(locale.toString(contextLimit()), locale.toString(effectiveContext()))});
  m_settings->setContext(effectiveContext());
}

void ModelController::setInUse(const EngineConfig& inUse) {
  if (!m_model || m_model->inUse == inUse) return;
  m_model->inUse = inUse;
  m_model->memoryBytes = estimate_memory(m_model->config, static_cast<std::uint32_t>(inUse.context),
                                         static_cast<std::uint32_t>(inUse.batch), inUse.cache).total();
  Q_EMIT modelChanged();
  Q_EMIT effectiveChanged();
}

void ModelController::setMeasured(const std::optional<Tuning>& measured) {
  if (m_measured == measured) return;
  m_measured = measured;
  Q_EMIT recommendedChanged();
  applyPending();  // while a model is loaded, its end does that
}

void ModelController::retranslate() { Q_EMIT modelChanged(); }

/// Written through to the disk: what it guards against may take the computer down.
void ModelController::writeMarker(const QString& path) {
  QSaveFile marker(m_markerPath);
  if (!marker.open(QIODevice::WriteOnly)) return;  // settings tell that nothing can be written here
  marker.write(path.toUtf8());
  marker.commit();
}

void ModelController::removeMarker() { QFile::remove(m_markerPath); }

}  // namespace tercet
