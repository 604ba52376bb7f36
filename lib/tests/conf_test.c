/* lib/tests/conf_test.c - smb.conf as a snapshot. */
#include "lib/conf.h"

#include <grp.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

/* What one test parsed: released by done(). */
struct parsed {
	TALLOC_CTX *ctx;
	struct conf_report *report;
	struct conf *conf; /* NULL when it was refused */
};

static struct parsed parse(const char *text)
{
	struct parsed p = {.ctx = talloc_new(NULL)};
	NTSTATUS status;

	p.report = conf_report_create(p.ctx);
	status = conf_parse(p.ctx, "test", text, strlen(text), p.report,
			    &p.conf);
	assert_int_equal(NT_STATUS_IS_OK(status), p.report->errors == 0);
	assert_int_equal(NT_STATUS_IS_OK(status), p.conf != NULL);
	return p;
}

static void done(struct parsed *p)
{
	talloc_free(p->ctx);
}

/* text is refused for what stands on its line, and the report says needle. */
static void check_refused(const char *text, unsigned int line,
			  const char *needle)
{
	struct parsed p = parse(text);

	assert_null(p.conf);
	assert_int_equal(p.report->errors, 1);
	for (size_t i = 0; i < p.report->count; i++) {
		if (p.report->problems[i].error) {
			assert_int_equal(p.report->problems[i].line, line);
			assert_non_null(
				strstr(p.report->problems[i].text, needle));
		}
	}
	done(&p);
}

/* text is loaded with warnings, the first of which says needle. */
static void check_warned(const char *text, const char *needle)
{
	struct parsed p = parse(text);

	assert_non_null(p.conf);
	assert_true(p.report->count > 0);
	assert_non_null(strstr(p.report->problems[0].text, needle));
	done(&p);
}

static void test_defaults(void **unused)
{
	struct parsed p = parse("[s]\npath = /srv\n");
	const struct conf_global *g = conf_global(p.conf);
	const struct conf_share *s = conf_share_lookup(p.conf, "S");

	assert_int_equal(p.report->count, 0);
	assert_int_equal(g->smb_ports[0], 445);
	assert_int_equal(g->smb_ports[1], 0);
	assert_int_equal(g->server_min_protocol, 0x0202);
	assert_int_equal(g->server_max_protocol, 0x0311);
	assert_int_equal(g->smb2_max_read, 8 << 20);
	assert_true(strlen(g->netbios_name) > 0);
	assert_null(g->interfaces[0]);
	assert_non_null(s);
	assert_string_equal(s->path, "/srv");
	assert_true(s->read_only && s->available && s->follow_symlinks);
	assert_false(s->wide_links);
	assert_int_equal(s->create_mask, 0744);
	assert_null(conf_share_lookup(p.conf, "t"));
	done(&p);
}

static void test_what_macos_is_offered(void **unused)
{
	struct parsed p = parse("[global]\nfruit:model = Xserve\n"
				"readdir_attr:aapl_rsize = no\n"
				"[a]\npath=/a\nfruit:time machine = yes\n"
				"fruit:time machine max size = 3T\n"
				"fruit:zero_file_id = no\n");
	const struct conf_share *a = conf_share_lookup(p.conf, "a");

	assert_int_equal(p.report->count, 0);
	assert_true(conf_global(p.conf)->fruit.aapl);
	assert_string_equal(conf_global(p.conf)->fruit.model, "Xserve");
	assert_true(a->fruit.time_machine);
	assert_true(a->fruit.time_machine_max_size == 3ull << 40);
	assert_false(a->fruit.zero_file_id);
	assert_false(a->fruit.dir_resource_size);
	assert_true(a->fruit.dir_finder_info && a->fruit.dir_max_access);
	done(&p);
}

