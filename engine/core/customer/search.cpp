#include "core/customer/search.h"

#include <algorithm>

#include "core/customer/absence.h"
#include "core/customer/start_run.h"
#include "core/run/segment.h"

namespace relance {
namespace {

constexpr uint32_t kPageSize = 1000;
constexpr Duration kFirstPause = minutes(1), kLongestPause = hours(1);  // after a page that failed

const Flow* segment_flow(const Worker& worker, std::string_view name) {
  for (const Flow* flow : worker.rules().active())
    if (flow->segment && flow->name == name) return flow;
  return nullptr;
}

const Search* search_of(Worker& worker, std::string_view flow) {
  for (const Search& search : worker.customer().lookout->searches)
    if (search.flow == flow) return &search;
  return nullptr;
}

const Search* asked_for(Worker& worker, const Key& page) {
  for (const Search& search : worker.customer().lookout->searches)
    if (search.asked && search.asked == page) return &search;
  return nullptr;
}

std::string cursor_of(const Worker& worker, const Search& search) {
  return std::string(worker.open(search.cursor).find("cursor").text().value_or(""));
}

// How long so many touches take at the flow's pace: more are not entered, so that they do not pile
// up before the lanes.
Duration takes(const Segment& segment, uint64_t found) {
  if (segment.pace == 0) return {};
  return milliseconds(static_cast<int64_t>(found) * minutes(1).ms / segment.pace);
}

class Searching {
 public:
  Searching(Worker& worker, const Flow& flow, Search search)
      : worker_(worker), flow_(flow), search_(std::move(search)) {}

  // A flow that was changed begins anew: a cursor belongs to one question.
  void go_on(bool anew) {
    if (search_.asked && !anew) return;
    if (search_.version != flow_.version) {
      search_.whole_from = Instant::beginning();
      search_.running = false;
      search_.next_at = worker_.now();
    }
    if (search_.next_at > worker_.now()) return wait();
    if (!search_.running) begin_round();
    ask_for_page();
  }

  void failed(const OperationResult& result) {
    const Duration pause = kFirstPause * (int64_t{1} << std::min<uint32_t>(search_.failures, 6));
    search_.asked = {};
    ++search_.failures;
    search_.trouble = result.reason.empty() ? operation_status_name(result.status) : result.reason;
    search_.next_at = worker_.now() + std::min(pause, kLongestPause);
    if (!result.again_at.is_never()) search_.next_at = std::max(search_.next_at, result.again_at);
    if (search_.failures == 1)
      worker_.explain(
          {}, kNoStep, "search", "page_failed",
          Doc::record({{"flow", Doc::text(flow_.name)}, {"reason", Doc::text(search_.trouble)}}));
    wait();
  }

  void page_is_done(std::string_view cursor, uint64_t looked_at, uint64_t found) {
    search_.asked = {};
    search_.failures = 0;
    search_.trouble.clear();
    search_.looked_at += looked_at;
    search_.found += found;
    search_.next_at = worker_.now() + takes(*flow_.segment, found);
    if (cursor.empty() && ++search_.pass == queries().size()) end_round();
    search_.cursor = worker_.seal(Doc::record({{"cursor", Doc::text(cursor)}}));
    if (search_.next_at > worker_.now() || !search_.running) return wait();
    ask_for_page();
  }

 private:
  void begin_round() {
    search_.running = true;
    search_.version = flow_.version;
    ++search_.round;
    search_.began_at = worker_.now();
    search_.cursor = {};
    search_.pass = 0;
    search_.looked_at = search_.found = 0;
  }

  void end_round() {
    search_.running = false;
    search_.whole_from = search_.began_at;
    search_.next_at = std::max(search_.next_at, search_.began_at + flow_.segment->every);
  }

  // The same for all pages of a round, and after a crash.
  std::vector<Doc> queries() const {
    return segment_queries(*flow_.segment, search_.began_at, search_.whole_from);
  }

