#include "simulator/kustomer/text_parts.hpp"

namespace engagement::simulator::kustomer {

namespace {

using std::chrono::milliseconds;

enum : std::uint64_t {
  kConversationBaseSalt = 0xC04,
  kConversationCountSalt,
  kConversationCustomSalt,
  kConversationMessageSalt,
  kConversationSlaSalt,
  kConversationRelationSalt
};

constexpr std::string_view kConversationChannels[] = {"email",     "chat",       "sms",     "voice",
                                                      "instagram", "twitter-dm", "facebook"};

// A time from the row's creation up to its last update.
SystemTime between(const RowText& text, Draw& draw) {
  const auto span = static_cast<std::uint64_t>((text.row.updated - text.row.created).count());
  return text.row.created + milliseconds(draw.below(span + 1));
}

// ["id",…], none to two of them.
void put_ids(const RowText& text, std::string_view name, Kind kind, Draw& draw) {
  put(text.out, ",\"", name, "\":[");
  const std::uint64_t count = draw.below(3);
  for (std::uint64_t at = 0; at < count; ++at) {
    put(text.out, at == 0 ? "\"" : ",\"");
    put_drawn_id(text.out, text.organisation, kind, draw);
    text.out += '"';
  }
  text.out += ']';
}

void put_by_channel(std::string& out, std::string_view name, Draw& draw) {
  put(out, ",\"", name, R"(":{"email":)", draw.below(9), R"(,"twitter-dm":)", draw.below(3));
  if (draw.one_in(3)) put(out, R"(,"voice":)", draw.below(4));
  out += '}';
}

// firstDone, lastDone, firstResponse: who did it and how long it took.
void put_achievement(const RowText& text, std::string_view name, Draw& draw, bool counts) {
  std::string& out = text.out;
  put(out, ",\"", name, "\":{");
  put_time_member(out, "createdAt", between(text, draw));
  put(out, R"(,"createdBy":")");
  put_drawn_id(out, text.organisation, Kind::kUser, draw);
  put(out, '"');
  put_ids(text, "createdByTeams", Kind::kTeam, draw);
  put_ids(text, "assignedTeams", Kind::kTeam, draw);
  put_ids(text, "assignedUsers", Kind::kUser, draw);
  put(out, R"(,"time":)", draw.below(90'000'000), R"(,"businessTime":)", draw.below(9'000'000));
  if (counts) {
    put(out, R"(,"lastMessageDirection":"out","lastMessageDirectionType":"response-out","messageCount":)",
        draw.below(30), R"(,"noteCount":)", draw.below(4), R"(,"outboundMessageCount":)", draw.below(12));
    put_by_channel(out, "messageCountByChannel", draw);
    put_by_channel(out, "outboundMessageCountByChannel", draw);
  }
  out += '}';
}

void put_message_mark(const RowText& text, std::string_view name, Draw& draw) {
  std::string& out = text.out;
  put(out, ",\"", name, R"(":{"id":")");
  put_drawn_id(out, text.organisation, Kind::kMessage, draw);
  put(out, R"(","channel":")", draw.pick(kConversationChannels), R"(","directionType":"initial-in",)");
  put_time_member(out, "createdAt", between(text, draw));
  out += ',';
  put_time_member(out, "sentAt", between(text, draw));
  // An address is a text, an object or nothing.
  const std::uint64_t form = draw.below(4);
  if (form == 0) put(out, R"(,"meta":{"to":"help@example.test"})");
  if (form == 1) put(out, R"(,"meta":{"to":{"email":"help@example.test","name":"Help"}})");
  if (form == 2) put(out, R"(,"meta":{"to":null})");
  out += '}';
}

void put_sla(const RowText& text) {
  std::string& out = text.out;
  Draw draw = text.draw(kConversationSlaSalt);
  put(out, R"(,"sla":{"version":)", 1 + draw.below(5), R"(,"breached":)", draw.one_in(4) ? "true" : "false", ',');
  put_time_member(out, "matchedAt", text.row.created);
  put(out, R"(,"status":"satisfied","metrics":{"firstResponse":{)");
  put_time_member(out, "breachAt", text.row.created + milliseconds(7'200'000));
  out += ',';
  put_time_member(out, "satisfiedAt", between(text, draw));
  put(out, R"(},"longestUnrespondedMessage":{)");
  put_time_member(out, "breachAt", text.row.updated);
  put(out, R"(}},"summary":{)");
  put_time_member(out, "firstBreachAt", text.row.created + milliseconds(7'200'000));
  out += "}}";
}

void put_satisfaction(const RowText& text, Draw& draw) {
  static constexpr std::string_view kStatuses[] = {"scheduled", "offered", "unresponded", "rated", "commented"};
  std::string& out = text.out;
  put(out, R"(,"satisfaction":)", draw.below(6), R"(,"satisfactionLevel":{"status":")", draw.pick(kStatuses),
      R"(","rating":)", 1 + draw.below(5), R"(,"score":)", draw.below(100), '.', 100 + draw.below(900),
      R"(,"channel":"email",)");
  put_time_member(out, "sentAt", between(text, draw));
  put_ids(text, "sentByTeams", Kind::kTeam, draw);
  put(out, R"(,"answers":[{"id":"q1","answer":")", odd_phrase(draw), R"("},{"id":"q2","answer":)", draw.below(5),
      "}]}");
}

void put_custom(const RowText& text) {
  std::string& out = text.out;
  Draw draw = text.draw(kConversationCustomSalt);
  put(out, R"(,"custom":{"orderNumberStr":"#)", draw.below(1'000'000), R"(","orderTotalNum":)", draw.below(900), '.',
      10 + draw.below(90), R"(,"contactReasonTree":"returns.refund.)", draw.below(9), R"(","vipBool":)",
      draw.one_in(2) ? "true" : "false", R"(,"trackingUrl":"https://track.example.test/?id=)", draw.below(99'999),
      R"(","shopifyOrderId":")", 10'000'000'000U + draw.below(9'999'999'999U), 1'000'000'000'000U + draw.below(999'999),
      '"');
  if (draw.one_in(5)) put(out, R"(,"ledgerNum":)", 10'000'000'000U + draw.below(9'999'999'999U), "1234567890123");
  if (draw.one_in(5)) put(out, R"(,"rateNum":0.)", 1'000'000'000U + draw.below(1'000'000'000U), "0123456789");
  if (draw.one_in(6)) put(out, R"(,"HTMLBodyTxt":"<p>)", odd_phrase(draw), R"(</p>","order_number_str":"again")");
  if (draw.one_in(4)) {
    out += ',';
    put_time_member(out, "returnedAt", between(text, draw));
  }
  put(out, R"(,"notesTxt":")");
  if (text.padding != 0) put_words(out, draw, text.padding / 2 + draw.below(text.padding + 1));
  put(out, odd_phrase(draw), R"("})");
}

