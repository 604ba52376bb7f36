/* auth/spnego_token.c - tokens through libtasn1.
 *
 * A token from a client's first message is an InitialContextToken around a
 * NegotiationToken; later ones are the NegotiationToken alone. */
#include "auth/spnego_token.h"

#include <libtasn1.h>
#include <stdio.h>
#include <string.h>

#define OID_SPNEGO   "1.3.6.1.5.5.2"
#define MAX_OID_TEXT 128

/* auth/spnego_asn1.c, made from auth/spnego.asn. */
extern const asn1_static_node spnego_asn1_table[];

struct spnego_asn1 {
	asn1_node defs;
};

static int asn1_destructor(struct spnego_asn1 *asn1)
{
	asn1_delete_structure(&asn1->defs);
	return 0;
}

NTSTATUS spnego_asn1_create(TALLOC_CTX *mem_ctx, struct spnego_asn1 **out)
{
	struct spnego_asn1 *asn1 = talloc_zero(mem_ctx, struct spnego_asn1);

	if (asn1 == NULL) {
		return NT_STATUS(NO_MEMORY);
	}
	if (asn1_array2tree(spnego_asn1_table, &asn1->defs, NULL) !=
	    ASN1_SUCCESS) {
		talloc_free(asn1);
		return NT_STATUS(NO_MEMORY);
	}
	talloc_set_destructor(asn1, asn1_destructor);
	*out = asn1;
	return NT_STATUS_OK;
}

/* --- decoding -------------------------------------------------------- */

/* To be deleted by the caller. */
static NTSTATUS decode_as(const struct spnego_asn1 *asn1, const char *type,
			  struct blob in, asn1_node *out)
{
	asn1_node node = NULL;
	int size = (int)in.length;

	if (in.length == 0 || in.length > SPNEGO_MAX_TOKEN) {
		return NT_STATUS(INVALID_PARAMETER);
	}
	if (asn1_create_element(asn1->defs, type, &node) != ASN1_SUCCESS) {
		return NT_STATUS(NO_MEMORY);
	}
	if (asn1_der_decoding2(&node, in.data, &size,
			       ASN1_DECODE_FLAG_STRICT_DER,
			       NULL) != ASN1_SUCCESS) {
		asn1_delete_structure(&node);
		return NT_STATUS(INVALID_PARAMETER);
	}
	*out = node;
	return NT_STATUS_OK;
}

/* A value as bytes on mem_ctx; NULL when it is not there. */
static NTSTATUS read_blob(TALLOC_CTX *mem_ctx, asn1_node node, const char *name,
			  struct blob *out)
{
	struct blob value = {NULL, 0};
	int size = 0;
	int err = asn1_read_value(node, name, NULL, &size);

	if (err == ASN1_ELEMENT_NOT_FOUND || err == ASN1_VALUE_NOT_FOUND) {
		*out = value;
		return NT_STATUS_OK;
	}
	if ((err != ASN1_SUCCESS && err != ASN1_MEM_ERROR) || size < 0) {
		return NT_STATUS(INVALID_PARAMETER);
	}
	value.data = talloc_size(mem_ctx, (size_t)size + 1);
	if (value.data == NULL) {
		return NT_STATUS(NO_MEMORY);
	}
	if (size > 0 &&
	    asn1_read_value(node, name, value.data, &size) != ASN1_SUCCESS) {
		return NT_STATUS(INVALID_PARAMETER);
	}
	value.length = (size_t)size;
	*out = value;
	return NT_STATUS_OK;
}

/* An object identifier as text on mem_ctx; NULL when it is not there. */
static NTSTATUS read_oid(TALLOC_CTX *mem_ctx, asn1_node node, const char *name,
			 const char **out)
{
	char text[MAX_OID_TEXT];
	int size = sizeof(text);
	int err = asn1_read_value(node, name, text, &size);

	if (err == ASN1_ELEMENT_NOT_FOUND || err == ASN1_VALUE_NOT_FOUND) {
		*out = NULL;
		return NT_STATUS_OK;
	}
	if (err != ASN1_SUCCESS) {
		return NT_STATUS(INVALID_PARAMETER);
	}
	*out = talloc_strdup(mem_ctx, text);
	return *out == NULL ? NT_STATUS(NO_MEMORY) : NT_STATUS_OK;
}

