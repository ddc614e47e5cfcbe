// One block of a message: what the cutter finds and the view shows.
#pragma once

#include <QObject>
#include <QString>
#include <QtQml/qqmlregistration.h>

#include <vector>

#include "app/markdown.h"

namespace tercet {

namespace BlockKind {
Q_NAMESPACE
QML_ELEMENT

enum Value { Paragraph, Heading, Item, Rule, Code, Table, Formula };
Q_ENUM_NS(Value)

}  // namespace BlockKind

namespace TaskState {
Q_NAMESPACE
QML_ELEMENT

/// Of a list item: without a box, or with an empty or a ticked one.
enum Value { None, Open, Done };
Q_ENUM_NS(Value)

}  // namespace TaskState

struct Block {
  BlockKind::Value kind = BlockKind::Paragraph;
  QString text;                    // without the marks that make it this kind; its lines joined by line breaks
  int level = 0;                   // of a heading, 1 to 6
  int depth = 0;                   // lists that it stands in
  int quotes = 0;                  // quotes that it stands in
  int joinedQuotes = 0;            // those that go on from the block above without a gap
  int gap = 0;                     // room above, in small steps: 0 none (it goes on), 1 tight, 2 usual, 3 before a heading
  QString marker;                  // of a list item: a bullet or its number
  TaskState::Value task = TaskState::None;
  QString language;                // of code, as its label says
  int lexerState = 0;              // of code: what the lines before it left open
  qsizetype columns = 0;           // of code: characters of its longest line
  QString head;                    // of a table: its header row
  qsizetype headAt = 0;            // and where that begins in the source of the message
  std::vector<CellAlign> aligns = {};  // of a table
  bool continues = false;          // a further part of the block above, which grew too long for one
  bool glued = false;              // the part begins in the middle of a line
  bool open = true;                // more may come
  qsizetype begin = 0, end = 0;    // where its lines stand in the source of the message
  std::vector<qsizetype> lines = {};   // where the text of each of its lines begins there

  bool operator==(const Block&) const = default;
};

}  // namespace tercet
