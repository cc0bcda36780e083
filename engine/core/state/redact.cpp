#include "core/state/redact.h"

#include <algorithm>

#include "core/state/opened.h"
#include "core/state/state_fields.h"

namespace relance {
namespace {

constexpr size_t kLongestPlain = 40;
constexpr size_t kMostDigits = 4;  // in a row: more may be a number of a person's

bool is_usual(std::string_view text) { return kUsualWords.find(text) >= 0; }

// A word of a small vocabulary, by its looks: "insufficient_funds".
bool is_plain_word(std::string_view text) {
  if (text.size() > kLongestPlain) return false;
  size_t digits = 0;
  return std::all_of(text.begin(), text.end(), [&](char c) {
    const bool digit = c >= '0' && c <= '9';
    digits = digit ? digits + 1 : 0;
    return (digit && digits <= kMostDigits) || (c >= 'a' && c <= 'z') || c == '_' || c == '.';
  });
}

// Numbers, instants and the engine's own words; null where nothing is left.
Doc facts_only(DocView value) {
  switch (value.type()) {
    case DocType::boolean:
    case DocType::integer:
    case DocType::number:
    case DocType::money:
    case DocType::instant: return Doc(value);
    case DocType::text: return is_usual(*value.text()) ? Doc(value) : Doc{};
    case DocType::list: {
      std::vector<Doc> items;
      for (const auto& [key, item] : value.items())
        if (Doc kept = facts_only(item); !kept.is_null()) items.push_back(std::move(kept));
      return Doc::list(items);
    }
    case DocType::record: {
      std::vector<std::pair<std::string, Doc>> fields;
      for (const auto& [key, item] : value.items())
        if (Doc kept = facts_only(item); !kept.is_null()) fields.emplace_back(key, std::move(kept));
      return Doc::record(fields);
    }
    case DocType::null:
    case DocType::date: break;  // of a birth, it may be
  }
  return {};
}

class Redactor {
 public:
  explicit Redactor(const Key& customer) : customer_(customer) {}

  template <class T>
  void clean(T& value) {
    if constexpr (Packable<T>) walk(value);
  }
  void clean(Sealed& value) { value = {}; }
  void clean(Doc& value) {
    if (!value.is_null()) value = facts_only(value);
  }
  template <class T>
  void clean(std::vector<T>& values) {
    for (T& value : values) clean(value);
  }
  template <class T>
  void clean(Box<T>& value) {
    if (!value.there()) return;
    clean(value.change());
    if (value.get() == T{}) value.clear();
  }

  void clean(EventTaken& r) {
    const Sealed kept = amounts(r.data);
    walk(r);
    r.data = kept;
  }
  void clean(RunStarted& r) {
    const Sealed kept = amounts(r.given.data);
    walk(r);
    r.given.data = kept;
  }
  void clean(StepEnded& r) {
    const Sealed kept = amounts(r.data);
    walk(r);
    r.data = kept;
    plain(r.reason);
  }
  void clean(TouchSettled& r) {
    const Sealed kept = amounts(r.data);
    walk(r);
    r.data = kept;
    plain(r.reason);
  }
  void clean(Touch& r) {
    walk(r);
    plain(r.reason);
  }
  void clean(Run& r) {
    walk(r);
    plain(r.end_reason);
  }
  void clean(RunEnding& r) { plain(r.reason); }
  void clean(RunNotStarted& r) { plain(r.reason); }
  void clean(Decided& r) {
    walk(r);
    plain(r.choice);
  }
  void clean(Memory& r) { plain(r.word); }
  void clean(Consent& r) {
    r.source.clear();
    r.evidence.clear();
  }
  void clean(Base& r) {
    auto whole = decode_snapshot(r.snapshot);
    if (!whole) return;
    redact(*whole);
    r.snapshot = encode_snapshot(*whole);
  }

 private:
  template <class T>
  void walk(T& value) {
    std::apply([&](auto&... field) { (clean(field), ...); }, fields(value));
  }
  template <class Text>
  static void plain(Text& text) {
    const std::string_view view = text;
    if (!is_usual(view) && !is_plain_word(view)) text.clear();
  }

  // The house's books: what was owed and paid.
  Sealed amounts(const Sealed& sealed) const {
    const Doc data = opened(customer_, sealed);
    std::vector<std::pair<std::string, Doc>> kept;
    for (const auto& [name, value] : data.view().items())
      if (value.money()) kept.emplace_back(name, Doc(value));
    return kept.empty() ? Sealed{} : seal(customer_, Doc::record(kept).bytes());
  }

  const Key& customer_;
};

}  // namespace

void redact(Customer& customer) { Redactor(customer.id).clean(customer); }

void redact(Entry& entry) {
  Redactor redactor(entry.customer);
  for (Record& record : entry.records) std::visit([&](auto& one) { redactor.clean(one); }, record);
}

bool erases(const Entry& entry) {
  return std::any_of(entry.records.begin(), entry.records.end(), [](const Record& record) {
    return std::holds_alternative<CustomerErased>(record);
  });
}

}  // namespace relance
