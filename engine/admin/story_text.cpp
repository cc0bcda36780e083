#include <fmt/format.h>

#include "admin/story.h"

namespace relance {
namespace {

constexpr const char* kDays[] = {"", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"};

std::string local_day(const Zone& zone, Instant at) {
  const Local local = zone.local(at);
  return fmt::format("{} {}", kDays[local.weekday], format_date(local.date));
}

std::string local_time(const Zone& zone, Instant at) {
  const Local local = zone.local(at);
  return fmt::format("{:02}:{:02}", local.second_of_day / 3600, local.second_of_day / 60 % 60);
}

// Instants within sentences are shown on the customer's clock.
std::string localised(const Zone& zone, std::string text) {
  size_t at = 0;
  while ((at = text.find('T', at)) != std::string::npos) {
    const size_t end = text.find('Z', at);
    const bool stamp = at >= 10 && end != std::string::npos && end - at >= 9 && end - at <= 13;
    if (auto instant =
            stamp ? parse_instant(text.substr(at - 10, end - at + 11)) : Result<Instant>(Error{})) {
      const std::string shown = local_day(zone, *instant) + " " + local_time(zone, *instant);
      text.replace(at - 10, end - at + 11, shown);
      at = at - 10 + shown.size();
    } else {
      ++at;
    }
  }
  return text;
}

class Page {
 public:
  Page(const Zone& zone, bool colours) : zone_(zone), colours_(colours) {}

  void add(const StoryLine& line) {
    if (const std::string day = line.at.is_never() ? "" : local_day(zone_, line.at); day != day_) {
      day_ = day;
      if (!day.empty()) out_ += "\n" + paint("1", day) + "\n";
    }
    const std::string time = line.at.is_never() ? "     " : local_time(zone_, line.at);
    const char mark = line.kind == "touch"     ? '>'
                      : line.kind == "held"    ? '~'
                      : line.kind == "refused" ? 'x'
                      : line.kind == "end"     ? '='
                                               : ' ';
    out_ += fmt::format("  {} {} {}", time, mark, localised(zone_, line.text));
    if (!line.why.empty()) out_ += paint("2", " Why: " + localised(zone_, line.why) + ".");
    out_ += "\n";
  }
  void title(const std::string& text) {
    day_.clear();
    out_ += "\n" + paint("1;4", text) + "\n";
  }
  std::string take() { return std::move(out_); }

 private:
  std::string paint(const char* code, const std::string& text) const {
    return colours_ ? fmt::format("\x1b[{}m{}\x1b[0m", code, text) : text;
  }

  const Zone& zone_;
  bool colours_;
  std::string day_, out_;
};

}  // namespace

std::string story_text(const Story& story, bool colours) {
  const Zone& zone = story.zone ? *story.zone : Zone::utc();
  Page page(zone, colours);
  page.title(fmt::format("The story of {} (times in {})", story.subject, zone.name()));
  for (const StoryLine& line : story.lines) page.add(line);
  page.title("What comes next");
  for (const StoryLine& line : story.next) page.add(line);
  std::string text = page.take();
  if (story.next.empty()) text += "  Nothing is planned.\n";
  return text;
}

std::string story_json(const Story& story) {
  const auto lines = [](const std::vector<StoryLine>& from) {
    std::vector<Doc> items;
    for (const StoryLine& line : from) {
      items.push_back(Doc::record({{"at", line.at.is_never() ? Doc{} : Doc::instant(line.at)},
                                   {"run", Doc::text(line.run)},
                                   {"kind", Doc::text(line.kind)},
                                   {"text", Doc::text(line.text)},
                                   {"why", Doc::text(line.why)}}));
    }
    return Doc::list(items);
  };
  return to_json(Doc::record({{"customer", Doc::text(story.subject)},
                              {"zone", Doc::text(story.zone ? story.zone->name() : "UTC")},
                              {"lines", lines(story.lines)},
                              {"next", lines(story.next)}}));
}

}  // namespace relance
