#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <stop_token>

#include "core/clock.hpp"
#include "http/message.hpp"

namespace engagement::http {

// Decides whether a transfer under way may go on: the clocks and the stop token of one transfer, apart from how it is
// carried out. The client says what happens (request_begins, bytes_received) and asks check() every second or more
// often; all on the thread that sends. The time until a connection stands is not counted here.
class TransferWatch {
 public:
  enum class Verdict {
    go_on,
    stopped,        // a stop was requested
    deadline,       // the request's own deadline has passed
    no_first_byte,  // nothing of an answer since the request was sent, for first_byte_timeout
    idle,           // the answer began, then nothing for idle_timeout
  };

  struct Limits {
    std::chrono::milliseconds first_byte_timeout;
    std::chrono::milliseconds idle_timeout;
    std::optional<SteadyTime> deadline;
  };

  // REQUIRES: `clock` and `stop` outlive the watch.
  TransferWatch(const Clock& clock, const Limits& limits, const std::stop_token& stop)
      : clock_(clock), limits_(limits), stop_(stop) {}

  // The connection stands and the request is about to be sent. Called again when it is sent again.
  void request_begins();
  // A piece of the answer came: a header line or a part of the body.
  void bytes_received();

  // `uploaded`: how many bytes of the request's body have been sent so far; a change counts as activity.
  Verdict check(std::int64_t uploaded);

 private:
  const Clock& clock_;
  const Limits limits_;
  const std::stop_token& stop_;
  bool sending_ = false;
  bool answering_ = false;
  bool active_ = false;  // something moved since the last check()
  std::int64_t uploaded_ = 0;
  SteadyTime last_activity_;
};

// What a response says of a verdict that cut it. REQUIRES: neither `go_on` nor `stopped`.
TransportError timeout_error(TransferWatch::Verdict verdict);

}  // namespace engagement::http