static void test_names_ignore_case_and_spaces(void **unused)
{
	struct parsed p = parse("[GLOBAL]\nNetBIOSName=peer\n"
				"[s]\nPath=/srv\nREADONLY=No\n");

	assert_int_equal(p.report->count, 0);
	assert_string_equal(conf_global(p.conf)->netbios_name, "PEER");
	assert_false(conf_share_at(p.conf, 0)->read_only);
	done(&p);
}

static void test_global_sets_the_defaults_of_shares(void **unused)
{
	struct parsed p = parse("[a]\npath=/a\nwriteable=no\n[b]\npath=/b\n"
				"[global]\nread only=no\n");

	assert_true(conf_share_lookup(p.conf, "a")->read_only);
	assert_false(conf_share_lookup(p.conf, "b")->read_only);
	done(&p);
}

static void test_copy_is_below_what_the_section_says(void **unused)
{
	struct parsed p = parse("[a]\npath=/a\ncomment=from a\n"
				"[b]\ncomment=own\ncopy=a\n");
	const struct conf_share *b = conf_share_lookup(p.conf, "b");

	assert_string_equal(b->path, "/a");
	assert_string_equal(b->comment, "own");
	done(&p);
	check_refused("[a]\npath=/a\ncopy=c\n", 3, "no such section");
	check_refused("[a]\npath=/a\ncopy=a\n", 3, "no such section");
}

static void test_lines(void **unused)
{
	struct parsed p = parse("; no\n# no\n[s] \r\n path = /a\\\n"
				"/b \n\tcomment = x = y # z\n"
				"vfs objects = \nvolume = \"two words\"\n");
	const struct conf_share *s = conf_share_at(p.conf, 0);

	assert_string_equal(s->path, "/a/b");
	assert_string_equal(s->comment, "x = y # z");
	assert_string_equal(s->volume, "two words");
	assert_null(s->vfs_objects[0]);
	done(&p);
}

static void test_lists(void **unused)
{
	struct parsed p =
		parse("[global]\ninterfaces=\"127.0.0.1/8;speed=1\", eth0\n"
		      "smb ports = 4450, 4451\n"
		      "[s]\npath=/s\nvalid users = a,\"b c\"\t@d\n");
	const struct conf_global *g = conf_global(p.conf);
	const struct conf_share *s = conf_share_at(p.conf, 0);

	assert_string_equal(g->interfaces[0], "127.0.0.1/8;speed=1");
	assert_string_equal(g->interfaces[1], "eth0");
	assert_null(g->interfaces[2]);
	assert_int_equal(g->smb_ports[1], 4451);
	assert_string_equal(s->valid_users[1], "b c");
	assert_string_equal(s->valid_users[2], "@d");
	assert_null(s->valid_users[3]);
	done(&p);
}

static void test_protocols_signing_encryption(void **unused)
{
	struct parsed p = parse("[global]\nserver min protocol=NT1\n"
				"max protocol=SMB3_00\n"
				"server signing=mandatory\n"
				"smb encrypt=desired\n"
				"[s]\npath=/s\nserver smb encrypt=required\n");
	const struct conf_global *g = conf_global(p.conf);

	assert_int_equal(g->server_min_protocol, 0x0202);
	assert_int_equal(g->server_max_protocol, 0x0300);
	assert_int_equal(g->server_signing, CONF_SIGNING_REQUIRED);
	assert_int_equal(g->smb_encrypt, CONF_ENCRYPT_DESIRED);
	assert_int_equal(conf_share_at(p.conf, 0)->smb_encrypt,
			 CONF_ENCRYPT_REQUIRED);
	done(&p);
	check_refused("[global]\nserver min protocol=SMB3\n"
		      "server max protocol=SMB2_10\n",
		      0, "server min protocol");
	check_refused("[global]\nserver max protocol=NT1\n", 2, "words");
}