  void ask_for_page() {
    const Segment& segment = *flow_.segment;
    Page page;
    page.customer = worker_.customer().id;
    page.connector = segment.from;
    page.query = to_json(queries()[search_.pass]);
    page.cursor = cursor_of(worker_, search_);
    page.limit = segment.pace == 0
                     ? kPageSize
                     : std::clamp<uint32_t>(static_cast<uint32_t>(segment.pace), 10, kPageSize);
    page.operation =
        derive_key({worker_.context().installation, "page", flow_.name,
                    std::to_string(worker_.customer().entries), std::to_string(search_.round)});
    search_.asked = page.operation;
    worker_.write(SearchMoved{search_});
    worker_.ask(std::move(page));
  }

  void wait() {
    const Search* known = search_of(worker_, flow_.name);
    if (!known || !(*known == search_)) worker_.write(SearchMoved{search_});
    worker_.ask(SearchLater{worker_.customer().id, flow_.name, search_.next_at, !search_.running});
  }

  Worker& worker_;
  const Flow& flow_;
  Search search_;
};

}  // namespace

std::string search_actor(std::string_view flow) { return "flow:" + std::string(flow); }

void go_on_searching(Worker& worker, const SearchInput& input) {
  const Flow* flow = nullptr;
  for (const Flow* one : worker.rules().active())
    if (one->name == input.flow && (one->segment || one->absence)) flow = one;
  if (!flow) return;
  if (worker.customer().subject.empty())
    worker.write(
        CustomerMet{worker.seal(Doc::record({{"subject", Doc::text(search_actor(input.flow))}}))});
  if (flow->absence) return count_anew(worker, *flow);
  Search search;
  search.flow = flow->name;
  search.version = flow->version;
  if (const Search* known = search_of(worker, flow->name)) search = *known;
  Searching(worker, *flow, std::move(search)).go_on(input.anew);
}

void take_page(Worker& worker, const PageInput& input) {
  const Search* search = asked_for(worker, input.operation);
  const Flow* flow = search ? segment_flow(worker, search->flow) : nullptr;
  if (!flow || flow->version != search->version) return;
  const bool answered = input.result.status == OperationStatus::done ||
                        input.result.status == OperationStatus::absent;
  if (!answered) return Searching(worker, *flow, *search).failed(input.result);
  const DocView data = input.result.data;
  const SegmentTest test(*flow->segment, worker.now());
  Enter enter;
  for (const auto& [key, item] : data.find("items").items()) {
    ++enter.looked_at;
    const std::string subject(item.find("id").text().value_or(""));
    if (!subject.empty() && test.record_fits(item)) enter.found.push_back({subject, Doc(item)});
  }
  enter.cursor = data.find("cursor").text().value_or("");
  if (enter.found.empty())
    return Searching(worker, *flow, *search).page_is_done(enter.cursor, enter.looked_at, 0);
  enter.customer = worker.customer().id;
  enter.operation = input.operation;
  enter.flow = flow->name;
  enter.round = search->round;
  worker.ask(std::move(enter));
}

void take_entered(Worker& worker, const EnteredInput& input) {
  const Search* search = asked_for(worker, input.operation);
  const Flow* flow = search ? segment_flow(worker, search->flow) : nullptr;
  if (!flow) return take_roused(worker, input.operation);
  Searching(worker, *flow, *search).page_is_done(input.cursor, input.looked_at, input.found);
}

void take_found(Worker& worker, const FoundInput& input) {
  if (worker.customer().saw_event(input.hash) || worker.context().duplicate) {
    worker.decision().duplicate_event = true;
    return;
  }
  for (const Flow* flow : worker.rules().active()) {
    if (flow->name != input.flow || !(flow->segment || flow->absence)) continue;
    const DocView facts = worker.open(worker.customer().lookout->facts);
    const bool asks = flow->segment && asks_facts(*flow->segment);
    if (asks && !SegmentTest(*flow->segment, worker.now()).facts_fit(facts)) return;
    return start_found(worker, *flow, input);
  }
}

}  // namespace relance
