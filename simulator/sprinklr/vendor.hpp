#pragma once

#include <stop_token>

#include "simulator/sprinklr/call.hpp"

namespace engagement::simulator::sprinklr {

// Sprinklr's API, as reference sections 1 to 4 tell it, with the faults in force. Thread safe.
class Vendor {
 public:
  explicit Vendor(State& state) : state_(state) {}

  // Answers and logs one request. Throws Stopped when `stop` is triggered during a wait.
  Reply handle(const Request& request, const std::stop_token& stop);

 private:
  nlohmann::ordered_json seen(const Request& request) const;
  Tokens::Validity token_of(const Request& request) const;
  bool is_token_request(const Request& request) const { return request.path.ends_with("/oauth/token"); }
  // The path's segments behind the environment's; nullopt if that is not ours.
  std::optional<std::vector<std::string>> inner_path(const Request& request) const;
  std::optional<Reply> refusal(const Call& call) const;
  bool is_forbidden(const Call& call) const;
  Reply answer(Call& call, const std::stop_token& stop);
  std::optional<Reply> commit(const Call& call);
  Reply route(const Call& call);

  State& state_;
};

}  // namespace engagement::simulator::sprinklr
