#include <fmt/format.h>

#include "cli/commands.hpp"

namespace engagement::cli {

namespace {

std::string joined(const std::vector<std::string>& path) { return fmt::format("`{}`", fmt::join(path, ".")); }

std::string keys_of(const engine::StreamDescription& stream) {
  std::string text;
  for (const auto& path : stream.primary_key) text += (text.empty() ? "" : ", ") + joined(path);
  return text;
}

}  // namespace

std::string documentation_of(const engine::Source& source) {
  std::string text = "| stream | sync modes | primary key | cursor | resumable full refresh |\n|---|---|---|---|---|\n";
  for (const auto& stream : source.documented_streams()) {
    text += fmt::format("| `{}` | {} | {} | {} | {} |\n", stream.name,
                        stream.incremental() ? "full refresh, incremental" : "full refresh", keys_of(stream),
                        stream.incremental() ? joined(stream.cursor) : "", stream.resumable ? "yes" : "no");
  }
  return text;
}

}  // namespace engagement::cli
