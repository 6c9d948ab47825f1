#include "simulator/kustomer/text_parts.hpp"

namespace engagement::simulator::kustomer {

namespace {

enum : std::uint64_t { kCustomerBaseSalt = 0xC057, kCustomerCustomSalt, kCustomerCompanySalt };

constexpr std::string_view kFirstNames[] = {"Amélie", "Björn", "Chidi", "Diego", "Eun-ji", "Fatima", "Gwen", "花子"};
constexpr std::string_view kLastNames[] = {"O'Neil", "Müller", "Okafor", "García", "Kim", "Haddad", "Smith", "山田"};

void put_contacts(const RowText& text, Draw& draw) {
  std::string& out = text.out;
  put(out, R"(,"emails":[{"type":"home","email":"customer.)", text.row.number, R"(@example.test","verified":)",
      draw.one_in(2) ? "true" : "false", R"(}],"phones":[)");
  if (draw.one_in(2)) put(out, R"({"type":"mobile","phone":"+1555)", 1'000'000 + draw.below(8'999'999), "\"}");
  put(out, R"(],"externalIds":[{"externalId":"crm-)", text.row.number,
      R"(","verified":false}],"socials":[],"urls":[],)",
      R"("whatsapps":[],"facebookIds":[],"instagramIds":[],"smoochIds":[],"sharedEmails":[],"sharedPhones":[],)",
      R"("sharedExternalIds":[],"sharedSocials":[],"watchers":[],"activeUsers":[],"roleGroupVersions":[],"tags":[)");
  if (draw.one_in(2)) {
    out += '"';
    put_drawn_id(out, text.organisation, Kind::kTag, draw);
    out += '"';
  }
  put(out, R"(],"locations":[{"type":"home","address":")", draw.below(200), R"( Main St","countryCode":"US"}])");
}

void put_customer_custom(const RowText& text) {
  std::string& out = text.out;
  Draw draw = text.draw(kCustomerCustomSalt);
  put(out, R"(,"custom":{"lastOrderIdNum":)", 10'000'000'000U + draw.below(9'999'999'999U), "1234567890123",
      R"(,"ordersCountNum":)", draw.below(30), R"(,"totalSpentNum":)", draw.below(9'000), '.', draw.below(100),
      R"(,"acceptsMarketingBool":)", draw.one_in(2) ? "true" : "false", R"(,"loyaltyTree":"gold.)", draw.below(4),
      R"(","os00Str":")", odd_phrase(draw), '"');
  if (draw.one_in(4)) put(out, R"(,"profileUrl":"https://shop.example.test/u/)", text.row.number, '"');
  if (draw.one_in(4)) {
    out += ',';
    put_time_member(out, "birthdayAt", text.row.created);
  }
  // A custom attribute whose name, written with underscores, is that of another.
  if (draw.one_in(7)) put(out, R"(,"last_order_id_num":"twin")");
  out += '}';
}

}  // namespace

void put_customer(const RowText& text) {
  std::string& out = text.out;
  Draw draw = text.draw(kCustomerBaseSalt);
  const std::string_view first = draw.pick(kFirstNames), last = draw.pick(kLastNames);
  put(out, R"("attributes":{"name":")", first, ' ', last, R"(","displayName":")", first, R"(","firstName":")", first,
      R"(","lastName":")", last, R"(","username":"user)", text.row.number, R"(","companyName":null,"verified":)",
      draw.one_in(3) ? "true" : "false", R"(,"displayColor":"teal","displayIcon":"cat","locale":"en_US",)",
      R"("timeZone":"Europe/Berlin","gender":"u","progressiveStatus":"done")");
  put_common_attributes(text);
  put_contacts(text, draw);
  put(out, R"(,"conversationCounts":{"all":)", draw.below(30), R"(,"done":)", draw.below(20), R"(,"open":)",
      draw.below(4), R"(,"snoozed":)", draw.below(2), "},");
  put_time_member(out, "lastActivityAt", text.organisation.modified(text.kind, text.row));
  put(out, R"(,"preview":{"channel":"email","subject":")", odd_phrase(draw), R"(","text":")");
  put_words(out, draw, 200);
  put(out, R"(","type":"message_in"},"lastConversation":{"id":")");
  put_drawn_id(out, text.organisation, Kind::kConversation, draw);
  put(out, R"(","channels":["email"],"tags":[],"sentiment":{"polarity":)", static_cast<int>(draw.below(3)) - 1,
      R"(,"confidence":0.)", 1'000'000 + draw.below(1'000'000), R"(}},"recentItems":[{"id":")");
  put_drawn_id(out, text.organisation, Kind::kKobject, draw);
  put(out, R"(","type":"kobject","meta":{"klassName":"order"},)");
  put_time_member(out, "updatedAt", text.row.updated);
  put(out, R"(}],"satisfactionLevel":{"firstSatisfaction":{"sentByTeams":[]},"lastSatisfaction":null},)",
      R"("presence":"offline","defaultLang":"en_us")");
  put_customer_custom(text);
  put(out, R"(},"relationships":{"messages":{"links":{"self":"/v1/customers/)");
  text.organisation.put_id(out, text.kind, text.row);
  put(out, R"(/messages"}})");
  put_common_relationships(text, false);
  put_relationship(text, "company", Kind::kCompany);
  out += '}';
}

void put_company(const RowText& text) {
  std::string& out = text.out;
  Draw draw = text.draw(kCustomerCompanySalt);
  put(out, R"("attributes":{"name":")", draw.pick(kLastNames), " & ", draw.pick(kFirstNames), ' ', text.row.number,
      R"(","domains":["c)", text.row.number, R"(.example.test"],"emails":[],"phones":[],"whatsapps":[],"socials":[],)",
      R"("urls":[],"locations":[],"tags":[])");
  put_common_attributes(text);
  put(out, R"(,"custom":{"tierStr":"t)", draw.below(4), R"(","revenueNum":)", draw.below(1'000'000'000), '.',
      draw.below(100), R"(,"renewalAt":)");
  put_time(out, text.row.updated);
  out += R"(}},"relationships":{)";
  put_common_relationships(text, true);
  out += '}';
}

}  // namespace engagement::simulator::kustomer
