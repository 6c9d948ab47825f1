#pragma once

#include <stdexcept>
#include <string>
#include <string_view>

namespace engagement {

// Who can mend a failure. The platform retries `transient` and `system`, never `config`.
enum class FailureType {
  config,     // the user: a credential, a permission, a value of the configuration
  transient,  // time: the network, a limit, the vendor's servers
  system,     // us or the vendor's protocol: something that no one expected
};

// Whom a failure concerns. What concerns all is met by one stream after the other and told once.
enum class FailureScope {
  stream,  // this stream: a role that is missing, a name that does not exist
  source,  // every stream: a key that is wrong, tokens that are lost
};

// The protocol's name: "config_error", "transient_error", "system_error".
std::string_view to_string(FailureType type);

// The one exception that crosses layers. what() is what the user reads: what happened, why, and what to do next.
// internal_message() is for the log: the request, the answer's status, the vendor's words.
class ConnectorError : public std::runtime_error {
 public:
  ConnectorError(FailureType type, const std::string& message, std::string internal_message = {},
                 FailureScope scope = FailureScope::stream);

  FailureType type() const { return type_; }
  FailureScope scope() const { return scope_; }
  const std::string& internal_message() const { return internal_message_; }

 private:
  FailureType type_;
  FailureScope scope_;
  std::string internal_message_;
};

ConnectorError config_error(const std::string& message, std::string internal_message = {});
ConnectorError transient_error(const std::string& message, std::string internal_message = {});
ConnectorError system_error(const std::string& message, std::string internal_message = {});

// Not a failure: the process was told to stop (SIGTERM, SIGINT, a closed stdout). Thrown by every wait and transfer
// whose stop token was triggered; only the engine and the commands catch it.
class Stopped : public std::exception {
 public:
  const char* what() const noexcept override { return "stopped"; }
};

}  // namespace engagement
