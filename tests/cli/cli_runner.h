// Runs tercet-cli and looks at what it left: exit code, output, complaints.
#pragma once

#include <QtTest>

#include <QJsonDocument>
#include <QProcess>

#include "tests/support/temp_dir.h"
#include "tests/support/tiny_model.h"

namespace tercet::test {

struct CliRun {
  int code = -1;  // -1: did not start, crashed or hung
  QByteArray out, err;
};

/// Runs the program to its end with `input` on standard input. Its home is `home`: what was measured on this machine by
/// whoever runs the tests must not count.
inline CliRun run_cli(const QStringList& arguments, const QByteArray& input = {}, const QString& home = QStringLiteral("/nonexistent")) {
  QProcess process;
  QProcessEnvironment environment = QProcessEnvironment::systemEnvironment();
  environment.insert(QStringLiteral("HOME"), home);
  environment.insert(QStringLiteral("XDG_DATA_HOME"), home);
  process.setProcessEnvironment(environment);
  process.start(QStringLiteral(TERCET_CLI), arguments);
  process.write(input);
  process.closeWriteChannel();
  CliRun run;
  if (!process.waitForFinished(120000)) {
    process.kill();
    process.waitForFinished();
    return run;
  }
  if (process.exitStatus() == QProcess::NormalExit) run.code = process.exitCode();
  run.out = process.readAllStandardOutput();
  run.err = process.readAllStandardError();
  return run;
}

/// Whether standard error is exactly one line that begins with "error[CODE]: " and goes on.
inline bool is_one_error(const CliRun& run, const QByteArray& code) {
  const QByteArray start = "error[" + code + "]: ";
  const bool good = run.err.startsWith(start) && run.err.size() > start.size() + 1 && run.err.count('\n') == 1 &&
                    run.err.endsWith('\n');
  if (!good) qWarning() << "expected one" << code << "but found" << run.err << "exit" << run.code;
  return good;
}

/// The JSON value a run printed; null when it printed something else.
inline QJsonDocument json_of(const CliRun& run) { return QJsonDocument::fromJson(run.out); }

/// A tiny model in a directory of its own.
class TinyModelFile {
 public:
  explicit TinyModelFile(const TinyModelOptions& options = {})
      : options_(options), path_(QString::fromStdString(dir_.write("tiny.gguf", make_tiny_gguf(options)))) {}
  const TempDir& dir() const { return dir_; }
  const TinyModelOptions& options() const { return options_; }
  const QString& path() const { return path_; }
  /// The names of all that lies in the directory, sorted.
  QStringList entries() const {
    return QDir(QString::fromStdString(dir_.path().string())).entryList(QDir::AllEntries | QDir::Hidden | QDir::NoDotAndDotDot);
  }

 private:
  TempDir dir_;
  TinyModelOptions options_;
  QString path_;
};

}  // namespace tercet::test
