#include "plugins/check/scene.h"

#include <rapidjson/document.h>
#include <rapidjson/stringbuffer.h>
#include <rapidjson/writer.h>

#include <algorithm>

#include "base/text.h"

namespace relance::conformance {
namespace {

using rapidjson::Value;

std::string json_text(const Value& value) {
  rapidjson::StringBuffer buffer;
  rapidjson::Writer<rapidjson::StringBuffer> writer(buffer);
  value.Accept(writer);
  return {buffer.GetString(), buffer.GetSize()};
}

// A text as it stands, anything else as JSON; "" where there is no such member.
std::string text_of(const Value& object, const char* name) {
  if (!object.IsObject() || !object.HasMember(name)) return "";
  const Value& value = object[name];
  if (value.IsString()) return {value.GetString(), value.GetStringLength()};
  return json_text(value);
}

int integer_of(const Value& object, const char* name, int otherwise) {
  return object.HasMember(name) && object[name].IsInt() ? object[name].GetInt() : otherwise;
}

Headers headers_of(const Value& object, const char* name) {
  Headers headers;
  if (!object.IsObject() || !object.HasMember(name) || !object[name].IsObject()) return headers;
  for (const auto& member : object[name].GetObject())
    if (member.value.IsString())
      headers.emplace_back(member.name.GetString(), member.value.GetString());
  return headers;
}

template <class Visit>
void each_object(const Value& root, const char* name, Visit visit) {
  if (!root.HasMember(name) || !root[name].IsArray()) return;
  for (const Value& one : root[name].GetArray())
    if (one.IsObject()) visit(one);
}

void read_touch(const Value& root, Scene& scene) {
  if (!root.HasMember("touch") || !root["touch"].IsObject()) return;
  const Value& touch = root["touch"];
  scene.address = text_of(touch, "address");
  scene.customer = text_of(touch, "customer");
  scene.data = text_of(touch, "data");
  each_object(touch, "parts", [&](const Value& part) {
    scene.parts.push_back(
        {text_of(part, "role"), text_of(part, "content_type"), text_of(part, "text")});
  });
}

}  // namespace

const CannedReply* Scene::reply_to(std::string_view method, std::string_view url,
                                   const std::vector<std::string>& before) const {
  for (const CannedReply& reply : replies) {
    const bool its_turn = std::any_of(before.begin(), before.end(), [&](const std::string& one) {
      return one.find(reply.after) != std::string::npos;
    });
    const bool fits = (reply.method.empty() || reply.method == method) &&
                      url.find(reply.url) != std::string_view::npos;
    if (fits && (reply.after.empty() || its_turn)) return &reply;
  }
  return nullptr;
}

Result<Scene> read_scene(const std::string& path) {
  Scene scene;
  if (path.empty()) return scene;
  const auto text = read_file(path);
  if (!text) return text.error();
  rapidjson::Document root;
  root.Parse(text->data(), text->size());
  if (root.HasParseError() || !root.IsObject())
    return Error{Code::event_malformed, "the scene is no JSON object", {path, 0}, ""};
  read_touch(root, scene);
  each_object(root, "replies", [&](const Value& one) {
    CannedReply reply;
    reply.method = text_of(one, "method");
    reply.url = text_of(one, "url");
    reply.status = integer_of(one, "status", 200);
    reply.headers = headers_of(one, "headers");
    reply.body = text_of(one, "body");
    reply.after = text_of(one, "after");
    scene.replies.push_back(std::move(reply));
  });
  each_object(root, "requests", [&](const Value& one) {
    CannedRequest request;
    if (one.HasMember("method")) request.method = text_of(one, "method");
    request.path = text_of(one, "path");
    request.query = text_of(one, "query");
    request.url = text_of(one, "url");
    request.headers = headers_of(one, "headers");
    request.body = text_of(one, "body");
    scene.requests.push_back(std::move(request));
  });
  scene.hmac_headers = headers_of(root, "hmac_headers");
  if (root.HasMember("only") && root["only"].IsArray())
    for (const Value& name : root["only"].GetArray())
      if (name.IsString()) scene.only.emplace_back(name.GetString());
  return scene;
}

}  // namespace relance::conformance
