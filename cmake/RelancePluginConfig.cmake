# find_package(RelancePlugin): for plugins outside the tree. The same in a build directory and where
# it was installed, because both are laid out alike:
#
#   bin/relance   include/relance/*.h   lib/cmake/RelancePlugin/   lib/relance/plugins/*.so
get_filename_component(_relance_prefix ${CMAKE_CURRENT_LIST_DIR}/../../.. ABSOLUTE)
set(RELANCE_PLUGIN_HEADERS ${_relance_prefix}/include)
set(RELANCE_PLUGIN_MAP ${CMAKE_CURRENT_LIST_DIR}/plugin.map)
unset(_relance_prefix)
include(${CMAKE_CURRENT_LIST_DIR}/RelancePlugin.cmake)
