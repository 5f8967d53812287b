#include "io/decoder_messages.hpp"

#include "io/text.hpp"

namespace cytocape {
namespace {

thread_local std::set<std::string>* listening = nullptr;

}  // namespace

DecoderMessages::DecoderMessages() {
  listening = &all_;
}

DecoderMessages::~DecoderMessages() {
  listening = nullptr;
}

void DecoderMessages::say(std::string_view message) noexcept {
  if (listening != nullptr) listening->insert(one_line(message));
}

}  // namespace cytocape
