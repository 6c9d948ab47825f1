#pragma once

#include <stop_token>

#include "simulator/clevertap/state.hpp"
#include "simulator/common/message.hpp"

namespace engagement::simulator::clevertap {

// CleverTap's API, as reference sections 0 to 7 tell it, with the faults in force. Thread safe.
class Vendor {
 public:
  explicit Vendor(State& state) : state_(state) {}

  // Answers and logs one request. Throws Stopped when `stop` is triggered during a wait.
  Reply handle(const Request& request, const std::stop_token& stop);

 private:
  // What is known of a request before it is answered.
  struct Call {
    const Request& request;
    QueryFields fields;
    std::uint64_t number = 0;  // in the log
    std::size_t concurrency = 0;
    FaultSubject subject;
    std::optional<CursorPlace> place;  // of a page's cursor, if it is one of ours
    bool gzip = false;
  };

  void understand(Call& call) const;
  bool is_authorized(const Request& request) const;
  nlohmann::ordered_json seen(const Request& request) const;
  Reply answer(Call& call, const std::stop_token& stop);
  Reply route(const Call& call, const std::optional<Fault>& fault, const std::stop_token& stop);
  Reply count(const Call& call);
  Reply create(const Call& call, const std::optional<Fault>& fault);
  Reply page(const Call& call, const std::optional<Fault>& fault);
  void after(const Call& call, const Fault& fault, std::optional<std::uint32_t> export_number);

  State& state_;
};

// `text` as a JSON reply, compressed if that is wanted and worth it.
Reply json_reply(std::string text, bool gzip);

}  // namespace engagement::simulator::clevertap