static void test_bad_values_are_refused_with_their_line(void **unused)
{
	check_refused("[s]\npath=/s\n\nread only=perhaps\n", 4, "yes nor no");
	check_refused("[global]\nsmb ports=x\n", 2, "port");
	check_refused("[s]\npath=srv\n", 2, "absolute");
	check_refused("[s]\npath=/s\ncreate mask=888\n", 3, "number");
	check_refused("[global]\nsmb2 max read=1\n", 2, "range");
	check_refused("[s]\npath=/s\nfruit:time machine max size=-1\n", 3,
		      "number");
	check_refused("[s]\npath=/s\nfruit:time machine max size=1TT\n", 3,
		      "number");
	check_refused("[s]\npath=/s\nfruit:time machine max size=99999P\n", 3,
		      "range");
	check_refused("[s]\npath=/s\nhosts allow=example.com\n", 3,
		      "addresses");
	check_refused("[s]\npath=/s\ninvalid users=%U\n", 3, "%-words");
	check_refused("[global]\nlog level=high\n", 2, "level");
	check_refused("[s\n", 1, "section");
	check_refused("what\n", 1, "name = value");
	check_refused("include = /etc/other.conf\n", 1, "include");
}

static void test_what_restricts_and_is_not_there_stops(void **unused)
{
	check_refused("[s]\npath=/s\ndont descend=/x\n", 3, "restricts");
	check_refused("[global]\nobey pam restrictions=yes\n", 2, "restricts");
	check_refused("[s]\npath=/s\nvfs objects=worm\n", 3, "restricts");
	check_warned("[s]\npath=/s\ndont descend=\nbogus=1\n", "bogus");
	check_warned("[global]\nobey pam restrictions=No\nbogus=1\n", "bogus");
}

static void test_what_is_not_known_is_reported(void **unused)
{
	check_warned("[s]\npath=/s\nread onyl=yes\n", "unknown parameter");
	check_warned("[s]\npath=/s\nfruit:resource=file\n", "no share");
	check_warned("[s]\npath=/s\nvfs objects=ceph\n", "ceph");
	check_warned("[s]\npath=/s\nkernel share modes=yes\n",
		     "not implemented");
	check_warned("[s]\npath=/s\nworkgroup=X\n", "[global]");
	check_warned("[s]\npath=/s\ncomment=x\n", "no effect yet");
	check_warned("[homes]\nread only=no\n", "not served");
	check_warned("[s]\nread only=no\n", "no path");
}

static void test_modules_and_what_is_said_to_them(void **unused)
{
	struct parsed p = parse("[global]\na:x=1\na:y=2\n"
				"[s]\npath=/s\nvfs objects=b acl_xattr A\n"
				"A:Y=\"3 4\"\nd:z = 5\ndriver = D\n"
				"[t]\npath=/t\ncopy=s\n");
	const struct conf_share *s = conf_share_at(p.conf, 0);
	const struct conf_share *t = conf_share_at(p.conf, 1);

	assert_int_equal(p.report->errors, 0);
	assert_int_equal(p.report->count, 1);
	assert_true(p.report->problems[0].note);
	assert_non_null(strstr(p.report->problems[0].text, "built in"));
	assert_string_equal(s->filters[0], "b");
	assert_string_equal(s->filters[1], "A");
	assert_null(s->filters[2]);
	assert_string_equal(s->driver, "D");
	assert_int_equal(s->num_options, 3);
	assert_string_equal(conf_option_lookup(s, "a:x"), "1");
	assert_string_equal(conf_option_lookup(s, "a:y"), "3 4");
	assert_string_equal(conf_option_lookup(t, "d:z"), "5");
	assert_null(conf_option_lookup(s, "b:x"));
	assert_string_equal(t->filters[1], "A");
	done(&p);
	check_warned("[global]\nc:x=1\n[s]\npath=/s\nvfs objects=a\n",
		     "no share");
}

static void test_options_of_one_share_are_not_anothers(void **unused)
{
	struct parsed p = parse("[global]\nvfs objects=a\na:x=1\n"
				"[s]\npath=/s\na:x=2\na:y=3\n"
				"[t]\npath=/t\n");
	const struct conf_share *t = conf_share_at(p.conf, 1);

	assert_int_equal(p.report->count, 0);
	assert_int_equal(t->num_options, 1);
	assert_string_equal(conf_option_lookup(t, "a:x"), "1");
	assert_string_equal(conf_option_lookup(conf_share_at(p.conf, 0), "a:x"),
			    "2");
	done(&p);
}

