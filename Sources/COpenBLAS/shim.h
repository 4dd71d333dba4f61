#ifndef HARRIER_COPENBLAS_SHIM_H
#define HARRIER_COPENBLAS_SHIM_H

#include <cblas.h>

#endif
