#!/bin/sh
# pidl-gen/tests/golden_test.sh - what pidl-gen writes for golden/*.idl, and
# what it says to errors/*.idl, is compared with what is kept beside them.
# With --update the files beside them are written anew.
here=$TOP_SRCDIR/pidl-gen/tests
case $TOP_BUILDDIR in
/*) pidl_gen=$TOP_BUILDDIR/pidl-gen/pidl-gen ;;
*) pidl_gen=$PWD/$TOP_BUILDDIR/pidl-gen/pidl-gen ;;
esac
tmp=$(mktemp -d) || exit 1
trap 'rm -rf "$tmp"' EXIT
failed=0

compare() { # what was expected, what came
	if [ "$update" = yes ]; then
		cp "$2" "$1" || exit 1
	elif ! diff -u "$1" "$2"; then
		failed=1
	fi
}

[ "$1" = --update ] && update=yes

for idl in "$here"/golden/*.idl; do
	name=$(basename "$idl" .idl)
	if ! (cd "$tmp" && "$pidl_gen" -o "${name}_gen" "$idl" &&
		"$pidl_gen" --test -o "${name}_gen" "$idl"); then
		echo "$name: pidl-gen failed"
		failed=1
		continue
	fi
	for part in _gen.h _gen.c _gen_test.c; do
		compare "$here/golden/$name$part.expected" "$tmp/$name$part"
	done
done

# Every error has its place, and leaves nothing behind.
mkdir "$tmp/out" || exit 1
for idl in "$here"/errors/*.idl; do
	name=$(basename "$idl" .idl)
	(cd "$here/errors" && "$pidl_gen" -o "$tmp/out/x_gen" "$name.idl") \
		2>"$tmp/said"
	status=$?
	if [ $status -ne 1 ] || [ -n "$(ls "$tmp/out")" ]; then
		echo "$name: exit $status, or something was written"
		failed=1
	fi
	if grep -v "^[a-z_]*\.idl:[0-9]*:[0-9]*: error: " "$tmp/said"; then
		echo "$name: an error without its place"
		failed=1
	fi
	compare "$here/errors/$name.err" "$tmp/said"
done
exit $failed
