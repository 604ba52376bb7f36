# torture/: its part of the build.
EXTRA_DIST += torture/expected torture/smbtorture-run torture/suites
