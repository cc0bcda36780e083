// decide: a table, a function, a policy, or a split by hash of customer, flow and step.
#include "base/random.h"
#include "core/run/reading.h"
#include "core/run/sending.h"
#include "core/run/steps/kinds.h"
#include "core/run/table.h"

namespace relance::steps {
namespace {

constexpr size_t kLongestFact = 48;

class Decide final : public StepLogic {
  static const DecideStep& body(const StepCase& c) { return std::get<DecideStep>(c.step().body); }

  static void by_table(const StepCase& c) {
    const DecideStep& table = body(c);
    std::string outcome, reason;
    Doc data, facts;
    {
      const View view = c.view();
      const auto hit = evaluate_table(table, view);
      if (!hit) return c.fail(hit.error());
      facts = facts_of(table, view);
      const TableRow* row = hit->row;
      outcome = row ? row->outcome : table.otherwise;
      reason = row ? "row " + std::to_string(row - table.rows.data() + 1) : "otherwise";
      if (row) data = row->data;
    }
    c.worker.explain(c.run_id, c.index, "rule", outcome, std::move(facts));
    if (outcome.empty())
      return c.fail({Code::run_failed_function,
                     "no row of the table matches and there is no otherwise",
                     {},
                     ""});
    c.end(outcome, reason, data);
  }

  // The values the table looked at. Long texts are left out: they may be somebody's words.
  static Doc facts_of(const DecideStep& table, const View& view) {
    std::vector<std::pair<std::string, Doc>> facts;
    for (size_t i = 0; i < table.columns.size(); ++i) {
      const DocView value = view.find(table.paths[i]).first;
      if (value.is_null() || value.type() == DocType::record || value.type() == DocType::list)
        continue;
      if (value.text().value_or("").size() > kLongestFact) continue;
      facts.emplace_back(table.columns[i], Doc(value));
    }
    return Doc::record(facts);
  }

  static void by_function(const StepCase& c) {
    const auto word = c.worker.rules().choose(c.flow, body(c).function, c.view());
    if (!word) return c.fail(word.error());
    finish(c, *word, "function");
  }

  static void by_policy(const StepCase& c) {
    const DocView profile = c.worker.profile();
    PolicyQuestion question{"decide", c.index,        1,
                            {},       c.worker.now(), zone_of(c, profile).candidates.front()};
    const auto answer = c.worker.rules().policy(body(c).policy, question, c.view());
    if (!answer) return c.fail(answer.error());
    finish(c, answer->choice, answer->reason);
  }

  static void by_split(const StepCase& c) {
    const auto& split = body(c).split;
    double left =
        unit_hash({"split", c.worker.customer().id.view(), c.flow.name, c.step().name}) * 100;
    size_t i = 0;
    while (i + 1 < split.size() && left >= split[i].second) left -= split[i++].second;
    finish(c, split[i].first, "split");
  }

  static void finish(const StepCase& c, const std::string& word, std::string_view reason) {
    c.worker.explain(c.run_id, c.index, "rule", word, Doc::record({{"by", Doc::text(reason)}}));
    if (c.step().has_outcome(word)) return c.end(word, reason);
    if (!body(c).otherwise.empty()) return c.end(body(c).otherwise, reason);
    c.fail({Code::run_failed_function,
            "it gave '" + word + "', which is none of its outcomes",
            {},
            ""});
  }

  void begin(const StepCase& c) const override {
    switch (body(c).kind) {
      case DecideStep::Kind::table: return by_table(c);
      case DecideStep::Kind::function: return by_function(c);
      case DecideStep::Kind::policy:
        if (!read_customer_first(c)) by_policy(c);
        return;
      case DecideStep::Kind::split: return by_split(c);
    }
  }
  void again(const StepCase& c) const override { begin(c); }
  // Where nobody can tell who he is, the policy is asked all the same.
  void read(const StepCase& c, const OperationResult& result) const override {
    take_customer(c, result);
    by_policy(c);
  }
};

}  // namespace

const StepLogic& decide() {
  static const Decide logic;
  return logic;
}

}  // namespace relance::steps
