/* lib/tests/hosts_test.c - who may connect, and where we listen. */
#include "lib/hosts.h"

#include <netinet/in.h>
#include <setjmp.h>
#include <stdarg.h>
#include <string.h>

#include <cmocka.h>

#include "lib/interfaces.h"

#define LIST(...) ((const char *const[]){__VA_ARGS__, NULL})
#define NONE	  ((const char *const[]){NULL})

static void test_entries(void **unused)
{
	static const char *const good[] = {
		"192.168.",
		"10.",
		"10.0.0.1",
		"10.0.0.0/8",
		"10.0.0.0/255.0.0.0",
		"fe80::/10",
		"::1",
		"ALL",
		"except",
	};
	static const char *const bad[] = {
		"example.com", "@net",
		"10.0.0.0/33", "10.0.0.0/x",
		"10.0.0.0/",   "10.0.0.0/255.0.255.0",
		"300.",	       "1.2.3.4.",
		".",	       "",
		"LOCAL",       "fe80::/129",
	};

	for (size_t i = 0; i < sizeof(good) / sizeof(good[0]); i++) {
		assert_true(NT_STATUS_IS_OK(hosts_entry_check(good[i])));
	}
	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		NTSTATUS status = hosts_entry_check(bad[i]);

		assert_true(NT_STATUS_IS(status, INVALID_PARAMETER));
	}
}

static void test_who_may(void **unused)
{
	assert_true(hosts_may_connect(NONE, NONE, "8.8.8.8"));
	assert_true(hosts_may_connect(LIST("10."), NONE, "10.1.2.3"));
	assert_false(hosts_may_connect(LIST("10."), NONE, "11.1.2.3"));
	assert_true(hosts_may_connect(LIST("10."), NONE, "::ffff:10.0.0.1"));
	assert_false(hosts_may_connect(NONE, LIST("10."), "10.1.2.3"));
	assert_true(hosts_may_connect(NONE, LIST("10."), "11.1.2.3"));
	assert_true(hosts_may_connect(LIST("10.1."), LIST("10."), "10.1.2.3"));
	assert_false(hosts_may_connect(LIST("10.1."), LIST("10."), "10.2.2.3"));
	assert_false(hosts_may_connect(LIST("10.1."), LIST("ALL"), "9.9.9.9"));
	assert_true(hosts_may_connect(LIST("10.1."), LIST("11."), "9.9.9.9"));
	assert_true(hosts_may_connect(LIST("fe80::/10"), NONE, "fe80::1"));
	assert_false(hosts_may_connect(LIST("fe80::/10"), NONE, "2001::1"));
	assert_true(hosts_may_connect(LIST("10.0.0.0/255.255.0.0"), NONE,
				      "10.0.9.9"));
	assert_false(hosts_may_connect(LIST("10.0.0.0/255.255.0.0"), NONE,
				       "10.1.0.1"));
	assert_false(hosts_may_connect(LIST("10."), NONE, "not an address"));
}

static void test_except(void **unused)
{
	const char *const *allow =
		LIST("10.", "EXCEPT", "10.0.", "EXCEPT", "10.0.0.1");

	assert_true(hosts_may_connect(allow, NONE, "10.1.0.1"));
	assert_false(hosts_may_connect(allow, NONE, "10.0.0.2"));
	assert_true(hosts_may_connect(allow, NONE, "10.0.0.1"));
	assert_false(hosts_may_connect(allow, NONE, "9.0.0.1"));
}

static void test_loopback_unless_denied(void **unused)
{
	assert_true(hosts_may_connect(LIST("10."), NONE, "127.0.0.1"));
	assert_true(hosts_may_connect(LIST("10."), NONE, "::1"));
	assert_false(hosts_may_connect(NONE, LIST("127."), "127.0.0.1"));
}

static void test_interfaces(void **unused)
{
	TALLOC_CTX *ctx = talloc_new(NULL);
	struct sockaddr_storage *list = NULL;
	const char *bad = NULL;
	NTSTATUS status;
	size_t n = 0;

	status = interfaces_resolve(
		ctx, LIST("127.0.0.44/8;speed=1", "lo", "127.0.0.44"), &list,
		&n, &bad);
	assert_true(NT_STATUS_IS_OK(status));
	assert_true(n >= 2);
	assert_int_equal(list[0].ss_family, AF_INET);
	assert_int_equal(
		ntohl(((struct sockaddr_in *)&list[0])->sin_addr.s_addr),
		0x7f00002c);
	status =
		interfaces_resolve(ctx, LIST("lo", "nosuch0"), &list, &n, &bad);
	assert_true(NT_STATUS_IS(status, NOT_FOUND));
	assert_string_equal(bad, "nosuch0");
	status = interfaces_resolve(ctx, NONE, &list, &n, &bad);
	assert_true(NT_STATUS_IS_OK(status));
	assert_int_equal(n, 2);
	talloc_free(ctx);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_entries),
		cmocka_unit_test(test_who_may),
		cmocka_unit_test(test_except),
		cmocka_unit_test(test_loopback_unless_denied),
		cmocka_unit_test(test_interfaces),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
