/* tools/password.h - asks for a password, unseen. */
#ifndef TOOLS_PASSWORD_H
#define TOOLS_PASSWORD_H

#include <stdbool.h>

/* A new password, given twice: two lines of standard input when from_stdin or
 * when there is no terminal, else asked for there without echo.  Ends the
 * program when they differ, one is missing or too long, or the user gives up.
 * To be freed by password_free(). */
char *password_read_twice(bool from_stdin);

/* Wipes it; NULL is fine. */
void password_free(char *password);

#endif
