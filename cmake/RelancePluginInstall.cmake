# The package RelancePlugin in the build directory, so that plugins can be built against it before
# anything is installed.
include(CMakePackageConfigHelpers)
set(package lib/cmake/RelancePlugin)
set(package_files
  ${CMAKE_SOURCE_DIR}/cmake/RelancePluginConfig.cmake
  ${CMAKE_SOURCE_DIR}/cmake/RelancePlugin.cmake
  ${CMAKE_SOURCE_DIR}/cmake/plugin.map
  ${CMAKE_BINARY_DIR}/${package}/RelancePluginConfigVersion.cmake)

# Its version is the contract's: a plugin built for 1.2 wants a host that speaks 1.2 or later.
file(STRINGS ${CMAKE_SOURCE_DIR}/engine/abi/relance/plugin.h abi REGEX "define RL_ABI_M(AJ|IN)OR ")
string(REGEX MATCHALL "[0-9]+" abi "${abi}")
list(JOIN abi . abi)
file(MAKE_DIRECTORY ${CMAKE_BINARY_DIR}/${package} ${CMAKE_BINARY_DIR}/include)
write_basic_package_version_file(${CMAKE_BINARY_DIR}/${package}/RelancePluginConfigVersion.cmake
  VERSION ${abi} COMPATIBILITY SameMajorVersion)
foreach(file ${package_files})
  if(NOT file MATCHES ConfigVersion)
    configure_file(${file} ${CMAKE_BINARY_DIR}/${package} COPYONLY)
  endif()
endforeach()
file(CREATE_LINK ${CMAKE_SOURCE_DIR}/engine/abi/relance
  ${CMAKE_BINARY_DIR}/include/relance SYMBOLIC)
