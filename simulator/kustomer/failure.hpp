#pragma once

#include <string>

#include "simulator/common/message.hpp"

namespace engagement::simulator::kustomer {

// Kustomer writes its errors in two ways (reference 2.8).
enum class ErrorShape {
  kCode,     // {"errors":[{"code","message","meta"}]}
  kJsonApi,  // {"errors":[{"status","code","title","detail","source","meta"}]}
};

struct Failure {
  int status = 400;
  std::string code = "bad_request";
  std::string message;
  ErrorShape shape = ErrorShape::kCode;
};

Reply to_reply(const Failure& failure);

Failure bad_request(const std::string& message);
Failure unauthorized(const std::string& message);
Failure forbidden(const std::string& role, ErrorShape shape);
Failure not_found(const std::string& what);
Failure too_many_requests();

}  // namespace engagement::simulator::kustomer