void put_totals(std::string& out, Draw& draw) {
  for (const std::string_view name : {"totalDone", "totalSnooze", "totalOpen"}) {
    put(out, ",\"", name, R"(":{"time":)", draw.below(900'000'000), R"(,"businessTime":)", draw.below(90'000'000));
    if (name == "totalOpen") {
      put(out, R"(,"businessTimeSinceLastDone":)", draw.below(9'000), R"(,"timeSinceLastDone":)", draw.below(90'000),
          R"(,"businessTimeBySchedule":{"default":)", draw.below(90'000), "}");
    }
    out += '}';
  }
}

void put_relationships(const RowText& text) {
  std::string& out = text.out;
  Draw draw = text.draw(kConversationRelationSalt);
  if (draw.one_in(60)) return;  // a few records have none at all
  put(out, R"(,"relationships":{"messages":{"links":{"self":"/v1/conversations/)");
  text.organisation.put_id(out, text.kind, text.row);
  put(out, R"(/messages"}})");
  put_common_relationships(text, false);
  put_relationship(text, "customer", Kind::kCustomer);
  put_relationship(text, "queue", Kind::kQueue);
  put_relationship(text, "brand", Kind::kBrand);
  put_relationship(text, "sla", Kind::kSla);
  put(out, R"(,"slaVersion":{"data":{"type":"sla_version","id":")");
  put_hex(out, draw.next());
  put_hex(out, draw.next(), 8);
  put(out, R"("}},"subStatus":{"data":null},"shopify-orders":{"links":{"self":"/v1/customers/-/klasses/order"},)",
      R"("meta":{"kobject":true}}})");
}

}  // namespace

