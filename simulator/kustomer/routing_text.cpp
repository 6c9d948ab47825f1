#include "simulator/kustomer/text_parts.hpp"

namespace engagement::simulator::kustomer {

namespace {

using std::chrono::milliseconds;

enum : std::uint64_t { kRoutingKobjectSalt = 0x40B, kRoutingTimeSalt, kRoutingItemSalt, kRoutingSessionSalt };

void put_created_and_updated(const RowText& text) {
  put_time_member(text.out, "createdAt", text.row.created);
  text.out += ',';
  put_time_member(text.out, "updatedAt", text.row.updated);
}

}  // namespace

void put_kobject(const RowText& text) {
  std::string& out = text.out;
  Draw draw = text.draw(kRoutingKobjectSalt);
  const Klass& klass = kKlasses[text.organisation.klass(text.row.number)];
  put(out, R"("attributes":{"title":")", odd_phrase(draw), R"(","description":null,"icon":"package","images":[],)",
      R"("tags":[],"klassDisplayName":")", klass.display_name, R"(","klassMixins":[],"status":")",
      draw.one_in(2) ? "open" : "done", R"(","roleGroupVersions":[])");
  put_common_attributes(text);
  put(out, R"(,"attribution":{"revenueValue":)", draw.below(900), '.', draw.below(100), R"(,"currency":"USD"})");
  put(out, R"(,"custom":{"orderNumberStr":"A-)", draw.below(99'999), R"(","totalPriceNum":)", draw.below(900), '.',
      10 + draw.below(90), R"(,"skusTxt":")");
  put_words(out, draw, 150);
  put(out, R"(","orderCreatedAt":)");
  put_time(out, text.row.created);
  if (klass.name == "ecomm-order")
    put(out, R"(,"externalOrderNum":)", 10'000'000'000U + draw.below(9'999'999'999U), "1234567890123");
  if (draw.one_in(3)) put(out, R"(,"scoreNum":null)");
  // The klass's relationship says "link" where all others say "links".
  put(out, R"(}},"relationships":{"klass":{"data":{"type":"klass","id":")");
  out += text.organisation.id(Kind::kKlass, text.organisation.klass(text.row.number));
  put(out, R"("},"link":"/v1/klasses/)", klass.name, R"("})");
  put_common_relationships(text, false);
  put_relationship(text, "customer", Kind::kCustomer);
  put_relationship(text, "company", Kind::kCompany);
  out += '}';
}

void put_conversation_time(const RowText& text) {
  std::string& out = text.out;
  Draw draw = text.draw(kRoutingTimeSalt);
  put(out, R"("attributes":{)");
  put_created_and_updated(text);
  out += ',';
  put_time_member(out, "handleAt", text.row.updated);
  out += ',';
  put_time_member(out, "messageAt", text.row.updated);
  put(out, R"(,"handleTime":)", draw.below(3'600), R"(,"messageTime":)", draw.below(1'800), R"(,"noteTime":)",
      draw.below(600), R"(,"channels":["email"],"assignedUsers":[")");
  put_drawn_id(out, text.organisation, Kind::kUser, draw);
  put(out, R"("],"assignedTeams":[],"createdByTeams":[]},"relationships":{)");
  put_common_relationships(text, true);
  put_relationship(text, "customer", Kind::kCustomer);
  put_relationship(text, "conversation", Kind::kConversation);
  out += '}';
}

void put_work_item(const RowText& text) {
  std::string& out = text.out;
  Draw draw = text.draw(kRoutingItemSalt);
  put(out, R"("attributes":{"lifecycle":"completed","channel":"email","priority":)", 1 + draw.below(5),
      R"(,"itemSize":)", 1 + draw.below(4), ',');
  put_created_and_updated(text);
  put(out, R"(,"queuedCount":)", 1 + draw.below(3), R"(,"handle":{"completedAt":)");
  put_time(out, text.row.updated);
  put(out, R"(,"time":)", draw.below(3'600'000), R"(,"businessTime":)", draw.below(360'000), R"(}},"relationships":{)");
  put_common_relationships(text, true);
  put_relationship(text, "queue", Kind::kQueue);
  put_relationship(text, "conversation", Kind::kConversation);
  out += '}';
}

void put_work_session(const RowText& text) {
  std::string& out = text.out;
  Draw draw = text.draw(kRoutingSessionSalt);
  static constexpr std::string_view kStatuses[] = {"available", "unavailable", "busy"};
  put(out, R"("attributes":{"statusType":")", draw.pick(kStatuses), R"(","active":)", draw.one_in(9) ? "true" : "false",
      ',');
  put_created_and_updated(text);
  out += ',';
  put_time_member(out, "signedInAt", text.row.created);
  out += ',';
  put_time_member(out, "lastActivityAt", text.row.updated);
  put(out, R"(,"totalAvailable":{"time":)", draw.below(9'000'000), R"(},"totalWork":{"time":)", draw.below(9'000'000),
      R"(}},"relationships":{)");
  put_common_relationships(text, true);
  put(out, R"(,"user":{"data":{"type":"user","id":")");
  put_drawn_id(out, text.organisation, Kind::kUser, draw);
  out += R"("}}})";
}

}  // namespace engagement::simulator::kustomer
