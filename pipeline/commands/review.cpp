#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <iostream>
#include <nlohmann/json.hpp>

#include "io/errors.hpp"
#include "io/report.hpp"
#include "pipeline/commands/command_line.hpp"
#include "pipeline/commands/commands.hpp"
#include "pipeline/commands/manners.hpp"
#include "pipeline/commands/terminal.hpp"
#include "pipeline/program/exit_code.hpp"
#include "pipeline/program/output.hpp"
#include "pipeline/review/review_file.hpp"
#include "pipeline/review/training_cells.hpp"
#include "pipeline/serve/accounts.hpp"

namespace cytocape {
namespace {

struct ReviewArguments {
  std::string action;
  std::filesystem::path out;
  std::string name;
  std::string role;
  std::filesystem::path cells;
  std::filesystem::path slides;
  bool json = false;
  bool quiet = false;
};

int verify(const ReviewArguments& arguments) {
  auto ledgers = check_reviews(arguments.out);
  const bool none = ledgers.empty();
  if (const auto accounts = arguments.out / kAccountsFile; std::filesystem::exists(accounts))
    ledgers.push_back(checked_ledger(accounts));
  bool whole = true;
  auto list = nlohmann::json::array();
  for (const auto& review : ledgers) {
    whole = whole && review.fault.empty();
    list.push_back(
        {{"file", review.path.string()},
         {"rows", review.rows},
         {"head", review.head},
         {"fault", review.fault.empty() ? nlohmann::json() : nlohmann::json(review.fault)},
         {"remarks", review.remarks}});
    if (arguments.json) continue;
    if (review.fault.empty())
      print_line(fmt::format("{}: {} rows, whole; last hash {}", review.path.string(), review.rows,
                             review.head));
    else
      print_error(fmt::format("{}: {}", review.path.string(), review.fault));
    for (const auto& remark : review.remarks) print_wrapped("  ", remark);
  }
  if (arguments.json)
    print_document({{"reviews", list}, {"whole", whole}, {"research_use", kResearchUse}});
  else if (none)
    print_line(arguments.out.string() + ": no slide was reviewed");
  if (!arguments.json) print_line(kResearchUse);
  return whole ? kExitOk : kExitFailed;
}

int add_user(const ReviewArguments& arguments) {
  if (arguments.name.empty() || arguments.role.empty())
    throw ConfigError("add-user: --name and --role are needed, as --name rey --role signer");
  std::string password;
  std::getline(std::cin, password);
  if (password.ends_with('\r')) password.pop_back();  // of a file written elsewhere
  Accounts accounts(arguments.out);
  accounts.set({.name = arguments.name, .role = role_named(arguments.role)}, password,
               "command line");
  if (arguments.json)
    print_document({{"name", arguments.name},
                    {"role", arguments.role},
                    {"file", accounts.path().string()},
                    {"research_use", kResearchUse}});
  if (arguments.json) return kExitOk;
  print_line(fmt::format("{} may review {} as {}", arguments.name, arguments.out.string(),
                         arguments.role));
  print_line(kResearchUse);
  return kExitOk;
}

int write_cells(const ReviewArguments& arguments) {
  if (arguments.cells.empty())
    throw ConfigError("cells: --out is needed: a new folder for the pictures");
  const auto written = write_training_cells(
      {.reports = arguments.out, .out = arguments.cells, .slides = arguments.slides});
  if (arguments.json) {
    print_document({{"folder", arguments.cells.string()},
                    {"cells", written.cells},
                    {"mpp_um_px", written.mpp},
                    {"left_out", written.left_out},
                    {"research_use", kResearchUse}});
    return kExitOk;
  }
  for (const auto& [name, count] : written.cells)
    print_line(fmt::format("{:<24}{:>6} {}", name, count, count == 1 ? "cell" : "cells"));
  for (const auto& slide : written.left_out) print_error(slide);
  print_line(fmt::format("  teach a model: cytocape adapt MODEL {} --mpp {:.6g} --out NEW",
                         arguments.cells.string(), written.mpp));
  print_line(kResearchUse);
  return kExitOk;
}

}  // namespace

void add_review_command(CLI::App& app, int& exit_code) {
  auto arguments = std::make_shared<ReviewArguments>();
  auto* command = app.add_subcommand("review", description_of("review"));
  command
      ->add_option("action", arguments->action,
                   "verify: check the chains of all reviews; add-user: take a password from stdin; "
                   "cells: write verified cells by class, to teach a model")
      ->required()
      ->check(CLI::IsMember({"verify", "add-user", "cells"}));
  command->add_option("out", arguments->out, "Folder of reports: the --out of analyze")->required();
  command->add_option("--name", arguments->name, "Name of the account");
  command->add_option("--role", arguments->role, "What the account may do")
      ->check(CLI::IsMember(all_codes<Role>()));
  command->add_option("--out", arguments->cells, "New folder for the pictures of cells");
  command->add_option("--slides", arguments->slides,
                      "Folder in which slides are that were moved after their analysis");
  add_manners(*command, arguments->json, arguments->quiet);
  command->callback([arguments, &exit_code] {
    exit_code = arguments->action == "verify"  ? verify(*arguments)
                : arguments->action == "cells" ? write_cells(*arguments)
                                               : add_user(*arguments);
  });
}

}  // namespace cytocape
