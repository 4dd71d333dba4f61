#ifndef HARRIER_CLIBZIP_SHIM_H
#define HARRIER_CLIBZIP_SHIM_H

#include <zip.h>

#endif