/* Which of the two a NegotiationToken is. */
static bool is_choice(asn1_node node, const char *want)
{
	char name[32];
	int size = sizeof(name);

	return asn1_read_value(node, "", name, &size) == ASN1_SUCCESS &&
	       strcmp(name, want) == 0;
}

static NTSTATUS decode_choice(const struct spnego_asn1 *asn1, struct blob in,
			      const char *want, asn1_node *out)
{
	asn1_node node;
	NTSTATUS status;

	status = decode_as(asn1, "SPNEGO.NegotiationToken", in, &node);
	if (!NT_STATUS_IS_OK(status)) {
		return status;
	}
	if (!is_choice(node, want)) {
		asn1_delete_structure(&node);
		return NT_STATUS(INVALID_PARAMETER);
	}
	*out = node;
	return NT_STATUS_OK;
}

/* Takes an InitialContextToken off; what is in it lies on mem_ctx. */
static NTSTATUS unwrap_initial(TALLOC_CTX *mem_ctx,
			       const struct spnego_asn1 *asn1, struct blob in,
			       struct blob *out)
{
	const char *oid = NULL;
	asn1_node node;
	NTSTATUS status;

	status = decode_as(asn1, "SPNEGO.InitialContextToken", in, &node);
	if (!NT_STATUS_IS_OK(status)) {
		return status;
	}
	status = read_oid(mem_ctx, node, "thisMech", &oid);
	if (NT_STATUS_IS_OK(status) &&
	    (oid == NULL || strcmp(oid, OID_SPNEGO) != 0)) {
		status = NT_STATUS(INVALID_PARAMETER);
	}
	if (NT_STATUS_IS_OK(status)) {
		status = read_blob(mem_ctx, node, "innerContextToken", out);
	}
	asn1_delete_structure(&node);
	return status;
}

/* The list's own bytes, as they were sent: what lies behind tag and length of
 * the [0] around it. */
static NTSTATUS find_mech_list(asn1_node node, struct blob token,
			       struct blob *out)
{
	unsigned char class;
	unsigned long tag;
	long content;
	int tag_size;
	int length_size;
	int start;
	int end;

	if (asn1_der_decoding_startEnd(node, token.data, (int)token.length,
				       "negTokenInit.mechTypes", &start,
				       &end) != ASN1_SUCCESS ||
	    start < 0 || end < start || (size_t)end >= token.length) {
		return NT_STATUS(INVALID_PARAMETER);
	}
	token.data += start;
	token.length = (size_t)(end - start) + 1;
	if (asn1_get_tag_der(token.data, (int)token.length, &class, &tag_size,
			     &tag) != ASN1_SUCCESS) {
		return NT_STATUS(INVALID_PARAMETER);
	}
	content =
		asn1_get_length_der(token.data + tag_size,
				    (int)token.length - tag_size, &length_size);
	if (content < 0 ||
	    (size_t)tag_size + (size_t)length_size + (size_t)content !=
		    token.length) {
		return NT_STATUS(INVALID_PARAMETER);
	}
	*out = (struct blob){token.data + tag_size + length_size,
			     (size_t)content};
	return NT_STATUS_OK;
}

static NTSTATUS read_mechs(TALLOC_CTX *mem_ctx, asn1_node node,
			   struct blob token, struct spnego_init *init)
{
	char name[48];
	NTSTATUS status;
	int count = 0;

	if (asn1_number_of_elements(node, "negTokenInit.mechTypes", &count) !=
		    ASN1_SUCCESS ||
	    count == 0) {
		return NT_STATUS_OK; /* none named */
	}
	if (count > SPNEGO_MAX_MECHS) {
		return NT_STATUS(INVALID_PARAMETER);
	}
	for (int i = 0; i < count; i++) {
		snprintf(name, sizeof(name), "negTokenInit.mechTypes.?%d",
			 i + 1);
		status = read_oid(mem_ctx, node, name, &init->mechs[i]);
		if (!NT_STATUS_IS_OK(status)) {
			return status;
		}
		if (init->mechs[i] == NULL) {
			return NT_STATUS(INVALID_PARAMETER);
		}
	}
	init->num_mechs = (size_t)count;
	return find_mech_list(node, token, &init->mech_list);
}

