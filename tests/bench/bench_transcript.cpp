// What it costs the window to show a long answer while it is written, and to scroll through it.
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

/// Memory of the process in MB.
double memory() {
  std::ifstream file("/proc/self/statm");
  long pages = 0, resident = 0, shared = 0;
  file >> pages >> resident >> shared;
  return double(resident - shared) * 4096 / 1e6;
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
      const double start = now();
      QMetaObject::invokeMethod(m_list.get(), "scrollBy", Q_ARG(double, -120));
      frame();
      frames.push_back(now() - start);
    }
    std::printf("\nscrolling up through it while more arrives, CPU ms per frame: median %.2f, 95 %% %.2f, longest %.2f\n",
                at(frames, 0.5), at(frames, 0.95), at(frames, 1));
  }

 private:
  tercet::test::Rig m_rig;
  QQuickView m_view;
  std::unique_ptr<QQuickItem> m_list;
};

}  // namespace

int main(int argc, char** argv) {
  QGuiApplication app(argc, argv);
  const QString text = answer(95000);
  std::printf("memory at the start: %.0f MB\n", memory());
  {
    Bench bench;
    bench.stream("mixed Markdown", text);
    bench.scroll(text);
  }
  {
    Bench bench;
    bench.stream("one block of code", code(95000));
  }
  {
    Bench bench;
    for (int i = 0; i < 500; ++i) bench.rig().exchange(QStringLiteral("Question"), answer(1500));
    bench.frame();
    std::printf("\nmemory with 1,000 messages, %.1f million characters: %.0f MB\n", 500 * 1500 / 1e6, memory());
  }
  return 0;
}
