// relance.crm.hubspot over real HTTP, beside a fake HubSpot.
#include <set>

#include "base/doc.h"
#include "crm/wired.h"
#include "providers/fake_hubspot.h"

using namespace relance;
using Said = abi::Result;

namespace {

std::string config(const std::string& url, const std::string& more) {
  return R"({"token": "HUBSPOT_TOKEN", "timeout_ms": 2000, "base_url": ")" + url + "\"" +
         (more.empty() ? "" : ", " + more) + "}";
}

struct Desk {
  explicit Desk(const std::string& more = "", const std::string& token = FakeHubSpot::kToken)
      : crm("relance.crm.hubspot", config(hubspot.url(), more), {{"HUBSPOT_TOKEN", token}}) {
    hubspot.add_contact(101, {{"email", "ann@example.com"},
                              {"firstname", "Ann"},
                              {"phone", "+33600000001"},
                              {"hs_timezone", "america_slash_port_of_spain"},
                              {"lifecyclestage", "customer"},
                              {"shop_id", "c-1"}});
    hubspot.add_contact(102, {{"email", "bob@example.com"},
                              {"firstname", "Bob"},
                              {"phone", ""},
                              {"lifecyclestage", "lead"},
                              {"shop_id", "c-2"}});
  }
  Said note(const std::string& key, const std::string& contact = "101") {
    return crm.write("record", key, contact, R"({"what": "promised", "by": "Friday & <soon>"})");
  }

  FakeHubSpot hubspot;
  Wired crm;
};

// {"a": {"b": "x"}} at "a.b"
std::string at(const std::string& json, std::string_view path) {
  const auto doc = from_json(json);
  REQUIRE(doc);
  return std::string(doc->view().find_path(path).text().value_or(""));
}

std::vector<std::string> ids(const Said& page) {
  std::vector<std::string> all;
  const auto doc = from_json(page.data);
  REQUIRE(doc);
  for (auto [name, item] : doc->view().find("items").items())
    all.emplace_back(item.find("id").text().value_or(""));
  return all;
}

int64_t in(const Desk& desk, int64_t ms) { return desk.crm.host.now + ms; }

}  // namespace

TEST_CASE("a contact is read by id with the fields that are mapped and not empty") {
  Desk desk;
  const Said ann = desk.crm.read("customer", "101");
  CHECK(ann.status == RL_DONE);
  CHECK(ann.data == R"({"email":"ann@example.com","phone":"+33600000001","first_name":"Ann",)"
                    R"("timezone":"America/Port_of_Spain","segment":"customer"})");
  CHECK(desk.crm.read("customer", "102").data ==
        R"({"email":"bob@example.com","first_name":"Bob","segment":"lead"})");
  CHECK(desk.crm.read("customer", "103").status == RL_ABSENT);
  CHECK(desk.crm.read("customer", "").status == RL_ABSENT);
  CHECK(desk.crm.read("parcel", "1").status == RL_ABSENT);
  CHECK(desk.hubspot.ledger().count() == 0);
}

TEST_CASE("a contact is found by another field, unless several have its value") {
  Desk desk;
  CHECK(at(desk.crm.read("customer", "bob@example.com", "email").data, "first_name") == "Bob");
  CHECK(at(desk.crm.read("customer", "+33600000001", "phone").data, "first_name") == "Ann");
  CHECK(desk.crm.read("customer", "+33699999999", "phone").status == RL_ABSENT);
  CHECK(desk.crm.read("customer", "x", "shoe_size").status == RL_FAILED);
  desk.hubspot.add_contact(103, {{"phone", "+33600000001"}, {"firstname", "Eve"}});
  const Said several = desk.crm.read("customer", "+33600000001", "phone");
  CHECK(several.status == RL_FAILED);
  CHECK(several.data.empty());
}

