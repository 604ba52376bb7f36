/* pidl-gen/iface.c - interfaces and their methods. */
#include "pidl-gen/check.h"
#include "pidl-gen/decl.h"

void decl_method(struct parser *ps, struct attr *attrs, struct type *result,
		 struct declarator *name, struct field *params)
{
	struct interface *i = ps->unit->interface;
	struct method *m = talloc_zero(ps->unit, struct method);

	if (i == NULL) {
		unit_error(ps->unit, name->loc,
			   "the method '%s' is in no interface", name->name);
		return;
	}
	m->name = name->name;
	m->loc = name->loc;
	m->result = result;
	m->opnum = i->num_methods++;
	m->params = talloc_zero(ps->unit, struct type);
	m->params->kind = TYPE_STRUCT;
	m->params->name = name->name;
	m->params->loc = name->loc;
	m->params->fields = params;
	m->params->align = 1;
	/* Of parameters themselves ([C706] 4.2.20.1); of what they contain
	 * the interface's default holds. */
	m->params->pointer_default = POINTER_REF;
	for (struct field *f = params; f != NULL; f = f->next) {
		f->owner = m->params;
	}
	*i->last_method = m;
	i->last_method = &m->next;
}

static enum pointer_kind default_attr(struct unit *u, const struct attr *attrs)
{
	const struct attr *a = attr_find(attrs, "pointer_default");
	struct attr kind = {0};
	enum pointer_kind found;

	if (a == NULL) {
		return POINTER_UNIQUE;
	}
	if (a->args != NULL && a->args->text != NULL) {
		kind.name = a->args->text;
		found = decl_pointer_attr(&kind);
		if (found != POINTER_DEFAULT) {
			return found;
		}
	}
	unit_error(u, a->args == NULL ? a->loc : a->args->loc,
		   "expected ref, unique or ptr");
	return POINTER_UNIQUE;
}

void decl_interface(struct parser *ps, struct attr *attrs, const char *name)
{
	struct unit *u = ps->unit;
	struct interface *i = talloc_zero(u, struct interface);

	i->name = name;
	i->attrs = attrs;
	i->imported = ps->imported;
	i->last_method = &i->methods;
	*u->last_interface = i;
	u->last_interface = &i->next;
	u->interface = i;
	u->plain = attr_find(attrs, "plain") != NULL;
	u->ms_union = attr_find(attrs, "ms_union") != NULL;
	u->pointer_default = default_attr(u, attrs);
}

void decl_interface_end(struct parser *ps)
{
	ps->unit->interface = NULL;
	ps->unit->plain = false;
	ps->unit->ms_union = false;
	ps->unit->pointer_default = POINTER_UNIQUE;
}

bool param_is_handle(const struct field *f)
{
	const struct type *t = f->type;

	while (t->kind == TYPE_POINTER) {
		t = t->target;
	}
	return t->kind == TYPE_VOID;
}

void iface_check(struct unit *u)
{
	for (struct interface *i = u->interfaces; i != NULL; i = i->next) {
		for (struct method *m = i->methods; m != NULL; m = m->next) {
			if (!i->imported) {
				check_params(u, m->params);
			}
		}
	}
}
