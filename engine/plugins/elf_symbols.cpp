#include "plugins/elf_symbols.h"

#include <cstring>

namespace relance {
namespace {

// A struct at this place of the file; false: the file ends before.
template <class T>
bool read_at(std::string_view bytes, uint64_t at, T& into) {
  if (at > bytes.size() || bytes.size() - at < sizeof into) return false;
  std::memcpy(&into, bytes.data() + at, sizeof into);
  return true;
}

}  // namespace

Status each_dynamic_symbol(
    std::string_view bytes, const std::string& path,
    const std::function<void(const Elf64_Sym& symbol, std::string_view name)>& visit) {
  Elf64_Ehdr head;
  if (!read_at(bytes, 0, head) || std::memcmp(head.e_ident, ELFMAG, SELFMAG) != 0 ||
      head.e_ident[EI_CLASS] != ELFCLASS64)
    return Error{Code::plugin_open, "is no shared object for this machine", {path, 0}, ""};
  for (unsigned i = 0; i < head.e_shnum; ++i) {
    Elf64_Shdr table, names;
    if (!read_at(bytes, head.e_shoff + uint64_t{i} * head.e_shentsize, table)) break;
    const uint64_t linked = head.e_shoff + uint64_t{table.sh_link} * head.e_shentsize;
    if (table.sh_type != SHT_DYNSYM || !read_at(bytes, linked, names)) continue;
    for (uint64_t at = 0; at + sizeof(Elf64_Sym) <= table.sh_size; at += sizeof(Elf64_Sym)) {
      Elf64_Sym symbol;
      if (!read_at(bytes, table.sh_offset + at, symbol)) break;
      const uint64_t name = names.sh_offset + symbol.st_name;
      if (name < bytes.size()) visit(symbol, bytes.substr(name, bytes.find('\0', name) - name));
    }
  }
  return {};
}

std::string unique_symbol(std::string_view bytes) {
  std::string found;
  const auto look = [&](const Elf64_Sym& symbol, std::string_view name) {
    const bool unique = ELF64_ST_BIND(symbol.st_info) == STB_GNU_UNIQUE;
    if (unique && symbol.st_shndx != SHN_UNDEF && found.empty()) found = name;
  };
  static_cast<void>(each_dynamic_symbol(bytes, "", look).ok());
  return found;
}

}  // namespace relance
