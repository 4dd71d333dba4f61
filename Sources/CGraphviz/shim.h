#ifndef HARRIER_CGRAPHVIZ_SHIM_H
#define HARRIER_CGRAPHVIZ_SHIM_H

#include <graphviz/cgraph.h>
#include <graphviz/gvc.h>

/// Width and height of a graph that is laid out, in points. Graphviz has them only behind macros.
static inline double harrier_layout_width(Agraph_t *graph) { return GD_bb(graph).UR.x - GD_bb(graph).LL.x; }
static inline double harrier_layout_height(Agraph_t *graph) { return GD_bb(graph).UR.y - GD_bb(graph).LL.y; }

/// Sets the resolution of bitmaps after the layout, when the size is known.
static inline void harrier_set_resolution(Agraph_t *graph, double dots_per_inch) {
    GD_drawing(graph)->dpi = dots_per_inch;
}

#endif
