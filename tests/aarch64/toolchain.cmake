# Compiles for 64-bit ARM under Linux with Debian's cross compiler. TERCET_AARCH64_LIBRARIES: folder with the engine's libraries
# for it (packaging/aarch64_libraries.sh); may be absent while the engine is left out.
set(CMAKE_SYSTEM_NAME Linux)
set(CMAKE_SYSTEM_PROCESSOR aarch64)
set(CMAKE_CXX_COMPILER aarch64-linux-gnu-g++)
set(CMAKE_LIBRARY_ARCHITECTURE aarch64-linux-gnu)

list(APPEND CMAKE_TRY_COMPILE_PLATFORM_VARIABLES TERCET_AARCH64_LIBRARIES)
set(CMAKE_FIND_ROOT_PATH ${TERCET_AARCH64_LIBRARIES} /usr/aarch64-linux-gnu)
set(CMAKE_FIND_ROOT_PATH_MODE_PROGRAM NEVER)
set(CMAKE_FIND_ROOT_PATH_MODE_LIBRARY ONLY)
set(CMAKE_FIND_ROOT_PATH_MODE_INCLUDE ONLY)
set(CMAKE_FIND_ROOT_PATH_MODE_PACKAGE ONLY)
set(ENV{PKG_CONFIG_SYSROOT_DIR} ${TERCET_AARCH64_LIBRARIES})
set(ENV{PKG_CONFIG_LIBDIR} ${TERCET_AARCH64_LIBRARIES}/usr/lib/aarch64-linux-gnu/pkgconfig)
