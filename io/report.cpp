#include "io/report.hpp"

namespace cytocape {

const char* to_string(Status status) {
  switch (status) {
    case Status::ok:
      return "ok";
    case Status::insufficient:
      return "insufficient";
    case Status::incomplete:
      return "incomplete";
    case Status::failed:
      return "failed";
  }
  return "unknown";
}

const char* to_string(BlockOutcome outcome) {
  switch (outcome) {
    case BlockOutcome::analysed:
      return "analysed";
    case BlockOutcome::rejected:
      return "rejected";
    case BlockOutcome::failed:
      return "failed";
  }
  return "unknown";
}

const char* to_string(CellOutcome outcome) {
  switch (outcome) {
    case CellOutcome::classified:
      return "classified";
    case CellOutcome::excluded:
      return "excluded";
    case CellOutcome::failed:
      return "failed";
  }
  return "unknown";
}

const char* to_string(QualityCheck::Verdict verdict) {
  switch (verdict) {
    case QualityCheck::Verdict::passed:
      return "passed";
    case QualityCheck::Verdict::failed:
      return "failed";
    case QualityCheck::Verdict::not_measured:
      return "not measured";
  }
  return "unknown";
}

}  // namespace cytocape
