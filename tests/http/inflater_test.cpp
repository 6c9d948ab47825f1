#include "http/inflater.hpp"

#include <cstddef>
#include <initializer_list>
#include <string>
#include <string_view>

#include "http/compressed.hpp"
#include "support/catch.hpp"

namespace engagement::http {
namespace {

using json::PaddedBuffer;
using test::compressed;
using test::sample_text;
using test::Wrapper;
using Format = Inflater::Format;
using namespace std::string_literals;

// Made by another compressor (zlib) than the one of the other fixtures.
constexpr std::string_view kText = "hello, inflater";
const std::string kRaw = "\xcb\x48\xcd\xc9\xc9\xd7\x51\xc8\xcc\x4b\xcb\x49\x2c\x49\x2d\x02\x00"s;
const std::string kGzipTrailer = "\xd3\x0f\x16\x1f\x0f\x00\x00\x00"s;
const std::string kGzip = "\x1f\x8b\x08\x00\x00\x00\x00\x00\x02\x03"s + kRaw + kGzipTrailer;
const std::string kZlib = "\x78\x9c"s + kRaw + "\x2c\xbc\x05\xb6"s;
// With an extra field, a name, a comment and a checksum of the header.
const std::string kGzipWithEveryField = "\x1f\x8b\x08\x1e\x00\xf1\x53\x65\x02\x03\x05\x00"s + "EX\x01\x00!"s +
                                        "page.json\0a comment\0"s + "\xd7\xbe"s + kRaw + kGzipTrailer;

struct Result {
  bool valid = true;
  bool finished = false;
  std::string text;
};

Result inflate(Format format, std::string_view bytes, std::size_t chunk_size = 16 * 1024) {
  Inflater inflater;
  PaddedBuffer out;
  Result result;
  inflater.begin(format);
  for (std::size_t at = 0; at < bytes.size() && result.valid; at += chunk_size) {
    result.valid = inflater.feed(bytes.substr(at, chunk_size), out);
  }
  result.finished = inflater.finished();
  result.text = out.view();
  return result;
}

void check_whole(Format format, std::string_view bytes, std::string_view text, std::size_t chunk_size = 16 * 1024) {
  const Result result = inflate(format, bytes, chunk_size);
  CHECK(result.valid);
  CHECK(result.finished);
  CHECK((result.text == text));
}

TEST_CASE("gzip, zlib and raw deflate of another compressor are inflated") {
  for (const std::size_t chunk_size : std::initializer_list<std::size_t>{1, 2, 3, 7, 1000}) {
    check_whole(Format::gzip, kGzip, kText, chunk_size);
    check_whole(Format::gzip, kGzipWithEveryField, kText, chunk_size);
    check_whole(Format::deflate, kZlib, kText, chunk_size);
    check_whole(Format::deflate, kRaw, kText, chunk_size);
  }
}

TEST_CASE("a large body is the same however it is cut into chunks") {
  const std::string text = sample_text(700'000);
  const std::string gzip = compressed(text, Wrapper::gzip);
  const std::string zlib = compressed(text, Wrapper::zlib);
  const std::string raw = compressed(text, Wrapper::raw);
  for (const std::size_t chunk_size : std::initializer_list<std::size_t>{1, 13, 1460, 16 * 1024, 100'000, 10'000'000}) {
    check_whole(Format::gzip, gzip, text, chunk_size);
    check_whole(Format::deflate, zlib, text, chunk_size);
    check_whole(Format::deflate, raw, text, chunk_size);
  }
}

TEST_CASE("a few bytes that inflate to megabytes come out whole") {
  const std::string text(10'000'000, 'x');
  for (const std::size_t chunk_size : std::initializer_list<std::size_t>{1000, 10'000'000}) {
    check_whole(Format::deflate, compressed(text, Wrapper::raw), text, chunk_size);
    check_whole(Format::gzip, compressed(text, Wrapper::gzip), text, chunk_size);
  }
}

TEST_CASE("what is left to write when input and buffer end together is written") {
  // A new buffer has 64 KB; the last few hundred bytes are in a handful of bits, which the decoder has read by then.
  for (std::size_t more = 1; more < 3000; more += 97) {
    const std::string text(64 * 1024 + more, 'x');
    check_whole(Format::deflate, compressed(text, Wrapper::raw), text);
  }
}

TEST_CASE("several gzip members are one body") {
  const std::string first = sample_text(100'000);
  const std::string bytes =
      compressed(first, Wrapper::gzip) + kGzip + compressed("", Wrapper::gzip) + kGzipWithEveryField;
  const std::string text = first + std::string(kText) + std::string(kText);
  for (const std::size_t chunk_size : std::initializer_list<std::size_t>{1, 999, 10'000'000})
    check_whole(Format::gzip, bytes, text, chunk_size);
}

TEST_CASE("an empty text is a finished body") {
  check_whole(Format::gzip, compressed("", Wrapper::gzip), "");
  check_whole(Format::deflate, compressed("", Wrapper::zlib), "");
  check_whole(Format::deflate, "\x03\x00"s, "", 1);
  check_whole(Format::deflate, "\x03\x00"s, "");
}

TEST_CASE("a body that is cut anywhere is not finished") {
  for (const std::string& whole : {kGzip, kGzipWithEveryField}) {
    for (std::size_t size = 0; size < whole.size(); ++size) {
      const Result result = inflate(Format::gzip, std::string_view(whole).substr(0, size));
      CAPTURE(size);
      CHECK(result.valid);
      CHECK_FALSE(result.finished);
    }
  }
  for (const std::string& whole : {kZlib, kRaw}) {
    for (std::size_t size = 0; size < whole.size(); ++size) {
      CAPTURE(size);
      CHECK_FALSE(inflate(Format::deflate, std::string_view(whole).substr(0, size)).finished);
    }
  }
}

TEST_CASE("a further member that is cut is not finished") {
  const Result result = inflate(Format::gzip, kGzip + kGzip.substr(0, 5));
  CHECK(result.valid);
  CHECK_FALSE(result.finished);
}

TEST_CASE("a wrong checksum, length or header is corrupt") {
  std::string wrong_checksum = kGzip;
  wrong_checksum[kGzip.size() - 8] ^= 1;
  std::string wrong_length = kGzip;
  wrong_length[kGzip.size() - 4] ^= 1;
  std::string wrong_magic = kGzip;
  wrong_magic[0] = 'x';
  std::string wrong_adler = kZlib;
  wrong_adler.back() ^= 1;
  for (const std::size_t chunk_size : std::initializer_list<std::size_t>{1, 1000}) {
    CHECK_FALSE(inflate(Format::gzip, wrong_checksum, chunk_size).valid);
    CHECK_FALSE(inflate(Format::gzip, wrong_length, chunk_size).valid);
    CHECK_FALSE(inflate(Format::gzip, wrong_magic, chunk_size).valid);
    CHECK_FALSE(inflate(Format::deflate, wrong_adler, chunk_size).valid);
  }
}

TEST_CASE("a flipped bit in a large body never passes as a finished one") {
  const std::string gzip = compressed(sample_text(60'000), Wrapper::gzip);
  const std::size_t step = gzip.size() / 50;
  for (std::size_t at = 12; at < gzip.size(); at += step) {
    std::string flipped = gzip;
    flipped[at] ^= 4;
    const Result result = inflate(Format::gzip, flipped, 1000);
    CAPTURE(at);
    CHECK_FALSE((result.valid && result.finished));
  }
}

TEST_CASE("bytes behind the end are corrupt") {
  for (const std::size_t chunk_size : std::initializer_list<std::size_t>{1, 1000}) {
    CHECK_FALSE(inflate(Format::gzip, kGzip + "<html></html>", chunk_size).valid);
    CHECK_FALSE(inflate(Format::gzip, kGzip + "short", chunk_size).finished);  // too short to be told from a header
    CHECK_FALSE(inflate(Format::deflate, kZlib + "x", chunk_size).valid);
    CHECK_FALSE(inflate(Format::deflate, kRaw + "x", chunk_size).valid);
  }
}

TEST_CASE("text that is not compressed at all is corrupt or unfinished") {
  const std::string html = "<!DOCTYPE html><html><body>502 Bad Gateway</body></html>";
  CHECK_FALSE(inflate(Format::gzip, html).valid);
  const Result result = inflate(Format::deflate, html);
  CHECK_FALSE((result.valid && result.finished));
}

TEST_CASE("a zlib body that needs a dictionary is corrupt") {
  CHECK_FALSE(inflate(Format::deflate, "\x78\xbb\x00\x00\x00\x01"s + kRaw).valid);
  CHECK_FALSE(inflate(Format::deflate, "\x78\x20"s + kZlib.substr(2)).valid);  // says so, and goes on without one
}

TEST_CASE("an inflater ignores everything after corrupt data until it begins anew, and then serves another body") {
  Inflater inflater;
  PaddedBuffer out;
  CHECK_FALSE(inflater.feed(kGzip, out));  // not begun
  inflater.begin(Format::gzip);
  CHECK_FALSE(inflater.feed("nonsense nonsense", out));
  CHECK_FALSE(inflater.feed(kGzip, out));
  CHECK_FALSE(inflater.finished());
  CHECK(out.size() == 0);

  inflater.begin(Format::deflate);
  CHECK(inflater.feed(kZlib.substr(0, 9), out));  // left in the middle
  out.clear();
  for (const auto& [format, bytes] : {std::pair(Format::gzip, kGzip), {Format::deflate, kRaw}, {Format::gzip, kGzip}}) {
    out.clear();
    inflater.begin(format);
    CHECK(inflater.feed(bytes, out));
    CHECK(inflater.finished());
    CHECK(out.view() == kText);
  }
}

TEST_CASE("what the buffer holds already is kept") {
  Inflater inflater;
  PaddedBuffer out;
  out.append("before ");
  inflater.begin(Format::gzip);
  CHECK(inflater.feed(kGzip, out));
  CHECK(out.view() == "before " + std::string(kText));
}

}  // namespace
}  // namespace engagement::http
