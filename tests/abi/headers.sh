#!/bin/bash
# The headers of the contract are self-contained and compile without a warning in every language that a
# vendor may use; every shipped plugin exports one symbol. Usage: headers.sh HEADERS_DIR [PLUGIN...]
set -u
dir=$1
shift
failed=0
for header in "$dir"/relance/*.h "$dir"/relance/sdk/*.h; do
  for standard in c11 c17 c++17 c++20; do
    case $standard in c++*) language=c++ ;; *) language=c ;; esac
    if ! echo "#include <${header#"$dir"/}>" |
        ${CC:-cc} -x $language -std=$standard -I "$dir" -Wall -Wextra -pedantic -Wconversion \
          -Wpadded -Werror -fsyntax-only -; then
      echo "$header does not compile as $standard"
      failed=1
    fi
  done
done
for header in "$dir"/relance/*.hpp "$dir"/relance/sdk/*.hpp; do
  if ! echo "#include <${header#"$dir"/}>" |
      ${CXX:-c++} -x c++ -std=c++20 -I "$dir" -Wall -Wextra -pedantic -Wshadow -Wconversion -Werror \
        -fsyntax-only -; then
    echo "$header does not compile as c++20"
    failed=1
  fi
done
for plugin in "$@"; do
  symbols=$(nm -D --defined-only "$plugin" | awk '{print $NF}')
  if [ "$symbols" != rl_plugin_entry ]; then
    echo "$plugin exports more than its entry: $symbols"
    failed=1
  fi
done
exit $failed