static void test_a_share_without_path_is_not_available(void **unused)
{
	struct parsed p = parse("[s]\ncomment = x\n");

	assert_false(conf_share_at(p.conf, 0)->available);
	done(&p);
}

static void test_files_and_includes(void **unused)
{
	char dir[] = "/tmp/holdfast-conf-test.XXXXXX";
	TALLOC_CTX *ctx = talloc_new(NULL);
	struct conf_report *report = conf_report_create(ctx);
	struct conf *conf = NULL;
	NTSTATUS status;
	char *a;
	char *b;
	FILE *f;

	assert_non_null(mkdtemp(dir));
	a = talloc_asprintf(ctx, "%s/a.conf", dir);
	b = talloc_asprintf(ctx, "%s/b.conf", dir);
	f = fopen(a, "w");
	fprintf(f, "[global]\nnetbios name=A\ninclude=%s\n[s]\npath=/s\n", b);
	fclose(f);
	status = conf_load(ctx, a, report, &conf);
	assert_true(NT_STATUS_IS(status, INVALID_PARAMETER));
	assert_int_equal(report->problems[0].line, 3);
	f = fopen(b, "w");
	fprintf(f, "netbios name=B\nunknown thing=1\n");
	fclose(f);
	report = conf_report_create(ctx);
	status = conf_load(ctx, a, report, &conf);
	assert_true(NT_STATUS_IS_OK(status));
	assert_string_equal(conf_global(conf)->netbios_name, "B");
	assert_string_equal(report->problems[0].file, b);
	assert_int_equal(report->problems[0].line, 2);
	/* One that includes itself ends. */
	f = fopen(b, "w");
	fprintf(f, "include=%s\n", b);
	fclose(f);
	report = conf_report_create(ctx);
	status = conf_load(ctx, a, report, &conf);
	assert_true(NT_STATUS_IS(status, INVALID_PARAMETER));
	status = conf_load_anyway(ctx, a, report, &conf);
	assert_true(NT_STATUS_IS_OK(status));
	assert_string_equal(conf_share_at(conf, 0)->path, "/s");
	unlink(a);
	unlink(b);
	rmdir(dir);
	status = conf_load(ctx, a, report, &conf);
	assert_true(NT_STATUS_IS(status, OBJECT_NAME_NOT_FOUND));
	talloc_free(ctx);
}

static void test_words_never_make_another_path(void **unused)
{
	static const struct conf_subst subst = {.session_user = "../../etc",
						.unix_user = "..",
						.client_address = "127.0.0.1",
						.share = "a b"};
	TALLOC_CTX *ctx = talloc_new(NULL);
	struct conf_subst shell;
	char *out = NULL;
	NTSTATUS status;

	status = conf_substitute(ctx, "/s/%U/%u/%m/%S/%%", &subst, &out);
	assert_true(NT_STATUS_IS_OK(status));
	assert_string_equal(out, "/s/_._.._etc/_./127.0.0.1/a_b/%");
	status = conf_substitute(ctx, "%t", &subst, &out);
	assert_true(NT_STATUS_IS_OK(status));
	assert_int_equal(strlen(out), 19);
	status = conf_substitute(ctx, "%P", &subst, &out);
	assert_true(NT_STATUS_IS(status, INVALID_PARAMETER));
	shell = subst;
	shell.shell = true;
	shell.path = "/srv/a b";
	shell.unix_user = "pc$(reboot)$HOME";
	status = conf_substitute(ctx, "%P %u", &shell, &out);
	assert_true(NT_STATUS_IS_OK(status));
	assert_string_equal(out, "/srv/a b pc__reboot__HOME");
	shell.path = "/srv/$(reboot)";
	status = conf_substitute(ctx, "%P", &shell, &out);
	assert_true(NT_STATUS_IS(status, INVALID_PARAMETER));
	status = conf_substitute(ctx, "/s/%Q", &subst, &out);
	assert_true(NT_STATUS_IS(status, INVALID_PARAMETER));
	status = conf_substitute(ctx, "/s/%", &subst, &out);
	assert_true(NT_STATUS_IS(status, INVALID_PARAMETER));
	talloc_free(ctx);
}

