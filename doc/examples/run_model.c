/* Runs a .tflite model once, its inputs filled with zeros, from C. */
#include <stdio.h>
#include <string.h>

#include "toucanet/toucanet.h"

static int fail(char* error) {
  fprintf(stderr, "%s\n", error ? error : "failed");
  toucanet_free(error);
  return 1;
}

int main(int argc, char** argv) {
  char* error = NULL;
  size_t k, i, bytes;
  toucanet_interpreter* model;
  toucanet_tensor tensor;
  const toucanet_interpreter_options options = {2, 0, 0, 0};
  if (argc != 2) return fprintf(stderr, "usage: run_model model.tflite\n"), 2;
  model = toucanet_interpreter_from_file(argv[1], &options, &error);
  if (!model) return fail(error);
  if (toucanet_allocate(model, &error)) return fail(error);
  for (k = 0; k < toucanet_input_count(model); ++k) {
    void* data = toucanet_tensor_data(model, toucanet_input(model, k), &bytes);
    if (data) memset(data, 0, bytes);
  }
  if (toucanet_invoke(model, &error)) return fail(error);
  for (k = 0; k < toucanet_output_count(model); ++k) {
    const size_t index = toucanet_output(model, k);
    const float* y = toucanet_tensor_data(model, index, &bytes);
    if (toucanet_tensor_details(model, index, &tensor, &error)) return fail(error);
    printf("%s %s:", tensor.name, tensor.dtype);
    if (!strcmp(tensor.dtype, "float32"))
      for (i = 0; i < bytes / sizeof(float); ++i) printf(" %g", y[i]);
    printf("\n");
  }
  toucanet_interpreter_delete(model);
  return 0;
}
