// Standard input, output and error: the only places where the command line reads, writes and complains.
#pragma once

#include <string>
#include <string_view>

#include "engine/result.h"

namespace tercet::cli {

/// What a run ends with.
enum ExitCode : int { kGood = 0, kWrongUsage = 2, kModelRefused = 3, kOtherFailure = 4 };

/// Prints "error[CODE]: text" as one line on standard error.
void print_error(std::string_view code, std::string_view text);
/// Prints the engine's error and says what to end with: model errors 3, a setting out of range 2, all else 4.
ExitCode fail(const Error& error);
/// Error U-501 with where to read on.
ExitCode fail_usage(std::string_view problem, std::string_view command = {});
/// Error U-502: standard output or a file could not be written; `reason` as from strerror.
ExitCode fail_output(std::string_view what, std::string_view reason);
/// Error U-503: standard input could not be read or understood.
ExitCode fail_input(std::string_view problem);

/// Writes to standard output. False when that failed; `finish_output` tells people.
bool write_out(std::string_view bytes);
bool flush_out();
/// Flushes; kGood, or fail_output when anything written so far was lost.
ExitCode finish_output();

bool output_is_terminal();
bool errors_are_terminal();
bool input_is_terminal();

/// All of standard input. False on a read error.
bool read_all_input(std::string& bytes);

/// Control characters other than newline and tab, which could steer a terminal, as spaces.
std::string without_controls(std::string_view text);

}  // namespace tercet::cli
