#include "toucanet/convert.h"

#include "import/graphdef/graph_def.h"
#include "pipeline/convert.h"

namespace toucanet {
namespace {

ConvertOptions convert_options(const ConversionOptions& o) {
  ConvertOptions to;
  for (const auto& i : o.inputs) {
    InputSpec spec{i.name, {}, i.dtype};
    if (i.shape) {
      Dims dims;
      for (int64_t d : *i.shape) dims.push_back(d < 0 ? Dim::unknown() : Dim(d));
      spec.shape = Shape(std::move(dims));
    }
    to.import.inputs.push_back(std::move(spec));
  }
  to.import.outputs = o.outputs;
  to.import.allow_custom_ops = o.allow_custom_ops;
  to.import.float16_as_float32 = o.float16_as_float32;
  to.keep_dropout = o.keep_dropout;
  to.disabled = o.disabled;
  to.verify = o.verify;
  to.verification.seconds = o.verify_seconds;
  to.keep_source = false;
  return to;
}

Conversion::Tensor describe(std::string name, const TensorType& t) {
  Conversion::Tensor d{std::move(name), t.dtype, {}};
  for (const Dim& dim : t.shape.dims()) d.shape.push_back(dim.known() ? dim.value() : -1);
  return d;
}

Expected<Conversion> run(const GraphDef& g, const ConversionOptions& o) {
  TRY(Converted c, convert(g, convert_options(o)));
  const Verification& v = c.verification;
  if (v.status == Verification::Status::Wrong && !o.keep_unverified) return numbers_differ(v);
  Conversion done;
  done.bytes = std::move(c.bytes);
  const Graph& main = c.module.main();
  for (Value i : main.inputs) done.inputs.push_back(describe(main.result(i).name, main.type(i)));
  for (const auto& i : main.outputs()) done.outputs.push_back(describe(i.name, main.type(i.value)));
  done.operators = std::move(c.written.operators);
  done.pruned = std::move(c.pruned);
  for (const Notice& n : c.notices) done.notices.push_back(n.what);
  done.verified = static_cast<Conversion::Verified>(v.status);
  done.largest_difference = v.largest_difference;
  done.why_not_right = v.reason;
  return done;
}

static_assert(static_cast<int>(Conversion::Verified::Right) == static_cast<int>(Verification::Status::Right));
static_assert(static_cast<int>(Conversion::Verified::Wrong) == static_cast<int>(Verification::Status::Wrong));

}  // namespace

Expected<Conversion> convert_graph_def(std::string_view bytes, const ConversionOptions& o) {
  auto owner = std::make_shared<const std::string>(bytes);
  TRY(GraphDef g, read_graph_def(owner, *owner));
  return run(g, o);
}

Expected<Conversion> convert_graph_def_file(const std::string& path, const ConversionOptions& o) {
  TRY(GraphDef g, read_graph_def_file(path));
  return run(g, o);
}

}  // namespace toucanet
