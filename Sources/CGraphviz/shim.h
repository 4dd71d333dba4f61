#ifndef HARRIER_CGRAPHVIZ_SHIM_H
#define HARRIER_CGRAPHVIZ_SHIM_H

#include <graphviz/cgraph.h>
#include <graphviz/gvc.h>

/// Graphviz exports its graph kinds as global variables, which Swift 6 refuses as unsafe shared state.
static inline Agdesc_t harrier_directed_graph(void) { return Agdirected; }

#endif
