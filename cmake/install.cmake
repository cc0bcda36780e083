# What `cmake --install` puts under its prefix, laid out as the file hierarchy standard says, and
# the Debian package made of it (`./dev package`). Programs find what is theirs from their own
# place, so the prefix may be any and may be moved.
#
#   bin/relance relance-plugin-host     lib/relance/plugins/*.so     lib/cmake/RelancePlugin
#   include/relance                     lib/systemd/system/relance.service
#   share/relance/{flows,lua,examples}   share/doc/relance   share/man   share/bash-completion
get_target_property(plugins shipped_plugins MANUALLY_ADDED_DEPENDENCIES)
install(TARGETS relance relance_plugin_host RUNTIME DESTINATION bin)
install(TARGETS ${plugins} LIBRARY DESTINATION lib/relance/plugins)
install(DIRECTORY ${CMAKE_SOURCE_DIR}/engine/abi/relance DESTINATION include
  FILES_MATCHING PATTERN "*.h" PATTERN "*.hpp")
install(FILES ${package_files} DESTINATION ${package})

# Manual pages and completion say what the program itself says.
set(manual ${CMAKE_BINARY_DIR}/manual)
add_custom_command(OUTPUT ${manual}/made COMMENT "Writing manual pages" VERBATIM
  COMMAND ${CMAKE_COMMAND} -E rm -rf ${manual}
  COMMAND relance manual ${manual}
  COMMAND find ${manual}/man -name "*.1" -exec gzip -9nf {} +
  COMMAND ${CMAKE_COMMAND} -E touch ${manual}/made)
add_custom_target(manual ALL DEPENDS ${manual}/made)
install(DIRECTORY ${manual}/man ${manual}/bash-completion DESTINATION share)

install(DIRECTORY ${CMAKE_SOURCE_DIR}/flows ${CMAKE_SOURCE_DIR}/lua DESTINATION share/relance
  FILES_MATCHING PATTERN "*.lua" PATTERN "*.mustache" PATTERN "*.csv" PATTERN "*.html"
  PATTERN "failed_payments.jsonl")
install(DIRECTORY ${CMAKE_SOURCE_DIR}/docs/ DESTINATION share/doc/relance)
install(FILES ${CMAKE_SOURCE_DIR}/README.md DESTINATION share/doc/relance)
install(FILES ${CMAKE_SOURCE_DIR}/LICENSE DESTINATION share/doc/relance RENAME copyright)
install(FILES ${CMAKE_SOURCE_DIR}/packaging/relance.service DESTINATION lib/systemd/system)
install(FILES ${CMAKE_SOURCE_DIR}/packaging/relance.default
  ${CMAKE_SOURCE_DIR}/packaging/Containerfile
  ${CMAKE_SOURCE_DIR}/packaging/monitoring/relance.rules.yml
  ${CMAKE_SOURCE_DIR}/packaging/monitoring/relance-dashboard.json
  DESTINATION share/relance/examples)

set(CPACK_GENERATOR DEB)
set(CPACK_PACKAGE_NAME relance)
set(CPACK_PACKAGE_VENDOR "The Relance authors")
set(CPACK_PACKAGE_CONTACT "The Relance authors <relance@localhost>")
set(CPACK_PACKAGE_DESCRIPTION_SUMMARY "rules and workflows for payment recovery")
set(CPACK_PACKAGE_DESCRIPTION
  "Relance reaches customers about failed payments, orders and parcels over the\n\
right channel at the right time, by flows written in Lua, and stops as soon as\n\
the goal is reached. Nothing acknowledged is lost, nothing is sent twice.")
set(CPACK_PACKAGING_INSTALL_PREFIX /usr)
set(CPACK_STRIP_FILES ON)
set(CPACK_PRE_BUILD_SCRIPTS ${CMAKE_SOURCE_DIR}/packaging/debian/stage.cmake)
set(CPACK_DEBIAN_FILE_NAME DEB-DEFAULT)
set(CPACK_DEBIAN_PACKAGE_SECTION net)
set(CPACK_DEBIAN_PACKAGE_PRIORITY optional)
set(CPACK_DEBIAN_PACKAGE_SHLIBDEPS ON)
set(CPACK_DEBIAN_PACKAGE_DEPENDS "adduser, ca-certificates, tzdata")
set(CPACK_DEBIAN_PACKAGE_CONTROL_STRICT_PERMISSION ON)
set(CPACK_DEBIAN_PACKAGE_CONTROL_EXTRA
  ${CMAKE_SOURCE_DIR}/packaging/debian/postinst ${CMAKE_SOURCE_DIR}/packaging/debian/prerm
  ${CMAKE_SOURCE_DIR}/packaging/debian/postrm ${CMAKE_SOURCE_DIR}/packaging/debian/conffiles)
include(CPack)
