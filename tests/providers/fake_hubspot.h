// HubSpot's CRM as far as a connector sees it: objects by id and by unique property, lists, search
// with its limits and its lag, batch read, activities with associations, the definition of
// properties, and the limit of requests.
//
// The ledger has one effect for every activity that was made, by its key: what = "notes", "calls",
// "tasks", to = the contact; and "update" for every change of a contact. The lag of the index hides
// activities from the search. Threads: any.
#pragma once

#include <atomic>
#include <map>
#include <mutex>

#include "base/doc.h"
#include "providers/fake_provider.h"

namespace relance {

class FakeHubSpot : public FakeProvider {
 public:
  static constexpr const char* kToken = "pat-of-the-fake";
  using Properties = std::map<std::string, std::string>;

  FakeHubSpot();
  ~FakeHubSpot() override { close(); }

  void add(const std::string& type, int64_t id, Properties properties);
  void add_contact(int64_t id, Properties properties) {
    add("contacts", id, std::move(properties));
  }
  Properties contact(int64_t id) const;
  // The key's property: there and unique, unless told otherwise.
  enum class KeyProperty : uint8_t { unique, plain, missing };
  void key_property(KeyProperty how) { key_property_ = how; }
  // So many requests a window are answered, then 429 with this policy.
  void limit(int requests, const std::string& policy = "TEN_SECONDLY_ROLLING");

 private:
  using Objects = std::map<int64_t, Properties>;  // of one type

  ServerAnswer guarded(const FakeRequest& request, const Route& work);
  ServerAnswer read(const FakeRequest& request);
  ServerAnswer list(const FakeRequest& request);
  ServerAnswer search(const FakeRequest& request);
  ServerAnswer batch_read(const FakeRequest& request);
  ServerAnswer create(const FakeRequest& request);
  ServerAnswer update(const FakeRequest& request);
  ServerAnswer property(const FakeRequest& request);
  // By HubSpot's id, or by a unique property; the end where there is none.
  Objects::const_iterator find(const Objects& objects, const std::string& id,
                               const std::string& property) const;
  bool in_index(const Properties& properties) const;

  mutable std::mutex mutex_;
  std::map<std::string, Objects> types_;
  int64_t last_id_ = 900'000;
  std::atomic<KeyProperty> key_property_ = KeyProperty::unique;
  int left_ = -1;  // requests; below 0: no limit
  std::string policy_;
};

}  // namespace relance
