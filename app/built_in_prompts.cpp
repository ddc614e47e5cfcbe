#include "app/built_in_prompts.h"

#include <QCoreApplication>

namespace tercet {
namespace {

constexpr auto kPromptContext = "BuiltInPrompts";

// Translators: the words in {{ }} are asked for in a form under this name; the words after | are choices, or the types
// long (largo) and number (número).
constexpr BuiltInPrompt kPrompts[] = {
    {"summarise", QT_TRANSLATE_NOOP("BuiltInPrompts", "Summarise a text"),
     QT_TRANSLATE_NOOP("BuiltInPrompts", "Summarise this text in {{sentences|number}} sentences:\n\n{{text|long}}")},
    {"email", QT_TRANSLATE_NOOP("BuiltInPrompts", "Write an e-mail"),
     QT_TRANSLATE_NOOP("BuiltInPrompts",
                       "Write a {{tone|friendly,formal,firm}} e-mail to {{recipient}}. It should say:\n\n{{content|long}}")},
    {"reply", QT_TRANSLATE_NOOP("BuiltInPrompts", "Answer a message"),
     QT_TRANSLATE_NOOP("BuiltInPrompts",
                       "I received this message:\n\n{{message|long}}\n\nWrite a short, {{tone|friendly,formal,firm}} answer that says: "
                       "{{answer}}")},
    {"translate", QT_TRANSLATE_NOOP("BuiltInPrompts", "Translate"),
     QT_TRANSLATE_NOOP("BuiltInPrompts",
                       "Translate into {{language|Spanish,English,French,German,Italian,Portuguese}}. Write only the "
                       "translation.\n\n{{text|long}}")},
    {"correct", QT_TRANSLATE_NOOP("BuiltInPrompts", "Correct a text"),
     QT_TRANSLATE_NOOP("BuiltInPrompts",
                       "Correct the spelling and grammar of this text and keep its style. Then list what you changed.\n\n{{text|long}}")},
    {"explain", QT_TRANSLATE_NOOP("BuiltInPrompts", "Explain something"),
     QT_TRANSLATE_NOOP("BuiltInPrompts",
                       "Explain {{topic}} to {{reader|a child,a beginner,a student,an expert}}. Use one example.")},
    {"ideas", QT_TRANSLATE_NOOP("BuiltInPrompts", "Find ideas"),
     QT_TRANSLATE_NOOP("BuiltInPrompts", "Give me {{how_many|number}} different ideas for {{topic}}, as a numbered list.")},
    {"plan", QT_TRANSLATE_NOOP("BuiltInPrompts", "Make a plan"),
     QT_TRANSLATE_NOOP("BuiltInPrompts",
                       "Today is {{date}}. Make a step-by-step plan for this goal: {{goal}}. I have {{time_available}}.")},
    {"compare", QT_TRANSLATE_NOOP("BuiltInPrompts", "Weigh two options"),
     QT_TRANSLATE_NOOP("BuiltInPrompts",
                       "Compare {{first_option}} with {{second_option}}: two advantages and two disadvantages of each. Then say for whom "
                       "each one is the better choice.")},
    {"notes", QT_TRANSLATE_NOOP("BuiltInPrompts", "Tidy up notes"),
     QT_TRANSLATE_NOOP("BuiltInPrompts",
                       "Turn these notes into a clear list: decisions, open questions, and who does what by when. Leave out what the notes "
                       "do not say.\n\n{{notes|long}}")},
    {"quiz", QT_TRANSLATE_NOOP("BuiltInPrompts", "Quiz me"),
     QT_TRANSLATE_NOOP("BuiltInPrompts",
                       "Ask me {{questions|number}} questions about {{topic}}, one at a time. After each answer tell me whether it is right.")},
    {"explain_copied", QT_TRANSLATE_NOOP("BuiltInPrompts", "Explain what I copied"),
     QT_TRANSLATE_NOOP("BuiltInPrompts", "Explain this in plain words:\n\n{{clipboard}}")},
};

}  // namespace

QString BuiltInPrompt::translatedTitle() const { return QCoreApplication::translate(kPromptContext, title); }
QString BuiltInPrompt::translatedText() const { return QCoreApplication::translate(kPromptContext, text); }

std::span<const BuiltInPrompt> builtInPrompts() { return kPrompts; }

}  // namespace tercet
