#include "sample_pages.hpp"

#include <fmt/format.h>

#include <random>

namespace engagement::benchmarks {

namespace {

using Random = std::mt19937_64;

std::string words(Random& random, std::size_t count) {
  static constexpr const char* kWords[] = {"spring", "sale", "basket", "member", "first", "colour", "plan", "wish"};
  std::string text;
  for (std::size_t word = 0; word < count; ++word)
    text += fmt::format("{}{}", word == 0 ? "" : " ", kWords[random() % 8]);
  return text;
}

std::string identity(Random& random) { return fmt::format("55500{:07}", random() % 10'000'000); }

void put_event(std::string& out, Random& random) {
  const auto person = identity(random);
  out += fmt::format(
      R"({{"profile":{{"objectId":"-{0:032x}","platform":"Android","os_version":"14","app_version":"5.5.{1}",)"
      R"("make":"Samsung","model":"SM-A546E","identity":"{2}","all_identities":["{2}","a{2}@example.test"],)"
      R"("name":"Kiran Castro","phone":"+91{2}","push_token":"{3:016x}{3:016x}","df":{{}},)",
      random(), random() % 10, person, random());
  out += fmt::format(R"("profileData":{{"points":{},"trx_cnt":"{}","voucher":"<NA>","vip":false,"note":"{}"}}}},)",
                     random() % 5000, random() % 90, words(random, 24));
  out += fmt::format(R"("ts":202608{:02}{:02}{:02}{:02},)", 1 + random() % 28, random() % 24, random() % 60,
                     random() % 60);
  out +=
      fmt::format(R"("event_props":{{"CT SDK Version":70304,"CT Session Id":{},"CT Source":"Mobile","ref":"{:016x}",)"
                  R"("Amount":{}.{:02},"Items":[{{"sku":"{:x}","n":{}}},{{"sku":"{:x}","n":1}}],"notes":"{}"}},)",
                  1693350000 + random() % 1000000, random(), random() % 9000, random() % 100, random() % 99999,
                  random() % 9, random() % 99999, words(random, 40));
  out += R"("session_props":{"utm_source":"mail","session_source":"Direct"}})";
}

void put_profile(std::string& out, Random& random) {
  const auto person = identity(random);
  out += fmt::format(R"({{"identity":"{0}","name":"Kiran Castro","email":"a{0}@example.test","phone":"+91{0}",)"
                     R"("profileData":{{"points":{1},"vip":true,"note":"{2}"}},"events":{{)",
                     person, random() % 5000, words(random, 12));
  for (int event = 0; event < 9; ++event) {
    out += fmt::format(R"({}"Event {}":{{"count":{},"first_seen":{},"last_seen":{}}})", event == 0 ? "" : ",", event,
                       random() % 500, 1700000000 + random() % 1000000, 1790000000 + random() % 1000000);
  }
  out +=
      fmt::format(R"(}},"platformInfo":[{{"platform":"Android","os_version":"14","make":"Samsung",)"
                  R"("push_token":"{0:016x}","objectId":"-{0:032x}"}},{{"platform":"Web","objectId":"{1:032x}"}}]}})",
                  random(), random());
}

std::string page_of(std::size_t records, void (*put)(std::string&, Random&)) {
  Random random(23);
  std::string page = R"({"status":"success","records":[)";
  for (std::size_t record = 0; record < records; ++record) {
    if (record > 0) page += ',';
    put(page, random);
  }
  return page + R"(],"next_cursor":"AfljfgIJBgBnamF5Kz8NegcBAwxhbCe%2F%3D%3D"})";
}

}  // namespace

std::string event_page(std::size_t records) { return page_of(records, put_event); }
std::string profile_page(std::size_t records) { return page_of(records, put_profile); }

}  // namespace engagement::benchmarks
