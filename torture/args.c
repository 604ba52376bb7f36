/* torture/args.c - the part of the command line that all have in common. */
#include "torture/args.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "smb2/constants.h"

#define DEFAULT_PORT	445
#define DEFAULT_TIMEOUT 30
#define DEFAULT_SECONDS 2

int torture_args_rows(struct torture_args *args, struct poptOption *table)
{
	const struct poptOption rows[TORTURE_ARGS_ROWS] = {
		{"user", 'U', POPT_ARG_STRING, &args->user, 0,
		 "who logs on; without one: anonymous",
		 "[DOMAIN\\]USER%PASSWORD"},
		{"user2", 0, POPT_ARG_STRING, &args->user2, 0,
		 "a second user, for tests that need one", "USER%PASSWORD"},
		{"dialect", 0, POPT_ARG_STRING, &args->dialect, 0,
		 "speak this dialect where the test does not say which",
		 "2.0.2|2.1|3.0|3.0.2|3.1.1"},
		{"encrypt", 'e', POPT_ARG_NONE, &args->encrypt, 0,
		 "encrypt everything", NULL},
		{"sign", 0, POPT_ARG_NONE, &args->sign, 0, "sign everything",
		 NULL},
		{"timeout", 't', POPT_ARG_INT, &args->timeout, 0,
		 "seconds that a test may take", "SECONDS"},
		{"verbose", 'v', POPT_ARG_NONE, &args->verbose, 0,
		 "print times and notes of tests that pass", NULL},
	};

	memcpy(table, rows, sizeof(rows));
	return TORTURE_ARGS_ROWS;
}

void torture_args_free(struct torture_args *args)
{
	free(args->user);
	free(args->user2);
	free(args->encrypted_share);
	free(args->time_machine_share);
	free(args->after);
	free(args->dialect);
	*args = (struct torture_args){0};
}

static bool complain(const char *what, const char *value)
{
	fprintf(stderr, "torture: %s: '%s'\n", what, value);
	return false;
}

static bool parse_target(TALLOC_CTX *mem_ctx, const char *target,
			 struct torture_options *out)
{
	char *host, *slash, *colon;

	if (strncmp(target, "//", 2) != 0) {
		return complain("not of the form //HOST[:PORT]/SHARE", target);
	}
	host = talloc_strdup(mem_ctx, target + 2);
	slash = host != NULL ? strchr(host, '/') : NULL;
	if (slash == NULL || slash == host || slash[1] == '\0') {
		return complain("not of the form //HOST[:PORT]/SHARE", target);
	}
	*slash = '\0';
	out->share = slash + 1;
	out->port = DEFAULT_PORT;
	colon = strrchr(host, ':');
	if (colon != NULL) {
		char *end;
		unsigned long port = strtoul(colon + 1, &end, 10);

		if (*end != '\0' || port == 0 || port > 65535) {
			return complain("no port", colon + 1);
		}
		out->port = (uint16_t)port;
		*colon = '\0';
	}
	out->host = host;
	return true;
}

static void parse_user(TALLOC_CTX *mem_ctx, const char *text,
		       const char **domain, const char **user,
		       const char **password)
{
	char *copy = talloc_strdup(mem_ctx, text);
	char *percent = copy != NULL ? strchr(copy, '%') : NULL;
	char *backslash;

	*password = "";
	if (percent != NULL) {
		*percent = '\0';
		*password = percent + 1;
	}
	backslash = copy != NULL ? strchr(copy, '\\') : NULL;
	if (backslash != NULL) {
		*backslash = '\0';
		*domain = copy;
		copy = backslash + 1;
	}
	*user = copy;
}

static bool parse_dialect(const char *text, uint16_t *out)
{
	static const struct {
		const char *name;
		uint16_t dialect;
	} dialects[] = {
		{"2.0.2", SMB2_DIALECT_202}, {"2.02", SMB2_DIALECT_202},
		{"2.1", SMB2_DIALECT_210},   {"3.0", SMB2_DIALECT_300},
		{"3.0.2", SMB2_DIALECT_302}, {"3.02", SMB2_DIALECT_302},
		{"3.1.1", SMB2_DIALECT_311}, {"3.11", SMB2_DIALECT_311},
	};

	for (size_t i = 0; i < sizeof(dialects) / sizeof(dialects[0]); i++) {
		if (strcmp(text, dialects[i].name) == 0) {
			*out = dialects[i].dialect;
			return true;
		}
	}
	return complain("no dialect", text);
}

bool torture_args_parse(TALLOC_CTX *mem_ctx, const struct torture_args *args,
			const char *target, struct torture_options *out)
{
	const char *ignored;

	*out = (struct torture_options){
		.encrypt = args->encrypt != 0,
		.sign = args->sign != 0,
		.verbose = args->verbose != 0,
		.timeout = args->timeout > 0 ? (unsigned)args->timeout
					     : DEFAULT_TIMEOUT,
		.seconds = args->seconds > 0 ? (unsigned)args->seconds
					     : DEFAULT_SECONDS,
		.seed = args->seed != 0 ? (unsigned)args->seed : 1,
		.run_id = (unsigned)getpid(),
	};
	if (args->encrypted_share != NULL) {
		out->encrypted_share =
			talloc_strdup(mem_ctx, args->encrypted_share);
	}
	if (args->after != NULL) {
		out->after = talloc_strdup(mem_ctx, args->after);
	}
	if (args->time_machine_share != NULL) {
		out->time_machine_share =
			talloc_strdup(mem_ctx, args->time_machine_share);
	}
	if (!parse_target(mem_ctx, target, out)) {
		return false;
	}
	if (args->dialect != NULL &&
	    !parse_dialect(args->dialect, &out->dialect)) {
		return false;
	}
	if (args->user != NULL) {
		parse_user(mem_ctx, args->user, &out->domain, &out->user,
			   &out->password);
	}
	if (args->user2 != NULL) {
		parse_user(mem_ctx, args->user2, &ignored, &out->user2,
			   &out->password2);
	}
	return true;
}
