#include "engine/runner.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <condition_variable>
#include <mutex>
#include <system_error>
#include <thread>
#include <utility>

#include "core/suggestion.hpp"

namespace engagement::engine {

namespace {

// Hands the streams' tasks to workers: the first stream that has one, in the catalog's order.
class TaskQueue {
 public:
  TaskQueue(std::vector<std::unique_ptr<StreamTasks>>& streams, Clock& clock, const std::stop_token& stop)
      : streams_(streams), clock_(clock), stop_(stop), on_stop_(stop, Wake{*this}) {}

  // Works until nothing is left or the stop is requested.
  void work() {
    while (!stop_.stop_requested()) {
      const auto woken = next_change();  // before looking, so that no change is missed
      const Next next = find();
      if (next.tasks == nullptr && !next.more_may_come) return;
      if (next.tasks != nullptr) {
        next.tasks->perform(next.task, stop_);
        wake();
      } else {
        rest(next.not_before, woken);
      }
    }
  }

 private:
  // What a worker can do now, or what it may wait for.
  struct Next {
    StreamTasks* tasks = nullptr;
    StreamTasks::Task task;
    bool more_may_come = false;
    std::optional<SteadyTime> not_before;
  };
  struct Wake {
    TaskQueue& queue;
    void operator()() const { queue.wake(); }
  };

  // Not under the mutex: a stream may be busy writing for as long as nobody reads, and a stop has to wake all the same.
  Next find() {
    Next next;
    for (auto& stream : streams_) {
      next.task = stream->take();
      if (next.task.kind == StreamTasks::Kind::nothing_more) continue;
      if (next.task.kind != StreamTasks::Kind::nothing_now) {
        next.tasks = stream.get();
        return next;
      }
      next.more_may_come = true;
      const auto due = next.task.not_before;
      if (due && (!next.not_before || *due < *next.not_before)) next.not_before = due;
    }
    return next;
  }

  // Until the moment comes or another worker has done something, whichever is first.
  void rest(const std::optional<SteadyTime>& until, const std::stop_token& woken) {
    if (!until) {
      std::unique_lock lock(mutex_);
      rested_.wait(lock, woken, [] { return false; });
      return;
    }
    try {
      const auto pause = std::chrono::ceil<std::chrono::milliseconds>(*until - clock_.steady_now());
      clock_.wait_for(std::max(pause, std::chrono::milliseconds(0)), woken);
    } catch (const Stopped&) {
      // woken
    }
  }

  std::stop_token next_change() {
    const std::lock_guard lock(mutex_);
    return changed_.get_token();
  }

  void wake() {
    std::stop_source changed;
    {
      const std::lock_guard lock(mutex_);
      std::swap(changed, changed_);
    }
    changed.request_stop();
  }

