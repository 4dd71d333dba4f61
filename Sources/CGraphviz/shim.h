#ifndef HARRIER_CGRAPHVIZ_SHIM_H
#define HARRIER_CGRAPHVIZ_SHIM_H

#include <fcntl.h>
#include <graphviz/cgraph.h>
#include <graphviz/gvc.h>
#include <math.h>
#include <search.h>
#include <signal.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/time.h>
#include <sys/types.h>
#include <unistd.h>

/// What to paint, and how.
struct harrier_painting {
    /// The drawing in Graphviz's language.
    const char *dot;
    /// "svg", "png" or "pdf".
    const char *format;
    /// Whether to save effort: straight lines instead of lines led around what is in their way, and a coarse layout.
    int is_coarse;
    /// Dots per inch of bitmaps, lowered where they would exceed the limits below.
    double resolution;
    double maximum_side;
    double maximum_pixels;
    /// Seconds of the processor that painting may take. Those of the clock would make pictures depend on what else runs.
    double seconds;
};

/// How a painting process ends.
enum harrier_painting_status {
    harrier_painted = 0,
    harrier_not_understood = 10,
    harrier_not_laid_out = 11,
    harrier_not_painted = 12
};

static inline int harrier_write(int file, const char *bytes, size_t count) {
    while (count > 0) {
        ssize_t written = write(file, bytes, count);
        if (written <= 0) return -1;
        bytes += written;
        count -= (size_t)written;
    }
    return 0;
}

/// Lowers the resolution of a graph that is laid out so that its bitmap fits. Graphviz has sizes behind macros only.
static inline void harrier_limit_resolution(Agraph_t *graph, const struct harrier_painting *painting) {
    double width = fmax(1, (GD_bb(graph).UR.x - GD_bb(graph).LL.x) / 72);
    double height = fmax(1, (GD_bb(graph).UR.y - GD_bb(graph).LL.y) / 72);
    double fitting = fmin(painting->maximum_side / fmax(width, height), sqrt(painting->maximum_pixels / (width * height)));
    GD_drawing(graph)->dpi = fmax(1, fmin(painting->resolution, fitting));
}

/// Copies a name to an address above all earlier ones.
static inline char *harrier_copy_name(const char *name) {
    static char *next = NULL;
    static size_t left = (size_t)1 << 32;
    if (!next) {
        // Address space only: pages are taken when they are written.
        void *region = mmap(NULL, left, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
        if (region == MAP_FAILED) return NULL;
        next = (char *)region;
    }
    // Even, as numbers of named things are.
    size_t size = (strlen(name) + 2) & ~(size_t)1;
    if (size > left) return NULL;
    char *copy = strcpy(next, name);
    next += size;
    left -= size;
    return copy;
}

static inline int harrier_compare_names(const void *left, const void *right) {
    return strcmp((const char *)left, (const char *)right);
}

/// Numbers what has a name in order of appearance. Graphviz goes through frames in the order of their numbers, which are
/// otherwise the addresses of names, so that the picture depends on what the process did before.
static inline long harrier_number(void *state, int kind, char *name, IDTYPE *number, int creates) {
    static void *names = NULL;
    static IDTYPE unnamed = 1;
    if (!name) {
        *number = unnamed;
        unnamed += 2;
        return 1;
    }
    char **known = (char **)tfind(name, &names, harrier_compare_names);
    char *result = known ? *known : NULL;
    if (!result && creates) {
        result = harrier_copy_name(name);
        if (!result || !tsearch(result, &names, harrier_compare_names)) return 0;
    }
    *number = (IDTYPE)result;
    return 1;
}

/// Names stay until the process ends.
static inline void harrier_forget(void *state, int kind, IDTYPE number) {}

static inline void harrier_save_effort(Agraph_t *graph) {
    const char *const settings[][2] = {
        {"splines", "line"}, {"mclimit", "0.05"}, {"nslimit", "0.05"}, {"nslimit1", "0.05"}, {"searchsize", "5"},
    };
    for (size_t index = 0; index < sizeof settings / sizeof settings[0]; index++)
        agsafeset(graph, (char *)settings[index][0], (char *)settings[index][1], (char *)"");
}

/// Paints into a file and says how it went. Nothing is freed: the process ends.
static inline enum harrier_painting_status harrier_paint(const struct harrier_painting *painting, int output) {
    // Messages are kept for aglasterr.
    agseterr(AGMAX);
    AgIdDisc.map = harrier_number;
    AgIdDisc.free = harrier_forget;
    GVC_t *context = gvContext();
    Agraph_t *graph = context ? agmemread(painting->dot) : NULL;
    if (!graph) return harrier_not_understood;
    if (painting->is_coarse) harrier_save_effort(graph);
    if (gvLayout(context, graph, "dot") != 0) return harrier_not_laid_out;
    if (strcmp(painting->format, "png") == 0) harrier_limit_resolution(graph, painting);
    char *data = NULL;
    unsigned int length = 0;
    if (gvRenderData(context, graph, painting->format, &data, &length) != 0 || !data) return harrier_not_painted;
    return harrier_write(output, data, length) == 0 ? harrier_painted : harrier_not_painted;
}

/// Starts a process that paints into a pipe, or Graphviz's last message if that fails. Returns its number and the end of
/// the pipe to read from, or -1.
static inline pid_t harrier_start_painting(const struct harrier_painting *painting, int *result) {
    int ends[2];
    if (pipe(ends) != 0) return -1;
    // Programs that other threads start must not keep the pipe open.
    fcntl(ends[0], F_SETFD, FD_CLOEXEC);
    fcntl(ends[1], F_SETFD, FD_CLOEXEC);
    pid_t child = fork();
    if (child != 0) {
        close(ends[1]);
        if (child < 0) close(ends[0]);
        *result = ends[0];
        return child;
    }
    // A crash is for the parent to notice, not to report.
    const int crashes[] = {SIGABRT, SIGBUS, SIGFPE, SIGILL, SIGSEGV};
    for (size_t index = 0; index < sizeof crashes / sizeof crashes[0]; index++) signal(crashes[index], SIG_DFL);
    struct itimerval limit = {.it_value = {.tv_sec = (time_t)painting->seconds}};
    limit.it_value.tv_usec = (suseconds_t)((painting->seconds - (double)limit.it_value.tv_sec) * 1e6);
    signal(SIGPROF, SIG_DFL);
    setitimer(ITIMER_PROF, &limit, NULL);
    int nowhere = open("/dev/null", O_WRONLY);
    if (nowhere >= 0) dup2(nowhere, STDERR_FILENO);
    enum harrier_painting_status status = harrier_paint(painting, ends[1]);
    if (status != harrier_painted) {
        const char *message = aglasterr();
        if (message) harrier_write(ends[1], message, strlen(message));
    }
    _exit(status);
}

#endif