static void test_user_lists(void **unused)
{
	static const char *const list[] = {"Alice", "@root", "+nosuchgroup",
					   NULL};
	static const gid_t zero[] = {1234, 0};

	assert_true(conf_user_in_list(list, "alice", NULL, 0));
	assert_false(conf_user_in_list(list, "bob", NULL, 0));
	assert_false(conf_user_in_list(list, "root", NULL, 0));
	assert_true(conf_user_in_list(list, "bob", zero, 2));
	assert_false(conf_user_in_list(list, "bob", zero, 1));
}

static void test_print_reads_back_the_same(void **unused)
{
	struct parsed p = parse("[global]\nsmb ports = 1 2\nread only = no\n"
				"[s]\npath = /s p\nvalid users=\"a b\" c\n"
				"create mask = 0600\nsmb encrypt=off\n");
	struct parsed again;
	char *text = NULL;
	char *text2 = NULL;
	size_t n;
	FILE *f = open_memstream(&text, &n);

	conf_print(p.conf, f, false);
	fclose(f);
	assert_non_null(strstr(text, "\tcreate mask = 0600\n"));
	assert_null(strstr(text, "wide links"));
	again = parse(text);
	assert_int_equal(again.report->count, 0);
	f = open_memstream(&text2, &n);
	conf_print(again.conf, f, false);
	fclose(f);
	assert_string_equal(text, text2);
	free(text);
	free(text2);
	done(&p);
	done(&again);
}

static void test_one_value_as_text(void **unused)
{
	struct parsed p = parse("[s]\npath=/s\nread only = no\n");
	char *out = NULL;
	NTSTATUS status;

	status = conf_get_text(p.ctx, p.conf, "s", "writeable", &out);
	assert_true(NT_STATUS_IS_OK(status));
	assert_string_equal(out, "yes");
	status = conf_get_text(p.ctx, p.conf, "global", "smb ports", &out);
	assert_true(NT_STATUS_IS_OK(status));
	assert_string_equal(out, "445");
	status = conf_get_text(p.ctx, p.conf, "t", "path", &out);
	assert_true(NT_STATUS_IS(status, NOT_FOUND));
	status = conf_get_text(p.ctx, p.conf, "s", "smb ports", &out);
	assert_true(NT_STATUS_IS(status, INVALID_PARAMETER));
	done(&p);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_defaults),
		cmocka_unit_test(test_what_macos_is_offered),
		cmocka_unit_test(test_names_ignore_case_and_spaces),
		cmocka_unit_test(test_global_sets_the_defaults_of_shares),
		cmocka_unit_test(test_copy_is_below_what_the_section_says),
		cmocka_unit_test(test_lines),
		cmocka_unit_test(test_lists),
		cmocka_unit_test(test_protocols_signing_encryption),
		cmocka_unit_test(test_bad_values_are_refused_with_their_line),
		cmocka_unit_test(test_what_restricts_and_is_not_there_stops),
		cmocka_unit_test(test_what_is_not_known_is_reported),
		cmocka_unit_test(test_modules_and_what_is_said_to_them),
		cmocka_unit_test(test_options_of_one_share_are_not_anothers),
		cmocka_unit_test(test_a_share_without_path_is_not_available),
		cmocka_unit_test(test_files_and_includes),
		cmocka_unit_test(test_words_never_make_another_path),
		cmocka_unit_test(test_user_lists),
		cmocka_unit_test(test_print_reads_back_the_same),
		cmocka_unit_test(test_one_value_as_text),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
