/* torture/util.h - what most tests do first: connections, and files in a
 * directory of the test's own.  All of it ends the test when it fails. */
#ifndef TORTURE_UTIL_H
#define TORTURE_UTIL_H

#include "client/sync.h"
#include "lib/utf16.h"
#include "smb2/fscc_dir.h"
#include "smb2/fscc_file.h"
#include "torture/torture.h"

#define COUNT_OF(a) (sizeof(a) / sizeof((a)[0]))

/* --- connections ---------------------------------------------------------- */

/* TCP and no more. */
struct cli_conn *torture_connect(struct torture *t);
/* ... and NEGOTIATE as the command line says. */
struct cli_conn *torture_negotiated(struct torture *t);
/* ... with these options; skips the test when the server does not agree to
 * any of them. */
struct cli_conn *torture_negotiate_with(
	struct torture *t, const struct cli_negotiate_options *options);
/* One dialect alone. */
struct cli_conn *torture_dialect(struct torture *t, uint16_t dialect);

/* The user of the command line. */
struct cli_session_options torture_login(struct torture *t);
struct cli_session *torture_session_on(struct torture *t,
				       struct cli_conn *conn);
struct cli_session *torture_session(struct torture *t);
struct cli_tree *torture_tree_on(struct torture *t,
				 struct cli_session *session);
/* A connection, session and tree of their own. */
struct cli_tree *torture_tree(struct torture *t);

/* True when the connection is down, or goes down within a few seconds. */
bool torture_is_dropped(struct cli_conn *conn);
/* The connection still answers ECHO. */
void torture_is_alive(struct cli_conn *conn);

/* --- files ---------------------------------------------------------------- */

/* "DIR\leaf" where DIR is the test's own directory, which is made when it is
 * not there yet; on t->mem. */
const char *torture_path(struct torture *t, struct cli_tree *tree,
			 const char *leaf);
/* DIR itself. */
const char *torture_dir(struct torture *t, struct cli_tree *tree);

/* A create with everything shared and nothing special. */
struct smb2_create_request torture_request(uint32_t access,
					   uint32_t disposition,
					   uint32_t options);

/* Opens or makes; returns the id, fails the test otherwise. */
struct smb2_file_id torture_open(struct torture *t, struct cli_tree *tree,
				 const char *name, uint32_t access,
				 uint32_t disposition, uint32_t options);
/* The status of such an open; what it opened is closed at once. */
NTSTATUS torture_try_open(struct torture *t, struct cli_tree *tree,
			  const char *name, uint32_t access,
			  uint32_t disposition, uint32_t options);
/* The status of any create; what it opened is closed at once. */
NTSTATUS torture_try(struct torture *t, struct cli_tree *tree, const char *name,
		     const struct smb2_create_request *in);

/* A new file with this text, closed; its path. */
const char *torture_file(struct torture *t, struct cli_tree *tree,
			 const char *leaf, const char *text);
/* A new directory; its path. */
const char *torture_mkdir(struct torture *t, struct cli_tree *tree,
			  const char *leaf);
/* Everything may be done with it. */
#define TORTURE_ALL                                                            \
	(FILE_GENERIC_READ | FILE_GENERIC_WRITE | DELETE_ACCESS |              \
	 FILE_EXECUTE | WRITE_DAC)

NTSTATUS torture_write(struct cli_tree *tree, struct smb2_file_id id,
		       uint64_t offset, const void *data, size_t length);
/* data is on t->mem */
NTSTATUS torture_read(struct torture *t, struct cli_tree *tree,
		      struct smb2_file_id id, uint64_t offset, uint32_t length,
		      struct blob *out);
/* The file has exactly these bytes at offset 0. */
void torture_content_is(struct torture *t, struct cli_tree *tree,
			const char *name, const void *want, size_t length);

/* QUERY_INFO and SET_INFO of the file classes. */
NTSTATUS torture_query(struct torture *t, struct cli_tree *tree,
		       struct smb2_file_id id, uint8_t info_class, uint32_t max,
		       struct wire_reader *out);
NTSTATUS torture_query_fs(struct torture *t, struct cli_tree *tree,
			  struct smb2_file_id id, uint8_t info_class,
			  uint32_t max, struct wire_reader *out);
NTSTATUS torture_set(struct cli_tree *tree, struct smb2_file_id id,
		     uint8_t info_class, const void *data, size_t length);
/* FileDispositionInformation, FileRenameInformation, FileEndOfFile... */
NTSTATUS torture_set_delete(struct cli_tree *tree, struct smb2_file_id id,
			    bool on);
NTSTATUS torture_rename(struct cli_tree *tree, struct smb2_file_id id,
			const char *name, bool replace);
NTSTATUS torture_set_eof(struct cli_tree *tree, struct smb2_file_id id,
			 uint64_t size);

/* Called for each entry of a directory; false ends the walk. */
typedef bool torture_dir_fn(void *private_data, const char *name,
			    const struct fscc_dir_entry *e);
/* Lists a whole directory by one class; the status that ended the listing,
 * OK for STATUS_NO_MORE_FILES. */
NTSTATUS torture_list_dir(struct torture *t, struct cli_tree *tree,
			  struct smb2_file_id id, const char *pattern,
			  enum file_information_class cls, uint32_t buffer,
			  torture_dir_fn *fn, void *private_data);

/* After a run: removes what its tests left on the shares. */
void torture_remove_all(const struct torture_options *options);

#endif
