#include "plugins/plugin_host.h"

#include <algorithm>
#include <map>

#include "base/crash_point.h"
#include "plugins/bridges.h"
#include "plugins/instance_pool.h"
#include "plugins/plugin_config.h"

namespace relance {
namespace {

using Role = InstanceSpec::Role;

class Host final : public PluginHost {
 public:
  explicit Host(std::shared_ptr<InstancePool> pool)
      : pool_(std::move(pool)), operations_(pool_->operations()), inbox_(pool_->ports().inbox) {}
  ~Host() override { pool_->give_back(std::move(instances_)); }

  const std::shared_ptr<InstancePool>& pool() const { return pool_; }

  Status add(PluginLibrary& library, const InstanceSpec& spec) {
    auto instance = pool_->get(library, spec);
    if (!instance) return instance.error();
    Instance* made = instance->get();
    if (instance->use_count() == 1) fresh_.push_back(made);
    switch (spec.role) {
      case Role::channel: channels_[spec.name] = {made, describe_channel(*made)}; break;
      case Role::connector: connectors_[spec.name] = {made, describe_connector(*made)}; break;
      case Role::policy: policies_[spec.name] = made; break;
      case Role::understanding: understanding_->push_back(*instance); break;
      case Role::source: break;
      case Role::content: writers_[spec.name] = made; break;
    }
    instances_.push_back(std::move(*instance));
    return {};
  }

  // --- Performer
  void send(TouchOrder order) override {
    const Key customer = order.customer, touch = order.touch.key;
    const bool operation = order.touch.what == TouchWhat::operation;
    Instance* to =
        operation ? find(connectors_, order.touch.channel) : find(channels_, order.touch.channel);
    auto answer = [&inbox = inbox_, customer, touch](OperationResult result) {
      inbox.deliver(customer, ResultInput{touch, std::move(result)});
    };
    if (!to) return answer(failed("there is no '" + order.touch.channel.str() + "'"));
    crash_point(CrashPoint::plugin_before_send);
    if (operation)
      write_connector(*to, std::move(order), std::move(answer));
    else
      send_touch(*to, std::move(order), std::move(answer));
    crash_point(CrashPoint::plugin_sent);
  }

  void look_up(TouchOrder order, std::vector<std::string> refs) override {
    const Key customer = order.customer, touch = order.touch.key;
    const bool operation = order.touch.what == TouchWhat::operation;
    Instance* to =
        operation ? find(connectors_, order.touch.channel) : find(channels_, order.touch.channel);
    auto answer = [&inbox = inbox_, customer, touch](OperationResult result) {
      inbox.deliver(customer, LookUpInput{touch, std::move(result)});
    };
    if (!to) return answer(failed("there is no '" + order.touch.channel.str() + "'"));
    if (operation)
      look_up_write(*to, std::move(order), std::move(answer));
    else
      look_up_touch(*to, std::move(order), std::move(refs), std::move(answer));
  }

  void cancel(const Key& touch) override {
    const auto operation = operations_.of_touch(touch);
    if (!operation) return;
    Instance* at_work = operations_.instance_of(*operation);  // of an earlier generation, too
    if (at_work && at_work->plugin().channel) cancel_touch(*at_work, *operation, operations_);
  }

  void recall(TouchOrder order, std::vector<std::string> refs) override {
    auto answer = [&inbox = inbox_, customer = order.customer,
                   touch = order.touch.key](OperationResult result) {
      inbox.deliver(customer, RecallInput{touch, std::move(result)});
    };
    Instance* to = find(channels_, order.touch.channel);
    if (!to) return answer(failed("there is no '" + order.touch.channel.str() + "'"));
    recall_touch(*to, std::move(order), std::move(refs), std::move(answer));
  }

  void compose(Compose question) override {
    auto answer = [&inbox = inbox_, customer = question.customer,
                   operation = question.operation](OperationResult result) {
      inbox.deliver(customer, ReadInput{operation, std::move(result)});
    };
    const auto writer = writers_.find(question.writer);
    if (writer == writers_.end())
      return answer(failed("there is no writer '" + question.writer + "'"));
    compose_message(*writer->second, std::move(question), std::move(answer));
  }

  void read(Read read) override {
    auto answer = [&inbox = inbox_, customer = read.customer,
                   operation = read.operation](OperationResult result) {
      inbox.deliver(customer, ReadInput{operation, std::move(result)});
    };
    Instance* from = find(connectors_, read.connector);
    if (!from) return answer(failed("there is no connector '" + read.connector + "'"));
    read_connector(*from, std::move(read), std::move(answer));
  }

  void page(Page page) override {
    auto answer = [&inbox = inbox_, actor = page.customer,
                   operation = page.operation](OperationResult result) {
      inbox.deliver(actor, PageInput{operation, std::move(result)});
    };
    Instance* from = find(connectors_, page.connector);
    if (!from) return answer(failed("there is no connector '" + page.connector + "'"));
    page_connector(*from, std::move(page), std::move(answer));
  }

  void perform(Perform turn) override {
    const auto call = operations_.of_touch(turn.touch);
    if (!call) return;  // the call is over; its answer is on its way
    Instance* at_work = operations_.instance_of(*call);
    if (at_work && at_work->plugin().conversation)
      perform_turn(*at_work, *call, std::move(turn), inbox_);
  }

