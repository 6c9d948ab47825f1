#pragma once

#include <array>
#include <condition_variable>
#include <exception>
#include <functional>
#include <memory>
#include <mutex>
#include <stop_token>
#include <thread>
#include <utility>

#include "core/error.hpp"

namespace engagement::engine {

// Fetches the next page while the last one is worked on, in a thread of its own: at most one page ahead, so that two
// pages are all the memory it takes. Pages are reused, by the next ReadAhead too where the caller keeps them.
//
//   ReadAhead<Page> pages([&](Page& page, const std::stop_token& stop) { …; return true; }, stop);
//   while (Page* page = pages.next()) { … }     // a page is valid until the next call
//
// `fetch` fills a page and returns true, or returns false at the end. What it throws comes out of next(), after the
// pages before it. Its stop token also fires when the ReadAhead is destroyed.
template <typename Page>
class ReadAhead {
 public:
  using Fetch = std::function<bool(Page&, const std::stop_token&)>;
  using Pages = std::array<Page, 2>;

  ReadAhead(Fetch fetch, const std::stop_token& stop) : ReadAhead(std::move(fetch), stop, std::make_unique<Pages>()) {}
  // `pages` outlives this; `fetch` begins with the first of them.
  ReadAhead(Fetch fetch, const std::stop_token& stop, Pages& pages)
      : fetch_(std::move(fetch)),
        outer_stop_(stop, StopInner{inner_stop_}),
        pages_(pages),
        thread_([this] { run(); }) {}

  ~ReadAhead() {
    inner_stop_.request_stop();
    changed_.notify_all();
    thread_.join();
  }
  ReadAhead(const ReadAhead&) = delete;
  ReadAhead& operator=(const ReadAhead&) = delete;

  Page* next() {
    std::unique_lock lock(mutex_);
    if (given_out_) {
      given_out_ = false;
      --filled_;
      first_ = 1 - first_;
      changed_.notify_all();
    }
    changed_.wait(lock, [this] { return filled_ > 0 || ended_; });
    if (filled_ > 0) {
      given_out_ = true;
      return &pages_[first_];
    }
    if (error_) std::rethrow_exception(std::exchange(error_, nullptr));
    return nullptr;
  }

 private:
  struct StopInner {
    std::stop_source source;
    void operator()() { source.request_stop(); }
  };

  ReadAhead(Fetch fetch, const std::stop_token& stop, std::unique_ptr<Pages> own)
      : own_(std::move(own)),
        fetch_(std::move(fetch)),
        outer_stop_(stop, StopInner{inner_stop_}),
        pages_(*own_),
        thread_([this] { run(); }) {}

  void run() {
    std::size_t slot = 0;
    try {
      for (wait_for_slot(); fetch_(pages_[slot], inner_stop_.get_token()); wait_for_slot()) {
        const std::lock_guard lock(mutex_);
        ++filled_;
        slot = 1 - slot;
        changed_.notify_all();
      }
    } catch (...) {
      const std::lock_guard lock(mutex_);
      error_ = std::current_exception();
    }
    const std::lock_guard lock(mutex_);
    ended_ = true;
    changed_.notify_all();
  }

  // A stop is an exception, never an end: an end would let the reader believe that it has read everything.
  void wait_for_slot() {
    std::unique_lock lock(mutex_);
    if (!changed_.wait(lock, inner_stop_.get_token(), [this] { return filled_ < 2; })) throw Stopped();
  }

  const std::unique_ptr<Pages> own_;
  Fetch fetch_;
  std::stop_source inner_stop_;
  std::stop_callback<StopInner> outer_stop_;
  std::mutex mutex_;
  std::condition_variable_any changed_;
  Pages& pages_;
  std::size_t first_ = 0;
  std::size_t filled_ = 0;
  bool given_out_ = false;
  bool ended_ = false;
  std::exception_ptr error_;
  std::thread thread_;
};

}  // namespace engagement::engine
