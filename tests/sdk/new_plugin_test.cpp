// `relance plugin new`, as a vendor meets it: the commands of the project's own README, run as they
// stand there, with nothing but the program on the PATH.
#include <catch2/catch.hpp>
#include <cstdlib>
#include <mutex>
#include <set>

#include "cli/program.h"
#include "net/http_server.h"

namespace fs = std::filesystem;
using namespace relance;
using namespace relance::test;

namespace {

struct Project {
  std::string kind, language;
  fs::path place = {};  // where its folder `acme` lies
  std::string id() const { return kind == "channel" ? "acme.sms" : "acme." + kind; }
  fs::path built() const { return place / "acme/build" / (id() + ".so"); }
};

std::vector<Project> new_projects() {
  const fs::path home = fresh_directory("sdk");
  std::vector<Project> projects;
  for (const char* kind : {"channel", "crm", "policy"}) {
    for (const char* language : {"c", "c++"}) {
      Project project{kind, language};
      project.place = home / (project.kind + "-" + language);
      projects.push_back(project);
    }
  }
  for (const Project& project : projects) {
    fs::create_directories(project.place);
    const Answer made = command({"plugin", "new", "acme", "--kind", project.kind, "--lang",
                                 project.language, "--in", project.place});
    INFO(made.err);
    REQUIRE(made.exit == 0);
    CHECK(lines_of(made.out).size() >= 8);
  }
  return projects;
}

// The commands of a page: its code blocks that are not Lua.
std::string commands_of(const fs::path& page) {
  std::string commands;
  bool inside = false, lua = false;
  for (std::string line : lines_of(read(page))) {
    line.erase(0, std::min(line.size(), line.find_first_not_of(' ')));
    if (line.starts_with("```")) {
      lua = line.starts_with("```lua");
      inside = !inside;
    } else if (inside && !lua) {
      commands += line + "\n";
    }
  }
  return commands;
}

// Runs each script in its place, all at once; their output lies beside them. Whether each went well
// is for the caller to ask.
void run_all(const std::vector<std::pair<fs::path, std::string>>& scripts) {
  std::string all =
      "PATH=" + (kBuild / "bin").string() + ":$PATH; export PATH; unset CMAKE_PREFIX_PATH;";
  for (const auto& [place, script] : scripts) {
    write(place / "commands", "set -e\n" + script + "echo all went well\n");
    all += " (cd '" + place.string() + "' && sh ./commands >output 2>&1) &";
  }
  REQUIRE(std::system((all + " wait").c_str()) == 0);
}

// The six projects, after the commands of their pages have run.
const std::vector<Project>& tried_projects() {
  static const std::vector<Project> projects = [] {
    std::vector<Project> made = new_projects();
    std::vector<std::pair<fs::path, std::string>> scripts;
    for (const Project& project : made)
      scripts.emplace_back(project.place, commands_of(project.place / "acme/README.md"));
    run_all(scripts);
    return made;
  }();
  return projects;
}

// A provider and a system of record on loopback: what came in, and what is answered.
class Provider {
 public:
  Provider() {
    ServerOptions options;
    options.listen = "127.0.0.1:0";
    auto server = start_http_server(options, [this](ServerRequest request, auto respond) {
      const std::lock_guard lock(mutex_);
      requests_.push_back(request);
      ServerAnswer answer;
      answer.body = request.method == "GET"
                        ? R"({"phone": "+33639980002", "first_name": "Eve", "locale": "en"})"
                        : R"({"id": "m-1"})";
      if (request.method == "POST" && requests_.size() == 1) {
        answer.status = 429;
        answer.headers = {{"Retry-After", "1"}};
      }
      respond(answer);
    });
    REQUIRE(server);
    server_ = std::move(*server);
  }
  std::string url() const { return "http://" + server_->address(); }
  std::vector<ServerRequest> requests() {
    const std::lock_guard lock(mutex_);
    return requests_;
  }

 private:
  std::mutex mutex_;
  std::vector<ServerRequest> requests_;
  std::unique_ptr<HttpServer> server_;
};

// Runs the project's bundle once more, with the provider's address in the configuration.
void run_with(const Project& project, const std::string& url) {
  const fs::path bundle = project.place / "acme/bundle";
  std::string text = read(bundle / "bundle.lua");
  const std::string plugin = "\"" + project.id() + "\" {";
  const size_t at = text.find(plugin);
  REQUIRE(at != std::string::npos);
  text.insert(at + plugin.size(), " url = \"" + url + "\" ");
  write(bundle / "bundle.lua", text);
  const Answer ran = command({"run", bundle, "--plugins", project.built().parent_path(), "--events",
                              bundle / "sample/events.jsonl", "--store", "memory:", "--json"});
  INFO(project.kind << " in " << project.language << "\n" << ran.out << ran.err);
  CHECK(ran.exit == 0);
  CHECK(json(ran.out).view().find_path("runs.started").integer() == 1);
}

}  // namespace

