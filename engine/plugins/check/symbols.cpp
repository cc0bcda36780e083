#include "plugins/check/symbols.h"

#include "base/text.h"
#include "plugins/elf_symbols.h"

namespace relance::conformance {
namespace {

bool exported(const Elf64_Sym& symbol) {
  const auto binding = ELF64_ST_BIND(symbol.st_info);
  const auto visibility = ELF64_ST_VISIBILITY(symbol.st_other);
  return symbol.st_shndx != SHN_UNDEF && symbol.st_shndx != SHN_ABS && binding != STB_LOCAL &&
         (visibility == STV_DEFAULT || visibility == STV_PROTECTED);
}

}  // namespace

Result<std::vector<std::string>> exported_symbols(const std::string& path) {
  const auto bytes = read_file(path);
  if (!bytes) return bytes.error();
  std::vector<std::string> found;
  auto read =
      each_dynamic_symbol(*bytes, path, [&](const Elf64_Sym& symbol, std::string_view name) {
        if (exported(symbol)) found.emplace_back(name);
      });
  if (!read) return read.error();
  return found;
}

}  // namespace relance::conformance
