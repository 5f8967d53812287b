#include "pipeline/serve/http_server.hpp"

#include <fmt/format.h>
#include <httplib.h>
#include <netdb.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <atomic>
#include <cerrno>
#include <chrono>
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

/// cpp-httplib 0.11 bounds a body, but neither a header line nor their number, nor the time that a
/// client takes for both. A connection serves one request: what it may send in all is known.
struct RequestBounds {
  static constexpr std::size_t kHead = std::size_t{64} << 10;
  std::size_t bytes = 0;
  std::chrono::seconds whole{0};  ///< from the connection to the last byte of the request
  std::chrono::seconds still{0};  ///< that a read or a write may stand still
};
using Clock = std::chrono::steady_clock;

/// A socket from which no more is read than its bounds.
class BoundedStream final : public httplib::Stream {
 public:
  BoundedStream(socket_t socket, const RequestBounds& bounds)
      : socket_(socket), bounds_(bounds), end_(Clock::now() + bounds.whole) {}

  [[nodiscard]] bool is_readable() const override { return at_ < size_ || waits_for(POLLIN); }
  [[nodiscard]] bool is_writable() const override { return waits_for(POLLOUT); }
  ssize_t read(char* to, size_t size) override {
    if (at_ == size_ && !fill()) return -1;
    const auto some = std::min(size, size_ - at_);
    std::copy_n(buffer_.data() + at_, some, to);
    at_ += some;
    return static_cast<ssize_t>(some);
  }
  ssize_t write(const char* from, size_t size) override {
    return is_writable() ? ::send(socket_, from, size, MSG_NOSIGNAL) : -1;
  }
  void get_remote_ip_and_port(std::string& ip, int& port) const override {
    name(::getpeername, ip, port);
  }
  void get_local_ip_and_port(std::string& ip, int& port) const override {
    name(::getsockname, ip, port);
  }
  [[nodiscard]] socket_t socket() const override { return socket_; }

 private:
  [[nodiscard]] bool waits_for(short what) const {
    using std::chrono::milliseconds;
    const auto left = std::chrono::duration_cast<milliseconds>(end_ - Clock::now());
    const auto most = what == POLLIN ? std::min<milliseconds>(left, bounds_.still) : bounds_.still;
    if (most < milliseconds::zero()) return false;
    pollfd one{.fd = socket_, .events = what, .revents = 0};
    return ::poll(&one, 1, static_cast<int>(most.count())) > 0 && (one.revents & what) != 0;
  }
  bool fill() {
    if (read_ >= bounds_.bytes || !waits_for(POLLIN)) return false;
    const auto got =
        ::recv(socket_, buffer_.data(), std::min(buffer_.size(), bounds_.bytes - read_), 0);
    if (got <= 0) return false;
    at_ = 0;
    size_ = static_cast<std::size_t>(got);
    read_ += size_;
    return true;
  }
  template <typename Ask>
  void name(Ask ask, std::string& ip, int& port) const {
    sockaddr_storage address{};
    socklen_t length = sizeof address;
    auto* general = reinterpret_cast<sockaddr*>(&address);
    std::array<char, NI_MAXHOST> host{};
    std::array<char, NI_MAXSERV> service{};
    if (ask(socket_, general, &length) != 0 ||
        ::getnameinfo(general, length, host.data(), host.size(), service.data(), service.size(),
                      NI_NUMERICHOST | NI_NUMERICSERV) != 0)
      return;
    ip = host.data();
    port = static_cast<int>(parse_number(service.data()).value_or(0));
  }

  socket_t socket_;
  RequestBounds bounds_;
  Clock::time_point end_;
  std::array<char, 4096> buffer_{};
  std::size_t at_ = 0;    ///< of the buffer
  std::size_t size_ = 0;  ///< of the buffer
  std::size_t read_ = 0;  ///< from the socket
};

class PlainServer final : public httplib::Server {
 public:
  explicit PlainServer(const RequestBounds& bounds) : bounds_(bounds) {}

 private:
  bool process_and_close_socket(socket_t socket) override {
    bool served = false;
    {
      BoundedStream stream(socket, bounds_);
      bool closed = false;
      served = stream.is_readable() && process_request(stream, true, closed, nullptr);
    }
    ::shutdown(socket, SHUT_RDWR);
    ::close(socket);
    return served;
  }
  RequestBounds bounds_;
};

/// Of one connection; OpenSSL keeps it, and frees it with the connection.
struct Received {
  std::uint64_t bytes = 0;
  Clock::time_point since;
};

/// TLS: what OpenSSL receives is counted by its records, and the socket closed for more.
class TlsServer final : public httplib::SSLServer {
 public:
  TlsServer(const HttpOptions& options, const RequestBounds& bounds)
      : SSLServer(options.tls_certificate.c_str(), options.tls_key.c_str()), bounds_(bounds) {
    if (!is_valid()) return;
    SSL_CTX_set_msg_callback(ssl_context(), &TlsServer::on_record);
    SSL_CTX_set_msg_callback_arg(ssl_context(), this);
  }

 private:
  static int place() {
    static const int index = SSL_get_ex_new_index(
        0, nullptr, nullptr, nullptr, [](void*, void* held, CRYPTO_EX_DATA*, int, long, void*) {
          delete static_cast<Received*>(held);
        });
    return index;
  }
  static void on_record(int sent, int /*version*/, int type, const void* data, std::size_t size,
                        SSL* tls, void* self) {
    constexpr std::size_t kHeader = 5;
    if (sent != 0 || type != SSL3_RT_HEADER || size < kHeader) return;
    auto* received = static_cast<Received*>(SSL_get_ex_data(tls, place()));
    if (received == nullptr) {
      received = new Received{.bytes = 0, .since = Clock::now()};
      SSL_set_ex_data(tls, place(), received);
    }
    const auto* header = static_cast<const std::uint8_t*>(data);
    received->bytes += kHeader + (std::size_t{header[3]} << 8U) + header[4];
    const auto& bounds = static_cast<const TlsServer*>(self)->bounds_;
    if (received->bytes > bounds.bytes || Clock::now() > received->since + bounds.whole)
      ::shutdown(SSL_get_fd(tls), SHUT_RD);
  }
  RequestBounds bounds_;
};

std::unique_ptr<httplib::Server> made(const HttpOptions& options) {
  const RequestBounds bounds{.bytes = options.most_body + RequestBounds::kHead,
                             .whole = std::chrono::seconds(6 * options.seconds),
                             .still = std::chrono::seconds(options.seconds)};
  if (options.tls_certificate.empty()) return std::make_unique<PlainServer>(bounds);
  auto server = std::make_unique<TlsServer>(options, bounds);
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
