# Configuration lies in /etc, outside the prefix: it is put there as the package is made.
set(etc ${CPACK_TEMPORARY_INSTALL_DIRECTORY}/etc/default)
file(MAKE_DIRECTORY ${etc})
file(COPY_FILE ${CMAKE_CURRENT_LIST_DIR}/../relance.default ${etc}/relance)
