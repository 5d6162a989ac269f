"""TensorFlow graphs in, lean .tflite out, without TensorFlow installed."""
