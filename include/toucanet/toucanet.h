/* Toucanet for other languages: plain C, opaque handles.
 *
 * A function that can fail returns NULL or not 0 and, where `error` is given, leaves a text there that the caller frees
 * with toucanet_free(). Tensors are named by their index in the file, of the first subgraph. A handle is for one
 * thread at a time. */
#ifndef TOUCANET_TOUCANET_H
#define TOUCANET_TOUCANET_H

#include <stddef.h>
#include <stdint.h>

#define TOUCANET_C_API __attribute__((visibility("default")))

#ifdef __cplusplus
extern "C" {
#endif

typedef struct toucanet_interpreter toucanet_interpreter;
typedef struct toucanet_bytes toucanet_bytes;

typedef struct toucanet_interpreter_options {
  size_t threads;           /* 0: 1 */
  int plain;                /* not 0: plain evaluation only, no fast kernels */
  int preserve_all_tensors; /* not 0: tensors share no memory */
  size_t memory_limit;      /* bytes of all tensors; 0: the default */
} toucanet_interpreter_options;

/* What a tensor is; pointers are valid until the tensor is asked for again or the interpreter is deleted. */
typedef struct toucanet_tensor {
  const char* name;
  const char* dtype; /* "float32", "int8" */
  size_t rank;
  const int64_t* shape;
  size_t scales; /* 0: not quantised; 1: per tensor; more: along quantized_dimension */
  const float* scale;
  const int64_t* zero_point;
  int32_t quantized_dimension;
} toucanet_tensor;

TOUCANET_C_API const char* toucanet_version(void);
TOUCANET_C_API void toucanet_free(char* text);

/* options may be NULL. The file is mapped; the bytes are copied. */
TOUCANET_C_API toucanet_interpreter* toucanet_interpreter_from_file(const char* path, const toucanet_interpreter_options* options, char** error);
TOUCANET_C_API toucanet_interpreter* toucanet_interpreter_from_bytes(const void* bytes, size_t size, const toucanet_interpreter_options* options, char** error);
TOUCANET_C_API void toucanet_interpreter_delete(toucanet_interpreter* interpreter);

TOUCANET_C_API size_t toucanet_input_count(const toucanet_interpreter* interpreter);
TOUCANET_C_API size_t toucanet_output_count(const toucanet_interpreter* interpreter);
/* The index of the k-th input or output; SIZE_MAX where there is none. */
TOUCANET_C_API size_t toucanet_input(const toucanet_interpreter* interpreter, size_t k);
TOUCANET_C_API size_t toucanet_output(const toucanet_interpreter* interpreter, size_t k);
TOUCANET_C_API int toucanet_tensor_details(toucanet_interpreter* interpreter, size_t index, toucanet_tensor* details, char** error);

TOUCANET_C_API int toucanet_resize_input(toucanet_interpreter* interpreter, size_t index, const int64_t* shape, size_t rank, char** error);
TOUCANET_C_API int toucanet_allocate(toucanet_interpreter* interpreter, char** error);
TOUCANET_C_API int toucanet_invoke(toucanet_interpreter* interpreter, char** error);
TOUCANET_C_API void toucanet_reset_variables(toucanet_interpreter* interpreter);
/* A tensor's memory, valid until the next allocate; NULL where it has none. */
TOUCANET_C_API void* toucanet_tensor_data(toucanet_interpreter* interpreter, size_t index, size_t* bytes);

/* A frozen GraphDef to a .tflite file, checked; names separated by commas, NULL: found. */
TOUCANET_C_API toucanet_bytes* toucanet_convert_graph_def(const void* bytes, size_t size, const char* inputs, const char* outputs, char** error);
TOUCANET_C_API const void* toucanet_bytes_data(const toucanet_bytes* bytes, size_t* size);
TOUCANET_C_API void toucanet_bytes_delete(toucanet_bytes* bytes);

#ifdef __cplusplus
}
#endif
#endif
