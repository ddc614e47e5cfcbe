#include "app/cli/terminal.h"

#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <cstring>

namespace tercet::cli {

void print_error(std::string_view code, std::string_view text) {
  std::string line = "error[";
  line.append(code).append("]: ").append(text);
  for (char& c : line) {
    const auto byte = static_cast<unsigned char>(c);
    if (byte < 0x20 || byte == 0x7F) c = ' ';
  }
  line += '\n';
  std::fwrite(line.data(), 1, line.size(), stderr);
}

ExitCode fail(const Error& error) {
  const std::string_view code = code_name(error.code);
  print_error(code, describe(error));
  if (error.code == ErrorCode::InvalidOption) return kWrongUsage;
  return code.starts_with("M-") ? kModelRefused : kOtherFailure;
}

ExitCode fail_usage(std::string_view problem, std::string_view command) {
  std::string text(problem);
  text.append("; see 'tercet-cli help").append(command.empty() ? "" : " ").append(command).append("'");
  print_error("U-501", text);
  return kWrongUsage;
}

ExitCode fail_output(std::string_view what, std::string_view reason) {
  std::string text = "cannot write ";
  text.append(what).append(": ").append(reason).append("; check the place and its free space");
  print_error("U-502", text);
  return kOtherFailure;
}

ExitCode fail_input(std::string_view problem) {
  print_error("U-503", problem);
  return kOtherFailure;
}

bool write_out(std::string_view bytes) {
  return std::fwrite(bytes.data(), 1, bytes.size(), stdout) == bytes.size();
}

bool flush_out() { return std::fflush(stdout) == 0 && std::ferror(stdout) == 0; }

ExitCode finish_output() {
  errno = 0;
  if (flush_out()) return kGood;
  return fail_output("standard output", errno == 0 ? "the write failed" : std::strerror(errno));
}

bool output_is_terminal() { return ::isatty(STDOUT_FILENO) == 1; }
bool errors_are_terminal() { return ::isatty(STDERR_FILENO) == 1; }
bool input_is_terminal() { return ::isatty(STDIN_FILENO) == 1; }

bool read_all_input(std::string& bytes) {
  char chunk[65536];
  while (true) {
    const ssize_t got = ::read(STDIN_FILENO, chunk, sizeof chunk);
    if (got == 0) return true;
    if (got < 0 && errno == EINTR) continue;
    if (got < 0) return false;
    bytes.append(chunk, static_cast<std::size_t>(got));
  }
}

std::string without_controls(std::string_view text) {
  std::string clean(text);
  for (char& c : clean) {
    const auto byte = static_cast<unsigned char>(c);
    if ((byte < 0x20 && c != '\n' && c != '\t') || byte == 0x7F) c = ' ';
  }
  return clean;
}

}  // namespace tercet::cli
