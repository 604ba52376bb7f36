# tests/: what is proved with a running server; the check runs these.
EXTRA_DIST += \
	tests/access \
	tests/acl_exchange \
	tests/casefold tests/casefold-init \
	tests/coherence_kill \
	tests/dir_lease_programs \
	tests/disk_faults \
	tests/faults \
	tests/filesystems \
	tests/filters \
	tests/holdfast.py \
	tests/hostile \
	tests/images.py \
	tests/integrity \
	tests/handover \
	tests/kernel_oplocks \
	tests/kill_children \
	tests/macos \
	tests/linux_client_run \
	tests/linux-client tests/linux-client-init tests/linux-client-posix \
	tests/linux-client-links tests/linux-kernel \
	tests/linux-client-relay \
	tests/share_commands \
	tests/memory_share \
	tests/model_run \
	tests/notify \
	tests/posix_off \
	tests/previous_versions \
	tests/quota_init tests/quota_run \
	tests/run_command \
	tests/samba_exchange \
	tests/scale \
	tests/share_modes \
	tests/state_tools \
	tests/stream_exchange \
	tests/smb2.py \
	tests/tools_run \
	tests/torture_run \
	tests/tree_copy \
	tests/wake_ups