  void understand(Understand question) override {
    ask_understanding(understanding_, 0, std::move(question), inbox_);
  }

  void request(std::string_view name, InboundRequest request,
               std::function<void(InboundAnswer)> answer) override {
    for (const auto& instance : instances_)
      if (instance->spec().name == name && instance->plugin().inbound)
        return instance->request(std::move(request), std::move(answer));
    answer({404, "text/plain; charset=utf-8", "no instance of this name takes requests\n"});
  }

  std::vector<std::string> record_fields(std::string_view name) override {
    Instance* from = find(connectors_, name);
    return from ? fields_of_connector(*from) : std::vector<std::string>{};
  }

  size_t open_operations() const override { return operations_.open(); }
  Status begun_within(Duration patience) override {
    for (const Instance* one : fresh_)
      if (auto well = one->begun_within(patience); !well) return well;
    return {};
  }
  size_t sweep() override { return pool_->sweep(); }

  std::vector<InstanceHealth> health() const override {
    const auto under_way = operations_.under_way();
    std::vector<InstanceHealth> all;
    for (const auto& instance : instances_) {
      const InstanceCounts& counts = instance->counts();
      InstanceHealth one{instance->spec().name, instance->spec().plugin};
      std::copy(counts.ended.begin(), counts.ended.end(), one.ended.begin());
      one.overdue = counts.overdue;
      one.threw = counts.threw;
      one.begun = counts.begun;
      if (const auto it = under_way.find(instance.get()); it != under_way.end()) {
        one.open = it->second.count;
        one.oldest = pool_->ports().clock.since_boot() - it->second.since;
      }
      all.push_back(std::move(one));
    }
    return all;
  }

  // --- for the rules
  const Channel* channel(std::string_view name) const override {
    const auto it = channels_.find(name);
    return it == channels_.end() ? nullptr : &it->second.second;
  }
  const Connector* connector(std::string_view name) const override {
    const auto it = connectors_.find(name);
    return it == connectors_.end() ? nullptr : &it->second.second;
  }
  Result<Doc> policy(std::string_view name, std::string_view kind,
                     std::string_view ask) const override {
    const auto it = policies_.find(name);
    if (it == policies_.end())
      return Error{Code::unknown_policy, "there is no policy '" + std::string(name) + "'", {}, ""};
    return ask_policy(*it->second, kind, ask);
  }
  std::string policy_revision(std::string_view name) const override {
    const auto it = policies_.find(name);
    return it == policies_.end() ? "" : revision_of(*it->second);
  }

 private:
  // The version for people, and what tells one build and configuration of it from another.
  static std::string revision_of(const Instance& instance) {
    const PluginInfo& info = instance.plugin().info;
    return info.version + "+" +
           derive_key({info.hash, instance.spec().identity}).text().substr(0, 8);
  }

  static OperationResult failed(std::string reason) {
    OperationResult result;
    result.status = OperationStatus::failed;
    result.reason = std::move(reason);
    return result;
  }

  template <class Map>
  static Instance* find(Map& map, std::string_view name) {
    const auto it = map.find(name);
    return it == map.end() ? nullptr : it->second.first;
  }

  const std::shared_ptr<InstancePool> pool_;
  Operations& operations_;
  Inbox& inbox_;
  std::vector<std::shared_ptr<Instance>> instances_;
  std::vector<const Instance*> fresh_;  // no host had them before
  std::map<std::string, std::pair<Instance*, Channel>, std::less<>> channels_;
  std::map<std::string, std::pair<Instance*, Connector>, std::less<>> connectors_;
  std::map<std::string, Instance*, std::less<>> policies_;
  std::map<std::string, Instance*, std::less<>> writers_;
  const std::shared_ptr<Understanding> understanding_ = std::make_shared<Understanding>();
};

}  // namespace

Result<std::unique_ptr<PluginHost>> PluginHost::make(PluginLibrary& library,
                                                     const std::vector<InstanceSpec>& specs,
                                                     const HostPorts& ports,
                                                     std::vector<Error>& errors,
                                                     const PluginHost* earlier) {
  const auto* before = dynamic_cast<const Host*>(earlier);
  auto host =
      std::make_unique<Host>(before ? before->pool() : std::make_shared<InstancePool>(ports));
  for (const InstanceSpec& spec : specs)
    if (auto added = host->add(library, spec); !added) errors.push_back(added.error());
  if (!errors.empty()) return errors.front();
  return std::unique_ptr<PluginHost>(std::move(host));
}

std::vector<Error> check_configurations(PluginLibrary& library,
                                        const std::vector<InstanceSpec>& specs) {
  std::vector<Error> errors;
  for (const InstanceSpec& spec : specs) {
    const auto info = library.find(spec.plugin);
    if (!info) continue;
    const auto plugin = load_plugin(info->path);
    if (!plugin) {
      errors.push_back(plugin.error());
    } else if (const auto fit = fits(**plugin, spec); !fit) {
      errors.push_back(fit.error());
    } else if (const auto ready = prepare_config(**plugin, spec, nullptr); !ready) {
      errors.push_back(ready.error());
    }
  }
  return errors;
}

}  // namespace relance
