# relance_room(NAME DEPS rooms... LIBS targets...)
#   A static library of every *.cpp in this directory (not below it). DEPS are rooms further down;
#   a room links only what it may include (tests/tidy/rooms_test.cpp has the table).
function(relance_room name)
  cmake_parse_arguments(ARG "" "" "DEPS;LIBS" ${ARGN})
  file(GLOB sources CONFIGURE_DEPENDS ${CMAKE_CURRENT_SOURCE_DIR}/*.cpp)
  if(NOT sources)
    set(sources ${CMAKE_SOURCE_DIR}/cmake/empty.cpp)
  endif()
  add_library(relance_${name} STATIC ${sources})
  target_include_directories(relance_${name} PUBLIC ${CMAKE_SOURCE_DIR}/engine)
  foreach(dep ${ARG_DEPS})
    target_link_libraries(relance_${name} PUBLIC relance_${dep})
  endforeach()
  target_link_libraries(relance_${name} PUBLIC ${ARG_LIBS})
  if(NOT name STREQUAL base)
    target_precompile_headers(relance_${name} REUSE_FROM relance_base)
  endif()
endfunction()

# relance_allocator(NAME)
#   The program allocates with jemalloc (docs/decisions/0010-jemalloc.md); sanitizers have their own
#   way.
function(relance_allocator name)
  if(RELANCE_ASAN OR RELANCE_TSAN)
    return()
  endif()
  target_sources(${name} PRIVATE ${CMAKE_SOURCE_DIR}/cmake/allocator.cpp)
  target_link_options(${name} PRIVATE -Wl,--no-as-needed)
  target_link_libraries(${name} PRIVATE PkgConfig::JEMALLOC)
endfunction()

# relance_plugin(NAME sources...)
#   A loadable plugin that sees only the C headers of engine/abi and exports one symbol.
function(relance_plugin name)
  add_library(${name} MODULE ${ARGN})
  target_include_directories(${name} PRIVATE
    ${CMAKE_SOURCE_DIR}/engine/abi ${CMAKE_SOURCE_DIR}/plugins)
  set_target_properties(${name} PROPERTIES PREFIX ""
    C_VISIBILITY_PRESET hidden CXX_VISIBILITY_PRESET hidden VISIBILITY_INLINES_HIDDEN ON
    LIBRARY_OUTPUT_DIRECTORY ${CMAKE_BINARY_DIR}/lib/relance/plugins)
  if(NOT RELANCE_LINT)
    target_compile_options(${name} PRIVATE $<$<COMPILE_LANG_AND_ID:CXX,GNU>:-fno-gnu-unique>)
  endif()
  target_link_options(${name} PRIVATE -Wl,--version-script=${CMAKE_SOURCE_DIR}/cmake/plugin.map)
endfunction()

# relance_tests(NAME DIR rooms...)
#   One Catch2 program for every *_test.cpp in DIR (not below it).
function(relance_tests name dir)
  file(GLOB sources CONFIGURE_DEPENDS ${CMAKE_SOURCE_DIR}/tests/${dir}/*.cpp)
  if(NOT sources)
    return()
  endif()
  add_executable(${name}_test ${sources} $<TARGET_OBJECTS:catch_main>)
  target_include_directories(${name}_test PRIVATE ${CMAKE_SOURCE_DIR}/tests)
  foreach(room ${ARGN})
    target_link_libraries(${name}_test PRIVATE relance_${room})
  endforeach()
  target_link_libraries(${name}_test PRIVATE Catch2::Catch2)
  target_compile_definitions(${name}_test PRIVATE RELANCE_SOURCE_DIR="${CMAKE_SOURCE_DIR}"
    RELANCE_BUILD_DIR="${CMAKE_BINARY_DIR}")
  target_precompile_headers(${name}_test REUSE_FROM catch_header)
  add_test(NAME ${name} COMMAND ${name}_test)
  set_tests_properties(${name} PROPERTIES WORKING_DIRECTORY ${CMAKE_SOURCE_DIR} TIMEOUT 600)
endfunction()
