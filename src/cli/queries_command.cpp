#include <fmt/format.h>

#include <algorithm>
#include <cstdio>

#include "cli/commands.hpp"

namespace engagement::cli {

namespace {

// Standard output belongs to the queries, so the log goes nowhere.
class QuietContext final : public engine::Context {
 public:
  using Context::Context;

  void log(engine::LogLevel /*level*/, std::string_view /*text*/) override {}
  void warn_once(std::string_view /*key*/, std::string_view /*text*/) override {}
  void wait(std::chrono::milliseconds duration, engine::WaitReason /*reason*/, const std::stop_token& stop) override {
    environment().clock.wait_for(duration, stop);
  }
  void answered(const http::Response& /*response*/) override {}
};

}  // namespace

int run_queries(Session& session) {
  try {
    const auto config = session.read_config();
    auto environment = session.environment(config);
    QuietContext context(environment);
    const auto queries = session.source.list_queries(config, context, session.stop.get_token());
    std::string lines;
    for (const auto& query : queries) {
      lines += query.dump(-1, ' ', false, engine::Json::error_handler_t::replace) + "\n";
    }
    session.sink.write(lines);
    const bool bad = std::any_of(queries.begin(), queries.end(), [](const auto& one) { return one.contains("error"); });
    return bad ? 1 : 0;
  } catch (const ConnectorError& error) {
    fmt::print(stderr, "queries: {}\n", session.redactor.redact(error.what()));
    return 1;
  } catch (const Stopped&) {
    throw;
  } catch (const std::exception& error) {
    fmt::print(stderr, "queries: an internal error, please report it: {}\n", session.redactor.redact(error.what()));
    return 1;
  }
}

}  // namespace engagement::cli
