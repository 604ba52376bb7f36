# tests/: what is proved with a running server; the check runs these.
EXTRA_DIST += \
	tests/holdfast.py \
	tests/kill_children \
	tests/linux-client tests/linux-client-init tests/linux-client-relay \
	tests/run_command \
	tests/share_modes \
	tests/tree_copy
