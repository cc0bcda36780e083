#include "admin/archive.h"

#include "core/graph/flow_json.h"
#include "core/state/opened.h"
#include "script/template_inputs.h"

namespace relance {

Result<std::unique_ptr<Archive>> Archive::open(Store& store) {
  std::unique_ptr<Archive> archive(new Archive(store));
  if (auto read = archive->read_generations(); !read) return read.error();
  return archive;
}

Status Archive::read_generations() {
  auto generations = reader_->generations();
  if (!generations) return generations.error();
  for (const Generation& generation : *generations) {
    auto manifest = from_json(generation.manifest);
    if (!manifest) return manifest.error();
    for (const auto& [name, kept] : manifest->view().find("flows").items()) {
      auto json = reader_->source(kept.find("json").text().value_or(""));
      if (!json) return json.error();
      auto flow = *json ? flow_from_json(**json) : Result<Flow>(Error{});
      if (flow) flows_.emplace(flow->version, std::move(*flow));
    }
    for (const auto& [path, hash] : manifest->view().find("files").items()) {
      if (path.substr(0, 10) != "templates/") continue;
      auto text = reader_->source(hash.text().value_or(""));
      if (!text) return text.error();
      if (*text) static_cast<void>(templates_.add(std::string(path), **text).ok());
    }
  }
  return {};
}

Status Archive::each_entry(const Visit& visit) {
  Status failed;
  auto read = reader_->entries(1, UINT64_MAX, [&](const StoredEntry& stored) {
    auto entry = decode_entry(stored.body);
    if (!entry)
      failed = entry.error();
    else
      entry->customer = stored.customer;
    return entry && visit(stored, *entry);
  });
  return failed ? read : failed;
}

Status Archive::each_entry_of(const Key& customer, const Visit& visit) {
  return each_entry([&](const StoredEntry& stored, const Entry& entry) {
    return stored.customer != customer || visit(stored, entry);
  });
}

const Flow* Archive::flow(const Key& version) const {
  const auto it = flows_.find(version);
  return it == flows_.end() ? nullptr : &it->second;
}

std::string Archive::step_name(const Key& version, StepIndex step) const {
  const Flow* known = flow(version);
  if (known && step < known->steps.size()) return known->steps[step].name;
  return step == kNoStep ? "" : "step " + std::to_string(step);
}

std::vector<Part> Archive::render(DocView frozen) const {
  std::vector<Part> written;
  for (const auto& [key, part] : frozen.find("parts").items()) {
    const auto text = [&part](std::string_view field) {
      return std::string(part.find(field).text().value_or(""));
    };
    written.push_back({text("role"), text("content_type"), text("text")});
  }
  if (!written.empty()) return written;
  const DocView inputs = frozen.find("inputs");
  const TemplateText* text = templates_.by_hash(inputs.find("template").text().value_or(""));
  if (!text) return {};
  auto parts = render_parts(*text, inputs, frozen.find("data"), Zone::utc());
  return parts ? std::move(*parts) : std::vector<Part>{};
}

}  // namespace relance