NTSTATUS spnego_init_decode(TALLOC_CTX *mem_ctx, const struct spnego_asn1 *asn1,
			    struct blob in, struct spnego_init *out)
{
	struct spnego_init init = {0};
	struct blob token;
	asn1_node node;
	NTSTATUS status;

	status = unwrap_initial(mem_ctx, asn1, in, &token);
	if (NT_STATUS_IS_OK(status)) {
		status = decode_choice(asn1, token, "negTokenInit", &node);
	}
	if (!NT_STATUS_IS_OK(status)) {
		return status;
	}
	status = read_mechs(mem_ctx, node, token, &init);
	if (NT_STATUS_IS_OK(status)) {
		status = read_blob(mem_ctx, node, "negTokenInit.mechToken",
				   &init.mech_token);
	}
	asn1_delete_structure(&node);
	if (NT_STATUS_IS_OK(status)) {
		*out = init;
	}
	return status;
}

static NTSTATUS read_state(asn1_node node, enum spnego_state *out)
{
	uint8_t value[8];
	int size = sizeof(value);
	int err = asn1_read_value(node, "negTokenResp.negState", value, &size);

	if (err == ASN1_ELEMENT_NOT_FOUND || err == ASN1_VALUE_NOT_FOUND) {
		*out = SPNEGO_NO_STATE;
		return NT_STATUS_OK;
	}
	if (err != ASN1_SUCCESS || size != 1 || value[0] > SPNEGO_REQUEST_MIC) {
		return NT_STATUS(INVALID_PARAMETER);
	}
	*out = (enum spnego_state)value[0];
	return NT_STATUS_OK;
}

NTSTATUS spnego_resp_decode(TALLOC_CTX *mem_ctx, const struct spnego_asn1 *asn1,
			    struct blob in, struct spnego_resp *out)
{
	struct spnego_resp resp = {0};
	asn1_node node;
	NTSTATUS status;

	status = decode_choice(asn1, in, "negTokenResp", &node);
	if (!NT_STATUS_IS_OK(status)) {
		return status;
	}
	status = read_state(node, &resp.state);
	if (NT_STATUS_IS_OK(status)) {
		status = read_oid(mem_ctx, node, "negTokenResp.supportedMech",
				  &resp.mech);
	}
	if (NT_STATUS_IS_OK(status)) {
		status = read_blob(mem_ctx, node, "negTokenResp.responseToken",
				   &resp.token);
	}
	if (NT_STATUS_IS_OK(status)) {
		status = read_blob(mem_ctx, node, "negTokenResp.mechListMIC",
				   &resp.mic);
	}
	asn1_delete_structure(&node);
	if (NT_STATUS_IS_OK(status)) {
		*out = resp;
	}
	return status;
}

/* --- encoding -------------------------------------------------------- */

/* A structure being filled.  Once a write failed it stays failed. */
struct encoder {
	asn1_node node;
	bool failed;
};

static struct encoder encoder_open(const struct spnego_asn1 *asn1,
				   const char *type)
{
	struct encoder e = {0};

	e.failed =
		asn1_create_element(asn1->defs, type, &e.node) != ASN1_SUCCESS;
	return e;
}

static void encode_value(struct encoder *e, const char *name, const void *value,
			 size_t size)
{
	if (!e->failed &&
	    asn1_write_value(e->node, name, value, (int)size) != ASN1_SUCCESS) {
		e->failed = true;
	}
}

/* A blob, or, for NULL, that it is left out. */
static void encode_blob(struct encoder *e, const char *name, struct blob value)
{
	encode_value(e, name, value.data,
		     value.data == NULL ? 0 : value.length);
}

static void encode_text(struct encoder *e, const char *name, const char *value)
{
	encode_value(e, name, value, 1);
}

/* The DER on mem_ctx; the encoder is gone afterwards. */
static NTSTATUS encoder_close(TALLOC_CTX *mem_ctx, struct encoder *e,
			      struct blob *out)
{
	NTSTATUS status = NT_STATUS(NO_MEMORY);
	uint8_t *data = NULL;
	int size = 0;

