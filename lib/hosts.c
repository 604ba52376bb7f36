/* lib/hosts.c - "hosts allow" and "hosts deny". */
#include "lib/hosts.h"

#include <arpa/inet.h>
#include <ctype.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

/* An address: IPv4 in the last four bytes of an IPv4-mapped one. */
struct address {
	uint8_t bytes[16];
	bool v4;
};

static const uint8_t mapped[12] = {0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff};

static bool parse_address(const char *text, struct address *out)
{
	if (inet_pton(AF_INET, text, out->bytes + 12) == 1) {
		memcpy(out->bytes, mapped, sizeof(mapped));
		out->v4 = true;
		return true;
	}
	if (inet_pton(AF_INET6, text, out->bytes) != 1) {
		return false;
	}
	out->v4 = memcmp(out->bytes, mapped, sizeof(mapped)) == 0;
	return true;
}

static bool same_bits(const struct address *a, const struct address *b,
		      unsigned int bits)
{
	unsigned int whole = bits / 8;
	uint8_t mask = (uint8_t)(0xff00 >> bits % 8);

	return memcmp(a->bytes, b->bytes, whole) == 0 &&
	       (bits % 8 == 0 ||
		((a->bytes[whole] ^ b->bytes[whole]) & mask) == 0);
}

/* "24" or "255.255.255.0" as a count of bits of the 16-byte form. */
static bool parse_mask(const char *text, bool v4, unsigned int *out)
{
	struct address mask;
	unsigned int bits = 0;
	char *end;
	long v = strtol(text, &end, 10);

	if (isdigit((unsigned char)*text) && *end == '\0') {
		if (v > (v4 ? 32 : 128)) {
			return false;
		}
		*out = (unsigned int)v + (v4 ? 96 : 0);
		return true;
	}
	if (!parse_address(text, &mask) || mask.v4 != v4) {
		return false;
	}
	if (v4) {
		memset(mask.bytes, 0xff, 12);
	}
	while (bits < 128 && (mask.bytes[bits / 8] & 0x80 >> bits % 8) != 0) {
		bits++;
	}
	/* Ones after a zero are no mask. */
	for (unsigned int i = bits; i < 128; i++) {
		if ((mask.bytes[i / 8] & 0x80 >> i % 8) != 0) {
			return false;
		}
	}
	*out = bits;
	return true;
}

/* "192.168." as its network: one to three numbers, each with its dot. */
static bool parse_prefix(const char *text, struct address *net,
			 unsigned int *bits)
{
	size_t n = strlen(text);
	unsigned int dots = 0;
	char whole[32];

	for (size_t i = 0; i < n; i++) {
		dots += text[i] == '.';
	}
	if (n == 0 || n > 16 || text[n - 1] != '.' || dots > 3) {
		return false;
	}
	memcpy(whole, text, n + 1);
	for (unsigned int i = dots; i < 4; i++) {
		strcat(whole, i == 3 ? "0" : "0.");
	}
	*bits = 96 + 8 * dots;
	return parse_address(whole, net);
}

/* The network that an entry stands for. */
static bool parse_entry(const char *entry, struct address *net,
			unsigned int *bits)
{
	const char *slash = strchr(entry, '/');
	char address[INET6_ADDRSTRLEN];

	if (slash == NULL) {
		*bits = 128;
		return parse_address(entry, net) ||
		       parse_prefix(entry, net, bits);
	}
	if ((size_t)(slash - entry) >= sizeof(address)) {
		return false;
	}
	memcpy(address, entry, (size_t)(slash - entry));
	address[slash - entry] = '\0';
	return parse_address(address, net) &&
	       parse_mask(slash + 1, net->v4, bits);
}

static bool is_keyword(const char *entry)
{
	return strcasecmp(entry, "ALL") == 0 ||
	       strcasecmp(entry, "EXCEPT") == 0;
}

NTSTATUS hosts_entry_check(const char *entry)
{
	struct address net;
	unsigned int bits;

	if (is_keyword(entry) || parse_entry(entry, &net, &bits)) {
		return NT_STATUS_OK;
	}
	return NT_STATUS(INVALID_PARAMETER);
}

/* From list to its end or the next EXCEPT, which *except then points behind
 * (else NULL). */
static bool matches_some(const char *const *list, const struct address *a,
			 const char *const **except)
{
	bool found = false;

	*except = NULL;
	for (; *list != NULL; list++) {
		struct address net;
		unsigned int bits;

		if (strcasecmp(*list, "EXCEPT") == 0) {
			*except = list + 1;
			break;
		}
		if (strcasecmp(*list, "ALL") == 0) {
			found = true;
		} else if (parse_entry(*list, &net, &bits)) {
			found = found || same_bits(a, &net, bits);
		}
	}
	return found;
}

/* a EXCEPT b EXCEPT c: in a, and not in (b EXCEPT c). */
static bool matches(const char *const *list, const struct address *a)
{
	const char *const *except = list;
	bool result = false;
	bool keep = true;

	while (except != NULL) {
		bool here = matches_some(except, a, &except);

		if (!here) {
			break;
		}
		result = keep;
		keep = !keep;
	}
	return result;
}

static bool is_loopback(const struct address *a)
{
	static const uint8_t v6[16] = {[15] = 1};

	return a->v4 ? a->bytes[12] == 127
		     : memcmp(a->bytes, v6, sizeof(v6)) == 0;
}

bool hosts_may_connect(const char *const *allow, const char *const *deny,
		       const char *addr)
{
	struct address a;

	if (*allow == NULL && *deny == NULL) {
		return true;
	}
	if (!parse_address(addr, &a)) {
		return false;
	}
	if (*allow != NULL && matches(allow, &a)) {
		return true;
	}
	if (*deny != NULL && matches(deny, &a)) {
		return false;
	}
	return *allow == NULL || *deny != NULL || is_loopback(&a);
}
