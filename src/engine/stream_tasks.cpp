#include "engine/stream_tasks.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <exception>
#include <utility>

namespace engagement::engine {

namespace {

// A token that fires when either of two does.
class EitherStop {
 public:
  EitherStop(const std::stop_token& first, const std::stop_token& second)
      : on_first_(first, Request{source_}), on_second_(second, Request{source_}) {}
  std::stop_token token() const { return source_.get_token(); }

 private:
  struct Request {
    std::stop_source source;
    void operator()() { source.request_stop(); }
  };
  std::stop_source source_;
  std::stop_callback<Request> on_first_;
  std::stop_callback<Request> on_second_;
};

ConnectorError missing_stream(const std::string& name, const std::string& hint) {
  return config_error(fmt::format(
      "The stream \"{}\" of the configured catalog does not exist in this source{}{} Refresh the source's schema "
      "and remove the stream from the connection.",
      name, hint.empty() ? "." : "; ", hint));
}

// What a failure that passes means for the next attempt.
ConnectorError with_outlook(const ConnectorError& error, bool resumable) {
  if (error.type() != FailureType::transient) return error;
  const auto* outlook = resumable ? "The next attempt goes on from the last checkpoint."
                                  : "The next attempt reads this stream from its beginning.";
  return transient_error(fmt::format("{} {}", error.what(), outlook), error.internal_message());
}

ConnectorError no_time_bound(const std::string& name) {
  return config_error(fmt::format(
      "The stream \"{}\" has no time bound, so it cannot be read for a given period. Leave it out of the backfill's "
      "catalog.",
      name));
}

}  // namespace

void StreamTasks::set_stream(Stream& stream, SyncRequest request) {
  stream_ = &stream;
  request_ = std::move(request);
  if (!request_.backfill) return;
  given_state_ = request_.state.value_or(Json::object());
  request_.state.reset();
}

StreamTasks::Task StreamTasks::take() {
  const std::lock_guard lock(mutex_);
  if (failure_ || complete_) return {Kind::nothing_more, 0, std::nullopt};
  if (read_ == nullptr && begun_) return {Kind::nothing_now, 0, std::nullopt};  // another worker is at the beginning
  const Task task = std::exchange(begun_, true) ? take_slice() : Task{Kind::begin, 0, std::nullopt};
  if (task.kind != Kind::nothing_now) ++under_way_;
  return task;
}

StreamTasks::Task StreamTasks::take_slice() {
  // What is due goes first: the vendor has it ready, and does not keep it for ever.
  const auto next =
      std::min_element(waiting_.begin(), waiting_.end(), [](const auto& a, const auto& b) { return a.due < b.due; });
  if (next != waiting_.end() && next->due <= context_.environment().clock.steady_now()) {
    const Task task{Kind::slice, next->slice, std::nullopt};
    waiting_.erase(next);
    return task;
  }
  const std::size_t under_way = next_slice_ - slices_done_;
  if (next_slice_ < slices_ && under_way < read_->most_under_way() &&
      (under_way == 0 || !read_->waits_for_earlier(next_slice_))) {
    return {Kind::slice, next_slice_++, std::nullopt};
  }
  if (next != waiting_.end()) return {Kind::nothing_now, 0, next->due};
  // What is being read may wait yet, and then needs a worker again.
  return {Kind::nothing_now, 0, std::nullopt};
}

void StreamTasks::perform(const Task& task, const std::stop_token& stop) {
  // Stopped: the process stops, stdout is closed, or another slice of this stream has failed; each is known elsewhere.
  // Anything else: the failure is kept, but not even the log of it could be written.
  try {
    attempt(task, stop);
  } catch (const std::exception&) {
  }
  try {
    const std::lock_guard lock(mutex_);
    // As soon as nothing of a failed stream can follow.
    if (--under_way_ > 0 || !failure_) return;
    read_.reset();
    say_incomplete();
  } catch (const std::exception&) {
  }
}

void StreamTasks::attempt(const Task& task, const std::stop_token& stop) {
  try {
    if (task.kind == Kind::begin) {
      begin(stop);
    } else {
      read_slice(task.slice, stop);
    }
  } catch (const Stopped&) {
    throw;
  } catch (const ConnectorError& error) {
    fail(error);
  } catch (const std::exception& error) {
    fail(system_error(
        fmt::format(
            "The stream \"{}\" failed in a way that nobody expected. Please report it with the log of this sync.",
            context_.stream().descriptor.name),
        error.what()));
  }
}

void StreamTasks::begin(const std::stop_token& stop) {
  context_.started();
  if (stream_ == nullptr) throw missing_stream(context_.stream().descriptor.name, hint_);
  if (request_.backfill && !stream_->description().time_bound) throw no_time_bound(context_.stream().descriptor.name);
  if (request_.backfill) {
    context_.set_initial_state(given_state_);
    context_.close_checkpoints();
  }
  if (request_.state) context_.set_initial_state(*request_.state);
  auto read = stream_->begin(request_, context_, stop);
  if (!request_.backfill) context_.set_initial_state(read->initial_state());
  const std::lock_guard lock(mutex_);
  slices_ = read->slice_count();
  read_ = std::move(read);
  finish_if_done();
}

void StreamTasks::read_slice(std::size_t slice, const std::stop_token& stop) {
  const EitherStop either(stop, give_up_.get_token());
  context_.log(LogLevel::debug, "reading " + read_->slice_name(slice));
  const auto due = read_->step_slice(slice, context_, either.token());
  const std::lock_guard lock(mutex_);
  if (failure_) return;
  if (due) {
    waiting_.push_back({slice, *due});
    return;
  }
  ++slices_done_;
  const auto state = read_->slice_done(slice);
  if (slices_done_ < slices_ && state && !request_.backfill) context_.checkpoint(*state);
  finish_if_done();
}

void StreamTasks::finish_if_done() {
  if (slices_done_ < slices_) return;
  context_.report();
  if (request_.backfill) {
    context_.complete_backfill(given_state_);
  } else {
    context_.complete(read_->final_state());
  }
  complete_ = true;
  read_.reset();  // and what it keeps in memory
}

void StreamTasks::fail(const ConnectorError& error) {
  const std::lock_guard lock(mutex_);
  if (failure_) return;
  // A backfill begins again, whatever was read of it.
  const bool goes_on = !request_.backfill && (request_.mode == protocol::SyncMode::incremental ||
                                              (stream_ != nullptr && stream_->description().resumable));
  failure_ = with_outlook(error, goes_on);
  context_.end_states();
  give_up_.request_stop();
  context_.log(LogLevel::error, failure_->what());
}

void StreamTasks::close() {
  const std::lock_guard lock(mutex_);
  if (!complete_ && begun_) say_incomplete();
}

void StreamTasks::say_incomplete() {
  if (!std::exchange(incomplete_, true)) context_.incomplete();
}

}  // namespace engagement::engine
