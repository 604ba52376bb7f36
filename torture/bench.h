/* torture/bench.h - "torture bench": what a unit of work costs the server.
 * It prints and never judges. */
#ifndef TORTURE_BENCH_H
#define TORTURE_BENCH_H

/* argv[0] is "bench"; returns the exit code. */
int torture_bench(int argc, const char **argv);

#endif
