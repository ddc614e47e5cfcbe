// What it costs the window to show a long answer while it is written, to open long conversations and to scroll through them.
#include <QGuiApplication>
#include <QQmlComponent>
#include <QQmlEngine>
#include <QQuickItem>
#include <QQuickView>

#include <algorithm>
#include <cstdio>
#include <ctime>
#include <fstream>
#include <memory>
#include <vector>

#include "tests/ui/rig.h"

namespace {

constexpr double kCharactersPerToken = 4.5;
constexpr qsizetype kPiece = 14;  // characters: 3 tokens, as at 90 tokens/s and 30 updates/s

/// Processor time of this thread in milliseconds: waiting for others does not count.
double now() {
  timespec time{};
  clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time);
  return double(time.tv_sec) * 1e3 + double(time.tv_nsec) / 1e6;
}

void printMemory(const char* when) {
  std::ifstream file("/proc/self/statm");
  long pages = 0, resident = 0, shared = 0;
  file >> pages >> resident >> shared;
  const double page = 4096 / 1e6;
  std::printf("memory %s: %.0f MB, of which %.0f MB are files such as libraries\n", when, double(resident) * page,
              double(shared) * page);
}

double at(std::vector<double> values, double share) {
  if (values.empty()) return 0;
  std::sort(values.begin(), values.end());
  return values[std::size_t(share * double(values.size() - 1))];
}

/// Mixed Markdown of about `characters`.
QString answer(qsizetype characters) {
  const QString part = QStringLiteral(
      "## Section\n\nA paragraph with **bold** words, `code`, a [link](https://example.org) and $x^2$, long enough to wrap over "
      "two or three lines of the window that shows it.\n\n- an item\n- another one with *emphasis*\n  1. nested\n\n"
      "```python\ndef f(n):\n    \"\"\"Twice.\"\"\"\n    return n * 2  # easy\n```\n\n| a | b |\n|---|--:|\n| one | 1 |\n\n");
  QString out;
  while (out.size() < characters) out += part;
  return out;
}

QString code(qsizetype characters) {
  QString out = QStringLiteral("```cpp\n");
  while (out.size() < characters) out += QStringLiteral("    const auto value = compute(first, \"second\");  // line\n");
  return out;
}

class Bench {
 public:
  Bench() {
    m_view.engine()->addImportPath(QStringLiteral("qrc:/qt/qml"));
    QQmlComponent component(m_view.engine());
    component.setData("import QtQuick\nimport Tercet.Ui\nMessageList {}", QUrl());
    m_list.reset(qobject_cast<QQuickItem*>(
        component.createWithInitialProperties({{QStringLiteral("chat"), QVariant::fromValue(m_rig.chat())}})));
    if (!m_list) qFatal("%s", qPrintable(component.errorString()));
    m_view.resize(1016, 740);
    m_view.show();
    m_list->setParentItem(m_view.contentItem());
    m_list->setSize(QSizeF(1016, 740));
  }

  tercet::test::Rig& rig() { return m_rig; }

  /// Everything that follows from the last change, and one frame.
  void frame() {
    QCoreApplication::processEvents();
    QCoreApplication::sendPostedEvents(nullptr, QEvent::DeferredDelete);  // which only a running event loop does by itself
    m_view.grabWindow();
  }

  void begin() {
    m_rig.chat()->setDraft(QStringLiteral("Question"));
    m_rig.chat()->send();
  }

  void stream(const char* name, const QString& text) {
    begin();
    std::vector<double> models, frames;
    std::size_t next = 0;
    const std::vector<int> marks{1000, 5000, 10000, 20000};
    std::printf("\n%s, CPU ms per update (median / 95 %%)\n%10s %17s %17s\n", name, "tokens", "model and rows", "with a frame");
    for (qsizetype place = 0; place < text.size() && next < marks.size(); place += kPiece) {
      const QString piece = text.sliced(place, std::min(kPiece, text.size() - place));
      const double start = now();
      m_rig.write(piece);
      const double written = now();
      const double tokens = double(place) / kCharactersPerToken;
      const bool measured = tokens > marks[next] - 300;
      if (measured || place % (20 * kPiece) == 0) frame();
      if (!measured) continue;
      models.push_back(written - start);
      frames.push_back(now() - start);
      if (tokens < marks[next] - 5) continue;
      std::printf("%10d %8.3f /%7.3f %8.2f /%7.2f\n", marks[next], at(models, 0.5), at(models, 0.95), at(frames, 0.5),
                  at(frames, 0.95));
      std::fflush(stdout);
      models.clear();
      frames.clear();
      ++next;
    }
  }

