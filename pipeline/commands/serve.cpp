#include <fmt/format.h>
#include <malloc.h>

#include <CLI/CLI.hpp>
#include <atomic>
#include <nlohmann/json.hpp>
#include <thread>

#include "io/errors.hpp"
#include "io/report.hpp"
#include "io/secrets.hpp"
#include "pipeline/commands/command_line.hpp"
#include "pipeline/commands/commands.hpp"
#include "pipeline/commands/manners.hpp"
#include "pipeline/commands/terminal.hpp"
#include "pipeline/program/exit_code.hpp"
#include "pipeline/program/interrupt.hpp"
#include "pipeline/program/output.hpp"
#include "pipeline/serve/http_server.hpp"
#include "pipeline/serve/station.hpp"
#include "pipeline/serve/station_lock.hpp"

namespace cytocape {
namespace {

struct ServeArguments {
  StationOptions station;
  HttpOptions http;
  std::vector<std::string> hosts;
  int idle_minutes = 30;
  bool behind_proxy = false;
  bool demo_user = false;
  bool json = false;
  bool quiet = false;
};

bool is_loopback(const std::string& address) {
  return address == "127.0.0.1" || address == "::1" || address == "localhost";
}

/// Passwords and patients' cells do not travel in the clear.
void check(const ServeArguments& arguments) {
  const auto& http = arguments.http;
  if (http.tls_certificate.empty() != http.tls_key.empty())
    throw ConfigError("--tls-cert, --tls-key: give both, or none");
  const bool is_private = is_loopback(http.address);
  if (!is_private && http.tls_certificate.empty() && !arguments.behind_proxy)
    throw ConfigError(fmt::format(
        "--address {}: would be reached by other computers in the clear; give --tls-cert and "
        "--tls-key, or --behind-proxy where a proxy does TLS",
        http.address));
  if (arguments.demo_user && (!is_private || arguments.behind_proxy))
    throw ConfigError(
        "--demo-user: is for this computer alone; leave --address and --behind-proxy "
        "away");
}

/// As a browser writes it: an IPv6 address stands in brackets.
std::string in_address(const std::string& host) {
  return host.find(':') != std::string::npos && !host.starts_with('[') ? "[" + host + "]" : host;
}

std::set<std::string> hosts_of(const ServeArguments& arguments, int port) {
  std::set<std::string> hosts;
  auto names = arguments.hosts;
  names.push_back(arguments.http.address);
  if (is_loopback(arguments.http.address))
    names.insert(names.end(), {"127.0.0.1", "localhost", "[::1]"});
  for (const auto& name : names) {
    hosts.insert(fmt::format("{}:{}", in_address(name), port));
    if (arguments.behind_proxy || port == 443) hosts.insert(in_address(name));
  }
  return hosts;
}

void tell(const ServeArguments& arguments, int port, const std::string& password) {
  const bool is_everywhere = arguments.http.address == "0.0.0.0" || arguments.http.address == "::";
  const auto address =
      fmt::format("{}://{}:{}/", arguments.http.tls_certificate.empty() ? "http" : "https",
                  is_everywhere ? "THIS-COMPUTER" : in_address(arguments.http.address), port);
  if (arguments.json) {
    print_document({{"address", address},
                    {"port", port},
                    {"user", password.empty() ? nlohmann::json() : nlohmann::json("demo")},
                    {"password", password.empty() ? nlohmann::json() : nlohmann::json(password)},
                    {"research_use", kResearchUse}});
    return;
  }
  print_line("the review station is at " + address + " (Ctrl-C ends it)");
  if (!password.empty()) print_line("  log in as demo, password " + password);
  print_line(kResearchUse);
}

int serve(ServeArguments& arguments) {
  check(arguments);
  // An arena a thread would keep the largest answer of each.
  constexpr int kArenas = 4;
  ::mallopt(M_ARENA_MAX, kArenas);
  const auto lock = take_station_lock(arguments.station.out);
  std::string password;
  std::unique_ptr<Accounts> accounts;
  if (arguments.demo_user) {
    password = random_token().substr(0, 12);
    accounts = Accounts::of_demo(password);
  } else {
    accounts = std::make_unique<Accounts>(arguments.station.out);
    if (accounts->all().empty())
      throw ConfigError(fmt::format(
          "{}: nobody may log in yet; name somebody with: cytocape review add-user {} --name NAME "
          "--role signer",
          arguments.station.out.string(), arguments.station.out.string()));
  }
  arguments.station.idle = std::chrono::minutes(arguments.idle_minutes);
  arguments.station.secure_cookie =
      !arguments.http.tls_certificate.empty() || arguments.behind_proxy;
  Station station(arguments.station, std::move(accounts));
  HttpServer server(arguments.http,
                    [&](const HttpRequest& request) { return station.answer(request); });
  station.set_hosts(hosts_of(arguments, server.port()));
  tell(arguments, server.port(), password);
  if (!lock)
    print_error(fmt::format("{}: cannot be written to: it is shown, and no decision is kept",
                            arguments.station.out.string()));
  const InterruptGuard interrupt;
  std::thread serving([&] { server.run(); });
  while (!interrupt.flag()) std::this_thread::sleep_for(std::chrono::milliseconds(100));
  station.end_waiting();
  server.stop();
  serving.join();
  return kExitOk;
}

}  // namespace

void add_serve_command(CLI::App& app, int& exit_code) {
  auto arguments = std::make_shared<ServeArguments>();
  auto* http = &arguments->http;
  http->port = 8080;
  auto* command = app.add_subcommand("serve", description_of("serve"));
  command->add_option("out", arguments->station.out, "Folder of reports: the --out of analyze")
      ->required()
      ->check(CLI::ExistingDirectory);
  command->add_option("--port", http->port, "Port; 0 takes a free one")
      ->check(CLI::Range(0, 65535))
      ->capture_default_str();
  command
      ->add_option("--address", http->address,
                   "Address to listen at; other than this computer only with TLS")
      ->capture_default_str();
  command->add_option("--tls-cert", http->tls_certificate, "Certificate, PEM");
  command->add_option("--tls-key", http->tls_key, "Its key, PEM");
  command->add_flag("--behind-proxy", arguments->behind_proxy,
                    "A proxy does TLS and names the host (--host)");
  command->add_option("--host", arguments->hosts,
                      "Names by which browsers reach it, beside the address");
  command->add_option("--slides", arguments->station.slides,
                      "Folder in which slides are that were moved after their analysis");
  command
      ->add_option("--outbox", arguments->station.outbox,
                   "Folder into which each signed result is written (FHIR, HL7), for other systems")
      ->check(CLI::ExistingDirectory);
  command->add_option("--idle", arguments->idle_minutes, "Minutes after which an idle session ends")
      ->check(CLI::Range(1, 600))
      ->capture_default_str();
  command->add_flag("--demo-user", arguments->demo_user,
                    "One account, whose password is printed; for trying it on this computer");
  add_manners(*command, arguments->json, arguments->quiet);
  command->callback([arguments, &exit_code] { exit_code = serve(*arguments); });
}

}  // namespace cytocape