TEST_CASE("customers may be known by an id of the shop, other objects by their type") {
  Desk desk(R"("id_property": "shop_id", "objects": {"ticket": {"type": "tickets",
      "fields": {"subject": "subject", "stage": "hs_pipeline_stage"}}})");
  desk.hubspot.add("tickets", 7, {{"subject", "Where is it?"}, {"hs_pipeline_stage", "1"}});
  CHECK(at(desk.crm.read("customer", "c-2").data, "first_name") == "Bob");
  CHECK(desk.crm.read("ticket", "7").data == R"({"subject":"Where is it?","stage":"1"})");
  CHECK(desk.note("k-1", "c-1").status == RL_DONE);
  REQUIRE(desk.hubspot.ledger().count("notes") == 1);
  CHECK(desk.hubspot.ledger().all()[0].to == "101");
  CHECK(desk.note("k-2", "c-9").status == RL_REFUSED);  // nobody is called so
}

TEST_CASE("reads that come together go to HubSpot as one batch") {
  Desk desk;
  for (int64_t id = 1000; id < 1250; ++id)
    desk.hubspot.add_contact(id, {{"firstname", "N" + std::to_string(id)}});
  std::vector<rl_op> ops;
  for (int64_t id = 1000; id < 1251; ++id)
    ops.push_back(desk.crm.begin_read("customer", std::to_string(id)));
  for (size_t i = 0; i < 250; ++i)
    CHECK(at(desk.crm.end(ops[i]).data, "first_name") == "N" + std::to_string(1000 + i));
  CHECK(desk.crm.end(ops[250]).status == RL_ABSENT);
  CHECK(desk.hubspot.requests().size() == 4);  // one alone, then 100, 100 and 50
}

TEST_CASE("all contacts come page by page, and each once") {
  Desk desk;
  for (int64_t id = 1000; id < 1230; ++id) desk.hubspot.add_contact(id, {{"country", "FR"}});
  std::vector<std::string> all;
  std::string cursor;
  do {
    const Said page = desk.crm.page("{}", cursor);
    REQUIRE(page.status == RL_DONE);
    for (std::string& id : ids(page)) all.push_back(std::move(id));
    cursor = at(page.data, "cursor");
  } while (!cursor.empty());
  CHECK(all.size() == 232);
  CHECK(std::set<std::string>(all.begin(), all.end()).size() == 232);
}

TEST_CASE("a segment is searched for slice by slice, past the 10,000 of one search") {
  Desk desk;
  for (int64_t id = 1000; id < 11'500; ++id)
    desk.hubspot.add_contact(
        id, {{"lifecyclestage", id % 2 == 0 ? "customer" : "lead"}, {"country", "FR"}});
  std::set<std::string> seen;
  std::string cursor;
  size_t pages = 0;
  do {
    const Said page =
        desk.crm.page(R"({"segment": ["customer", "lead"], "country": "FR"})", cursor, 500);
    REQUIRE(page.status == RL_DONE);
    for (const std::string& id : ids(page)) CHECK(seen.insert(id).second);
    cursor = at(page.data, "cursor");
    ++pages;
  } while (!cursor.empty());
  CHECK(seen.size() == 10'500);
  CHECK(pages == 53);
  // Nobody outside the condition, and no more than HubSpot takes of them.
  CHECK(ids(desk.crm.page(R"({"segment": "lead", "country": {"present": false}})")) ==
        std::vector<std::string>{"102"});
  CHECK(desk.crm.page(R"({"shoe_size": 1})").status == RL_FAILED);
}

TEST_CASE("what HubSpot cannot search by is left to the engine: more may come, never less") {
  Desk desk;
  desk.hubspot.add_contact(103, {{"lifecyclestage", "lead"}, {"country", "BE"}});
  CHECK(ids(desk.crm.page(R"({"segment": {"like": "x"}})")).size() == 3);
  CHECK(ids(desk.crm.page(R"({"segment": "lead", "country": {"like": "x"}})")).size() == 2);
  // Six filters are HubSpot's most, and one of them is the place in the pages.
  desk.crm.page(R"({"segment": "lead", "country": "BE", "email": {"at_least": "a", "below": "z"},
                    "phone": {"at_least": "1", "below": "2"}, "first_name": "x"})");
  const auto asked = from_json(desk.hubspot.requests().back().body);
  REQUIRE(asked);
  size_t filters = 0;
  for (auto [name, group] : asked->view().find("filterGroups").items())
    filters += group.find("filters").size();
  CHECK(filters == 5);
}

TEST_CASE("a time is searched for in milliseconds") {
  Desk desk(R"("fields": {"changed": "lastmodifieddate", "email": "email"})");
  const auto [value, sent] =
      GENERATE(table<std::string, std::string>({{"2026-01-05T08:00:07Z", "1767600007000"},
                                                {"2026-01-05T08:00:07.250Z", "1767600007000"},
                                                {"2026-01-05", "2026-01-05"}}));
  desk.crm.page(R"({"changed": {"at_least": ")" + value + "\"}}");
  CHECK(desk.hubspot.requests().back().body.find(R"("value":")" + sent + "\"") !=
        std::string::npos);
}

