# Code compiled for one instruction set must never run, or be linked in place of common code, on a machine without it. So an
# instruction-set object may show the linker its table and nothing else: nothing weak (the linker could merge it with another
# object's), nothing that runs before main. Run as: cmake -DNM=nm -DOBJECTS=a.o;b.o -P check_isa_objects.cmake
cmake_minimum_required(VERSION 3.25)

# Objects by source, and the mangled name of tercet::kernels::k... each must define.
set(tables
  scalar kScalar
  x86_avx2 kAvx2
  x86_avxvnni kAvxVnni
  x86_avx512vnni kAvx512Vnni
  arm_neon kNeon
  arm_dotprod kNeonDotprod
  arm_i8mm kNeonI8mm)

set(problems 0)
set(checked "")

while(tables)
  list(POP_FRONT tables source table)
  set(object ${OBJECTS})
  list(FILTER object INCLUDE REGEX "(^|/)${source}\\.cpp\\.o(bj)?$")
  if(NOT object)
    message("${source}: not compiled for this processor, skipped")
    continue()
  endif()
  execute_process(COMMAND ${NM} ${object} OUTPUT_VARIABLE symbols ERROR_VARIABLE trouble RESULT_VARIABLE status)
  if(NOT status EQUAL 0)
    message(FATAL_ERROR "${NM} cannot read ${object}: ${trouble}")
  endif()
  string(LENGTH "${table}" length)
  set(wanted "_ZN6tercet7kernels${length}${table}E")
  set(found FALSE)
  string(REPLACE "\n" ";" symbols "${symbols}")
  foreach(symbol IN LISTS symbols)
    if(symbol MATCHES "_GLOBAL__sub_I|__cxx_global_var_init")
      message("${source}: runs before main: ${symbol}")
      math(EXPR problems "${problems} + 1")
    elseif(symbol MATCHES "^[0-9a-f]+ [VvWwu] ")
      message("${source}: weak: ${symbol}")
      math(EXPR problems "${problems} + 1")
    elseif(symbol MATCHES "^[0-9a-f]+ [A-Z] (.*)$")
      if(CMAKE_MATCH_1 STREQUAL wanted)
        set(found TRUE)
      else()
        message("${source}: visible besides its table: ${symbol}")
        math(EXPR problems "${problems} + 1")
      endif()
    endif()
  endforeach()
  if(NOT found)
    message("${source}: does not define tercet::kernels::${table}")
    math(EXPR problems "${problems} + 1")
  endif()
  list(APPEND checked ${source})
endwhile()

if(NOT checked)
  message(FATAL_ERROR "no instruction-set objects were given")
endif()
if(problems GREATER 0)
  message(FATAL_ERROR "${problems} problems in instruction-set objects")
endif()
message("Only the tables are visible in: ${checked}")
