#pragma once

#include <deque>
#include <functional>
#include <mutex>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "core/error.hpp"
#include "http/client.hpp"

namespace engagement::test {

// One answer of the vendor, or a transfer that brought none.
struct ScriptedAnswer {
  int status = 200;
  std::string body;
  std::vector<http::Header> headers{};
  std::optional<http::TransportError> error{};
};

inline ScriptedAnswer answer(std::string body, int status = 200, std::vector<http::Header> headers = {}) {
  return {status, std::move(body), std::move(headers), std::nullopt};
}

inline ScriptedAnswer fault(http::TransportFault kind, std::string detail = "as scripted") {
  return {0, {}, {}, http::TransportError{kind, std::move(detail)}};
}

// An HTTP client without a network. Answers, in this order of preference: by the function given to answer_with(), else
// by the next line of the script, else by the last line again; with none of these, by HTTP 599. Records every request.
// Thread safe; the function is called without the lock, on the thread that sends.
class ScriptedClient final : public http::Client {
 public:
  using Function = std::function<ScriptedAnswer(const http::Request&, const std::stop_token&)>;

  void script(std::vector<ScriptedAnswer> answers) {
    const std::lock_guard lock(mutex_);
    for (auto& one : answers) script_.push_back(std::move(one));
  }

  void answer_with(Function function) {
    const std::lock_guard lock(mutex_);
    function_ = std::move(function);
  }

  void send(const http::Request& request, http::Response& response, const std::stop_token& stop) override {
    if (stop.stop_requested()) throw Stopped();
    Function function;
    ScriptedAnswer answer{599, "the script has no answer", {}, std::nullopt};
    {
      const std::lock_guard lock(mutex_);
      requests_.push_back(request);
      function = function_;
      if (!function && !script_.empty()) {
        answer = script_.front();
        if (script_.size() > 1) script_.pop_front();
      }
    }
    if (function) answer = function(request, stop);
    if (stop.stop_requested()) throw Stopped();
    response.clear();
    response.status = answer.status;
    response.headers = std::move(answer.headers);
    response.body.append(answer.body);
    response.body.pad();
    response.error = std::move(answer.error);
    response.wire_bytes = answer.body.size();
  }

  // Every request so far, in the order of sending.
  std::vector<http::Request> requests() const {
    const std::lock_guard lock(mutex_);
    return requests_;
  }

  std::vector<std::string> urls() const {
    std::vector<std::string> all;
    for (const auto& request : requests()) all.push_back(request.url);
    return all;
  }

 private:
  mutable std::mutex mutex_;
  Function function_;
  std::deque<ScriptedAnswer> script_;
  std::vector<http::Request> requests_;
};

}  // namespace engagement::test