TEST_CASE("an outcome is a note of the contact, once however often it is written [S1-47]") {
  Desk desk;
  const Said first = desk.note("key-1");
  CHECK(first.status == RL_DONE);
  REQUIRE(first.refs.size() == 1);
  const Said again = desk.note("key-1");
  CHECK(again.status == RL_DONE);
  CHECK(again.refs == first.refs);
  REQUIRE(desk.hubspot.ledger().count("notes") == 1);
  const ProviderEffect made = desk.hubspot.ledger().all()[0];
  CHECK(made.key == "key-1");
  CHECK(made.to == "101");
  CHECK(at(made.data, "properties.hs_note_body") ==
        "what: promised<br>by: Friday &amp; &lt;soon&gt;");
  CHECK(at(made.data, "properties.hs_timestamp") == "2026-01-05T08:00:00.000Z");
}

TEST_CASE("the outcome of a call is a call on the timeline [S1-47]") {
  const auto [outcome, status] =
      GENERATE(table<std::string, std::string>({{"delivered", "COMPLETED"},
                                                {"no_answer", "NO_ANSWER"},
                                                {"busy", "BUSY"},
                                                {"callback", "COMPLETED"},
                                                {"invalid_number", "FAILED"}}));
  Desk desk(R"("dispositions": {"no_answer": "73a0d17f-1163-4015-bdd5-ec830791da20"})");
  desk.crm.write("record", "k", "101",
                 R"({"kind": "voice", "duration_ms": 63000, "to": "+33600000001", "outcome": ")" +
                     outcome + "\"}");
  REQUIRE(desk.hubspot.ledger().count("calls") == 1);
  const std::string made = desk.hubspot.ledger().all()[0].data;
  CHECK(at(made, "properties.hs_call_status") == status);
  CHECK(at(made, "properties.hs_call_direction") == "OUTBOUND");
  CHECK(at(made, "properties.hs_call_duration") == "63000");
  CHECK(at(made, "properties.hs_call_disposition").empty() == (outcome != "no_answer"));
}

TEST_CASE("a person who is wanted is a task with its owner") {
  Desk desk(R"("owner_id": "12")");
  CHECK(desk.crm
            .write("flag_for_human", "k", "101",
                   R"({"title": "Call her back", "priority": "medium", "type": "call",
                           "due": "2026-01-06T09:00:00Z", "reason": "angry"})")
            .status == RL_DONE);
  REQUIRE(desk.hubspot.ledger().count("tasks") == 1);
  const std::string made = desk.hubspot.ledger().all()[0].data;
  CHECK(at(made, "properties.hs_task_subject") == "Call her back");
  CHECK(at(made, "properties.hs_task_priority") == "MEDIUM");
  CHECK(at(made, "properties.hs_task_type") == "CALL");
  CHECK(at(made, "properties.hs_timestamp") == "2026-01-06T09:00:00Z");
  CHECK(at(made, "properties.hubspot_owner_id") == "12");
}

