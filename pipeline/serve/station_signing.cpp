#include <fmt/format.h>

#include <nlohmann/json.hpp>

#include "io/digest.hpp"
#include "io/text.hpp"
#include "pipeline/pages/report_writer.hpp"
#include "pipeline/serve/call.hpp"
#include "pipeline/serve/outbox.hpp"
#include "pipeline/serve/signing.hpp"
#include "pipeline/serve/station_json.hpp"

namespace cytocape {

/// Who signs is asked anew: a page may have been left open.
void Station::require_password(const std::string& name, const std::string& password) {
  const auto tried = try_password(name, password);
  if (tried.wait > Sessions::Clock::duration::zero())
    throw Refused(429, "wait before the next try");
  if (!tried.account) throw Refused(401, "the password is not right");
}

HttpResponse Station::sign(const Call& call) {
  const auto kind = value_named<DecisionKind>(text_of(call.body, "kind", 100));
  const bool amends = kind == DecisionKind::amend;
  if (kind != DecisionKind::verify && kind != DecisionKind::sign && !amends)
    throw Refused(400, "kind: take verify, sign or amend");
  const auto& account = call.session->account;
  if (!may(account.role, kind == DecisionKind::verify ? Right::verify : Right::sign))
    throw Refused(403, fmt::format("a {} may not do this", to_string(account.role)));
  require_password(account.name, text_of(call.body, "password", kMostPassword));
  const auto room = room_of(rooms_, call.parts[0]);
  require_record_of_page(call.body, *room);
  const auto review = room->review().now();
  if (seen_of(call.body) != review.seq)
    throw Refused(409, "something was decided meanwhile; look at the page again");
  Decision decision;
  decision.kind = *kind;
  decision.text = text_of(call.body, "text");
  if (amends && trimmed(decision.text).empty()) throw Refused(422, "text: the reason is missing");
  const auto reviewed = reviewed_report(room->report(), review, *room);
  if (!amends) {
    const auto open = open_points(reviewed, review, count(review, room->index()));
    if (!open.empty()) throw Refused(422, open.front());
    if (kind == DecisionKind::sign && review.verified.by.empty())
      throw Refused(422, "the count is not verified; a technician does that first");
  }
  decision.subject = room->record_sha256();
  decision.slide_sha256 = room->report().slide_sha256;
  decision.report_sha256 = sha256_of(report_json(reviewed));
  const auto answer =
      room->review().decide(std::move(decision), {account.name}, review.seq, room->index());
  if (!answer.row) throw Refused(answer.conflict ? 409 : 422, answer.why);
  const auto now = room->review().now();
  auto json = review_json(now, *room, account.name);
  if (kind == DecisionKind::sign)
    json["outbox"] = outbox_json(reviewed_report(room->report(), now, *room));
  return json_answer(json);
}

/// The signature stands, whatever becomes of the files: they can be written again.
nlohmann::json Station::outbox_json(const SlideReport& reviewed) const {
  if (options_.outbox.empty()) return nullptr;
  nlohmann::json json{{"files", nlohmann::json::array()}, {"fault", nullptr}};
  try {
    const auto before = signed_before(options_.out, reviewed.slide.id);
    for (const auto& file : write_to_outbox(options_.outbox, reviewed, before))
      json["files"].push_back(displayable(file.filename().string()));
  } catch (const Error& error) {
    json["fault"] = displayable(error.what());
  }
  return json;
}

HttpResponse Station::send_again(const Call& call) {
  const auto room = room_of(rooms_, call.parts[0]);
  require_record_of_page(call.body, *room);
  const auto review = room->review().now();
  if (options_.outbox.empty()) throw Refused(422, "the station was started without --outbox");
  if (review.signed_off.by.empty()) throw Refused(422, "the review is not signed");
  return json_answer({{"outbox", outbox_json(reviewed_report(room->report(), review, *room))}});
}

}  // namespace cytocape
