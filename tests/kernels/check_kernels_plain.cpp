// Every operation of the kernel sets named on the command line (of all sets this CPU runs, if none is named) against the
// scalar set, without Qt Test, for an emulator. Exit: 0 equal, 1 different, 2 no such set, 77 the CPU refuses a named set.
#include <string>

#include "tests/kernels/set_checker.h"

using namespace tercet::kernels;
using tercet::kernels::test::Checker;

int main(int argc, char** argv) {
  int result = 0;
  for (const SetStatus& status : all_sets()) {
    const std::string name(status.name);
    if (argc == 1 && status.supported) {
      const bool equal = Checker(*find_set("scalar")->set, *status.set).run();
      std::printf("%s: %s\n", name.c_str(), equal ? "ok" : "DIFFERENT");
      if (!equal) result = 1;
    } else if (argc == 1) {
      std::printf("%s: skipped, %s\n", name.c_str(), status.set == nullptr ? "not compiled" : "not supported by this CPU");
    }
  }
  for (int i = 1; i < argc; ++i) {
    const SetStatus* status = find_set(argv[i]);
    if (status == nullptr) {
      std::printf("%s: no such set\n", argv[i]);
      return 2;
    }
    if (!status->supported) {
      std::printf("%s: refused, %s\n", argv[i], status->set == nullptr ? "not compiled" : "not supported by this CPU");
      if (result == 0) result = 77;
      continue;
    }
    const bool equal = Checker(*find_set("scalar")->set, *status->set).run();
    std::printf("%s: %s\n", argv[i], equal ? "ok" : "DIFFERENT");
    if (!equal) result = 1;
  }
  return result;
}
