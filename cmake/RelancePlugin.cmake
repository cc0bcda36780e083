# relance_add_plugin(ID sources...)
#   A loadable plugin ID.so that sees the contract's headers and exports one symbol. In a project of
#   its own it lies at the top of the build directory.
#
# RELANCE_PLUGIN_HEADERS (directory that has relance/plugin.h) and RELANCE_PLUGIN_MAP are set by who
# includes this file: this repository, or the package.
function(relance_add_plugin id)
  add_library(${id} MODULE ${ARGN})
  target_include_directories(${id} PRIVATE ${RELANCE_PLUGIN_HEADERS})
  set_target_properties(${id} PROPERTIES PREFIX "" SUFFIX ".so"
    POSITION_INDEPENDENT_CODE ON
    C_STANDARD 11 C_STANDARD_REQUIRED ON
    CXX_STANDARD 20 CXX_STANDARD_REQUIRED ON CXX_EXTENSIONS OFF
    C_VISIBILITY_PRESET hidden CXX_VISIBILITY_PRESET hidden VISIBILITY_INLINES_HIDDEN ON
    LIBRARY_OUTPUT_DIRECTORY ${CMAKE_BINARY_DIR})
  # A unique symbol of the C++ library would keep one plugin's build alive inside another's.
  if(NOT RELANCE_LINT)
    target_compile_options(${id} PRIVATE $<$<COMPILE_LANG_AND_ID:CXX,GNU>:-fno-gnu-unique>)
  endif()
  # Visibility alone still exports what the C++ library's templates bring along.
  target_link_options(${id} PRIVATE -Wl,--version-script=${RELANCE_PLUGIN_MAP})
endfunction()
