# Configuration lies in /etc, outside the prefix: it is put there as the package is made.
file(INSTALL ${CMAKE_CURRENT_LIST_DIR}/../relance.default
  DESTINATION ${CPACK_TEMPORARY_INSTALL_DIRECTORY}/etc/default RENAME relance
  PERMISSIONS OWNER_READ OWNER_WRITE GROUP_READ WORLD_READ)
