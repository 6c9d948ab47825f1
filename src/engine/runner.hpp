#pragma once

#include <memory>
#include <optional>
#include <stop_token>
#include <vector>

#include "engine/source.hpp"
#include "engine/stream_tasks.hpp"
#include "protocol/catalog.hpp"
#include "protocol/state_input.hpp"

namespace engagement::engine {

struct RunOptions {
  std::size_t workers = 1;
  bool report_drift = true;
  // Read just these days of every stream, past their states, and hand the states back as they came.
  std::optional<Backfill> backfill = std::nullopt;
};

enum class RunResult { complete, failed, stopped };

// One `read`: syncs the configured streams, their slices on a few workers. Streams begin in the catalog's order; a
// failed one costs nobody else anything. Failures are reported at the end, those that may pass first, because the
// earliest decides whether the platform tries again; a mistake of the configuration that ends several streams in the
// same words is reported once, with their names.
class Runner {
 public:
  Runner(Environment& environment, Logger& logger, protocol::Writer& writer, RunOptions options)
      : environment_(environment), logger_(logger), writer_(writer), options_(options) {}

  // Prepares the configured streams. The catalog and `streams`, the source's, must outlive the runner.
  void add_streams(const protocol::ConfiguredCatalog& catalog, const std::vector<std::unique_ptr<Stream>>& streams,
                   const protocol::StateInput& state);

  // Reads everything. Returns when all workers have ended; `stop` ends them early.
  RunResult run(const std::stop_token& stop);

  // For progress displays; the contexts live as long as the runner.
  std::vector<const StreamContext*> contexts() const;

 private:
  void warn_of_overwrite(const protocol::ConfiguredStream& configured);
  void report_failures();

  Environment& environment_;
  Logger& logger_;
  protocol::Writer& writer_;
  RunOptions options_;
  std::vector<std::unique_ptr<StreamTasks>> streams_;
};

}  // namespace engagement::engine
