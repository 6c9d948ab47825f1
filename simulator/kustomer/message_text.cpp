#include "simulator/kustomer/text_parts.hpp"

namespace engagement::simulator::kustomer {

namespace {

enum : std::uint64_t { kMessageBaseSalt = 0x3E55, kMessageMetaSalt, kMessageNoteSalt };

constexpr std::string_view kMessageChannels[] = {"email", "chat", "sms", "voice"};

// An address is a text, an object or a list of either, as the channel had it.
void put_address(std::string& out, std::string_view name, Draw& draw) {
  put(out, ",\"", name, "\":");
  const std::uint64_t number = draw.below(1'000);
  switch (draw.below(5)) {
    case 0:
      put(out, "\"to", number, "@example.test\"");
      break;
    case 1:
      put(out, R"({"email":"to)", number, R"(@example.test","name":")", odd_phrase(draw), R"("})");
      break;
    case 2:
      put(out, R"([{"email":"to)", number, R"(@example.test"},{"email":"b@example.test","name":null}])");
      break;
    case 3:
      put(out, R"(["to)", number, R"(@example.test"])");
      break;
    default:
      out += "null";
  }
}

void put_meta(const RowText& text) {
  std::string& out = text.out;
  Draw draw = text.draw(kMessageMetaSalt);
  put(out, R"(,"meta":{"trackingId":")");
  put_hex(out, draw.next());
  put(out, R"(","from":"customer.)", draw.below(9'999), R"(@example.test")");
  put_address(out, "to", draw);
  put_address(out, "cc", draw);
  if (draw.one_in(3)) put_address(out, "bcc", draw);
  put(out, R"(,"subject":")", odd_phrase(draw), R"(","inReplyTo":null)");
  if (draw.one_in(4)) put(out, R"(,"payload":{"kind":"button","value":)", draw.below(9), "}");
  out += '}';
}

}  // namespace

void put_message(const RowText& text) {
  std::string& out = text.out;
  Draw draw = text.draw(kMessageBaseSalt);
  const bool out_going = draw.one_in(2);
  put(out, R"("attributes":{"channel":")", draw.pick(kMessageChannels), R"(","app":"postmark","direction":")",
      out_going ? "out" : "in", R"(","directionType":")", out_going ? "response-out" : "initial-in", R"(","subject":")",
      odd_phrase(draw), R"(","status":"sent","auto":false,"size":)", draw.below(40'000),
      R"(,"source":"api","preview":")");
  if (text.padding != 0) put_words(out, draw, text.padding / 2 + draw.below(text.padding + 1));
  put(out, odd_phrase(draw), R"(",)");
  put_time_member(out, "sentAt", text.row.created);
  put_common_attributes(text);
  put_meta(text);
  put(out, R"(,"assignedTeams":[],"assignedUsers":[],"reactions":[],"intentDetections":[],"lang":"en_us","redacted":)",
      draw.one_in(40) ? "true" : "false", R"(,"responseTime":)", draw.below(9'000'000), R"(,"responseBusinessTime":)",
      draw.below(900'000));
  if (draw.one_in(20)) {
    // The code is a number or a text.
    put(out, R"(,"error":{"code":)", draw.one_in(2) ? "406" : R"("InactiveRecipient")",
        R"(,"message":"Recipient is inactive"})");
  }
  if (draw.one_in(10))
    put(out, R"(,"custom":{"campaignStr":"c)", draw.below(30), R"(","clicksNum":)", draw.below(9), '}');
  out += '}';
  if (draw.one_in(60)) return;
  out += R"(,"relationships":{)";
  put_common_relationships(text, true);
  put_relationship(text, "customer", Kind::kCustomer);
  put_relationship(text, "conversation", Kind::kConversation);
  put(out, R"(,"shortcuts":{"data":[)");
  if (draw.one_in(3)) {
    put(out, R"({"type":"shortcut","id":")");
    put_drawn_id(out, text.organisation, Kind::kShortcut, draw);
    out += "\"}";
  }
  put(out, R"(]},"attachments":{"data":[]}})");
}

void put_note(const RowText& text) {
  std::string& out = text.out;
  Draw draw = text.draw(kMessageNoteSalt);
  put(out, R"("attributes":{"body":")");
  put_words(out, draw, 100 + draw.below(400));
  put(out, odd_phrase(draw), R"(","userMentions":[)");
  if (draw.one_in(3)) {
    put(out, R"({"type":"user","id":")");
    put_drawn_id(out, text.organisation, Kind::kUser, draw);
    out += "\"}";
  }
  out += ']';
  put_common_attributes(text);
  out += R"(},"relationships":{)";
  put_common_relationships(text, true);
  put_relationship(text, "customer", Kind::kCustomer);
  put_relationship(text, "conversation", Kind::kConversation);
  out += '}';
}

}  // namespace engagement::simulator::kustomer
