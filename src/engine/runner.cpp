#include "engine/runner.hpp"

#include <algorithm>
#include <condition_variable>
#include <mutex>
#include <string>
#include <string_view>
#include <thread>

namespace engagement::engine {

namespace {

// Hands the streams' tasks to workers: the first stream that has one, in the catalog's order.
class TaskQueue {
 public:
  TaskQueue(std::vector<std::unique_ptr<StreamTasks>>& streams, Clock& clock, const std::stop_token& stop)
      : streams_(streams), clock_(clock), stop_(stop), on_stop_(stop, Wake{*this}) {}

  // Works until nothing is left or the stop is requested.
  void work() {
    std::unique_lock lock(mutex_);
    while (!stop_.stop_requested()) {
      Next next = find();
      if (next.tasks == nullptr && !next.more_may_come) return;
      const auto woken = changed_.get_token();
      lock.unlock();
      if (next.tasks != nullptr) {
        next.tasks->perform(next.task, stop_);
        wake();
      } else {
        rest(next.not_before, woken);
      }
      lock.lock();
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
  std::mutex mutex_;
  std::condition_variable_any rested_;
  std::stop_source changed_;
  std::stop_callback<Wake> on_stop_;
};

// `beat` says that a state is a sign of life, not what it covers.
std::optional<Json> without_beat(std::optional<Json> state) {
  if (!state || !state->is_object()) return state;
  state->erase("beat");
  return state->empty() ? std::nullopt : std::move(state);
}

int rank(FailureType type) { return type == FailureType::transient ? 0 : type == FailureType::system ? 1 : 2; }

bool is_same_mistake(const ConnectorError& one, const ConnectorError& other) {
  return one.type() == FailureType::config && other.type() == FailureType::config &&
         std::string_view(one.what()) == other.what();
}

// Whether an earlier stream failed of the same mistake: a wrong key is one error however many streams it costs.
bool is_told(const std::vector<const StreamTasks*>& failed, std::size_t at) {
  return std::any_of(failed.begin(), failed.begin() + static_cast<std::ptrdiff_t>(at),
                     [&](const auto* before) { return is_same_mistake(*before->failure(), *failed[at]->failure()); });
}

// The failure, naming the later streams that it costs too.
ConnectorError with_others(const std::vector<const StreamTasks*>& failed, std::size_t at) {
  const ConnectorError& error = *failed[at]->failure();
  std::string others;
  for (std::size_t later = at + 1; later < failed.size(); ++later) {
    if (!is_same_mistake(error, *failed[later]->failure())) continue;
    others += (others.empty() ? "" : ", ") + failed[later]->context().stream().descriptor.name;
  }
  if (others.empty()) return error;
  return {error.type(), std::string(error.what()) + " The same ends: " + others + ".", error.internal_message()};
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
    }
    streams_.push_back(std::move(tasks));
  }
}

RunResult Runner::run(const std::stop_token& stop) {
  TaskQueue queue(streams_, environment_.clock, stop);
  std::vector<std::thread> workers;
  for (std::size_t index = 0; index < options_.workers; ++index) workers.emplace_back([&] { queue.work(); });
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
    return rank(left->failure()->type()) < rank(right->failure()->type());
  });
  SystemTime now = environment_.clock.now();
  for (std::size_t at = 0; at < failed.size(); ++at) {
    if (is_told(failed, at)) continue;
    const ConnectorError error = with_others(failed, at);
    writer_.write(protocol::error_message(error, failed[at]->context().stream().descriptor, now));
    now += std::chrono::milliseconds(1);  // the order of the times is what counts
  }
}

std::vector<const StreamContext*> Runner::contexts() const {
  std::vector<const StreamContext*> contexts;
  for (const auto& stream : streams_) contexts.push_back(&stream->context());
  return contexts;
}

}  // namespace engagement::engine
