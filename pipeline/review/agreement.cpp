#include "pipeline/review/agreement.hpp"

#include "pipeline/settings/taxonomy.hpp"

namespace cytocape {
namespace {

/// What each cell was before anybody decided on it.
std::map<std::uint64_t, std::string> called_of(std::span<const LedgerEntry> rows) {
  std::map<std::uint64_t, std::string> called;
  for (const auto& row : rows) {
    const auto decision = decision_of(row.what.kind, row.what.body);
    for (std::size_t i = 0; i < decision.cells.size() && i < decision.from.size(); ++i)
      called.try_emplace(decision.cells[i], decision.from[i]);
  }
  return called;
}

}  // namespace

AgreementByMonth agreement_of_model(std::span<const LedgerEntry> rows, const Review& review) {
  constexpr std::size_t kMonth = 7;
  const auto called = called_of(rows);
  AgreementByMonth result;
  for (const auto& [id, cell] : review.cells) {
    const auto before = called.find(id);
    if (id >= kFirstPlacedId || before == called.end() || cell.seq < 1 ||
        cell.seq > static_cast<std::int64_t>(rows.size()))
      continue;
    const auto* known = find_cell_class(before->second);
    if (known == nullptr) continue;
    const auto& at = rows[static_cast<std::size_t>(cell.seq) - 1].what.at;
    auto& sum = result[{at.substr(0, kMonth), known->code}];
    ++sum.seen;
    if (!cell.name.empty() && cell_class(cell.name).code == known->code) ++sum.kept;
  }
  return result;
}

}  // namespace cytocape
