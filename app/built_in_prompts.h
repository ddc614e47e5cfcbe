// The prompts that come with the program, in the language of the window.
#pragma once

#include <QString>

#include <span>

namespace tercet {

struct BuiltInPrompt {
  const char* key;    // never changes: the database knows it by this
  const char* title;  // source text
  const char* text;   // source text of a PromptTemplate; names of variables are translated with it

  QString translatedTitle() const;
  QString translatedText() const;
};

std::span<const BuiltInPrompt> builtInPrompts();

}  // namespace tercet
