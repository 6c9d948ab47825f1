// Whatever a vendor sends: what is no JSON must be refused, and every line that is made of the rest must be legal for
// the strictest reader. The oracle is nlohmann/json, which differs from RFC 8259 in numbers that no double holds.

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <nlohmann/json.hpp>

#include "sources/clevertap/exports/export_page.hpp"
#include "sources/clevertap/exports/record_maker.hpp"
#include "support/stream_fixture.hpp"

namespace {

using namespace engagement;

[[noreturn]] void fail(const char* what, std::string_view text) {
  std::fprintf(stderr, "%s: %.*s\n", what, static_cast<int>(text.size()), text.data());
  std::abort();
}

// Numbers with an exponent or very many digits may be infinite for the oracle, which then refuses them.
bool is_fit_for_oracle(std::string_view text) {
  std::size_t digits = 0;
  for (std::size_t at = 0; at < text.size(); ++at) {
    const bool digit = text[at] >= '0' && text[at] <= '9';
    digits = digit || text[at] == '.' ? digits + 1 : 0;
    if (digits > 300) return false;
    if ((text[at] == 'e' || text[at] == 'E') && at > 0 && text[at - 1] >= '0' && text[at - 1] <= '9') return false;
  }
  // It skips a byte order mark, and takes a NUL for the end.
  return !text.starts_with("\xef\xbb\xbf") && text.find('\0') == std::string_view::npos;
}

std::size_t depth_of(std::string_view text) {
  std::size_t depth = 0, deepest = 0;
  for (const char letter : text) {
    if (letter == '[' || letter == '{') deepest = std::max(deepest, ++depth);
    if ((letter == ']' || letter == '}') && depth > 0) --depth;
  }
  return deepest;
}

// One value, by the walker alone.
void check_grammar(std::string_view text) {
  json::PaddedBuffer buffer;
  buffer.append(text);
  buffer.pad();
  json::StructuralIndex index;
  bool accepted = true;
  try {
    index.build(buffer);
    json::ValueWalker walker(buffer, index);
    walker.skip_value();
    walker.finish();
  } catch (const json::MalformedJson&) {
    accepted = false;
  }
  if (!is_fit_for_oracle(text)) return;
  if (accepted && !nlohmann::json::accept(buffer.view())) fail("accepted, but no JSON", buffer.view());
  // Raw control characters and bad UTF-8 are mended, so the oracle may be the stricter one, never the laxer.
  if (!accepted && nlohmann::json::accept(text) && depth_of(text) < json::ValueWalker::kMaxDepth) {
    fail("refused, but JSON", text);
  }
}

void check_lines(const std::string& lines) {
  for (std::size_t begin = 0; begin < lines.size();) {
    const std::size_t end = lines.find('\n', begin);
    if (end == std::string::npos) fail("an unfinished line", lines);
    const std::string_view line = std::string_view(lines).substr(begin, end - begin);
    begin = end + 1;
    for (const std::string_view separator : {"\r", "\xc2\x85", "\xe2\x80\xa8", "\xe2\x80\xa9"}) {
      if (line.find(separator) != std::string_view::npos) fail("a line end inside of a line", line);
    }
    if (is_fit_for_oracle(line) && !nlohmann::json::accept(line)) fail("a line that is no JSON", line);
  }
}

using MakeRecords = std::unique_ptr<clevertap::RecordMaker> (*)(const clevertap::Config&, const clevertap::EventSlice&,
                                                                engine::StreamContext&, clevertap::SharedSweep&);

// A whole page, and the lines that each of the record makers writes of it.
void check_page(std::string_view text, MakeRecords make_records) {
  clevertap::ExportPage page;
  page.response.status = 200;
  page.response.body.append(text);
  page.response.body.pad();
  if (!page.read().succeeded) {
    if (!page.records.empty()) fail("records of a page that is none", text);
    return;
  }
  test::StreamFixture fixture;
  const auto stream = test::configured("stream");
  engine::StreamContext context(fixture.environment, fixture.logger, fixture.writer, stream, true);
  const auto config = clevertap::read_config({{"account_id", "A"}, {"passcode", "secret"}, {"start_date", 20260101}});
  clevertap::SharedSweep shared;
  const auto maker = make_records(config, {"Charged \"x\"", {}, {}}, context, shared);
  maker->export_began(fixture.clock.now());
  {
    engine::RecordBatch batch(context);
    for (const auto& record : page.records) {
      maker->append(record, batch);
      context.drift()->observe(record.walker);
    }
    batch.flush();
  }
  context.report();
  check_lines(fixture.sink.text());
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  check_grammar(text);
  check_page(text, clevertap::make_event_records);
  check_page(text, clevertap::make_profile_records);
  // Most of what a fuzzer invents is no envelope.
  const std::string wrapped = R"({"status":"success","records":[)" + std::string(text) + R"(],"next_cursor":"a%2B"})";
  check_page(wrapped, clevertap::make_event_records);
  return 0;
}