TEST_CASE("a contact's fields are updated, and only those that are mapped") {
  Desk desk;
  const std::string data = R"({"first_name": "Anna", "segment": "customer"})";
  CHECK(desk.crm.lookup("update", "k", "101", data).status == RL_ABSENT);
  CHECK(desk.crm.write("update", "k", "101", data).status == RL_DONE);
  CHECK(desk.hubspot.contact(101).at("firstname") == "Anna");
  CHECK(desk.crm.lookup("update", "k", "101", data).status == RL_DONE);
  CHECK(desk.crm.write("update", "k", "999", data).status == RL_REFUSED);
  CHECK(desk.crm.write("update", "k", "101", R"({"password": "x"})").status == RL_FAILED);
  CHECK(desk.crm.write("update", "k", "101", data, R"({"segment": "lead"})").status == RL_FAILED);
  CHECK(desk.crm.write("sell", "k", "101", "{}").status == RL_FAILED);
  CHECK(desk.hubspot.ledger().count() == 1);
}

TEST_CASE("after an answer that was lost the same key finds what it made") {
  Desk desk;
  desk.note("before");  // the property is known now: one request a write
  const int how = GENERATE(0, 1, 2);
  if (how == 0) desk.hubspot.drop_next(1, FakeHubSpot::Effects::done);
  if (how == 1) desk.hubspot.answer_next(1, 500, "{}", FakeHubSpot::Effects::done);
  if (how == 2) desk.hubspot.html_next(1, FakeHubSpot::Effects::done);
  CHECK(desk.note("key-1").status == RL_UNKNOWN);
  CHECK(desk.crm.lookup("record", "key-1", "101", "{}").status == RL_DONE);
  CHECK(desk.note("key-1").status == RL_DONE);
  CHECK(desk.crm.lookup("record", "key-2", "101", "{}").status == RL_ABSENT);
  CHECK(desk.hubspot.ledger().count("notes") == 2);
  CHECK(desk.hubspot.ledger().doubled() == 0);
}

TEST_CASE("what HubSpot refuses for a reason of its own is refused") {
  Desk desk;
  const Said refused = desk.note("key-1", "999");
  CHECK(refused.status == RL_REFUSED);
  CHECK(refused.reason == "OBJECT_NOT_FOUND");
  CHECK(desk.hubspot.ledger().count() == 0);
}

