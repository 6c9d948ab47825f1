#pragma once

#include <map>
#include <optional>
#include <string>

#include "support/connector.hpp"

namespace engagement::test {

// What the messages of one `read`, in the order in which they came, must not do (DESIGN.md, section 4, Messages).
class MessageOrder {
 public:
  // The first thing that is wrong with the run, or nullopt.
  static std::optional<std::string> violation(const Output& output) {
    MessageOrder order;
    for (const auto line : output.lines()) {
      if (auto wrong = order.take(line)) return *wrong + ": " + std::string(line.substr(0, 400));
    }
    return order.at_end(output);
  }

 private:
  struct Stream {
    bool started = false, running = false, ended = false, failed = false, complete = false;
    std::uint64_t records_since_state = 0;
    std::uint64_t states = 0;
    std::optional<Json> last_state;
  };
  using Wrong = std::optional<std::string>;

  Wrong take(std::string_view line) {
    constexpr std::string_view kRecord = R"({"type":"RECORD","record":{"stream":")";
    if (line.starts_with(kRecord)) {
      return record(std::string(line.substr(kRecord.size(), line.find('"', kRecord.size()) - kRecord.size())));
    }
    const Json message = Json::parse(line);
    if (errors_began_ && !is_error(message)) return "something after the errors";
    if (message.at("type") == "STATE") return state(message.at("state"));
    if (message.at("type") == "LOG") return log(message.at("log"));
    if (is_error(message)) return error(message.at("trace"));
    if (message.at("type") == "TRACE" && message.at("trace").at("type") == "STREAM_STATUS") {
      return status(message.at("trace").at("stream_status"));
    }
    return std::nullopt;
  }

  static bool is_error(const Json& message) {
    return message.at("type") == "TRACE" && message.at("trace").at("type") == "ERROR";
  }

  Wrong record(const std::string& name) {
    Stream& stream = streams_[name];
    if (errors_began_) return "a record after the errors";
    if (!stream.running || stream.ended) return "a record outside of RUNNING";
    ++stream.records_since_state;
    return std::nullopt;
  }

  Wrong state(const Json& state) {
    Stream& stream = streams_[state.at("stream").at("stream_descriptor").at("name")];
    if (!stream.running || stream.ended) return "a state outside of RUNNING";
    if (stream.failed) return "a state after the stream's failure";
    if (state.at("sourceStats").at("recordCount") != static_cast<double>(stream.records_since_state)) {
      return "a recordCount that should be " + std::to_string(stream.records_since_state);
    }
    if (stream.last_state == state.at("stream").at("stream_state")) return "the same state twice";
    stream.last_state = state.at("stream").at("stream_state");
    stream.records_since_state = 0;
    ++stream.states;
    return std::nullopt;
  }

  // The engine says so at the moment when a stream fails.
  Wrong log(const Json& log) {
    const std::string text = log.at("message");
    if (log.at("level") == "ERROR") streams_[text.substr(0, text.find(':'))].failed = true;
    return std::nullopt;
  }

  Wrong status(const Json& status) {
    Stream& stream = streams_[status.at("stream_descriptor").at("name")];
    const std::string what = status.at("status");
    if (stream.ended) return "a status after the last one";
    if (what == "STARTED" ? stream.started : !stream.started) return "a status out of order";
    if (what == "RUNNING" && stream.running && !status.contains("reasons")) return "RUNNING twice";
    stream.started = true;
    stream.running = stream.running || what == "RUNNING";
    stream.ended = what == "COMPLETE" || what == "INCOMPLETE";
    stream.complete = what == "COMPLETE";
    if (!stream.complete) return std::nullopt;
    if (!stream.running) return "COMPLETE without RUNNING";
    if (stream.states == 0) return "COMPLETE without a state";
    if (stream.records_since_state > 0) return "COMPLETE with records that no state covers";
    return stream.failed ? Wrong("COMPLETE after a failure") : std::nullopt;
  }

  // Those that may pass come first, because the earliest one decides whether the platform tries again.
  Wrong error(const Json& trace) {
    errors_began_ = true;
    static const std::map<std::string, int> kRanks = {{"transient_error", 0}, {"system_error", 1}, {"config_error", 2}};
    const int rank = kRanks.at(trace.at("error").at("failure_type"));
    const double time = trace.at("emitted_at");
    if (rank < last_rank_ || time < last_time_) return "an error before a milder one";
    last_rank_ = rank;
    last_time_ = time;
    if (!trace.at("error").contains("stream_descriptor")) return std::nullopt;
    const Stream& stream = streams_[trace.at("error").at("stream_descriptor").at("name")];
    return stream.complete || !stream.ended ? Wrong("an error of a stream that is not INCOMPLETE") : std::nullopt;
  }

  Wrong at_end(const Output& output) const {
    for (const auto& [name, stream] : streams_) {
      if (stream.started && !stream.ended && output.signal == 0) return name + " has no last status";
      if (output.exit_code == 0 && stream.started && !stream.complete) return name + " is not COMPLETE, but exit 0";
    }
    if (output.exit_code == 0 && errors_began_) return "a TRACE ERROR, but exit 0";
    if (output.exit_code == 1 && !errors_began_) return "exit 1 without a TRACE ERROR";
    return std::nullopt;
  }

  std::map<std::string, Stream> streams_;
  bool errors_began_ = false;
  int last_rank_ = 0;
  double last_time_ = 0;
};

}  // namespace engagement::test
