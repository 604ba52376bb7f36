/* lib/tests/conf_fuzz.c - any text as smb.conf. */
#include <stdint.h>
#include <stdio.h>

#include "lib/conf.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static const struct conf_subst subst = {.session_user = "../x",
						.client_name = "."};
	TALLOC_CTX *ctx = talloc_new(NULL);
	struct conf_report *report = conf_report_create(ctx);
	struct conf *conf;
	NTSTATUS status;
	char *path;
	FILE *sink;

	status = conf_parse(ctx, "fuzz", (const char *)data, size, report,
			    &conf);
	if (NT_STATUS_IS_OK(status)) {
		sink = fopen("/dev/null", "w");
		if (sink != NULL) {
			conf_print(conf, sink, true);
			fclose(sink);
		}
		for (size_t i = 0; i < conf_share_count(conf); i++) {
			status = conf_substitute(ctx,
						 conf_share_at(conf, i)->path,
						 &subst, &path);
		}
	}
	talloc_free(ctx);
	return 0;
}
