/* lib/conf.c - the snapshot is put together: defaults, then [global], then
 * each share over what [global] says. */
#include "lib/conf.h"

#include <ctype.h>
#include <string.h>
#include <strings.h>
#include <unistd.h>

#include "lib/assert.h"
#include "lib/conf_int.h"
#include "lib/utf16.h"

#define COPY_DEPTH 8

/* Where settings go. */
struct target {
	struct conf *conf;
	const struct conf_raw *raw;
	struct conf_report *report; /* NULL: said already, at the original */
	struct conf_share *share;   /* the share, or the defaults */
	bool global;		    /* settings of [global] */
};

static void complain(const struct target *t, const struct conf_setting *s,
		     bool error, const char *text)
{
	if (t->report != NULL) {
		conf_report_add(t->report, error, s->file, s->line,
				"%s = %s: %s", s->name, s->value, text);
	}
}

static void apply_other(const struct target *t, const struct conf_setting *s)
{
	switch (conf_other_check(s->name, s->value)) {
	case CONF_OTHER_FINE:
		return;
	case CONF_OTHER_IGNORED:
		complain(t, s, false, "not implemented, ignored");
		return;
	case CONF_OTHER_RESTRICTS:
		complain(t, s, true, "restricts access and is not implemented");
		return;
	case CONF_OTHER_UNKNOWN:
		complain(t, s, false, "unknown parameter, ignored");
		return;
	}
}

static void add_option(const struct target *t, const struct conf_setting *s)
{
	if (!conf_option_set(t->conf, t->share, s, t->report == NULL)) {
		t->raw->report->errors++;
	}
}

static void apply_setting(const struct target *t, const struct conf_setting *s)
{
	const char *reason = NULL;
	const struct conf_param *p;
	bool inverted;
	void *base;

	p = conf_param_lookup(s->name, &inverted);
	if (p == NULL && conf_option_is(s->name) &&
	    conf_other_check(s->name, s->value) == CONF_OTHER_UNKNOWN) {
		add_option(t, s);
		return;
	}
	if (p == NULL) {
		apply_other(t, s);
		return;
	}
	if (p->global && !t->global) {
		complain(t, s, false, "belongs into [global], ignored");
		return;
	}
	base = p->global ? (void *)&t->conf->global : (void *)t->share;
	if (!conf_value_set(t->conf, p, base, s->value, inverted, &reason)) {
		complain(t, s, true, reason);
		return;
	}
	if (p->offset == offsetof(struct conf_share, vfs_objects) &&
	    !p->global && t->report != NULL) {
		conf_modules_report(t->report, s, t->share->vfs_objects);
	}
	if (p->offset == offsetof(struct conf_share, guest_ok) && !p->global &&
	    t->share->guest_ok) {
		complain(t, s, false, "there are no guests yet, ignored");
	}
	if (conf_param_waits(p->name)) {
		complain(t, s, false, "has no effect yet");
	}
}

static void apply_section(const struct target *t, const struct conf_section *s,
			  int depth);

/* "copy = OTHER": what the other section says, below what this one says. */
static void apply_copy(const struct target *t, const struct conf_section *to,
		       const struct conf_setting *s, int depth)
{
	const struct conf_section *from = conf_raw_lookup(t->raw, s->value);
	struct target quiet = *t;

	if (from == NULL || from == to || depth >= COPY_DEPTH ||
	    conf_name_equal(s->value, "global")) {
		complain(t, s, true, "no such section to copy");
		return;
	}
	quiet.report = NULL;
	apply_section(&quiet, from, depth + 1);
}

static void apply_section(const struct target *t, const struct conf_section *s,
			  int depth)
{
	for (size_t i = 0; i < s->count; i++) {
		if (conf_name_equal(s->settings[i].name, "copy")) {
			apply_copy(t, s, &s->settings[i], depth);
		}
	}
	for (size_t i = 0; i < s->count; i++) {
		if (!conf_name_equal(s->settings[i].name, "copy")) {
			apply_setting(t, &s->settings[i]);
		}
	}
}

static void set_initial(struct conf *conf)
{
	for (const struct conf_param *p = conf_params; p->name != NULL; p++) {
		void *base = p->global ? (void *)&conf->global
				       : (void *)&conf->defaults;
		const char *reason;
		bool ok = conf_value_set(conf, p, base, p->initial, false,
					 &reason);

		ASSERT(ok);
	}
}

/* [MS-NBTE]: at most 15 characters, in upper case. */
static NTSTATUS default_netbios_name(struct conf *conf)
{
	char host[256] = "HOLDFAST";
	char *name;

	if (conf->global.netbios_name[0] != '\0') {
		return NT_STATUS_OK;
	}
	(void)gethostname(host, sizeof(host) - 1);
	host[strcspn(host, ".")] = '\0';
	name = talloc_strndup(conf, host, 15);
	if (name == NULL) {
		return NT_STATUS(NO_MEMORY);
	}
	for (char *c = name; *c != '\0'; c++) {
		*c = (char)toupper((unsigned char)*c);
	}
	conf->global.netbios_name = name;
	return NT_STATUS_OK;
}

static NTSTATUS upcase_netbios_name(struct conf *conf)
{
	char *upper;
	NTSTATUS status;

	status = default_netbios_name(conf);
	if (!NT_STATUS_IS_OK(status)) {
		return status;
	}
	status = utf8_upcase(conf, conf->global.netbios_name, &upper);
	if (NT_STATUS_IS_OK(status)) {
		conf->global.netbios_name = upper;
	}
	return status;
}

