#pragma once
// Attributes ↔ options tables of .tflite, by field name, through the schema's own reflection tables.
#include <flatbuffers/flatbuffers.h>

#include "diag/diag.h"
#include "ir/attrs.h"

namespace toucanet {

/// TensorType of the schema; -1 where there is none.
int tensor_type(DType);
std::optional<DType> dtype_of_tensor_type(int);

struct WrittenOptions {
  int type = 0;               ///< value of the union's enum
  bool second_union = false;  ///< builtin_options_2
  flatbuffers::Offset<void> offset = 0;
};
/// Writes the attributes as the table `name`; fields of the table that no attribute has are left out.
Expected<WrittenOptions> write_options(flatbuffers::FlatBufferBuilder&, std::string_view name, const Attrs&);
/// Reads the fields that the table holds into `fields`; absent ones keep their values.
Status read_options(const flatbuffers::Table&, std::string_view name, const std::vector<FieldRef>& fields);
/// BuiltinOptions' value for a table name, in either union; type 0 if unknown.
WrittenOptions options_type(std::string_view name);
/// BuiltinOperator's value; -1 if unknown. And back.
int builtin_code(std::string_view name);
std::string_view builtin_name(int code);

}  // namespace toucanet
