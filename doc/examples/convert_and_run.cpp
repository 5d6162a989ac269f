// Converts a frozen graph, runs the result once on zeros, writes it.
#include <cstdio>
#include <fstream>

#include "toucanet/convert.h"
#include "toucanet/interpreter.h"

static int fail(const toucanet::Diags& problems) { return std::fprintf(stderr, "%s\n", str(problems).c_str()), 1; }

int main(int argc, char** argv) {
  if (argc != 3) return std::fprintf(stderr, "usage: convert_and_run frozen_graph.pb model.tflite\n"), 2;
  auto converted = toucanet::convert_graph_def_file(argv[1]);
  if (!converted) return fail(converted.error());

  auto model = toucanet::Interpreter::from_bytes(converted->bytes, {.threads = 2});
  if (!model) return fail(model.error());
  if (auto s = model->allocate(); !s) return fail(s.error());
  for (const auto& input : model->inputs())
    for (std::byte& b : model->data(input.index)) b = std::byte{0};
  if (auto s = model->invoke(); !s) return fail(s.error());
  for (float y : model->output<float>(0)) std::printf("%g\n", y);

  std::ofstream(argv[2], std::ios::binary) << converted->bytes;
}
