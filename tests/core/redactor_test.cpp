#include "core/redactor.hpp"

#include <string>
#include <thread>
#include <vector>

#include "support/catch.hpp"

using engagement::Redactor;

namespace {

std::string redacted(const std::vector<std::string>& secrets, std::string_view text) {
  Redactor redactor;
  for (const auto& secret : secrets) redactor.add_secret(secret);
  return redactor.redact(text);
}

// Base64 as any library writes it, to compare with what the redactor expects.
std::string base64(std::string_view bytes, bool url_alphabet = false) {
  const std::string_view alphabet = url_alphabet ? "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"
                                                 : "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
  std::string result;
  for (std::size_t i = 0; i < bytes.size(); i += 3) {
    unsigned group = 0;
    for (std::size_t j = 0; j < 3; ++j) {
      group = group * 256 + (i + j < bytes.size() ? static_cast<unsigned char>(bytes[i + j]) : 0U);
    }
    const std::size_t characters = std::min<std::size_t>(3, bytes.size() - i) + 1;
    for (std::size_t j = 0; j < 4; ++j) {
      result += j < characters ? alphabet[(group >> (18 - 6 * j)) & 63U] : '=';
    }
  }
  return result;
}

}  // namespace

TEST_CASE("a secret is masked wherever it stands and the rest of the text stays") {
  CHECK(redacted({"hunter2"}, "hunter2") == "****");
  CHECK(redacted({"hunter2"}, "a hunter2, hunter2!") == "a ****, ****!");
  CHECK(redacted({"hunter2"}, "Hunter2 hunter") == "Hunter2 hunter");
  CHECK(redacted({"hunter2"}, "") == "");
  CHECK(redacted({}, "text") == "text");
}

TEST_CASE("two secrets side by side are two masks") { CHECK(redacted({"key-1", "key-2"}, "key-1key-2") == "********"); }

TEST_CASE("a secret that contains another leaves nothing behind, whichever was added first") {
  for (const auto& secrets : {std::vector<std::string>{"abcd", "xxabcdyy"}, {"xxabcdyy", "abcd"}}) {
    CHECK(redacted(secrets, "<xxabcdyy>") == "<****>");
    CHECK(redacted(secrets, "<abcd>") == "<****>");
    CHECK(redacted(secrets, "<xxabcd>") == "<xx****>");
  }
}

TEST_CASE("a secret that starts with another is masked as a whole") {
  CHECK(redacted({"token", "token-and-more"}, "token-and-more token") == "**** ****");
}

TEST_CASE("secrets that overlap in the text leave no piece of either") {
  CHECK(redacted({"abcd", "cdefgh"}, "-abcdefgh-") == "-****-");
  CHECK(redacted({"aaa"}, "-aaaaa-") == "-****-");
}

TEST_CASE("a percent-encoded secret is masked with upper-case and lower-case hex") {
  const std::string secret = "p/s:w\xc3\xb6?";
  CHECK(redacted({secret}, "k=p%2Fs%3Aw%C3%B6%3F&x=1") == "k=****&x=1");
  CHECK(redacted({secret}, "k=p%2fs%3aw%c3%b6%3f&x=1") == "k=****&x=1");
}

TEST_CASE("a blank of a percent-encoded secret may be %20 or +") {
  CHECK(redacted({"open sesame/now"}, "q=open%20sesame%2Fnow") == "q=****");
  CHECK(redacted({"open sesame/now"}, "q=open+sesame%2Fnow") == "q=****");
  CHECK(redacted({"open sesame/now"}, "q=open+sesame%2fnow") == "q=****");
}

TEST_CASE("what paths, forms and scripts leave unescaped is masked too") {
  CHECK(redacted({"a/b c"}, "https://example.com/a/b%20c") == "https://example.com/****");
  CHECK(redacted({"a~b*c d"}, "q=a%7Eb*c+d") == "q=****");
  CHECK(redacted({"(a)!b c"}, "q=(a)!b%20c") == "q=****");
}

