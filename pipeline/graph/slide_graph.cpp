#include "pipeline/graph/slide_graph.hpp"

#include <oneapi/tbb/flow_graph.h>
#include <oneapi/tbb/global_control.h>
#include <oneapi/tbb/task_arena.h>

#include <utility>

#include "pipeline/graph/batcher.hpp"
#include "pipeline/graph/device_queue.hpp"
#include "pipeline/graph/slide_source.hpp"
#include "pipeline/graph/stages.hpp"

namespace cytocape {
namespace {

namespace flow = oneapi::tbb::flow;

struct Token {};
using WorkWithToken = std::tuple<BlockWorkPtr, Token>;
using BatchNode = flow::multifunction_node<BlockWorkPtr, std::tuple<BatchPtr, Token>>;
using ClassifyNode = flow::async_node<BatchPtr, BatchPtr>;
using ReportNode = flow::multifunction_node<BatchPtr, std::tuple<Token>>;

/// Enough that every thread has a block at hand while others wait in order behind a slow one.
int tokens_for(int threads) {
  return 2 * threads + 2;
}

bool stopped(const GraphOptions& options) {
  return options.stop != nullptr && *options.stop;
}

void run_in_arena(SlideSource& source, DeviceQueue& device, const GraphOptions& options,
                  SlideSink& sink) {
  flow::graph graph;
  Batcher batcher(device.batch_cells());

  flow::input_node<BlockWorkPtr> plan(graph, [&](oneapi::tbb::flow_control& control) {
    auto work = stopped(options) ? nullptr : source.next();
    if (!work) control.stop();
    return work;
  });
  flow::buffer_node<Token> tokens(graph);
  flow::join_node<WorkWithToken, flow::reserving> bound(graph);
  flow::function_node<WorkWithToken, BlockWorkPtr> locate(graph, flow::unlimited,
                                                          [&](const WorkWithToken& input) {
                                                            const auto& work = std::get<0>(input);
                                                            if (!stopped(options))
                                                              locate_block(*work);
                                                            return work;
                                                          });
  flow::function_node<BlockWorkPtr, BlockWorkPtr> crop(graph, flow::unlimited,
                                                       [&](const BlockWorkPtr& work) {
                                                         if (!stopped(options)) crop_block(*work);
                                                         return work;
                                                       });
  flow::sequencer_node<BlockWorkPtr> order(graph,
                                           [](const BlockWorkPtr& work) { return work->sequence; });
  BatchNode batch(graph, flow::serial,
                  [&](const BlockWorkPtr& work, BatchNode::output_ports_type& out) {
                    const auto result = batcher.add(work);
                    for (const auto& closed : result.closed) std::get<0>(out).try_put(closed);
                    for (int i = 0; i < result.freed_tokens; ++i) std::get<1>(out).try_put(Token{});
                  });
  ClassifyNode classify(graph, flow::unlimited,
                        [&](const BatchPtr& input, ClassifyNode::gateway_type& gateway) {
                          gateway.reserve_wait();
                          device.submit(input, [&gateway](const BatchPtr& done) {
                            gateway.try_put(done);
                            gateway.release_wait();
                          });
                        });
  flow::sequencer_node<BatchPtr> regroup(graph,
                                         [](const BatchPtr& done) { return done->sequence; });
  ReportNode report(graph, flow::serial,
                    [&](const BatchPtr& done, ReportNode::output_ports_type& out) {
                      if (!stopped(options)) sink.take(*done);
                      for (int i = 0; i < done->tokens; ++i) std::get<0>(out).try_put(Token{});
                    });

  flow::make_edge(plan, flow::input_port<0>(bound));
  flow::make_edge(tokens, flow::input_port<1>(bound));
  flow::make_edge(bound, locate);
  flow::make_edge(locate, crop);
  flow::make_edge(crop, order);
  flow::make_edge(order, batch);
  flow::make_edge(flow::output_port<0>(batch), classify);
  flow::make_edge(flow::output_port<1>(batch), tokens);
  flow::make_edge(classify, regroup);
  flow::make_edge(regroup, report);
  flow::make_edge(flow::output_port<0>(report), tokens);

  for (int i = 0; i < tokens_for(options.threads); ++i) tokens.try_put(Token{});
  plan.activate();
  graph.wait_for_all();
}

}  // namespace

void run_slide_graph(const std::vector<SlideRequest>& slides,
                     const std::shared_ptr<const RunContext>& run, const GraphOptions& options,
                     SlideSink& sink) {
  SlideSource source(slides, run);
  DeviceQueue device(*run);
  const oneapi::tbb::global_control limit(oneapi::tbb::global_control::max_allowed_parallelism,
                                          static_cast<std::size_t>(options.threads));
  oneapi::tbb::task_arena arena(options.threads);
  arena.execute([&] { run_in_arena(source, device, options, sink); });
}

}  // namespace cytocape