	if (!e->failed &&
	    asn1_der_coding(e->node, "", NULL, &size, NULL) == ASN1_MEM_ERROR) {
		data = talloc_size(mem_ctx, (size_t)size);
	}
	if (data != NULL &&
	    asn1_der_coding(e->node, "", data, &size, NULL) == ASN1_SUCCESS) {
		*out = (struct blob){data, (size_t)size};
		status = NT_STATUS_OK;
	} else {
		talloc_free(data);
	}
	asn1_delete_structure(&e->node);
	return status;
}

static NTSTATUS encode_hints(TALLOC_CTX *mem_ctx,
			     const struct spnego_asn1 *asn1, struct blob *out)
{
	static const char name[] = "not_defined_in_RFC4178@please_ignore";
	struct encoder e = encoder_open(asn1, "SPNEGO.NegHints");

	encode_value(&e, "hintName", name, sizeof(name) - 1);
	encode_value(&e, "hintAddress", NULL, 0);
	return encoder_close(mem_ctx, &e, out);
}

static NTSTATUS wrap_initial(TALLOC_CTX *mem_ctx,
			     const struct spnego_asn1 *asn1, struct blob token,
			     struct blob *out)
{
	struct encoder e = encoder_open(asn1, "SPNEGO.InitialContextToken");

	encode_text(&e, "thisMech", OID_SPNEGO);
	encode_blob(&e, "innerContextToken", token);
	return encoder_close(mem_ctx, &e, out);
}

static void encode_mechs(struct encoder *e, const char *list,
			 const struct spnego_init *in)
{
	char last[48];

	snprintf(last, sizeof(last), "%s%s?LAST", list,
		 list[0] == '\0' ? "" : ".");
	for (size_t i = 0; i < in->num_mechs; i++) {
		encode_value(e, list, "NEW", 1);
		encode_text(e, last, in->mechs[i]);
	}
}

NTSTATUS spnego_mech_list_encode(TALLOC_CTX *mem_ctx,
				 const struct spnego_asn1 *asn1,
				 const struct spnego_init *in, struct blob *out)
{
	struct encoder e = encoder_open(asn1, "SPNEGO.MechTypeList");

	encode_mechs(&e, "", in);
	return encoder_close(mem_ctx, &e, out);
}

NTSTATUS spnego_init_encode(TALLOC_CTX *mem_ctx, const struct spnego_asn1 *asn1,
			    const struct spnego_init *in, struct blob *out)
{
	TALLOC_CTX *frame = talloc_new(NULL);
	struct blob hints = {NULL, 0};
	struct encoder e;
	struct blob token;
	NTSTATUS status = NT_STATUS_OK;

	if (frame == NULL) {
		return NT_STATUS(NO_MEMORY);
	}
	if (in->has_hints) {
		status = encode_hints(frame, asn1, &hints);
	}
	if (NT_STATUS_IS_OK(status)) {
		e = encoder_open(asn1, "SPNEGO.NegotiationToken");
		encode_text(&e, "", "negTokenInit");
		encode_mechs(&e, "negTokenInit.mechTypes", in);
		encode_value(&e, "negTokenInit.reqFlags", NULL, 0);
		encode_blob(&e, "negTokenInit.mechToken", in->mech_token);
		encode_blob(&e, "negTokenInit.negHints", hints);
		encode_value(&e, "negTokenInit.mechListMIC", NULL, 0);
		status = encoder_close(frame, &e, &token);
	}
	if (NT_STATUS_IS_OK(status)) {
		status = wrap_initial(mem_ctx, asn1, token, out);
	}
	talloc_free(frame);
	return status;
}

NTSTATUS spnego_resp_encode(TALLOC_CTX *mem_ctx, const struct spnego_asn1 *asn1,
			    const struct spnego_resp *in, struct blob *out)
{
	struct encoder e = encoder_open(asn1, "SPNEGO.NegotiationToken");
	uint8_t state = (uint8_t)in->state;

	encode_text(&e, "", "negTokenResp");
	if (in->state == SPNEGO_NO_STATE) {
		encode_value(&e, "negTokenResp.negState", NULL, 0);
	} else {
		encode_value(&e, "negTokenResp.negState", &state, 1);
	}
	encode_value(&e, "negTokenResp.supportedMech", in->mech,
		     in->mech == NULL ? 0 : 1);
	encode_blob(&e, "negTokenResp.responseToken", in->token);
	encode_blob(&e, "negTokenResp.mechListMIC", in->mic);
	return encoder_close(mem_ctx, &e, out);
}
