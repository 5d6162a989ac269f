#pragma once
/// What the shared library shows; everything else is hidden.
#define TOUCANET_API __attribute__((visibility("default")))
