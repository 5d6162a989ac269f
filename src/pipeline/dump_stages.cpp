#include "pipeline/dump_stages.h"

#include <filesystem>

#include "export/output_file.h"
#include "ir/dot.h"
#include "ir/text.h"

namespace toucanet {

Trace dump_stages(std::string ir, std::string graphviz, Diags& problems) {
  for (const std::string& folder : {ir, graphviz}) {
    std::error_code failed;  // the first file that cannot be written tells
    if (!folder.empty()) std::filesystem::create_directories(folder, failed);
  }
  Trace trace;
  trace.words = false;
  trace.after_stage = [ir = std::move(ir), graphviz = std::move(graphviz), &problems](Stage s, const Module& m) {
    const auto write = [&](const std::string& folder, std::string_view ending, const std::string& text) {
      const auto done = write_file(fmt::format("{}/{}_{}.{}", folder, static_cast<int>(s), name(s), ending), text);
      if (!done) problems.insert(problems.end(), done.error().begin(), done.error().end());
    };
    if (!ir.empty()) write(ir, "txt", print(m));
    if (!graphviz.empty()) write(graphviz, "dot", dot(m));
  };
  return trace;
}

}  // namespace toucanet
