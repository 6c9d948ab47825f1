#pragma once

#include <string>
#include <string_view>

#include "simulator/common/message.hpp"

namespace engagement::simulator::sprinklr {

// An answer that is no data (reference section 4). The envelope is `{"data":[],"errors":[{"id","code","message"}]}`.
struct Failure {
  int status = 400;
  std::string message;
};

Failure invalid_request(std::string_view detail);
Failure beyond_cap();
Failure invalid_token();
Failure forbidden(bool as_400);
Failure not_found();

Reply to_reply(const Failure& failure);
// The gateway's own refusals are XML: `<h1>Developer Over Qps</h1>` with an X-Mashery-Error-Code.
Reply gateway_refusal(std::string_view words, std::string_view code, bool as_json);

}  // namespace engagement::simulator::sprinklr
