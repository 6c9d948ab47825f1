#pragma once

#include <limits>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "core/time_text.hpp"
#include "engine/context.hpp"
#include "protocol/catalog.hpp"

namespace engagement::engine {

class StreamContext;

// What `discover` says of a stream.
struct StreamDescription {
  std::string name;
  Json json_schema;
  std::vector<std::vector<std::string>> primary_key;  // paths
  std::vector<std::string> cursor;                    // a path; empty: no incremental sync
  bool resumable = false;                             // an interrupted full refresh goes on from its state
  bool time_bound = false;                            // can read a given period: a backfill is possible

  bool incremental() const { return !cursor.empty(); }
};

// A period to read again, past the state: both days inclusive, in the time zone of the stream's days.
struct Backfill {
  Day since;
  Day until;
};

// What the platform asks of a stream in one sync.
struct SyncRequest {
  protocol::SyncMode mode = protocol::SyncMode::full_refresh;
  std::optional<Json> state = std::nullopt;         // the stream's, as given; nullopt: none
  std::optional<Backfill> backfill = std::nullopt;  // only for streams with a time bound; then `state` is nullopt
};

// One sync of one stream. The engine calls read_slice() on its workers, slices of one sync concurrently, in the order
// of their numbers as far as workers are free; the other functions one at a time, under the stream's lock.
class StreamRead {
 public:
  virtual ~StreamRead() = default;

  virtual std::size_t slice_count() const = 0;
  // What the slice is, for logs: "Charged, 2026-01-01 to 2026-01-07".
  virtual std::string slice_name(std::size_t slice) const = 0;

  // Reads the slice to its end through the context. Throws ConnectorError (the stream fails) or Stopped.
  virtual void read_slice(std::size_t slice, StreamContext& context, const std::stop_token& stop) = 0;

  // What the engine calls: reads the slice to its end (nullopt), or as far as the vendor has it ready, and says when it
  // is to be called for the same slice again; until then the slice holds no worker. A slice is in one call at a time.
  virtual std::optional<SteadyTime> step_slice(std::size_t slice, StreamContext& context, const std::stop_token& stop) {
    read_slice(slice, context, stop);
    return std::nullopt;
  }
  // How many slices may be under way, those that wait included; asked before another one is begun. At least one.
  virtual std::size_t most_under_way() const { return std::numeric_limits<std::size_t>::max(); }

  // Whether the slice is begun only when all before it are done.
  virtual bool waits_for_earlier(std::size_t /*slice*/) const { return false; }

  // Called when every record of the slice has been written: the state that covers what has been delivered by now, or
  // nullopt where it has not moved.
  virtual std::optional<Json> slice_done(std::size_t slice) = 0;
  // The state before any slice is done; a long wait repeats it as a sign of life.
  virtual Json initial_state() const = 0;
  // The state of the finished sync. Called after the last slice.
  virtual Json final_state() = 0;
};

// A stream of a source, made for one configuration. Immutable.
class Stream {
 public:
  virtual ~Stream() = default;

  virtual const StreamDescription& description() const = 0;

  // Plans one sync: reads the state, freezes the upper bound of time, cuts the slices. May call the vendor. Called on a
  // worker. Throws ConnectorError; a state it does not understand is a config error that says how to reset it.
  virtual std::unique_ptr<StreamRead> begin(const SyncRequest& request, StreamContext& context,
                                            const std::stop_token& stop) = 0;
};

}  // namespace engagement::engine
