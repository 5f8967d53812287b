#pragma once

/// The one place where the station meets the network: cpp-httplib behind a request and an answer.

#include <cstdint>
#include <functional>
#include <memory>
#include <string>

#include "pipeline/serve/http.hpp"

namespace cytocape {

struct HttpOptions {
  std::string address = "127.0.0.1";
  int port = 0;                     ///< 0: the kernel chooses one
  std::string tls_certificate;      ///< PEM file; empty: no TLS
  std::string tls_key;              ///< PEM file
  std::size_t threads = 64;         ///< connections that are served at once; others wait
  std::size_t most_body = 1 << 20;  ///< bytes; longer ones are refused unread
  int seconds = 10;                 ///< that a read or a write may stand still
};

/// Bound once constructed; a connection serves one request. `answer` is called from many threads at
/// once and may throw nothing. Refuses unread: methods but GET, HEAD and POST (405), paths longer
/// than 512 bytes (414), bodies that are compressed or sent in chunks (415, 411), or longer than
/// `most_body` (413). A request of more than `most_body` and 64 KiB in all, or that takes six times
/// `seconds` to come, is cut off.
class HttpServer {
 public:
  using Answer = std::function<HttpResponse(const HttpRequest&)>;
  /// Throws ConfigError where the address cannot be had or the certificate cannot be read.
  HttpServer(const HttpOptions& options, Answer answer);
  ~HttpServer();
  HttpServer(const HttpServer&) = delete;
  HttpServer& operator=(const HttpServer&) = delete;

  [[nodiscard]] int port() const;
  /// Serves until `stop`, which may come from any thread.
  void run();
  void stop();

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace cytocape