TEST_CASE("the base64 of a secret alone is masked to its last character in both alphabets") {
  for (const std::string secret : {"abc", "abcd", "abcde", "\xfb\xff\xbf\xfe\xfa"}) {
    for (const bool url : {false, true}) {
      CHECK(redacted({secret}, "Basic " + base64(secret, url) + ";") == "Basic ****;");
    }
  }
}

TEST_CASE("the base64 of a longer text hides the secret in it at each of the three alignments") {
  const std::string secret = "s3cr\xff\xfe-passcode";
  for (const std::string before : {"", "u", "us", "use", "user"}) {
    for (const std::string after : {"", ":", ":x", ":xy"}) {
      for (const bool url : {false, true}) {
        const std::string encoded = base64(before + secret + after, url);
        const std::string text = redacted({secret}, encoded);
        CAPTURE(encoded, text);
        REQUIRE(text.find("****") != std::string::npos);
        // At most the characters that share their bits with a neighbour of the secret are left, beside the neighbours'.
        CHECK(text.size() - 4 <= (before.size() * 8 + 5) / 6 + (after.size() * 8 + 5) / 6 + 4);
      }
    }
  }
}

TEST_CASE("a JSON-escaped secret is masked in each serialiser's style") {
  CHECK(redacted({"a\"b\\c"}, R"({"k":"a\"b\\c"})") == R"({"k":"****"})");
  CHECK(redacted({"a\nb\tc\x01"}, R"({"k":"a\nb\tc\u0001"})") == R"({"k":"****"})");
  CHECK(redacted({"a/b\"c"}, R"({"k":"a\/b\"c"})") == R"({"k":"****"})");
  CHECK(redacted({"gr\xc3\xbc\xc3\x9f \xf0\x9f\x98\x80 \xc3\xaa"}, R"({"k":"gr\u00fc\u00df \ud83d\ude00 \u00ea"})") ==
        R"({"k":"****"})");
  CHECK(redacted({"gr\xc3\xbc\xc3\xaa"}, R"({"k":"gr\u00FC\u00EA"})") == R"({"k":"****"})");
}

TEST_CASE("a secret that is not UTF-8 is masked and nothing is thrown") {
  CHECK(redacted({"\xff\xfe\x80zz"}, "<\xff\xfe\x80zz>") == "<****>");
}

TEST_CASE("the beginning of a secret that was cut is masked from eight bytes on") {
  const std::string secret = "tok+en/0123456789abcdef==";
  for (std::size_t length = 8; length <= secret.size(); ++length) {
    for (const char* after : {"", "…", "\") was refused", "x"}) {
      CAPTURE(length, after);
      CHECK(redacted({secret}, "it was " + secret.substr(0, length) + after) == std::string("it was ****") + after);
    }
  }
  CHECK(redacted({secret}, "it was tok%2Ben%2F0123") == "it was ****");
  CHECK(redacted({secret}, "it was tok+en/") == "it was tok+en/");
  CHECK(redacted({secret}, "it was 0123456789abcdef") == "it was 0123456789abcdef");
}

TEST_CASE("values shorter than three characters are no secrets") {
  CHECK(redacted({"", "a", "ab"}, "a ab cab") == "a ab cab");
  CHECK(redacted({"\xc3\xa9"
                  "a"},
                 "\xc3\xa9"
                 "a") ==
        "\xc3\xa9"
        "a");  // two characters, three bytes
  CHECK(redacted({"abc"}, "ab abc") == "ab ****");
}

TEST_CASE("secrets may be added at any time and from several threads while others redact") {
  Redactor redactor;
  redactor.add_secret("first-secret");
  CHECK(redactor.redact("first-secret second-secret") == "**** second-secret");
  std::vector<std::thread> threads;
  for (int i = 0; i < 4; ++i) {
    threads.emplace_back([&redactor, i] {
      for (int j = 0; j < 20; ++j) {
        redactor.add_secret("secret-" + std::to_string(i) + "-" + std::to_string(j));
        (void)redactor.redact("first-secret");
      }
    });
  }
  for (auto& thread : threads) thread.join();
  redactor.add_secret("second-secret");
  CHECK(redactor.redact("first-secret second-secret secret-3-19 secret-0-7") == "**** **** **** ****");
}
