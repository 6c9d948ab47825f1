#include "cli/terminal_progress.hpp"

#include <fmt/format.h>
#include <unistd.h>

#include <chrono>
#include <cstdio>

#include "core/error.hpp"

namespace engagement::cli {

namespace {
constexpr std::chrono::milliseconds kRedraw = std::chrono::seconds(1);
}  // namespace

TerminalProgress::TerminalProgress(std::vector<const engine::StreamContext*> streams, Clock& clock)
    : streams_(std::move(streams)), clock_(clock), began_(clock.steady_now()) {
  if (isatty(STDERR_FILENO) == 1) painter_ = std::thread([this] { redraw_every_second(); });
}

TerminalProgress::~TerminalProgress() {
  stop_.request_stop();
  if (painter_.joinable()) painter_.join();
}

void TerminalProgress::redraw_every_second() {
  try {
    for (;;) {
      clock_.wait_for(kRedraw, stop_.get_token());
      draw();
    }
  } catch (const Stopped&) {
    // the summary follows
  }
}

void TerminalProgress::draw() {
  if (drawn_) fmt::print(stderr, "\033[{}A", streams_.size());
  for (const auto* stream : streams_) fmt::print(stderr, "\033[2K{}\n", line_for(*stream));
  drawn_ = true;
}

std::string TerminalProgress::line_for(const engine::StreamContext& stream) const {
  const auto& counts = stream.counts();
  const double seconds = std::chrono::duration<double>(clock_.steady_now() - began_).count();
  const auto records = counts.records.load();
  auto line =
      fmt::format("{:<24} {:>12} records {:>8.0f}/s {:>8} pages {:>8} requests {:>9.1f} MB",
                  stream.stream().descriptor.name, records, static_cast<double>(records) / seconds, counts.pages.load(),
                  counts.requests.load(), static_cast<double>(counts.body_bytes.load()) / 1e6);
  if (const auto until = counts.waiting_until_ms.load(); until != 0) {
    const auto left = (until - clock_.now().time_since_epoch().count()) / 1000;
    line += fmt::format("  waiting {} s", left > 0 ? left : 0);
  }
  return line;
}

void TerminalProgress::summarise() {
  if (!painter_.joinable()) return;
  stop_.request_stop();
  painter_.join();
  draw();
  fmt::print(stderr, "{:.1f} s in all\n", std::chrono::duration<double>(clock_.steady_now() - began_).count());
}

}  // namespace engagement::cli
