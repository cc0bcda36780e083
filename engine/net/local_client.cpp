#include "net/local_client.h"

#include <curl/curl.h>

#include <memory>

namespace relance {
namespace {

size_t take(char* bytes, size_t one, size_t count, void* body) {
  static_cast<std::string*>(body)->append(bytes, one * count);
  return one * count;
}

Error nobody(const std::string& socket, const std::string& why) {
  return {Code::no_running_node,
          "no engine answers at " + socket + ": " + why,
          {},
          "start `relance serve` on this store, or give --store as it was started with"};
}

}  // namespace

Result<HttpReply> ask_locally(const std::string& socket, const std::string& method,
                              const std::string& target, const std::string& body,
                              Duration timeout) {
  const std::unique_ptr<CURL, decltype(&curl_easy_cleanup)> easy(curl_easy_init(),
                                                                 &curl_easy_cleanup);
  if (!easy) return nobody(socket, "out of memory");
  HttpReply reply;
  const std::string url = "http://localhost" + target;
  const std::unique_ptr<curl_slist, decltype(&curl_slist_free_all)> headers(
      curl_slist_append(nullptr, "Content-Type: application/json"), &curl_slist_free_all);
  curl_easy_setopt(easy.get(), CURLOPT_UNIX_SOCKET_PATH, socket.c_str());
  curl_easy_setopt(easy.get(), CURLOPT_URL, url.c_str());
  curl_easy_setopt(easy.get(), CURLOPT_NOSIGNAL, 1L);
  curl_easy_setopt(easy.get(), CURLOPT_TIMEOUT_MS, static_cast<long>(timeout.ms));
  curl_easy_setopt(easy.get(), CURLOPT_WRITEFUNCTION, &take);
  curl_easy_setopt(easy.get(), CURLOPT_WRITEDATA, &reply.body);
  if (method != "GET") {
    curl_easy_setopt(easy.get(), CURLOPT_CUSTOMREQUEST, method.c_str());
    curl_easy_setopt(easy.get(), CURLOPT_HTTPHEADER, headers.get());
    curl_easy_setopt(easy.get(), CURLOPT_POSTFIELDSIZE, static_cast<long>(body.size()));
    curl_easy_setopt(easy.get(), CURLOPT_POSTFIELDS, body.c_str());
  }
  const CURLcode failed = curl_easy_perform(easy.get());
  if (failed != CURLE_OK) return nobody(socket, curl_easy_strerror(failed));
  long status = 0;
  curl_easy_getinfo(easy.get(), CURLINFO_RESPONSE_CODE, &status);
  reply.status = static_cast<int>(status);
  reply.wire = Wire::answered;
  return reply;
}

}  // namespace relance
