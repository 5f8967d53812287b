#include "io/assessment.hpp"

namespace cytocape::criteria {

const char* to_string(State state) {
  switch (state) {
    case State::met:
      return "met";
    case State::not_met:
      return "not met";
    case State::indeterminate:
      return "indeterminate";
    case State::not_assessable:
      break;
  }
  return "not assessable";
}

const char* to_string(Basis basis) {
  switch (basis) {
    case Basis::exact:
      return "exact";
    case Basis::counted:
      return "counted";
    case Basis::lower_bound:
      return "lower bound";
    case Basis::disputed:
      return "disputed";
    case Basis::unknown:
      break;
  }
  return "unknown";
}

const char* to_string(Axis axis) {
  switch (axis) {
    case Axis::disease:
      return "disease";
    case Axis::subtype:
      return "subtype";
    case Axis::grade:
      break;
  }
  return "grade";
}

}  // namespace cytocape::criteria