  void scroll(const QString& more) {
    std::vector<double> frames;
    for (int i = 0; i < 300; ++i) {
      m_rig.write(more.sliced(i * kPiece, kPiece));
      frames.push_back(scrollUp());
    }
    print("scrolling up through it while more arrives", frames);
  }

  /// A conversation that is stored: questions, and `answers` of about `characters`.
  qint64 store(int answers, qsizetype characters) {
    for (int i = 0; i < answers; ++i) m_rig.exchange(QStringLiteral("Question"), answer(characters));
    const qint64 conversation = m_rig.chat()->conversation();
    m_rig.chat()->newChat();
    frame();
    return conversation;
  }

  void open(const char* name, qint64 conversation) {
    std::vector<double> cuts, opens, frames;
    for (int i = 0; i < 5; ++i) {
      m_rig.chat()->newChat();
      frame();
      double start = now();
      m_rig.chat()->open(conversation);
      opens.push_back(now() - start);
      frame();
      frames.push_back(now() - start);
      start = now();
      for (int row = 0; row < m_rig.chat()->messages()->count(); ++row) {
        tercet::MessageBlocks blocks(tercet::MessageBlocks::Format::Markdown);
        blocks.appendText(m_rig.chat()->messages()->at(row).text);
        blocks.finish();
      }
      cuts.push_back(now() - start);
    }
    std::printf("\nopening %s, CPU ms: %.0f until its rows are there (%.0f for cutting it), %.0f until its first frame\n", name,
                at(opens, 0.5), at(cuts, 0.5), at(frames, 0.5));
  }

  void scrollThrough() {
    std::vector<double> frames;
    for (int i = 0; i < 600; ++i) frames.push_back(scrollUp());
    print("scrolling up through it", frames);
  }

  void find(const QString& text) {
    m_rig.find()->setActive(true);
    const double start = now();
    m_rig.find()->setText(text);
    const double found = now();
    frame();
    std::printf("finding \"%s\", %d places, CPU ms: %.0f, with a frame %.0f\n", qPrintable(text), m_rig.find()->count(),
                found - start, now() - start);
    m_rig.find()->setActive(false);
  }

 private:
  double scrollUp() {
    const double start = now();
    QMetaObject::invokeMethod(m_list.get(), "scrollBy", Q_ARG(double, -120));
    frame();
    return now() - start;
  }
  static void print(const char* name, const std::vector<double>& frames) {
    std::printf("\n%s, CPU ms per frame: median %.2f, 95 %% %.2f, longest %.2f\n", name, at(frames, 0.5), at(frames, 0.95),
                at(frames, 1));
  }

  tercet::test::Rig m_rig;
  QQuickView m_view;
  std::unique_ptr<QQuickItem> m_list;
};

}  // namespace

int main(int argc, char** argv) {
  QGuiApplication app(argc, argv);
  const QString text = answer(95000);
  printMemory("at the start");
  {
    Bench bench;
    const qint64 conversation = bench.store(500, 1350);
    bench.open("1,000 messages", conversation);
    printMemory("with them open");
    bench.scrollThrough();
    bench.find(QStringLiteral("e"));
    bench.find(QStringLiteral("wrap over"));
    printMemory("after that");
    bench.open("an answer of 20,000 tokens", bench.store(1, 90000));
  }
  {
    Bench bench;
    bench.stream("mixed Markdown", text);
    bench.scroll(text);
  }
  {
    Bench bench;
    bench.stream("one block of code", code(95000));
  }
  return 0;
}
