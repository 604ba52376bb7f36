/* tools/password.c - passwords from a terminal or from standard input. */
#include "tools/password.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <termios.h>
#include <unistd.h>

#include "tools/tool.h"

#define MAX_LINE  4096
#define CONTROL_C '\003'

void password_free(char *password)
{
	if (password != NULL) {
		explicit_bzero(password, strlen(password));
		free(password);
	}
}

/* The next line of f without its end, on the heap; NULL at the end of f and
 * for a line that is too long. */
static char *read_line(FILE *f)
{
	char buffer[MAX_LINE];
	char *line = NULL;

	if (fgets(buffer, sizeof(buffer), f) != NULL &&
	    (feof(f) || strchr(buffer, '\n') != NULL)) {
		buffer[strcspn(buffer, "\r\n")] = '\0';
		line = strdup(buffer);
	}
	explicit_bzero(buffer, sizeof(buffer));
	return line;
}

static char *read_stdin(void)
{
	char *line = read_line(stdin);

	if (line == NULL) {
		tool_die("standard input must have the password, twice, a "
			 "line each");
	}
	return line;
}

/* Asks on the terminal.  Its signals are off as long as its echo is: a Ctrl-C
 * comes as a character, and the terminal is left as it was found. */
static char *ask(FILE *tty, const char *prompt)
{
	struct termios old;
	struct termios quiet;
	char *line;

	if (tcgetattr(fileno(tty), &old) != 0) {
		tool_die("cannot turn the terminal's echo off");
	}
	quiet = old;
	quiet.c_lflag &= ~(tcflag_t)(ECHO | ISIG);
	if (tcsetattr(fileno(tty), TCSAFLUSH, &quiet) != 0) {
		tool_die("cannot turn the terminal's echo off");
	}
	fputs(prompt, tty);
	fflush(tty);
	line = read_line(tty);
	tcsetattr(fileno(tty), TCSAFLUSH, &old);
	fputc('\n', tty);
	if (line == NULL || strchr(line, CONTROL_C) != NULL) {
		password_free(line);
		tool_die("given up");
	}
	return line;
}

static char *check_same(char *first, char *second)
{
	if (strcmp(first, second) != 0) {
		password_free(first);
		password_free(second);
		tool_die("the two passwords differ");
	}
	password_free(second);
	return first;
}

char *password_read_twice(bool from_stdin)
{
	FILE *tty = from_stdin ? NULL : fopen("/dev/tty", "r+e");
	char *first;
	char *second;

	if (tty == NULL) {
		first = read_stdin();
		second = read_stdin();
	} else {
		setvbuf(tty, NULL, _IONBF, 0);
		first = ask(tty, "New SMB password: ");
		second = ask(tty, "The same again: ");
		fclose(tty);
	}
	return check_same(first, second);
}
