/* torture/bench.c - "torture bench". */
#include "torture/bench.h"

int torture_bench(int argc, const char **argv)
{
	return 2;
}
