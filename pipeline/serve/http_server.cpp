#include "pipeline/serve/http_server.hpp"

#include <fmt/format.h>
#include <httplib.h>

#include <atomic>
#include <nlohmann/json.hpp>
#include <thread>

#include "io/errors.hpp"
#include "io/text.hpp"

namespace cytocape {
namespace {

constexpr std::size_t kMostPath = 512;

HttpRequest request_of(const httplib::Request& from) {
  HttpRequest request{.method = from.method == "HEAD" ? "GET" : from.method,
                      .path = from.path,
                      .query = {},
                      .host = from.get_header_value("Host"),
                      .origin = from.get_header_value("Origin"),
                      .cookie = from.get_header_value("Cookie"),
                      .csrf = from.get_header_value("X-CSRF-Token"),
                      .content_type = from.get_header_value("Content-Type"),
                      .remote = from.remote_addr,
                      .body = from.body};
  request.content_type = request.content_type.substr(0, request.content_type.find(';'));
  for (const auto& [key, value] : from.params) request.query.emplace(key, value);
  return request;
}

void fill(const HttpResponse& from, httplib::Response& to) {
  to.status = from.status;
  to.set_content(from.body, from.content_type);
  for (const auto& [name, value] : from.headers) to.set_header(name, value);
}

/// Before anything of a body is read. Status 0: go on.
HttpResponse refused_unread(const httplib::Request& request, std::size_t most_body) {
  if (request.method != "GET" && request.method != "HEAD" && request.method != "POST")
    return refusal(405, "only GET and POST are understood");
  if (request.target.size() > kMostPath) return refusal(414, "the address is too long");
  if (request.has_header("Content-Encoding")) return refusal(415, "send the body uncompressed");
  if (request.has_header("Transfer-Encoding"))
    return refusal(411, "say how long the body is, and send it whole");
  if (request.has_header("Range")) return refusal(416, "ask for the whole");
  if (request.method == "POST" && !request.has_header("Content-Length"))
    return refusal(411, "say how long the body is");
  const auto length = parse_number(request.get_header_value("Content-Length")).value_or(0);
  if (length > static_cast<double>(most_body)) return refusal(413, "the body is too long");
  if (request.get_header_value_count("Host") > 1) return refusal(400, "several hosts are named");
  return {.status = 0};
}

std::unique_ptr<httplib::Server> made(const HttpOptions& options) {
  if (options.tls_certificate.empty()) return std::make_unique<httplib::Server>();
  auto server = std::make_unique<httplib::SSLServer>(options.tls_certificate.c_str(),
                                                     options.tls_key.c_str());
  if (!server->is_valid())
    throw ConfigError(fmt::format(
        "--tls-cert {}, --tls-key {}: cannot be read as a certificate with its key (PEM)",
        options.tls_certificate, options.tls_key));
  return server;
}

}  // namespace

HttpResponse refusal(int status, std::string_view why) {
  return {.status = status,
          .body = nlohmann::json{{"error", displayable(why)}}.dump(
              -1, ' ', false, nlohmann::json::error_handler_t::replace)};
}

struct HttpServer::State {
  std::unique_ptr<httplib::Server> server;
  Answer answer;
  int port = 0;
  std::atomic<bool> began{false};
  std::atomic<bool> ended{false};
  std::atomic<bool> stopping{false};
};

HttpServer::HttpServer(const HttpOptions& options, Answer answer)
    : state_(std::make_unique<State>()) {
  state_->server = made(options);
  state_->answer = std::move(answer);
  auto& server = *state_->server;
  server.new_task_queue = [threads = options.threads] { return new httplib::ThreadPool(threads); };
  server.set_payload_max_length(options.most_body);
  server.set_read_timeout(options.seconds);
  server.set_write_timeout(options.seconds);
  // One request a connection: what is refused leaves a body behind it that must never be taken for
  // the next request, and a browser that does nothing holds no thread.
  server.set_keep_alive_max_count(1);
  server.set_tcp_nodelay(true);
  const auto reply = [this](const httplib::Request& request, httplib::Response& response) {
    fill(state_->answer(request_of(request)), response);
  };
  using Handled = httplib::Server::HandlerResponse;
  server.set_pre_routing_handler([reply, most = options.most_body](const httplib::Request& request,
                                                                   httplib::Response& response) {
    if (const auto refused = refused_unread(request, most); refused.status != 0) {
      fill(refused, response);
      return Handled::Handled;
    }
    if (request.method == "POST") return Handled::Unhandled;
    reply(request, response);
    return Handled::Handled;
  });
  server.Post(R"([\s\S]*)", reply);
  if (options.port == 0) {
    state_->port = server.bind_to_any_port(options.address);
  } else if (server.bind_to_port(options.address, options.port)) {
    state_->port = options.port;
  }
  if (state_->port <= 0)
    throw ConfigError(
        fmt::format("--address {} --port {}: cannot be had; another program may be "
                    "using it, choose another --port",
                    options.address, options.port));
}

HttpServer::~HttpServer() = default;

int HttpServer::port() const {
  return state_->port;
}

void HttpServer::run() {
  state_->began = true;
  if (!state_->stopping) state_->server->listen_after_bind();
  state_->ended = true;
}

void HttpServer::stop() {
  state_->stopping = true;
  // cpp-httplib passes over a stop that comes before it listens.
  while (state_->began && !state_->ended) {
    if (state_->server->is_running()) state_->server->stop();
    std::this_thread::sleep_for(std::chrono::milliseconds(2));
  }
}

}  // namespace cytocape
