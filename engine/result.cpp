// The error catalogue for terminals; the window has its own, translated, in app/error_text.cpp.
#include "engine/result.h"

#include <iterator>

namespace tercet {
namespace {

struct Entry {
  ErrorCode code;
  std::string_view name;
  std::string_view what;    // completed by the detail
  std::string_view advice;
};

constexpr Entry kCatalogue[] = {
    {ErrorCode::UnsupportedArchitecture, "M-101", "this model type is not supported",
     "choose a BitNet b1.58 model in GGUF form (architecture bitnet-b1.58 or bitnet-25)"},
    {ErrorCode::Truncated, "M-102", "the model file is incomplete", "download or copy it again"},
    {ErrorCode::OutOfMemory, "M-103", "not enough memory", "choose a smaller context or batch, or close other programs"},
    {ErrorCode::UnsupportedCpu, "M-104", "this kernel set cannot run here", "leave out --isa to let Tercet choose"},
    {ErrorCode::NotFound, "M-105", "no such file", "check the path"},
    {ErrorCode::IsDirectory, "M-106", "that is a folder", "choose the .gguf file inside it"},
    {ErrorCode::EmptyFile, "M-107", "the file is empty", "download or copy it again"},
    {ErrorCode::NotGguf, "M-108", "this is not a GGUF model file", "choose a file that ends in .gguf"},
    {ErrorCode::UnsupportedVersion, "M-109", "this GGUF version is not supported", "convert the model to GGUF version 3"},
    {ErrorCode::Corrupt, "M-110", "the model file is damaged", "download or copy it again"},
    {ErrorCode::MissingTensor, "M-111", "the model file lacks a part", "get the model from its publisher again"},
    {ErrorCode::MisshapedTensor, "M-112", "a part of the model has the wrong shape", "get the model from its publisher again"},
    {ErrorCode::UnsupportedType, "M-113", "this tensor encoding is not supported", "choose the I2_S file of the model"},
    {ErrorCode::BadTokenizer, "M-114", "the tokenizer data is missing or unusable", "get the model from its publisher again"},
    {ErrorCode::BadWeights, "M-115", "the model holds impossible numbers", "get the model from its publisher again"},
    {ErrorCode::BadConfig, "M-116", "the model's settings are impossible", "get the model from its publisher again"},
    {ErrorCode::Unreadable, "M-117", "the file cannot be read", "check its permissions and the drive"},
    {ErrorCode::ModelChanged, "M-118", "the model file changed while in use", "load the model again"},
    {ErrorCode::PromptTooLong, "C-301", "this message is too long for the model", "shorten it or choose a larger context"},
    {ErrorCode::ContextFull, "C-302", "the context is full", "start a new conversation"},
    {ErrorCode::InvalidUtf8, "C-303", "the text is not valid UTF-8", "save or paste it as UTF-8"},
    {ErrorCode::InvalidToken, "C-304", "these token ids cannot be used", "give ids from the model's vocabulary"},
    {ErrorCode::InvalidOption, "C-305", "a setting is out of range", "choose a value in the range"},
    {ErrorCode::Stopped, "C-306", "stopped", "start again when you like"},
    {ErrorCode::ConversationTooLong, "C-307", "the conversation does not fit the context", "start a new one or choose a larger context"},
    {ErrorCode::Internal, "E-401", "the engine failed", "report this with the steps that led here"},
};

const Entry& entry_of(ErrorCode code) noexcept {
  for (const Entry& entry : kCatalogue) {
    if (entry.code == code) return entry;
  }
  return kCatalogue[std::size(kCatalogue) - 1];
}

}  // namespace

std::string_view code_name(ErrorCode code) noexcept { return entry_of(code).name; }

std::string describe(const Error& error) {
  const Entry& entry = entry_of(error.code);
  std::string text(entry.what);
  if (!error.detail.empty()) text.append(": ").append(error.detail);
  text.append("; ").append(entry.advice);
  for (char& c : text) {
    if (static_cast<unsigned char>(c) < 0x20) c = ' ';  // a name from a file must not break the line or the terminal
  }
  return text;
}

}  // namespace tercet
