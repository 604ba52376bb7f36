/* lib/tests/fuzz_main.c - replays a fuzz target's corpus as a plain test.
 *
 * Without arguments: every file of <folder>/tests/corpus/<target>/ below
 * TOP_SRCDIR, for a target <folder>/tests/<target>_fuzz.  With arguments:
 * those files. */
#include <dirent.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static int replay(const char *path)
{
	FILE *f = fopen(path, "rb");
	struct stat st;
	uint8_t *data;
	size_t n;

	if (f == NULL || fstat(fileno(f), &st) != 0) {
		perror(path);
		return 1;
	}
	data = malloc((size_t)st.st_size + 1);
	if (data == NULL) {
		perror(path);
		fclose(f);
		return 1;
	}
	n = fread(data, 1, (size_t)st.st_size, f);
	fclose(f);
	LLVMFuzzerTestOneInput(data, n);
	free(data);
	return 0;
}

static int replay_folder(const char *path)
{
	DIR *d = opendir(path);
	struct dirent *e;
	char file[4096 + 256];
	int count = 0;

	if (d == NULL) {
		perror(path);
		return 1;
	}
	while ((e = readdir(d)) != NULL) {
		if (e->d_name[0] == '.') {
			continue;
		}
		snprintf(file, sizeof(file), "%s/%s", path, e->d_name);
		if (replay(file) != 0) {
			closedir(d);
			return 1;
		}
		count++;
	}
	closedir(d);
	printf("%s: %d inputs\n", path, count);
	return count > 0 ? 0 : 1;
}

int main(int argc, char **argv)
{
	const char *top = getenv("TOP_SRCDIR");
	char path[4096];
	char *name;
	char *end;

	if (argc > 1) {
		for (int i = 1; i < argc; i++) {
			if (replay(argv[i]) != 0) {
				return 1;
			}
		}
		return 0;
	}
	/* .../FOLDER/tests/NAME_fuzz -> TOP/FOLDER/tests/corpus/NAME */
	name = strrchr(argv[0], '/');
	if (name == NULL) {
		fprintf(stderr, "run as FOLDER/tests/NAME_fuzz\n");
		return 1;
	}
	*name++ = '\0';
	end = strstr(name, "_fuzz");
	if (end != NULL) {
		*end = '\0';
	}
	end = strrchr(argv[0], '/');
	if (end == NULL) {
		fprintf(stderr, "run as FOLDER/tests/NAME_fuzz\n");
		return 1;
	}
	*end = '\0';
	end = strrchr(argv[0], '/');
	snprintf(path, sizeof(path), "%s/%s/tests/corpus/%s",
		 top != NULL ? top : ".", end != NULL ? end + 1 : argv[0],
		 name);
	return replay_folder(path);
}
