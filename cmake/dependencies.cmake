# Everything comes from the distribution's packages; `./dev deps` installs them.
find_package(PkgConfig REQUIRED)
find_package(Threads REQUIRED)
find_package(OpenSSL REQUIRED)        # libssl-dev
find_package(SQLite3 REQUIRED)        # libsqlite3-dev
find_package(CURL REQUIRED)           # libcurl4-openssl-dev
find_package(TBB REQUIRED)            # libtbb-dev
find_package(fmt REQUIRED)            # libfmt-dev
find_package(CLI11 REQUIRED)          # libcli11-dev
find_package(date REQUIRED)           # libhowardhinnant-date-dev
find_package(prometheus-cpp REQUIRED) # prometheus-cpp-dev
find_package(Boost 1.74 REQUIRED)     # libboost-graph-dev, libboost-dev
find_package(Catch2 2 REQUIRED)       # catch2
# liblua5.4-dev; of its two builds the one in which an error unwinds as a C++ exception
pkg_check_modules(LUA REQUIRED IMPORTED_TARGET lua5.4-c++)
pkg_check_modules(LIBPQ REQUIRED IMPORTED_TARGET libpq)          # libpq-dev
pkg_check_modules(JEMALLOC REQUIRED IMPORTED_TARGET jemalloc)    # libjemalloc-dev
find_path(RAPIDJSON_INCLUDE rapidjson/document.h REQUIRED)       # rapidjson-dev
find_path(MUSTACHE_INCLUDE kainjow/mustache.hpp REQUIRED)        # libkainjow-mustache-dev
