// The program: reads its arguments, makes the objects, shows the window.
#include <QDir>
#include <QDirIterator>
#include <QFontDatabase>
#include <QGuiApplication>
#include <QIcon>
#include <QQmlApplicationEngine>
#include <QQuickStyle>
#include <QStandardPaths>
#include <QUrl>

#include <cstdio>
#include <cstdlib>
#include <functional>
#include <optional>
#include <string_view>

#include "app/app_root.h"
#include "app/cursor_rest.h"
#include "app/interface_language.h"
#include "app/no_network.h"
#include "app/orderly_end.h"
#include "app/single_instance.h"
#include "app/stand_in.h"
#include "resources/builtin/builtin_model.h"

namespace {

constexpr int kWrongUsage = 2;
constexpr const char* kUsage =
    "Usage: tercet [MODEL] [--data-dir DIR]\n"
    "\n"
    "Offline chat with ternary language models.\n"
    "\n"
    "  MODEL           a BitNet b1.58 model file (.gguf), or builtin for the small one that is part of Tercet;\n"
    "                  without it, the model of last time\n"
    "  --data-dir DIR  where chats and settings are kept, instead of the usual place\n"
    "  --help          this text\n"
    "  --version       the version\n";

struct Arguments {
  QString model;
  QString dataDir;
};

/// --help and --version are answered without a display.
bool answeredAtOnce(int argc, char** argv) {
  for (int i = 1; i < argc; ++i) {
    const std::string_view argument = argv[i];
    if (argument == "--") return false;
    if (argument == "--help" || argument == "-h") {
      std::fputs(kUsage, stdout);
      return true;
    }
    if (argument == "--version" || argument == "-v") {
      std::puts("tercet " TERCET_VERSION);
      return true;
    }
  }
  return false;
}

/// What is left once Qt took its own options. Nothing when the usage is wrong, which is then said on stderr.
std::optional<Arguments> parse(const QStringList& all) {
  const auto wrong = [](const QString& what) {
    std::fprintf(stderr, "tercet: %s\nTry 'tercet --help'.\n", qUtf8Printable(what));
    return std::nullopt;
  };
  Arguments arguments;
  bool onlyPaths = false;
  bool hasModel = false;
  for (qsizetype i = 1; i < all.size(); ++i) {
    const QString& argument = all[i];
    if (!onlyPaths && argument == QLatin1String("--")) {
      onlyPaths = true;
    } else if (!onlyPaths && argument == QLatin1String("--data-dir")) {
      if (i + 1 == all.size() || all[i + 1].isEmpty()) return wrong(QStringLiteral("--data-dir needs a directory"));
      arguments.dataDir = all[++i];
    } else if (!onlyPaths && argument.startsWith(QLatin1String("--data-dir="))) {
      arguments.dataDir = argument.section(QLatin1Char('='), 1);
      if (arguments.dataDir.isEmpty()) return wrong(QStringLiteral("--data-dir needs a directory"));
    } else if (!onlyPaths && argument.startsWith(QLatin1Char('-')) && argument.size() > 1) {
      return wrong(QStringLiteral("unknown option %1").arg(argument));
    } else if (argument.isEmpty()) {
      return wrong(QStringLiteral("MODEL is empty"));
    } else if (hasModel) {
      return wrong(QStringLiteral("only one MODEL can be opened"));
    } else {
      arguments.model = argument;
      hasModel = true;
    }
  }
  if (arguments.model.startsWith(QLatin1String("file:"))) arguments.model = QUrl(arguments.model).toLocalFile();
  if (arguments.model == QLatin1String(tercet::builtin::kName)) arguments.model = QLatin1String(tercet::builtin::kPath);
  if (!arguments.model.isEmpty()) arguments.model = QDir::current().absoluteFilePath(arguments.model);
  return arguments;
}

/// Everything to stderr but one thing: for a script that no installed font has, Qt names all fonts again for each word.
void report(QtMsgType type, const QMessageLogContext& context, const QString& message) {
  if (message.contains(QLatin1String("OpenType support missing for"))) return;
  std::fprintf(stderr, "%s\n", qPrintable(qFormatLogMessage(type, context, message)));
}

void registerFonts() {
  QDirIterator fonts(QStringLiteral(":/fonts"), QDir::Files);
  while (fonts.hasNext()) QFontDatabase::addApplicationFont(fonts.next());
}

}  // namespace

int main(int argc, char** argv) {
  if (answeredAtOnce(argc, argv)) return 0;

  qInstallMessageHandler(report);
  QGuiApplication app(argc, argv);
  QGuiApplication::setApplicationName(QStringLiteral("tercet"));
  QGuiApplication::setApplicationDisplayName(QStringLiteral("Tercet"));
  QGuiApplication::setApplicationVersion(QStringLiteral(TERCET_VERSION));
  QGuiApplication::setDesktopFileName(QStringLiteral("tercet"));
  const std::optional<Arguments> arguments = parse(QGuiApplication::arguments());
  if (!arguments) return kWrongUsage;

  QGuiApplication::setWindowIcon(QIcon(QStringLiteral(":/icons/tercet.svg")));
  QQuickStyle::setStyle(QStringLiteral("Basic"));
  registerFonts();
  const tercet::CursorRest cursorRest(&app);

  const QString usualPlace = QStandardPaths::writableLocation(QStandardPaths::AppDataLocation);
  const QString dataDir = arguments->dataDir.isEmpty() ? usualPlace : QDir::current().absoluteFilePath(arguments->dataDir);
  tercet::SingleInstance instance(dataDir);
  auto place = instance.enter(arguments->model);
  while (place == tercet::SingleInstance::Place::NoAnswer && tercet::triesAgain(dataDir)) place = instance.enter(arguments->model);
  if (place == tercet::SingleInstance::Place::NoAnswer) return EXIT_FAILURE;
  if (place == tercet::SingleInstance::Place::HandedOver) return EXIT_SUCCESS;
  tercet::AppRoot root(dataDir, [&dataDir](const std::function<void()>& work) { tercet::repair(dataDir, work); });
  QObject::connect(&instance, &tercet::SingleInstance::asked, &root, &tercet::AppRoot::startAgain);
  const tercet::OrderlyEnd orderlyEnd;
  tercet::NoNetwork noNetwork;
  QQmlApplicationEngine engine;  // after the root: its bindings go first
  engine.setNetworkAccessManagerFactory(&noNetwork);
  tercet::showLanguage(engine);
  QObject::connect(&root, &tercet::AppRoot::retranslated, &engine, [&engine] { tercet::showLanguage(engine); });
  engine.addImportPath(QStringLiteral("qrc:/qt/qml"));
  engine.setInitialProperties({{QStringLiteral("app"), QVariant::fromValue(&root)}});
  engine.load(QUrl(QStringLiteral("qrc:/qt/qml/Tercet/Ui/Main.qml")));
  if (engine.rootObjects().isEmpty()) return EXIT_FAILURE;
  root.start(arguments->model);
  return QGuiApplication::exec();
}