TEST_CASE("without a unique property nothing is written, and the log says what to make") {
  Desk desk;
  desk.hubspot.key_property(GENERATE(FakeHubSpot::KeyProperty::missing,  //
                                     FakeHubSpot::KeyProperty::plain));
  const Said waits = desk.note("key-1");
  CHECK(waits.status == RL_NOT_NOW);
  CHECK(waits.again_scope == RL_SCOPE_CHANNEL);
  CHECK(waits.again_at == in(desk, 60'000));
  REQUIRE(!desk.crm.host.log.empty());
  CHECK(desk.crm.host.log.back().find("'relance_key' with unique values") != std::string::npos);
  desk.hubspot.key_property(FakeHubSpot::KeyProperty::unique);
  CHECK(desk.note("key-1").status == RL_DONE);
}

TEST_CASE("an account without unique properties is looked up by search, once its index is there") {
  Desk desk(R"("unique_key": false)");
  desk.hubspot.key_property(FakeHubSpot::KeyProperty::plain);
  const rl_connector_caps* caps = desk.crm.table().caps_for(abi::str(R"({"unique_key": false})"));
  CHECK(caps->operations[0]->delivery == RL_LOOKUP);
  CHECK(caps->operations[0]->index_lag_ms == 120'000);
  CHECK(desk.crm.table().caps->operations[0]->delivery == RL_KEYED);
  desk.hubspot.index_lag(hours(1));
  CHECK(desk.note("key-1").status == RL_DONE);
  CHECK(desk.crm.lookup("record", "key-1", "101", "{}").status == RL_ABSENT);
  desk.hubspot.index_lag(Duration{});
  CHECK(desk.crm.lookup("record", "key-1", "101", "{}").status == RL_DONE);
}

TEST_CASE("HubSpot's limit halts the whole channel for as long as it says") {
  Desk desk;
  const auto [policy, wait_ms] = GENERATE(table<std::string, int64_t>(
      {{"TEN_SECONDLY_ROLLING", 7'000}, {"SECONDLY", 1'000}, {"DAILY", 3'600'000}}));
  desk.hubspot.limit(0, policy);
  const Said read = desk.crm.read("customer", "101");
  CHECK(read.status == RL_NOT_NOW);
  CHECK(read.again_at == in(desk, wait_ms));
  CHECK(read.again_scope == RL_SCOPE_CHANNEL);
  desk.hubspot.limit(-1);
  desk.crm.host.now = read.again_at;
  CHECK(desk.note("key-1").status == RL_DONE);
}

TEST_CASE("our own pace keeps within the limit, and tells who would have to wait for long") {
  Desk desk(R"("requests_per_10s": 10)");
  std::vector<rl_op> ops;
  for (int i = 0; i < 20; ++i)
    ops.push_back(desk.crm.begin_write("update", "k", "101", R"({"first_name": "A"})"));
  int done = 0, later = 0;
  const int64_t began = desk.crm.host.now;
  for (const rl_op op : ops) {
    const Said result = desk.crm.end(op);
    done += result.status == RL_DONE ? 1 : 0;
    later += result.status == RL_NOT_NOW && result.again_at > began + 10'000 ? 1 : 0;
  }
  CHECK(done == 12);  // one at once, ten in ten seconds, and the one at their end
  CHECK(later == 8);
  CHECK(desk.crm.host.now - began <= 10'000);
}

TEST_CASE("a token that is refused halts the channel, and nobody's data is at fault") {
  Desk desk("", "another token");
  const Said read = desk.crm.read("customer", "101"), written = desk.note("k");
  for (const Said& one : {read, written}) {
    CHECK(one.status == RL_NOT_NOW);
    CHECK(one.again_scope == RL_SCOPE_CHANNEL);
  }
  CHECK(desk.crm.host.log.size() == 2);
}

TEST_CASE("answers that are none of HubSpot's do no harm and prove nothing") {
  const std::string body =
      GENERATE(as<std::string>(), "", "[]", "{}", R"({"id": 7})", R"({"id": ""})", R"({"id": {}})",
               R"({"results": 7})", R"({"results": [7, null, {"id": 3}, {"properties": []}]})",
               R"({"properties": "none", "paging": {"next": 7}})", "{\"id\": \"\xff\xfe\"}",
               R"({"results": {"0": {}}, "category": 5})", std::string(100'000, '['),
               R"({"hasUniqueValue": "yes", "policyName": [], "message": "\u0000"})");
  const int status = GENERATE(200, 207, 302, 400, 404, 409, 418, 500);
  Desk desk;
  desk.hubspot.answer_next(10, status, body);
  const Said read = desk.crm.read("customer", "101");
  CHECK((read.status == RL_NOT_NOW || read.status == RL_FAILED ||
         (read.status == RL_ABSENT && status == 404) ||
         (read.status == RL_DONE && read.data == "{}")));
  const Said found = desk.crm.read("customer", "+33600000001", "phone");
  CHECK((found.status != RL_DONE || found.data == "{}"));
  const Said page = desk.crm.page("{}");
  CHECK((page.status != RL_DONE || ids(page).size() <= 1));
  desk.hubspot.answer_next(0, 200, "");
  const Said written = desk.note("key-1");
  CHECK((written.status == RL_NOT_NOW || written.status == RL_UNKNOWN));
  CHECK(desk.hubspot.ledger().count() == 0);
}

TEST_CASE("a configuration that cannot work is refused with what is wrong") {
  const auto [more, says] = GENERATE(table<std::string, std::string>(
      {{R"("base_url": "ftp://x")", "base_url must begin"},
       {R"("key_property": "a/b")", "key_property is no name"},
       {R"("fields": {"email": "e mail"})", "is no name of a property"},
       {R"("objects": {"customer": {"type": "contacts", "fields": {}}})", "place of its own"},
       {R"("objects": {"x": {"type": "../x", "fields": {}}})", "no type of objects"}}));
  const rl_plugin* plugin = abi::Instance::load("relance.crm.hubspot");
  std::string problems;
  const rl_out out{&problems, abi::Instance::append};
  plugin->check_config(abi::str(R"({"token": "T", )" + more + "}"), &out);
  CHECK(problems.find(says) != std::string::npos);
}
