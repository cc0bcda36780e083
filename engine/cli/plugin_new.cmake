# What `relance plugin new` writes lies in plugin_new/ as it will lie in a vendor's folder: all/ for
# every kind, the others for one each. The program carries these files as texts.
set(folder ${CMAKE_CURRENT_LIST_DIR}/plugin_new)
file(GLOB_RECURSE names CONFIGURE_DEPENDS RELATIVE ${folder} ${folder}/*)
set(STARTER_FILES)
foreach(name ${names})
  file(READ ${folder}/${name} text)
  string(APPEND STARTER_FILES "    {\"${name}\", R\"TEXT(${text})TEXT\"},\n")
  set_property(DIRECTORY APPEND PROPERTY CMAKE_CONFIGURE_DEPENDS ${folder}/${name})
endforeach()
configure_file(${CMAKE_CURRENT_LIST_DIR}/plugin_new_files.cpp.in
  ${CMAKE_CURRENT_BINARY_DIR}/plugin_new_files.cpp @ONLY)
target_sources(relance PRIVATE ${CMAKE_CURRENT_BINARY_DIR}/plugin_new_files.cpp)
