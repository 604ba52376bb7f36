/* auth/asn1table.c - build tool: an ASN.1 module to the table that libtasn1
 * works with.
 *
 *	asn1table MODULE.asn OUT.c NAME */
#include <libtasn1.h>
#include <stdio.h>

int main(int argc, char **argv)
{
	char error[ASN1_MAX_ERROR_DESCRIPTION_SIZE] = "";

	if (argc != 4) {
		fprintf(stderr, "usage: asn1table MODULE.asn OUT.c NAME\n");
		return 2;
	}
	if (asn1_parser2array(argv[1], argv[2], argv[3], error) !=
	    ASN1_SUCCESS) {
		fprintf(stderr, "asn1table: %s: %s\n", argv[1], error);
		return 1;
	}
	return 0;
}
