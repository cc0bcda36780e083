#include "plugins/check/symbols.h"

#include <elf.h>

#include <cstring>

#include "base/text.h"

namespace relance::conformance {
namespace {

// A struct at this place of the file; false: the file ends before.
template <class T>
bool read_at(const std::string& bytes, uint64_t at, T& into) {
  if (at > bytes.size() || bytes.size() - at < sizeof into) return false;
  std::memcpy(&into, bytes.data() + at, sizeof into);
  return true;
}

bool exported(const Elf64_Sym& symbol) {
  const auto binding = ELF64_ST_BIND(symbol.st_info);
  const auto visibility = ELF64_ST_VISIBILITY(symbol.st_other);
  return symbol.st_shndx != SHN_UNDEF && symbol.st_shndx != SHN_ABS && binding != STB_LOCAL &&
         (visibility == STV_DEFAULT || visibility == STV_PROTECTED);
}

void read_table(const std::string& bytes, const Elf64_Shdr& table, const Elf64_Shdr& names,
                std::vector<std::string>& found) {
  for (uint64_t at = 0; at + sizeof(Elf64_Sym) <= table.sh_size; at += sizeof(Elf64_Sym)) {
    Elf64_Sym symbol;
    if (!read_at(bytes, table.sh_offset + at, symbol)) return;
    const uint64_t name = names.sh_offset + symbol.st_name;
    if (!exported(symbol) || name >= bytes.size()) continue;
    found.push_back(bytes.substr(name, bytes.find('\0', name) - name));
  }
}

}  // namespace

Result<std::vector<std::string>> exported_symbols(const std::string& path) {
  const auto bytes = read_file(path);
  if (!bytes) return bytes.error();
  Elf64_Ehdr head;
  if (!read_at(*bytes, 0, head) || std::memcmp(head.e_ident, ELFMAG, SELFMAG) != 0 ||
      head.e_ident[EI_CLASS] != ELFCLASS64)
    return Error{Code::plugin_open, "is no shared object for this machine", {path, 0}, ""};
  std::vector<std::string> found;
  for (unsigned i = 0; i < head.e_shnum; ++i) {
    Elf64_Shdr table, names;
    if (!read_at(*bytes, head.e_shoff + uint64_t{i} * head.e_shentsize, table)) break;
    if (table.sh_type != SHT_DYNSYM) continue;
    if (read_at(*bytes, head.e_shoff + uint64_t{table.sh_link} * head.e_shentsize, names))
      read_table(*bytes, table, names, found);
  }
  return found;
}

}  // namespace relance::conformance
