#include "simulator/clevertap/event_text.hpp"

#include "simulator/common/draw.hpp"
#include "simulator/common/text.hpp"

namespace engagement::simulator::clevertap {

namespace {

enum EventSalts : std::uint64_t { kPropsSalt = 0xE7E47, kSessionSalt, kPaddingSalt };

constexpr std::string_view kProducts[] = {"Trail Shoe",  "Café crème 250 g", "Lamp \\\"Nova\\\"", "抹茶",
                                          "T-Shirt / M", "Socke grün",       "USB‑C cable",       "Mug ☕"};
constexpr std::string_view kWords[] = {"order",  "after",  "search", "of",     "the",    "spring", "offer",  "page",
                                       "viewed", "basket", "with",   "coupon", "in",     "list",   "from",   "banner",
                                       "retry",  "second", "café",   "saved",  "choice", "plan",   "colour", "blue",
                                       "size",   "gift",   "wish",   "first",  "email",  "member", "points", "sale"};

// An amount is an integer, a decimal or a text, as the app that sent it had it.
void put_amount(std::string& out, Draw& draw) {
  const std::uint64_t amount = 1 + draw.below(20'000);
  switch (draw.below(5)) {
    case 0:
      put(out, '"', amount, '"');
      break;
    case 1:
      put(out, amount, '.', draw.below(10));
      break;
    case 2:
      put(out, '"', amount, R"(.00")");
      break;
    default:
      put(out, amount);
  }
}

void put_app_props(std::string& out, Draw& draw, const Row& row) {
  put(out, R"("CT SDK Version":)", 70'300 + draw.below(10), R"(,"CT Session Id":)",
      1'767'225'600 + mix(row.person, static_cast<std::uint64_t>(row.day.time_since_epoch().count())) % 30'000'000,
      R"(,"CT OS Version":"26.)", draw.below(7), R"(","CT App Version":"5.3.)", draw.below(5), R"(","CT Source":)",
      draw.one_in(3) ? R"("Web")" : R"("Mobile")", ',');
}

void put_items(std::string& out, Draw& draw) {
  out += R"("Items":[)";
  const std::uint64_t count = 1 + draw.below(3);
  for (std::uint64_t item = 0; item < count; ++item) {
    put(out, item == 0 ? "" : ",", R"({"Product":")", draw.pick(kProducts), R"(","Quantity":)", 1 + draw.below(4),
        R"(,"Price":)");
    put_amount(out, draw);
    out += '}';
  }
  out += "],";
}

}  // namespace

EventText::EventText(const Corpus& corpus, const PersonText& people, std::uint64_t record_bytes)
    : corpus_(corpus), people_(people), padding_(0) {
  // The first hundred rows tell how long a record is without padding.
  constexpr std::uint64_t kSample = 100;
  std::string sample;
  for (std::uint64_t index = 0; index < kSample; ++index) {
    put_record(sample, corpus.row(index % corpus.events(), corpus.first_day(), index), Flags{true, false, true});
  }
  const std::uint64_t natural = sample.size() / kSample;
  if (record_bytes > natural) padding_ = record_bytes - natural;
}

void EventText::put_event_props(std::string& out, const Row& row) const {
  Draw draw(mix(row.key, kPropsSalt));
  out += '{';
  if (!draw.one_in(10)) put_app_props(out, draw, row);  // the others were uploaded by a server
  put(out, R"("ref":")");
  put_hex(out, row.key);  // no two rows are alike by chance: those that are, are meant to be
  out += R"(",)";
  if (corpus_.name(row.event) == "Charged") put_items(out, draw);
  if (draw.one_in(2)) put(out, R"("Product Name":")", draw.pick(kProducts), R"(",)");
  if (draw.one_in(12)) put(out, R"("ledger":70000000000)", 100'000'000'000U + draw.below(900'000'000'000U), ',');
  if (draw.one_in(12)) put(out, R"("rate":0.)", 1'000'000'000U + draw.below(1'000'000'000U), "0123456789,");
  if (draw.one_in(12)) put(out, R"("first time":)", draw.one_in(2) ? "true" : R"("True")", R"(,"message id":null,)");
  put(out, R"("Amount":)");
  put_amount(out, draw);
  if (padding_ != 0) {
    put(out, R"(,"notes":")");
    const std::size_t end = out.size() + padding_ / 2 + draw.below(padding_ + 1);
    while (out.size() < end) put(out, draw.pick(kWords), ' ');
    out += '"';
  }
  out += '}';
}

void EventText::put_session_props(std::string& out, const Row& row) const {
  Draw draw(mix(row.key, kSessionSalt));
  if (draw.one_in(6)) return put(out, "{}");
  if (draw.one_in(5)) {
    return put(out, R"({"utm_source":"newsletter","utm_medium":"email","utm_campaign":"week )", draw.below(52),
               R"(","session_source":"Others"})");
  }
  put(out, R"({"session_source":"Direct"})");
}

void EventText::put_record(std::string& out, const Row& row, Flags flags) const {
  out += R"({"profile":)";
  people_.put_in_event(out, row.person, row.key >> 20U, flags);
  const std::chrono::hh_mm_ss time(row.time_of_day);
  put(out, R"(,"ts":)", day_to_number(row.day));
  put_padded(out, static_cast<std::uint64_t>(time.hours().count()), 2);
  put_padded(out, static_cast<std::uint64_t>(time.minutes().count()), 2);
  put_padded(out, static_cast<std::uint64_t>(time.seconds().count()), 2);
  out += R"(,"event_props":)";
  put_event_props(out, row);
  out += R"(,"session_props":)";
  put_session_props(out, row);
  out += '}';
}

}  // namespace engagement::simulator::clevertap
