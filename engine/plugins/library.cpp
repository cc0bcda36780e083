// Finding plugins: ID.so in the directories. The same build in several of them is one plugin.
#include <filesystem>
#include <optional>

#include "base/text.h"
#include "plugins/loaded_plugin.h"

namespace relance {
namespace {

namespace fs = std::filesystem;

class Library final : public PluginLibrary {
 public:
  explicit Library(std::vector<std::string> directories) : directories_(std::move(directories)) {}

  Result<PluginInfo> inspect(const std::string& path) override {
    auto plugin = load_plugin(path);
    if (!plugin) return plugin.error();
    return (*plugin)->info;
  }

  Result<PluginInfo> find(const std::string& id) override {
    std::optional<PluginInfo> found;
    for (const std::string& directory : directories_) {
      const fs::path path = fs::path(directory) / (id + ".so");
      if (!fs::exists(path)) continue;
      auto info = inspect(path.string());
      if (!info) return info.error();
      if (info->id != id) return misnamed(*info, path.string());
      if (found && found->hash != info->hash) return twice(*found, path.string());
      if (!found) found = std::move(*info);
    }
    if (found) return std::move(*found);
    return Error{Code::unknown_plugin,
                 "there is no plugin '" + id + "' in " + join(directories_, ", "),
                 {},
                 did_you_mean(id, ids())};
  }

  std::vector<PluginInfo> list(std::vector<Error>& refused) override {
    std::vector<PluginInfo> infos;
    for (const std::string& id : ids()) {
      auto info = find(id);
      if (info)
        infos.push_back(std::move(*info));
      else
        refused.push_back(std::move(info.error()));
    }
    return infos;
  }

 private:
  static Error misnamed(const PluginInfo& info, const std::string& path) {
    return {Code::plugin_ambiguous,
            "plugin " + path + " is refused: it says that it is '" + info.id + "'",
            {},
            "call the file " + info.id + ".so"};
  }
  // Which of the two would send is nothing to guess.
  static Error twice(const PluginInfo& first, const std::string& path) {
    return {
        Code::plugin_ambiguous,
        "plugin '" + first.id + "' is there twice: " + first.path + " and another build, " + path,
        {},
        "take one of them away"};
  }

  std::vector<std::string> ids() const {
    std::vector<std::string> found;
    for (const std::string& directory : directories_) {
      std::error_code problem;
      for (const auto& file : fs::directory_iterator(directory, problem))
        if (file.path().extension() == ".so") found.push_back(file.path().stem().string());
    }
    std::sort(found.begin(), found.end());
    found.erase(std::unique(found.begin(), found.end()), found.end());
    return found;
  }

  std::vector<std::string> directories_;
};

}  // namespace

std::unique_ptr<PluginLibrary> open_plugin_library(std::vector<std::string> directories) {
  return std::make_unique<Library>(std::move(directories));
}

}  // namespace relance
