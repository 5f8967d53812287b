// What the network may send: read by a raw socket, since clients are too polite.

#include "pipeline/serve/http_server.hpp"

#include <arpa/inet.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <atomic>
#include <thread>
#include <vector>

#include "io/errors.hpp"

namespace cytocape {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;
using ::testing::StartsWith;

class Connection {
 public:
  explicit Connection(int port) : socket_(::socket(AF_INET, SOCK_STREAM, 0)) {
    sockaddr_in to{};
    to.sin_family = AF_INET;
    to.sin_port = htons(static_cast<std::uint16_t>(port));
    ::inet_pton(AF_INET, "127.0.0.1", &to.sin_addr);
    const timeval limit{.tv_sec = 5, .tv_usec = 0};
    ::setsockopt(socket_, SOL_SOCKET, SO_RCVTIMEO, &limit, sizeof limit);
    connected_ = ::connect(socket_, reinterpret_cast<const sockaddr*>(&to), sizeof to) == 0;
  }
  ~Connection() { ::close(socket_); }
  Connection(const Connection&) = delete;
  Connection& operator=(const Connection&) = delete;
  /// False where the other end takes no more.
  bool send(const std::string& text) const {  // NOLINT(modernize-use-nodiscard)
    return ::send(socket_, text.data(), text.size(), MSG_NOSIGNAL) > 0;
  }
  /// All that comes until the other end closes.
  [[nodiscard]] std::string receive() const {
    std::string text;
    std::array<char, 4096> some{};
    for (;;) {
      const auto size = ::recv(socket_, some.data(), some.size(), 0);
      if (size <= 0) return text;
      text.append(some.data(), static_cast<std::size_t>(size));
    }
  }
  [[nodiscard]] bool connected() const { return connected_; }

 private:
  int socket_;
  bool connected_ = false;
};

/// A server that answers with what it was asked.
class Network : public ::testing::Test {
 protected:
  Network()
      : server_({.threads = 8, .most_body = 1000, .seconds = 1},
                [this](const HttpRequest& request) {
                  ++asked_;
                  return HttpResponse{.body = request.method + " " + request.path + " " +
                                              std::to_string(request.body.size())};
                }),
        serving_([this] { server_.run(); }) {}
  ~Network() override {
    server_.stop();
    serving_.join();
  }
  [[nodiscard]] std::string answer_to(const std::string& text) const {
    const Connection connection(server_.port());
    connection.send(text);
    return connection.receive();
  }
  std::atomic<int> asked_{0};
  HttpServer server_;
  std::thread serving_;
};

TEST_F(Network, AnswersOnAPortOfTheKernelsChoice) {
  EXPECT_THAT(answer_to("GET /a/b?c=d HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n"),
              HasSubstr("GET /a/b 0"));
  EXPECT_THAT(
      answer_to("POST /a HTTP/1.1\r\nHost: x\r\nConnection: close\r\nContent-Length: 3\r\n\r\nabc"),
      HasSubstr("POST /a 3"));
}

struct Unfit {
  const char* what;
  std::string sent;
  const char* status;
};

TEST_F(Network, RefusesUnreadWhatIsUnfit) {
  const std::string post = "POST /a HTTP/1.1\r\nHost: x\r\n";
  for (const auto& one : {
           Unfit{"too long a body", post + "Content-Length: 1001\r\n\r\n", "413"},
           Unfit{"a body of no end", post + "Content-Length: 99999999999999999999\r\n\r\n", "413"},
           Unfit{"a compressed body",
                 post + "Content-Encoding: gzip\r\nContent-Length: 3\r\n\r\nabc", "415"},
           Unfit{"a body in chunks", post + "Transfer-Encoding: chunked\r\n\r\nFFFFFFFF\r\n",
                 "411"},
           Unfit{"another method", "DELETE /a HTTP/1.1\r\nHost: x\r\n\r\n", "405"},
           Unfit{"a long path", "GET /" + std::string(600, 'a') + " HTTP/1.1\r\nHost: x\r\n\r\n",
                 "414"},
           Unfit{"two hosts", "GET / HTTP/1.1\r\nHost: x\r\nHost: y\r\n\r\n", "400"},
       })
    EXPECT_THAT(answer_to(one.sent), StartsWith(std::string("HTTP/1.1 ") + one.status)) << one.what;
  // Nor is what such a body holds taken for a request.
  EXPECT_THAT(
      answer_to(post + "Content-Length: 1001\r\n\r\nGET /smuggled HTTP/1.1\r\nHost: x\r\n\r\n"),
      Not(HasSubstr("smuggled")));
  EXPECT_EQ(asked_, 0);
}

TEST_F(Network, OutlivesRubbishSlowClientsAndManyConnections) {
  static_cast<void>(answer_to(std::string(20000, 'x')));
  static_cast<void>(answer_to("GET / HTTP/9\r\n\r\n"));
  static_cast<void>(answer_to(std::string("\0\x01\x02\r\n\r\n", 7)));
  {
    std::vector<std::unique_ptr<Connection>> many;
    for (int i = 0; i < 200; ++i) {
      many.push_back(std::make_unique<Connection>(server_.port()));
      EXPECT_TRUE(many.back()->connected());
      many.back()->send("GET / HT");  // and no more
    }
  }
  EXPECT_THAT(answer_to("GET /still HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n"),
              HasSubstr("GET /still"));
}

/// cpp-httplib would keep header lines of any length, and as many as come.
TEST_F(Network, ReadsNoMoreOfARequestThanItMayHave) {
  const auto sent_of = [&](const std::string& line) {
    const Connection connection(server_.port());
    connection.send("GET / HTTP/1.1\r\nHost: x\r\n");
    std::size_t sent = 0;
    while (sent < std::size_t{8} << 20 && connection.send(line)) sent += line.size();
    return sent;
  };
  const std::string lines = "X-A: " + std::string(16000, 'a') + "\r\n";
  const std::string no_end(16000, 'a');
  // What the two sockets hold in between is not of the program.
  EXPECT_LT(sent_of(lines), std::size_t{7} << 20) << "many lines";
  EXPECT_LT(sent_of(no_end), std::size_t{7} << 20) << "one line";
  EXPECT_EQ(asked_, 0);
}

TEST_F(Network, ACertificateThatCannotBeReadIsRefused) {
  EXPECT_THROW(
      HttpServer(
          {.address = "127.0.0.1", .port = 1, .tls_certificate = "absent", .tls_key = "absent"},
          [](const HttpRequest&) { return HttpResponse{}; }),
      ConfigError);
}

}  // namespace
}  // namespace cytocape
