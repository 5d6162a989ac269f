#include "kernel_uses.h"

#include <fmt/format.h>

namespace toucanet {

static constexpr const char* lengths[] = {"0", "1", "7", "8", "9", "15", "16", "17", "31", "33", "2,3,5", "3,20001"};
static constexpr std::string_view of_i8 = "{scale=0.05;zero=-7}";

std::vector<OneOperator> unary_floats() {
  std::vector<OneOperator> all;
  const auto add = [&](std::string_view call, uint32_t ulps) {
    for (const char* n : lengths) all.push_back({fmt::format("  %x = input \"x\" : f32[{}]\n  %y = {}\n  return %y \"y\"\n", n, call), ulps});
  };
  for (const char* op : {"abs", "neg", "relu", "relu6", "relu_n1_to_1", "relu_0_to_1", "hard_swish", "sqrt", "rsqrt", "square"})
    add(fmt::format("{}(%x)", op), 0);
  for (const char* op : {"exp", "logistic", "tanh"}) add(fmt::format("{}(%x)", op), 4);
  for (const char* alpha : {"0.1", "1.5", "-0.5"}) add(fmt::format("leaky_relu(%x) {{alpha={}}}", alpha), 0);
  return all;
}

std::vector<OneOperator> tables() {
  std::vector<OneOperator> all;
  const auto add = [&](std::string_view call, std::string_view in, std::string_view out) {
    for (const char* n : {"1", "7", "8", "9", "2,3,5", "3,6001"})
      all.push_back({fmt::format("  %x = input \"x\" : {0}\n  %y = {1} : {2}\n  return %y \"y\"\n", fmt::format(fmt::runtime(in), n), call,
                                 fmt::format(fmt::runtime(out), n))});
  };
  const std::string i8 = "i8[{}]{{scale=0.05;zero=-7}}", u8 = "u8[{}]{{scale=0.05;zero=130}}", small = "i8[{}]{{scale=0.03;zero=3}}";
  for (const char* op : {"relu", "relu6", "relu_n1_to_1", "relu_0_to_1", "leaky_relu", "hard_swish", "elu", "gelu", "abs", "exp"})
    add(fmt::format("{}(%x)", op), i8, small);
  for (const char* op : {"relu", "relu6", "leaky_relu", "hard_swish"}) add(fmt::format("{}(%x)", op), u8, "u8[{}]{{scale=0.03;zero=3}}");
  add("logistic(%x)", i8, "i8[{}]{{scale=0.00390625;zero=-128}}");
  add("tanh(%x)", i8, "i8[{}]{{scale=0.0078125;zero=0}}");
  add("quantize(%x) {result_dtype=i8}", u8, small);
  add("quantize(%x) {result_dtype=i8}", i8, small);
  add("dequantize(%x)", i8, "f32[{}]");
  add("dequantize(%x)", u8, "f32[{}]");
  return all;
}

/// Shapes that meet in different ways; the last is the result's.
static constexpr const char* pairs[][3] = {{"1", "1", "1"},
                                           {"17", "17", "17"},
                                           {"2,3,5", "2,3,5", "2,3,5"},
                                           {"4,33", "33", "4,33"},
                                           {"3", "5,7,3", "5,7,3"},
                                           {"5,7,3", "3", "5,7,3"},
                                           {"40,1", "40,9", "40,9"},
                                           {"6,9", "", "6,9"},
                                           {"", "31", "31"},
                                           {"2,1,5", "1,3,5", "2,3,5"},
                                           {"3,1,2,1", "4,1,6", "3,4,2,6"},
                                           {"3,20001", "3,20001", "3,20001"},
                                           {"2,20001", "2,1", "2,20001"},
                                           {"0,3", "3", "0,3"},
                                           {"64,8", "8", "64,8"}};

std::vector<OneOperator> binaries() {
  std::vector<OneOperator> all;
  const auto add = [&](const std::string& op, std::string_view tx, std::string_view ty, std::string_view tz, std::string_view attrs, bool keeps_x) {
    for (const auto& [x, y, z] : pairs)
      for (const bool constant : {false, true}) {
        if (keeps_x && std::string_view(x) != z) continue;
        const std::string head = tx == "f32" ? "f32" : "i8";
        const auto type = [&](const char* dims, std::string_view quant) { return head + "[" + dims + "]" + (tx == "f32" ? "" : std::string(quant)); };
        const std::string right = constant ? "const" : "input \"b\"";
        all.push_back({fmt::format("  %a = input \"a\" : {}\n  %b = {} : {}\n  %y = {}(%a, %b){} : {}\n  return %y \"y\"\n", type(x, tx), right, type(y, ty),
                                   op, attrs, type(z, tz))});
        if (constant && !keeps_x)
          all.push_back({fmt::format("  %b = input \"b\" : {}\n  %a = const : {}\n  %y = {}(%a, %b){} : {}\n  return %y \"y\"\n", type(y, ty), type(x, tx), op,
                                     attrs, type(z, tz))});
      }
  };
  for (const char* op : {"add", "sub", "mul", "div"})
    for (const char* a : {"", " {fused_activation_function=relu}", " {fused_activation_function=relu6}", " {fused_activation_function=relu_n1_to_1}"})
      add(op, "f32", "", "", a, false);
  add("squared_difference", "f32", "", "", "", false);
  add("prelu", "f32", "", "", "", true);
  for (const char* op : {"add", "sub", "mul"})
    for (const char* a : {"", " {fused_activation_function=relu}", " {fused_activation_function=relu6}"}) {
      add(op, of_i8, "{scale=0.021;zero=5}", "{scale=0.083;zero=-20}", a, false);
      add(op, of_i8, "{scale=0.5;zero=-128}", "{scale=0.6;zero=127}", a, false);
    }
  return all;
}

std::vector<OneOperator> windows() {
  std::vector<OneOperator> all;
  const auto add = [&](bool depthwise, int h, int w, int c, int n, int k, std::string_view attrs) {
    const int out = depthwise ? c : n;
    const std::string filter = depthwise ? fmt::format("1,{},{},{}", k, k, c) : fmt::format("{},{},{},{}", n, k, k, c);
    const char* op = depthwise ? "depthwise_conv_2d" : "conv_2d";
    all.push_back({fmt::format("  %x = input \"x\" : f32[2,{},{},{}]\n  %w = const : f32[{}]\n  %b = const : f32[{}]\n  %y = {}(%x, %w, %b) {{{}}}\n"
                               "  return %y \"y\"\n",
                               h, w, c, filter, out, op, attrs),
                   0, static_cast<float>(k * k * (depthwise ? 1 : c)) * 4e-6f});
    all.push_back(
        {fmt::format("  %x = input \"x\" : i8[2,{},{},{}]{}\n  %w = const : i8[{}]{{scale=0.01}}\n  %b = const : i32[{}]\n"
                     "  %y = {}(%x, %w, %b) {{{}}} : i8[2,?,?,{}]{{scale=0.7;zero=3}}\n  return %y \"y\"\n",
                     h, w, c, of_i8, filter, out, op, attrs, out)});
    const auto other = [&](std::string_view x, std::string_view f, std::string_view b, std::string_view y) {
      const std::string bias = b.empty() ? "" : fmt::format("  %b = const : {}[{}]\n", b.substr(0, b.find('{')), out);
      all.push_back({fmt::format(
          "  %x = input \"x\" : {0}[2,{1},{2},{3}]{4}\n  %w = const : {5}[{6}]{7}\n{8}  %y = {9}(%x, %w{10}) {{{11}}}{12}\n"
          "  return %y \"y\"\n",
          x.substr(0, x.find('{')), h, w, c, x.find('{') < x.size() ? x.substr(x.find('{')) : "", f.substr(0, f.find('{')), filter, f.substr(f.find('{')), bias,
          op, b.empty() ? "" : ", %b", attrs, y.empty() ? "" : fmt::format(" : {}[2,?,?,{}]{}", y.substr(0, y.find('{')), out, y.substr(y.find('{'))))});
    };
    std::string scales = "0.01";
    for (int i = 1; i < out; ++i) scales += fmt::format(":{}", 0.01 + 0.001 * i);
    if (!depthwise) other("f32", "i8{scale=0.01}", "f32", "");
    other("f32", fmt::format("i8{{scale={};axis={}}}", scales, depthwise ? 3 : 0), k % 2 ? "f32" : "", "");
    for (const char* zero : {"128", "131", "0", "90", "255"})
      other("u8{scale=0.05;zero=130}", fmt::format("u8{{scale=0.01;zero={}}}", zero), "", "u8{scale=2.5;zero=120}");
    other("i16{scale=0.0005}", "i8{scale=0.01}", k % 2 ? "i64" : "", "i16{scale=0.004}");
    if (!depthwise) other("i16{scale=0.0005}", "i8{scale=0.01}", "i32", "i16{scale=0.004}");
  };
  for (const bool depthwise : {false, true})
    for (const int c : {1, 3, 8, 15, 16, 17, 33})
      for (const int k : {1, 2, 3, 5})
        for (const char* attrs : {"padding=same", "padding=valid, fused_activation_function=relu6", "padding=same, stride_h=2, stride_w=2",
                                  "padding=same, dilation_h_factor=2, dilation_w_factor=3"}) {
          add(depthwise, 11, 14, c, c == 3 ? 8 : c == 8 ? 7 : c + 1, k, attrs);
        }
  return all;
}

std::vector<OneOperator> movements() {
  std::vector<OneOperator> all;
  for (const char* t : {"f32", "i32", "i8"})
    for (const int c : {1, 3, 17}) {
      all.push_back({fmt::format(
          "  %x = input \"x\" : {0}[2,3,{1}]\n  %z = input \"z\" : {0}[2,3,5]\n  %y = concatenation(%x, %z, %x) {{axis=-1}}\n  return %y \"y\"\n", t, c)});
      all.push_back({fmt::format(
          "  %x = input \"x\" : {0}[2,{1},4]\n  %z = const : {0}[2,0,4]\n  %y = concatenation(%x, %z, %x) {{axis=1}}\n  return %y \"y\"\n", t, c)});
      all.push_back({fmt::format("  %x = input \"x\" : {0}[2,{1},400]\n  %y = concatenation(%x, %x) {{axis=0}}\n  return %y \"y\"\n", t, c)});
      all.push_back({fmt::format("  %x = input \"x\" : {0}[2,{1},4]\n  %s = const : i32[2] = [8, -1]\n  %y = reshape(%x, %s)\n  return %y \"y\"\n", t, c)});
      all.push_back({fmt::format("  %x = input \"x\" : {0}[1,{1},4]\n  %y = squeeze(%x) {{squeeze_dims=[0]}}\n  return %y \"y\"\n", t, c)});
      all.push_back({fmt::format("  %x = input \"x\" : {0}[2,{1},4]\n  %s = const : i32[] = [1]\n  %y = expand_dims(%x, %s)\n  return %y \"y\"\n", t, c)});
    }
  return all;
}

std::vector<OneOperator> images() {
  std::vector<OneOperator> all;
  for (const int c : {1, 3, 7, 8, 9, 16, 21, 33})
    for (const char* size : {"[1, 1]", "[7, 13]", "[3, 2]"})
      for (const char* attrs : {"", " {align_corners=true}", " {half_pixel_centers=true}"}) {
        all.push_back({fmt::format("  %x = input \"x\" : f32[2,4,5,{}]\n  %s = const : i32[2] = {}\n  %y = resize_bilinear(%x, %s){}\n  return %y \"y\"\n", c,
                                   size, attrs)});
        all.push_back(
            {fmt::format("  %x = input \"x\" : i8[2,4,5,{0}]{1}\n  %s = const : i32[2] = {2}\n  %y = resize_bilinear(%x, %s){3} : i8[2,?,?,{0}]{1}\n"
                         "  return %y \"y\"\n",
                         c, of_i8, size, attrs)});
      }
  return all;
}

std::vector<OneOperator> products() {
  std::vector<OneOperator> all;
  for (const int rows : {1, 2, 15})
    for (const int depth : {1, 7, 64, 300})
      for (const int cols : {1, 8, 9, 33}) {
        all.push_back(
            {fmt::format("  %x = input \"x\" : f32[{0},{1}]\n  %w = const : f32[{2},{1}]\n  %b = const : f32[{2}]\n  %y = fully_connected(%x, %w, %b)\n"
                         "  return %y \"y\"\n",
                         rows, depth, cols),
             0, static_cast<float>(depth) * 4e-6f});
        all.push_back(
            {fmt::format("  %x = input \"x\" : i8[{0},{1}]{3}\n  %w = const : i8[{2},{1}]{{scale=0.01}}\n  %b = const : i32[{2}]\n"
                         "  %y = fully_connected(%x, %w, %b) : i8[{0},{2}]{{scale=0.7;zero=3}}\n  return %y \"y\"\n",
                         rows, depth, cols, of_i8)});
        const auto other = [&](std::string_view x, std::string_view of_x, std::string_view w, std::string_view bias, std::string_view attrs,
                               std::string_view y) {
          all.push_back(
              {fmt::format("  %x = input \"x\" : {0}[{1},{2}]{3}\n  %w = const : {4}\n{5}  %y = fully_connected(%x, %w{6}){7}{8}\n  return %y \"y\"\n", x, rows,
                           depth, of_x, fmt::format(fmt::runtime(w), fmt::arg("shape", fmt::format("[{},{}]", cols, depth))),
                           bias.empty() ? "" : fmt::format("  %b = const : {}[{}]\n", bias, cols), bias.empty() ? "" : ", %b", attrs,
                           y.empty() ? "" : fmt::format(" : {}[{},{}]{}", x, rows, cols, y))});
        };
        std::string scales = "0.01";
        for (int i = 1; i < cols; ++i) scales += fmt::format(":{}", 0.01 + 0.001 * i);
        const std::string by_unit = fmt::format("i8{{shape}}{{{{scale={};axis=0}}}}", scales);
        for (const char* attrs : {"", " {asymmetric_quantize_inputs=true}", " {fused_activation_function=relu6}"}) {
          other("f32", "", "i8{shape}{{scale=0.01}}", "f32", attrs, "");
          other("f32", "", by_unit, "", attrs, "");
        }
        for (const char* zero : {"128", "0", "90"})
          other("u8", "{scale=0.05;zero=130}", fmt::format("u8{{shape}}{{{{scale=0.01;zero={}}}}}", zero), "", "", "{scale=0.11;zero=120}");
        other("i8", std::string(of_i8), by_unit, "i32", "", "{scale=0.7;zero=3}");
        for (const char* bias : {"", "i32", "i64"}) other("i16", "{scale=0.0005}", by_unit, bias, "", "{scale=0.004}");
      }
  return all;
}

std::vector<OneOperator> quantizations() {
  std::vector<OneOperator> all;
  for (const char* n : lengths)
    for (const std::string type : {"i8", "u8"})
      all.push_back({fmt::format("  %x = input \"x\" : f32[{0}]\n  %y = quantize(%x) {{result_dtype={1}}} : {1}[{0}]{2}\n  return %y \"y\"\n", n, type,
                                 type == "i8" ? "{scale=0.5;zero=-7}" : "{scale=0.04;zero=130}")});
  return all;
}

std::vector<OneOperator> matmuls() {
  std::vector<OneOperator> all;
  constexpr const char* shapes[][3] = {
      {"1,1", "1,1", "1,1"}, {"5,33", "33,40", "40,33"}, {"2,3,7", "7,9", "9,7"}, {"2,1,3,4", "3,4,2", "3,2,4"}, {"0,4", "4,3", "3,4"}};
  for (const auto& [x, y, transposed] : shapes)
    for (const bool adjoint : {false, true})
      for (const char* asymmetric : {"false", "true"})
        all.push_back(
            {fmt::format("  %x = input \"x\" : f32[{}]\n  %w = const : i8[{}]{{scale=0.02;zero=0}}\n"
                         "  %y = batch_matmul(%x, %w) {{adj_y={}, asymmetric_quantize_inputs={}}}\n  return %y \"y\"\n",
                         x, adjoint ? transposed : y, adjoint, asymmetric)});
  return all;
}

std::vector<OneOperator> softmaxes() {
  std::vector<OneOperator> all;
  for (const char* n : {"1", "7", "2,3,5", "40,9", "2,255", "2,256", "3,1001", "0,3"})
    for (const char* beta : {"1", "0.4"}) {
      const auto add = [&](std::string_view type, std::string_view x, std::string_view y) {
        all.push_back({fmt::format("  %x = input \"x\" : {0}[{1}]{2}\n  %y = softmax(%x) {{beta={3}}}{4}\n  return %y \"y\"\n", type, n, x, beta,
                                   y.empty() ? "" : fmt::format(" : {}[{}]{}", type, n, y)),
                       8, 1e-6f});
      };
      add("f32", "", "");
      for (const char* scale : {"0.002", "0.1", "2"}) {
        add("i8", fmt::format("{{scale={};zero=5}}", scale), "{scale=0.00390625;zero=-128}");
        add("u8", fmt::format("{{scale={};zero=130}}", scale), "{scale=0.00390625;zero=0}");
      }
    }
  return all;
}

// Results that lie where operands lay.
std::vector<OneOperator> chains() {
  return {{R"(graph main
  %x = input "x" : f32[40,17]
  %a = neg(%x)
  %b = relu6(%a)
  %row = const : f32[17]
  %c = mul(%row, %b)
  %d = sub(%x, %c)
  %e = leaky_relu(%d) {alpha=0.3}
  return %e "e"
)"},
          {R"(graph main
  %x = input "x" : i8[40,17]{scale=0.05;zero=-7}
  %a = relu(%x) : i8[40,17]{scale=0.04;zero=-100}
  %row = const : i8[17]{scale=0.02;zero=1}
  %b = mul(%a, %row) : i8[40,17]{scale=0.1;zero=0}
  %c = sub(%x, %b) : i8[40,17]{scale=0.2;zero=5}
  %d = hard_swish(%c) : i8[40,17]{scale=0.1;zero=0}
  return %d "d"
)"}};
}

}  // namespace toucanet
