#include "core/error.hpp"

#include <utility>

namespace engagement {

std::string_view to_string(FailureType type) {
  switch (type) {
    case FailureType::config:
      return "config_error";
    case FailureType::transient:
      return "transient_error";
    case FailureType::system:
      break;
  }
  return "system_error";
}

ConnectorError::ConnectorError(FailureType type, const std::string& message, std::string internal_message,
                               FailureScope scope)
    : std::runtime_error(message), type_(type), scope_(scope), internal_message_(std::move(internal_message)) {}

ConnectorError config_error(const std::string& message, std::string internal_message) {
  return {FailureType::config, message, std::move(internal_message)};
}

ConnectorError transient_error(const std::string& message, std::string internal_message) {
  return {FailureType::transient, message, std::move(internal_message)};
}

ConnectorError system_error(const std::string& message, std::string internal_message) {
  return {FailureType::system, message, std::move(internal_message)};
}

}  // namespace engagement
