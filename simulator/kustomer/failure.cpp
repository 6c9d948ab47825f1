#include "simulator/kustomer/failure.hpp"

#include <fmt/format.h>

#include <nlohmann/json.hpp>

namespace engagement::simulator::kustomer {

Reply to_reply(const Failure& failure) {
  using nlohmann::ordered_json;
  ordered_json error;
  if (failure.shape == ErrorShape::kCode) {
    error = {{"code", failure.code}, {"message", failure.message}, {"meta", ordered_json::object()}};
  } else {
    error = {{"status", std::to_string(failure.status)},
             {"code", failure.code},
             {"title", failure.code},
             {"detail", failure.message},
             {"source", ordered_json::object()},
             {"meta", ordered_json::object()}};
  }
  Reply reply;
  reply.status = failure.status;
  const ordered_json body = {{"errors", ordered_json::array({error})}};
  reply.set_text(body.dump(-1, ' ', false, ordered_json::error_handler_t::replace));
  return reply;
}

Failure bad_request(const std::string& message) { return {400, "bad_request", message, ErrorShape::kCode}; }

Failure unauthorized(const std::string& message) { return {401, "unauthorized", message, ErrorShape::kCode}; }

Failure forbidden(const std::string& role, ErrorShape shape) {
  return {403, "forbidden", fmt::format("Missing role: one of org.permission.{0}.read, org.user.{0}.read", role),
          shape};
}

Failure not_found(const std::string& what) { return {404, "not_found", what + " not found", ErrorShape::kCode}; }

Failure too_many_requests() { return {429, "too_many_requests", "Too Many Requests", ErrorShape::kCode}; }

}  // namespace engagement::simulator::kustomer
