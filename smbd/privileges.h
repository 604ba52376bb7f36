/* smbd/privileges.h - what a process may do beyond its user's rights, and how
 * much of the machine it may use. */
#ifndef SMBD_PRIVILEGES_H
#define SMBD_PRIVILEGES_H

/* Keeps the capabilities that a child needs, for ever.  Nothing without root.
 */
void smbd_drop_privileges(void);

/* As many descriptors as the system lets a process have. */
void smbd_raise_limits(void);

#endif