void put_conversation(const RowText& text) {
  std::string& out = text.out;
  Draw draw = text.draw(kConversationBaseSalt);
  const std::string_view status = text.organisation.status(text.row);
  put(out, R"("attributes":{"name":")", odd_phrase(draw), R"(","channels":[")", draw.pick(kConversationChannels),
      R"("],"status":")", status, R"(","priority":)", 1 + draw.below(5), R"(,"direction":"in","preview":")");
  put_words(out, draw, 60 + draw.below(90));
  put(out, odd_phrase(draw), '"');
  put_common_attributes(text);
  put_ids(text, "assignedTeams", Kind::kTeam, draw);
  put_ids(text, "assignedUsers", Kind::kUser, draw);
  put_ids(text, "tags", Kind::kTag, draw);
  put_ids(text, "suggestedTags", Kind::kTag, draw);
  put(out, R"(,"suggestedShortcuts":[],"roleGroupVersions":[],"linkedConversations":[],"matchedTimeBasedRules":[])");
  put(out, R"(,"messageCount":)", draw.below(40), R"(,"noteCount":)", draw.below(5), R"(,"outboundMessageCount":)",
      draw.below(20), R"(,"reopenCount":)", draw.below(4), R"(,"doneCount":)", draw.below(3), R"(,"snoozeCount":)",
      draw.below(2), R"(,"spam":false,"phase":"resolution","replyChannel":"email",)");
  put_time_member(out, "lastMessageAt", text.organisation.modified(text.kind, text.row));
  out += ',';
  put_time_member(out, "lastActivityAt", text.row.updated);
  put(out, R"(,"ended":)", status == "done" ? "true" : "false");
  if (status == "done") {
    out += ',';
    put_time_member(out, "endedAt", text.organisation.modified(text.kind, text.row));
    put(out, R"(,"endedReason":"agent","endedByType":"user")");
  }
  if (status == "snoozed") {
    put(out, R"(,"snooze":{"status":"open",)");
    put_time_member(out, "statusAt", between(text, draw));
    out += ',';
    put_time_member(out, "time", text.row.updated + milliseconds(86'400'000));
    out += '}';
  } else if (draw.one_in(3)) {
    out += R"(,"snooze":null)";
  }
  Draw marks = text.draw(kConversationMessageSalt);
  put_message_mark(text, "firstMessageIn", marks);
  put_message_mark(text, "firstMessageOut", marks);
  put_message_mark(text, "lastMessageIn", marks);
  put_achievement(text, "firstResponse", marks, false);
  if (marks.one_in(2)) put_achievement(text, "firstDone", marks, true);
  if (marks.one_in(2)) put_achievement(text, "lastDone", marks, true);
  Draw counts = text.draw(kConversationCountSalt);
  put_totals(out, counts);
  put(out, R"(,"attribution":{"totalRevenue":)", counts.below(500), '.', counts.below(100), R"(,"currency":"EUR"})");
  if (counts.one_in(3)) put_satisfaction(text, counts);
  put_sla(text);
  put_custom(text);
  out += '}';
  put_relationships(text);
}

}  // namespace engagement::simulator::kustomer
