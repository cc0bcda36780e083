# Language level, warnings, flavours of build, sanitizers, compiler cache, linker.
set(CMAKE_CXX_STANDARD 20)
set(CMAKE_CXX_STANDARD_REQUIRED ON)
set(CMAKE_CXX_EXTENSIONS OFF)
set(CMAKE_C_STANDARD 11)
set(CMAKE_POSITION_INDEPENDENT_CODE ON)
set(CMAKE_EXPORT_COMPILE_COMMANDS ON)
set(CMAKE_RUNTIME_OUTPUT_DIRECTORY ${CMAKE_BINARY_DIR}/bin)
set(CMAKE_ARCHIVE_OUTPUT_DIRECTORY ${CMAKE_BINARY_DIR}/lib)

add_compile_options(-Wall -Wextra -Wpedantic -Wshadow -fdiagnostics-color=auto)
add_compile_options($<$<COMPILE_LANGUAGE:CXX>:-Wnon-virtual-dtor>)
# Paths in assertions and logs are relative, so that builds are the same wherever the clone lies.
add_compile_options(-ffile-prefix-map=${CMAKE_SOURCE_DIR}/=)

# Assertions stay on everywhere (no NDEBUG): a wrong engine must stop rather than send.
foreach(language C CXX)
  set(CMAKE_${language}_FLAGS_DEBUG "-O0 -g1")  # line numbers only: builds in half the time
  set(CMAKE_${language}_FLAGS_RELEASE "-O2")
  set(CMAKE_${language}_FLAGS_RELWITHDEBINFO "-O1 -g1")  # the sanitizers'
endforeach()
add_compile_definitions($<$<NOT:$<CONFIG:Release>>:_GLIBCXX_ASSERTIONS>)

option(RELANCE_ASAN "Address and undefined-behaviour sanitizers" OFF)
option(RELANCE_TSAN "Thread sanitizer" OFF)
option(RELANCE_LINT "Only compile commands for clang-tidy: nothing that clang cannot read" OFF)
option(RELANCE_FUZZ "libFuzzer targets (needs clang)" OFF)
if(RELANCE_ASAN)
  add_compile_options(-fsanitize=address,undefined -fno-sanitize-recover=undefined
    -fno-omit-frame-pointer)
  add_compile_options(-fno-sanitize=pointer-overflow)  # RapidJSON's empty stack adds to a null
  add_link_options(-fsanitize=address,undefined)
endif()
if(RELANCE_TSAN)
  add_compile_options(-fsanitize=thread -fno-omit-frame-pointer)
  add_compile_options($<$<COMPILE_LANG_AND_ID:CXX,GNU>:-Wno-tsan>)  # Asio's fences stand by locks
  add_link_options(-fsanitize=thread)
endif()
if(RELANCE_LINT)
  set(CMAKE_DISABLE_PRECOMPILE_HEADERS ON)
endif()
if(RELANCE_FUZZ)
  add_compile_options(-fsanitize=fuzzer-no-link -O2)
endif()

# A precompiled header is cached only when ccache is told that its date does not matter, and GCC
# marks its use. Paths count from the source's folder, so that clones share what is cached.
find_program(CCACHE ccache)
if(CCACHE)
  set(launcher env CCACHE_SLOPPINESS=pch_defines,time_macros CCACHE_BASEDIR=${CMAKE_SOURCE_DIR}
               ${CCACHE})
  set(CMAKE_C_COMPILER_LAUNCHER ${launcher})
  set(CMAKE_CXX_COMPILER_LAUNCHER ${launcher})
  if(NOT CMAKE_DISABLE_PRECOMPILE_HEADERS AND CMAKE_CXX_COMPILER_ID STREQUAL GNU)
    add_compile_options($<$<COMPILE_LANGUAGE:CXX>:-fpch-preprocess>)
  endif()
endif()

find_program(MOLD mold)
if(MOLD)
  add_link_options(-fuse-ld=mold)
endif()
