#include "script/template_inputs.h"

#include <algorithm>

#include "core/gate/zone_of.h"
#include "script/mustache.h"

namespace relance {
namespace {

// Values by dotted name on their way into one record.
struct Tree {
  Doc value;
  std::map<std::string, Tree, std::less<>> below;

  void put(std::string_view path, Doc placed) {
    if (!value.is_null()) return;  // the whole record is there already
    const size_t dot = path.find('.');
    Tree& next = below[std::string(path.substr(0, dot))];
    if (dot == std::string_view::npos) {
      next.value = std::move(placed);
    } else {
      next.put(path.substr(dot + 1), std::move(placed));
    }
  }

  Doc record() const {
    std::vector<std::pair<std::string, Doc>> fields;
    for (const auto& [name, tree] : below) {
      fields.emplace_back(name, tree.below.empty() ? tree.value : tree.record());
    }
    return Doc::record(fields);
  }
};

const Touch* latest_contact(const Customer& customer, std::string_view channel_kind) {
  for (auto touch = customer.touches.rbegin(); touch != customer.touches.rend(); ++touch) {
    const bool fits = channel_kind.empty() || touch->channel_kind == channel_kind;
    if (fits && touch->is_contact() && touch->state == TouchState::done) return &*touch;
  }
  return nullptr;
}

Doc opened_at(const View& view, const Touch& touch) {
  if (touch.run != view.run().id) return {};
  return Doc(view.step_data(touch.step).find("opened_at"));
}

constexpr std::pair<std::string_view, Memory::Kind> kMemories[] = {
    {"said", Memory::Kind::said},
    {"promised", Memory::Kind::promised},
    {"asked", Memory::Kind::asked}};

// The last word of that kind in one contact.
Doc word_in(const View& view, const Touch& touch, Memory::Kind kind) {
  const auto& memory = view.who().memory;
  const auto it = std::find_if(memory.rbegin(), memory.rend(), [&](const Memory& one) {
    return one.touch == touch.key && one.kind == kind;
  });
  return it == memory.rend() ? Doc{} : Doc::text(it->word);
}

// `said.WORD`, `promised.WORD`, `asked.WORD`: in any contact of any flow. Null: the path is
// another.
Doc remembered(const View& view, std::string_view path) {
  const size_t dot = path.find('.');
  if (dot == std::string_view::npos) return {};
  for (const auto& [name, kind] : kMemories)
    if (path.substr(0, dot) == name)
      return Doc::boolean(view.remembers(kind, path.substr(dot + 1)));
  return {};
}

Doc last_touch(const View& view, std::string_view path) {
  const size_t dot = path.find('.');
  const bool of_kind = dot != std::string_view::npos;
  const Touch* touch = latest_contact(view.who(), of_kind ? path.substr(0, dot) : "");
  if (touch == nullptr) return {};
  const std::string_view field = of_kind ? path.substr(dot + 1) : path;
  if (field == "outcome") return Doc::text(touch->outcome);
  if (field == "channel") return Doc::text(touch->channel_kind);
  if (field == "flow") return Doc::text(touch->flow);
  if (field == "step") return Doc::text(touch->step_name);
  if (field == "at") return Doc::instant(touch->intended_at);
  if (field == "opened_at") return opened_at(view, *touch);
  for (const auto& [name, kind] : kMemories)
    if (field == name) return word_in(view, *touch, kind);
  return Doc::boolean(touch->outcome == field);
}

Doc surrounding(const View& view, std::string_view name, const TemplateSurroundings& bundle) {
  if (name == "link") return Doc::text(std::string(bundle.link) + view.run().id.text());
  if (name == "shop") return Doc::text(bundle.shop);
  if (name == "controller") return Doc::text(bundle.controller);
  return {};
}

Doc value_of(std::string_view name, const View& view, DocView data,
             const TemplateSurroundings& bundle) {
  if (const DocView own = data.find_path(name); !own.is_null()) return Doc(own);
  std::string_view path = name;
  if (path.starts_with("run.")) path.remove_prefix(4);
  if (const DocView seen = view.find(path).first; !seen.is_null()) return Doc(seen);
  constexpr std::string_view kLastTouch = "last_touch.";
  if (path.starts_with(kLastTouch)) return last_touch(view, path.substr(kLastTouch.size()));
  if (const DocView event = view.event().find_path(name); !event.is_null()) return Doc(event);
  if (const DocView profile = view.profile().find_path(name); !profile.is_null())
    return Doc(profile);
  if (Doc known = remembered(view, path); !known.is_null()) return known;
  return surrounding(view, name, bundle);
}

std::string_view text_in(DocView record, std::string_view field) {
  return record.find(field).text().value_or("");
}

// Several candidates: the bundle's own zone reads best; the gate alone must be strict.
const Zone& zone_for(const View& view, const Zone& bundle_zone) {
  const DocView profile = view.profile();
  const ZoneGuess guess =
      guess_zone(text_in(profile, "timezone"), text_in(profile, "phone"), bundle_zone);
  return guess.candidates.size() == 1 ? *guess.candidates.front() : bundle_zone;
}

bool has_instant(DocView value) {
  if (value.type() == DocType::instant) return true;
  for (const auto& item : value.items())
    if (has_instant(item.value)) return true;
  return false;
}

std::string_view top_of(std::string_view tag) { return tag.substr(0, tag.find('.')); }

MustacheValues values_of(const TemplateText& text, DocView inputs, DocView data, const Zone& zone) {
  const DocView values = inputs.find("values");
  const std::string_view name = text_in(inputs, "zone");
  const Zone* named = &zone;
  if (!name.empty())
    if (const auto found = Zone::find(name)) named = *found;
  MustacheValues all(text.locale, *named);
  all.add(data);
  all.add(values.is_null() ? inputs : values);
  return all;
}

// A line break in a subject would end the header and begin another one.
std::string one_line(std::string text) {
  std::replace_if(
      text.begin(), text.end(), [](char c) { return c == '\r' || c == '\n'; }, ' ');
  return text;
}

}  // namespace

Doc template_inputs(const TemplateText& text, const View& view, DocView data,
                    const TemplateSurroundings& bundle) {
  Tree values;
  std::vector<std::string_view> in_data;
  for (const std::string& tag : text.tags) {
    if (text.channel_kind != "script" && !data.find_path(tag).is_null()) {
      in_data.push_back(tag);
    } else if (Doc value = value_of(tag, view, data, bundle); !value.is_null()) {
      values.put(tag, std::move(value));
    }
  }
  // Of one record everything must come from one side.
  for (const std::string_view tag : in_data)
    if (values.below.contains(top_of(tag))) values.put(tag, Doc(data.find_path(tag)));
  const Doc record = values.record();
  std::vector<std::pair<std::string, Doc>> fields{{"template", Doc::text(text.hash)},
                                                  {"values", record}};
  if (has_instant(record) || has_instant(data))
    fields.emplace_back("zone", Doc::text(zone_for(view, *bundle.zone).name()));
  return Doc::record(fields);
}

Result<std::vector<Part>> render_parts(const TemplateText& text, DocView inputs, DocView data,
                                       const Zone& zone) {
  MustacheValues values = values_of(text, inputs, data, zone);
  std::vector<Part> parts;
  if (!text.subject.empty()) {
    Result<std::string> subject = values.render(text.subject, false);
    if (!subject) return subject.error();
    parts.push_back({"subject", "text/plain", one_line(std::move(*subject))});
  }
  Result<std::string> body = values.render(text.body, false);
  if (!body) return body.error();
  parts.push_back({"text", "text/plain", std::move(*body)});
  if (!text.html.empty()) {
    Result<std::string> html = values.render(text.html, true);
    if (!html) return html.error();
    parts.push_back({"html", "text/html", std::move(*html)});
  }
  return parts;
}

Result<std::string> render_line(const TemplateText& script, std::string_view text_id,
                                DocView inputs, const Zone& zone) {
  const auto found = script.texts.find(std::string(text_id));
  if (found == script.texts.end()) {
    return Error{Code::script_missing_text,
                 "there is no text '" + std::string(text_id) + "'",
                 {script.path, 0},
                 "add a line [" + std::string(text_id) + "] and the text under it"};
  }
  return values_of(script, inputs, {}, zone).render(found->second, false);
}

}  // namespace relance
