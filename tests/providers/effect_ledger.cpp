#include "providers/effect_ledger.h"

#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <fstream>
#include <set>

#include "base/doc.h"
#include "base/json_text.h"

namespace relance {
namespace {

std::string text_of(DocView record, std::string_view name) {
  return std::string(record.find(name).text().value_or(""));
}

std::string line_of(const ProviderEffect& effect) {
  return JsonText()
             .key("key")
             .text(effect.key)
             .key("what")
             .text(effect.what)
             .key("to")
             .text(effect.to)
             .key("data")
             .text(effect.data)
             .key("at_ms")
             .integer(effect.at.ms)
             .close() +
         "\n";
}

std::vector<ProviderEffect> read_effects(const std::string& path) {
  std::vector<ProviderEffect> effects;
  std::ifstream file(path);
  for (std::string line; std::getline(file, line);) {
    const Result<Doc> read = from_json(line);
    if (!read) continue;
    const DocView record = *read;
    effects.push_back({text_of(record, "key"),
                       text_of(record, "what"),
                       text_of(record, "to"),
                       text_of(record, "data"),
                       {record.find("at_ms").integer().value_or(0)}});
  }
  return effects;
}

}  // namespace

EffectLedger::EffectLedger(std::string path) : path_(std::move(path)) {
  if (!path_.empty()) effects_ = read_effects(path_);
}

void EffectLedger::add(std::string key, std::string what, std::string to, std::string data) {
  const std::lock_guard lock(mutex_);
  effects_.push_back(
      {std::move(key), std::move(what), std::move(to), std::move(data), clock_.now()});
  append(effects_.back());
}

std::optional<ProviderEffect> EffectLedger::add_once(std::string key, std::string what,
                                                     std::string to, std::string data) {
  const std::lock_guard lock(mutex_);
  for (const ProviderEffect& known : effects_)
    if (known.key == key) return known;
  effects_.push_back(
      {std::move(key), std::move(what), std::move(to), std::move(data), clock_.now()});
  append(effects_.back());
  return std::nullopt;
}

std::optional<ProviderEffect> EffectLedger::find(std::string_view key, Duration older_than) const {
  const std::lock_guard lock(mutex_);
  const Instant latest = older_than > Duration{} ? clock_.now() - older_than : Instant::never();
  for (const ProviderEffect& known : effects_)
    if (known.key == key && known.at <= latest) return known;
  return std::nullopt;
}

std::vector<ProviderEffect> EffectLedger::all() const {
  const std::lock_guard lock(mutex_);
  return effects_;
}

size_t EffectLedger::count(std::string_view what) const {
  const std::lock_guard lock(mutex_);
  return static_cast<size_t>(
      std::count_if(effects_.begin(), effects_.end(),
                    [&](const ProviderEffect& one) { return what.empty() || one.what == what; }));
}

size_t EffectLedger::doubled() const {
  const std::lock_guard lock(mutex_);
  std::set<std::string_view> keys;
  size_t again = 0;
  for (const ProviderEffect& one : effects_)
    if (!one.key.empty() && !keys.insert(one.key).second) ++again;
  return again;
}

// One write a line: what a killed process had begun is whole or missing.
void EffectLedger::append(const ProviderEffect& effect) {
  if (path_.empty()) return;
  const std::string line = line_of(effect);
  const int file = open(path_.c_str(), O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600);
  RELANCE_ASSERT(file >= 0);
  RELANCE_ASSERT(write(file, line.data(), line.size()) == static_cast<ssize_t>(line.size()));
  close(file);
}

}  // namespace relance