TEST_CASE("for each kind and language, the commands of the new project's page work as they stand") {
  for (const Project& project : tried_projects()) {
    const std::string said = read(project.place / "output");
    INFO(project.kind << " in " << project.language << "\n" << said);
    CHECK(said.find("warning:") == std::string::npos);  // of a compiler
    CHECK(said.find("0 errors, 0 warnings") != std::string::npos);
    CHECK(said.find("1 completed") != std::string::npos);
    CHECK(said.find("The story of c-1") != std::string::npos);
    CHECK(said.find("all went well") != std::string::npos);

    const Answer inspected = command({"plugin", "inspect", project.built(), "--json"});
    INFO(inspected.err);
    REQUIRE(inspected.exit == 0);
    CHECK(json(inspected.out).view().find("id").text() == project.id());
    CHECK(std::system(("test \"$(nm -D --defined-only '" + project.built().string() +
                       "' | awk '{print $3}')\" = rl_plugin_entry")
                          .c_str()) == 0);
  }
}

TEST_CASE("a new channel posts to its provider, and the same again where it has to wait") {
  for (const Project& project : tried_projects()) {
    if (project.kind != "channel") continue;
    Provider provider;
    run_with(project, provider.url() + "/messages");
    const auto requests = provider.requests();
    INFO(project.language);
    REQUIRE(requests.size() == 2);  // the first was answered 429
    CHECK(requests[0].target == "/messages");
    CHECK(requests[0].header("idempotency-key").size() == 26);
    CHECK(requests[0].header("idempotency-key") == requests[1].header("idempotency-key"));
    CHECK(requests[0].body == requests[1].body);
    const Doc body = json(requests[0].body);
    CHECK(body.view().find("to").text() == "+33639980001");
    CHECK(body.view().find("text").text().value_or("").find("Hello Ann") != std::string::npos);
  }
}

TEST_CASE("a new CRM reads and writes at its system") {
  for (const Project& project : tried_projects()) {
    if (project.kind != "crm") continue;
    Provider system;
    run_with(project, system.url());
    const auto requests = system.requests();
    INFO(project.language);
    REQUIRE(requests.size() == 3);  // it is told of the contact as well
    CHECK(requests[0].method == "GET");
    CHECK(requests[0].target == "/customers/c-1");
    std::set<std::string> told;
    for (size_t i = 1; i < requests.size(); ++i) {
      CHECK(requests[i].method == "POST");
      CHECK(requests[i].header("idempotency-key").size() == 26);
      told.insert(requests[i].target);
    }
    CHECK(told == std::set<std::string>{"/told_of_failed_payment", "/touch_outcome"});
  }
}

TEST_CASE("what `cmake --install` puts under a prefix is all that a vendor needs") {
  const fs::path home = fresh_directory("installed"), prefix = home / "prefix";
  REQUIRE(command({"plugin", "new", "acme.sms.fast", "--kind", "channel", "--in", home}).exit == 0);
  const std::string relance = (prefix / "bin/relance").string();
  run_all({{home, "cmake --install '" + kBuild.string() + "' --prefix '" + prefix.string() +
                      "'\n"
                      "PATH=/usr/bin:/bin; export PATH\n"
                      "cmake -S acme.sms.fast -B out -DRelancePlugin_DIR='" +
                      (prefix / "lib/cmake/RelancePlugin").string() +
                      "'\n"
                      "cmake --build out\n" +
                      relance + " plugin inspect out/acme.sms.fast.so\n" + relance +
                      " plugin list\n"}});
  const std::string said = read(home / "output");
  INFO(said);
  CHECK(said.find("all went well") != std::string::npos);
  CHECK(said.find("relance.crm.csv") != std::string::npos);
  CHECK(fs::exists(prefix / "include/relance/plugin.hpp"));
  CHECK(fs::exists(prefix / "include/relance/sdk/text.h"));
}

TEST_CASE("a new plugin writes over nothing, and wants a name it can use") {
  const fs::path home = fresh_directory("sdk_slips");
  const std::vector<std::string> call = {"plugin", "new", "acme", "--kind", "crm", "--in", home};
  CHECK(command(call).exit == 0);
  const std::string first = read(home / "acme/plugin.c");
  const Answer again = command(call);
  CHECK(again.exit == 2);
  CHECK(again.err.find("is there already") != std::string::npos);
  CHECK(again.err.find("choose another name") != std::string::npos);
  CHECK(read(home / "acme/plugin.c") == first);

  for (const char* name : {"", "Acme", "a b", "../up", "a..b", "9a", "a.", ".a", "a/b", "a\"b"}) {
    INFO(name);
    const Answer answer = command({"plugin", "new", name, "--kind", "crm", "--in", home});
    CHECK(answer.exit == 2);
    CHECK_FALSE(answer.err.empty());
  }
  CHECK(command({"plugin", "new", "acme2"}).exit == 2);
  CHECK(command({"plugin", "new", "acme2", "--kind", "toaster", "--in", home}).exit == 2);
  CHECK(command({"plugin", "new", "acme2", "--kind", "crm", "--lang", "rust"}).exit == 2);
  CHECK(std::distance(fs::directory_iterator(home), fs::directory_iterator()) == 1);
}
