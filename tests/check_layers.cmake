# Which layer may include what: ui -> app -> engine -> kernels, never the other way, and third-party headers only where they
# belong. Run as: cmake -DSOURCE_DIR=... -P check_layers.cmake
cmake_minimum_required(VERSION 3.25)

set(problems 0)

# rule(layer patterns regex reason [UNLESS regex] [EXCEPT file...])
# In files that match `patterns`, no line matches `regex`, unless it also matches UNLESS. EXCEPT names files left out.
function(rule layer patterns regex reason)
  cmake_parse_arguments(PARSE_ARGV 4 arg "" "UNLESS" "EXCEPT")
  list(TRANSFORM patterns PREPEND "${SOURCE_DIR}/")
  file(GLOB_RECURSE files RELATIVE "${SOURCE_DIR}" ${patterns})
  list(REMOVE_ITEM files ${arg_EXCEPT})
  foreach(file IN LISTS files)
    file(STRINGS "${SOURCE_DIR}/${file}" lines REGEX "${regex}")
    foreach(line IN LISTS lines)
      if(NOT (arg_UNLESS AND line MATCHES "${arg_UNLESS}"))
        message("${file}: ${line}\n  ${layer}: ${reason}")
        math(EXPR problems "${problems} + 1")
      endif()
    endforeach()
  endforeach()
  set(problems ${problems} PARENT_SCOPE)
endfunction()

set(include "^[ \t]*#[ \t]*include[ \t]*[<\"]")
set(qt "Q[A-Z]|Qt|q[a-z]+\\.h")
set(third_party "tbb/|oneapi/|pcre2|sentencepiece|simdjson")

rule("kernels" "kernels/*.h;kernels/*.cpp;kernels/*.inl" "${include}(engine/|app/|ui/|tests/|${qt}|${third_party})"
  "kernels know nothing of the layers above, Qt or other libraries")
rule("kernels" "kernels/*.h;kernels/*.cpp;kernels/*.inl"
  "${include}(vector|string>|map|set>|memory>|new>|thread|mutex|condition_variable|iostream|fstream|functional|cstdio|stdio)"
  "kernels neither allocate nor print nor start threads")
# Code of one instruction set must not carry inline functions that the linker could merge with those of another.
rule("instruction sets" "kernels/scalar.cpp;kernels/x86_*;kernels/arm_*;kernels/kernels.h;kernels/layout.h" "${include}"
  "instruction-set files include intrinsics, <stddef.h>, <stdint.h>, kernels.h, layout.h and their .inl, nothing else"
  UNLESS "[<\"](immintrin\\.h|arm_neon\\.h|stddef\\.h|stdint\\.h|kernels/kernels\\.h|kernels/layout\\.h|kernels/[a-z0-9_]+\\.inl)[>\"]")

rule("engine" "engine/*.h;engine/*.cpp" "${include}(app/|ui/|tests/|${qt})" "the engine knows neither Qt nor the layers above")
rule("engine" "engine/*.h" "${include}(${third_party})" "third-party headers only in the engine's .cpp files")
rule("engine" "engine/*.cpp" "${include}(tbb/|oneapi/)" "threads are hidden behind engine/parallel.h"
  EXCEPT engine/parallel.cpp)
rule("engine" "engine/*.h;engine/*.cpp"
  "${include}iostream|std::(printf|fprintf|puts|cout|cerr|abort|exit|terminate)|(^|[^a-z_:])(printf|fprintf|abort|exit)\\("
  "the engine neither prints nor ends the program")

# tercet-cli names the kernel sets and measures the machine with their probes.
rule("app" "app/*.h;app/*.cpp" "${include}kernels/" "app reaches the kernels only through the engine"
  EXCEPT app/cli/engine_options.cpp app/cli/bench_probe.cpp app/cli/bench.cpp app/cli/bench_kernels.cpp)
rule("app" "app/*.h;app/*.cpp" "${include}(ui/|tests/|${third_party})" "app knows neither QML nor the engine's libraries")
rule("app" "app/*.h;app/*.cpp" "${include}archive(_entry)?\\.h" "libarchive is hidden behind zip_writer.h and zip_reader.h"
  EXCEPT app/export/zip_reader.cpp app/export/zip_writer.cpp)
# Tercet connects to nothing by itself. The one file that names a network class refuses what QML may ask for.
rule("app" "app/*.h;app/*.cpp;ui/*.qml"
  "QNetworkAccessManager|QNetworkRequest|QNetworkReply|Q(Abstract|Tcp|Udp|Ssl|Sctp|Web)Socket|QTcpServer|QDnsLookup|QHostInfo|QtNetwork|<sys/socket\\.h>"
  "no file may use the network but those named here, and they note it in NetworkLog first"
  EXCEPT app/no_network.cpp app/no_network.h)
rule("tercet-cli" "app/cli/*.h;app/cli/*.cpp" "${include}(${qt}|app/[a-z_]+\\.h)"
  "the command line has no Qt and nothing of the window")

file(GLOB_RECURSE in_ui RELATIVE "${SOURCE_DIR}" "${SOURCE_DIR}/ui/*.cpp" "${SOURCE_DIR}/ui/*.h")
foreach(file IN LISTS in_ui)
  message("${file}\n  ui: the window is QML only")
  math(EXPR problems "${problems} + 1")
endforeach()

# Qt 6.4 ends the program where such a call outlives its object in QML that was compiled ahead; a Timer of interval 0 goes with it.
rule("ui" "ui/*.qml" "Qt\\.callLater" "a Timer instead of Qt.callLater, which may outlive the object it calls")
# It may also end the program where such QML turns a colour into text.
rule("ui" "ui/*.qml" "\" [+] Theme\\.(text|muted|line|accent|accentInk|danger|found|code|surface|background)([^A-Za-z]|$)"
  "Theme's ...Hex texts in style sheets instead of its colours")

if(problems GREATER 0)
  message(FATAL_ERROR "${problems} breaches of the layers")
endif()
message("All layers are respected.")