  std::vector<std::unique_ptr<StreamTasks>>& streams_;
  Clock& clock_;
  const std::stop_token stop_;
  std::mutex mutex_;  // of changed_; nothing else is locked, and nothing is waited for, below it
  std::condition_variable_any rested_;
  std::stop_source changed_;
  std::stop_callback<Wake> on_stop_;
};

constexpr const char* kNoThread =
    "No thread could be started. Give the connector's container a higher limit of processes (pids).";

// `beat` says that a state is a sign of life, not what it covers.
std::optional<Json> without_beat(std::optional<Json> state) {
  if (!state || !state->is_object()) return state;
  state->erase("beat");
  return state->empty() ? std::nullopt : std::move(state);
}

// What may pass comes first, and then what concerns every stream.
std::pair<int, int> rank(const ConnectorError& error) {
  const auto type = error.type();
  return {type == FailureType::transient ? 0
          : type == FailureType::system  ? 1
                                         : 2,
          error.scope() == FailureScope::source ? 0 : 1};
}

// The vendor's words may hold a time or a number of the request.
bool same_cause(const ConnectorError& left, const ConnectorError& right) {
  return left.type() == right.type() && left.scope() == right.scope();
}

// The first one's words, and for the log whose failure it is.
template <typename Iterator>
ConnectorError of_all(const ConnectorError& first, Iterator begin, Iterator end) {
  std::string streams;
  for (auto stream = begin; stream != end; ++stream) {
    streams += (streams.empty() ? "" : ", ") + (*stream)->context().stream().descriptor.name;
  }
  return {first.type(), first.what(), fmt::format("{} (streams: {})", first.internal_message(), streams),
          first.scope()};
}

}  // namespace

void Runner::add_streams(const protocol::ConfiguredCatalog& catalog,
                         const std::vector<std::unique_ptr<Stream>>& streams, const protocol::StateInput& state) {
  for (const auto& configured : catalog.streams) {
    auto tasks = std::make_unique<StreamTasks>(environment_, logger_, writer_, configured, options_.report_drift);
    const auto found = std::find_if(streams.begin(), streams.end(), [&](const auto& stream) {
      return stream->description().name == configured.descriptor.name;
    });
    if (found != streams.end()) {
      // PyAirbyte asks for an incremental sync of every stream; one that has none is read whole.
      const bool incremental =
          configured.sync_mode == protocol::SyncMode::incremental && (*found)->description().incremental();
      SyncRequest request;
      request.mode = incremental ? protocol::SyncMode::incremental : protocol::SyncMode::full_refresh;
      request.state = without_beat(state.of(configured.descriptor));
      request.backfill = options_.backfill;
      if (options_.backfill && configured.destination_sync_mode == "overwrite") warn_of_overwrite(configured);
      tasks->set_stream(**found, std::move(request));
    } else {
      std::vector<std::string> names;
      for (const auto& stream : streams) names.push_back(stream->description().name);
      tasks->set_missing(did_you_mean(configured.descriptor.name, names));
    }
    streams_.push_back(std::move(tasks));
  }
}

RunResult Runner::run(const std::stop_token& stop) {
  TaskQueue queue(streams_, environment_.clock, stop);
  std::vector<std::thread> workers;
  for (std::size_t index = 0; index < options_.workers; ++index) {
    try {
      workers.emplace_back([&] { queue.work(); });
    } catch (const std::system_error& error) {
      if (workers.empty()) throw system_error(kNoThread, error.what());
      logger_.log(LogLevel::warn, fmt::format("Only {} of {} workers could be started: {}", workers.size(),
                                              options_.workers, error.what()));
      break;
    }
  }
  for (auto& worker : workers) worker.join();
  const bool stopped = stop.stop_requested();
  for (auto& stream : streams_) stream->close();
  if (stopped) return RunResult::stopped;
  report_failures();
  const bool complete = std::all_of(streams_.begin(), streams_.end(), [](const auto& s) { return s->complete(); });
  return complete ? RunResult::complete : RunResult::failed;
}

void Runner::warn_of_overwrite(const protocol::ConfiguredStream& configured) {
  logger_.log(LogLevel::warn,
              "The backfill reads a part of the stream \"" + configured.descriptor.name +
                  "\", and the destination is set to overwrite: the part will replace the whole. Use append, or append "
                  "and dedup.");
}

void Runner::report_failures() {
  std::vector<const StreamTasks*> failed;
  for (const auto& stream : streams_) {
    if (stream->failure()) failed.push_back(stream.get());
  }
  std::stable_sort(failed.begin(), failed.end(), [](const auto* left, const auto* right) {
    return rank(*left->failure()) < rank(*right->failure());
  });
  SystemTime now = environment_.clock.now();
  for (auto next = failed.begin(); next != failed.end();) {
    const ConnectorError& error = *(*next)->failure();
    const auto first = next++;
    // What every stream has met is one failure.
    if (error.scope() == FailureScope::source) {
      next = std::find_if(next, failed.end(), [&](const auto* other) { return !same_cause(error, *other->failure()); });
    }
    const auto& descriptor = (*first)->context().stream().descriptor;
    if (next - first == 1) {
      writer_.write(protocol::error_message(error, descriptor, now));
    } else {
      writer_.write(protocol::error_message(of_all(error, first, next), std::nullopt, now));
    }
    now += std::chrono::milliseconds(1);  // the order of the times is what counts
  }
}

std::vector<const StreamContext*> Runner::contexts() const {
  std::vector<const StreamContext*> contexts;
  for (const auto& stream : streams_) contexts.push_back(&stream->context());
  return contexts;
}

}  // namespace engagement::engine