static bool is_special(const char *name)
{
	return conf_name_equal(name, "homes") ||
	       conf_name_equal(name, "printers") ||
	       conf_name_equal(name, "ipc$");
}

static void add_share(struct conf *conf, const struct conf_raw *raw,
		      const struct conf_section *s)
{
	struct conf_share *share = &conf->shares[conf->count];
	struct target t = {.conf = conf,
			   .raw = raw,
			   .report = raw->report,
			   .share = share};

	if (is_special(s->name)) {
		conf_report_add(raw->report, false, s->file, s->line,
				"[%s]: not implemented, not served", s->name);
		return;
	}
	*share = conf->defaults;
	share->name = talloc_strdup(conf, s->name);
	if (share->name == NULL || !conf_options_inherit(conf, share)) {
		raw->report->errors++;
		return;
	}
	apply_section(&t, s, 0);
	if (!conf_filters_choose(conf, share)) {
		raw->report->errors++;
		return;
	}
	/* Whether another driver needs one it says itself. */
	if (share->available && share->path[0] == '\0' &&
	    strcasecmp(share->driver, "posix") == 0) {
		conf_report_add(raw->report, false, s->file, s->line,
				"[%s]: no path, not served", s->name);
		share->available = false;
	}
	conf->count++;
}

static NTSTATUS check_global(const struct conf *conf,
			     const struct conf_raw *raw)
{
	const struct conf_global *g = &conf->global;

	if (g->server_min_protocol > g->server_max_protocol) {
		conf_report_add(raw->report, true, conf->path, 0,
				"server min protocol is above "
				"server max protocol");
	}
	return raw->report->errors > 0 && !raw->anyway
		       ? NT_STATUS(INVALID_PARAMETER)
		       : NT_STATUS_OK;
}

static NTSTATUS build(struct conf *conf, const struct conf_raw *raw)
{
	struct target t = {.conf = conf,
			   .raw = raw,
			   .report = raw->report,
			   .share = &conf->defaults,
			   .global = true};
	NTSTATUS status;

	set_initial(conf);
	apply_section(&t, &raw->sections[0], 0);
	conf->global.smb_encrypt = conf->defaults.smb_encrypt;
	status = upcase_netbios_name(conf);
	if (!NT_STATUS_IS_OK(status)) {
		return status;
	}
	conf->shares = talloc_zero_array(conf, struct conf_share, raw->count);
	if (conf->shares == NULL) {
		return NT_STATUS(NO_MEMORY);
	}
	for (size_t i = 1; i < raw->count; i++) {
		add_share(conf, raw, &raw->sections[i]);
	}
	conf_options_report(conf, raw->report);
	return check_global(conf, raw);
}

/* raw is filled by now, or status says why not. */
static NTSTATUS finish(TALLOC_CTX *mem_ctx, const char *path,
		       struct conf_raw *raw, NTSTATUS status, struct conf **out)
{
	struct conf *conf = talloc_zero(mem_ctx, struct conf);

	if (conf == NULL || (conf->path = talloc_strdup(conf, path)) == NULL) {
		status = NT_STATUS(NO_MEMORY);
	}
	if (NT_STATUS_IS_OK(status)) {
		status = build(conf, raw);
	}
	talloc_free(raw);
	if (!NT_STATUS_IS_OK(status)) {
		talloc_free(conf);
		return status;
	}
	*out = conf;
	return NT_STATUS_OK;
}

static NTSTATUS load(TALLOC_CTX *mem_ctx, const char *path, bool anyway,
		     struct conf_report *report, struct conf **out)
{
	struct conf_raw *raw = conf_raw_create(mem_ctx, report);

	if (raw == NULL) {
		return NT_STATUS(NO_MEMORY);
	}
	raw->may_include = true;
	raw->anyway = anyway;
	return finish(mem_ctx, path, raw, conf_raw_read_file(raw, path), out);
}

NTSTATUS conf_load(TALLOC_CTX *mem_ctx, const char *path,
		   struct conf_report *report, struct conf **out)
{
	return load(mem_ctx, path, false, report, out);
}

NTSTATUS conf_load_anyway(TALLOC_CTX *mem_ctx, const char *path,
			  struct conf_report *report, struct conf **out)
{
	return load(mem_ctx, path, true, report, out);
}

NTSTATUS conf_parse(TALLOC_CTX *mem_ctx, const char *name, const char *text,
		    size_t length, struct conf_report *report,
		    struct conf **out)
{
	struct conf_raw *raw = conf_raw_create(mem_ctx, report);

	if (raw == NULL) {
		return NT_STATUS(NO_MEMORY);
	}
	return finish(mem_ctx, name, raw,
		      conf_raw_read_text(raw, name, text, length), out);
}

const struct conf_global *conf_global(const struct conf *conf)
{
	return &conf->global;
}

const char *conf_path(const struct conf *conf)
{
	return conf->path;
}

const struct conf_share *conf_share_lookup(const struct conf *conf,
					   const char *name)
{
	for (size_t i = 0; i < conf->count; i++) {
		if (utf8_casecmp(conf->shares[i].name, name) == 0) {
			return &conf->shares[i];
		}
	}
	return NULL;
}

size_t conf_share_count(const struct conf *conf)
{
	return conf->count;
}

const struct conf_share *conf_share_at(const struct conf *conf, size_t i)
{
	ASSERT(i < conf->count);
	return &conf->shares[i];
}
