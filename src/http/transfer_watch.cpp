#include "http/transfer_watch.hpp"

namespace engagement::http {

void TransferWatch::request_begins() {
  sending_ = true;
  answering_ = false;
  last_activity_ = clock_.steady_now();
}

void TransferWatch::bytes_received() {
  answering_ = true;
  active_ = true;
}

TransferWatch::Verdict TransferWatch::check(std::int64_t uploaded) {
  if (stop_.stop_requested()) return Verdict::stopped;
  const SteadyTime now = clock_.steady_now();
  if (limits_.deadline && now >= *limits_.deadline) return Verdict::deadline;
  if (!sending_) return Verdict::go_on;
  // The clock is read here only, not for each of the thousands of pieces of a body.
  if (active_ || uploaded != uploaded_) {
    active_ = false;
    uploaded_ = uploaded;
    last_activity_ = now;
    return Verdict::go_on;
  }
  const auto quiet = now - last_activity_;
  if (answering_) return quiet >= limits_.idle_timeout ? Verdict::idle : Verdict::go_on;
  return quiet >= limits_.first_byte_timeout ? Verdict::no_first_byte : Verdict::go_on;
}

TransportError timeout_error(TransferWatch::Verdict verdict) {
  switch (verdict) {
    case TransferWatch::Verdict::deadline:
      return {TransportFault::deadline, "the time set for this request is over"};
    case TransferWatch::Verdict::no_first_byte:
      return {TransportFault::timeout, "the server did not begin to answer"};
    default:
      return {TransportFault::timeout, "the server stopped in the middle of its answer"};
  }
}

}  // namespace engagement::http
