#include "simulator/sprinklr/failure.hpp"

#include <fmt/format.h>

#include <nlohmann/json.hpp>

#include "simulator/common/draw.hpp"
#include "simulator/common/text.hpp"

namespace engagement::simulator::sprinklr {

Failure invalid_request(std::string_view detail) { return {400, fmt::format("Invalid request: {}", detail)}; }
Failure beyond_cap() { return {400, "Cannot fetch more than 10000 messages overall"}; }
Failure invalid_token() { return {401, "Unauthorized: the access token is invalid or has expired"}; }
Failure forbidden(bool as_400) {
  return as_400 ? Failure{400, "Access to resource is forbidden"} : Failure{403, "Forbidden"};
}
Failure not_found() { return {404, "Resource not found"}; }

Reply to_reply(const Failure& failure) {
  Reply reply;
  reply.status = failure.status;
  std::string id;
  put_hex(id, hash_of(failure.message));
  const nlohmann::ordered_json error = {{"id", id}, {"code", failure.status}, {"message", failure.message}};
  const nlohmann::ordered_json body = {{"data", nlohmann::ordered_json::array()},
                                       {"errors", nlohmann::ordered_json::array({error})}};
  reply.set_text(body.dump(-1, ' ', false, nlohmann::ordered_json::error_handler_t::replace));
  return reply;
}

Reply gateway_refusal(std::string_view words, std::string_view code, bool as_json) {
  Reply reply = as_json ? to_reply({403, std::string(words)}) : Reply{};
  reply.status = 403;
  if (!as_json) {
    reply.content_type = "text/xml";
    reply.set_text(fmt::format("<h1>{}</h1>", words));
  }
  reply.headers.emplace_back("X-Mashery-Error-Code", code);
  return reply;
}

}  // namespace engagement::simulator::sprinklr
