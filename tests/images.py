"""File systems of their own, in images that are mounted for one script.  The
script has a mount namespace for itself: nobody else sees them, and they go with
it, however it ends."""
import atexit
import os
import subprocess
import sys

from holdfast import ROOT, work_folder

MARK = 'HOLDFAST_OWN_MOUNTS'
MAKE = {'ext4': ['mkfs.ext4', '-q', '-E', 'lazy_itable_init=0,nodiscard'],
        'xfs': ['mkfs.xfs', '-q'], 'btrfs': ['mkfs.btrfs', '-q']}


class CannotMount(Exception):
    """And why."""


def skip_all(why):
    print('1..0 # SKIP ' + why)
    sys.exit(77)


def own_namespace():
    """Goes on in a mount namespace of its own, or skips the script."""
    if os.environ.get(MARK):
        return
    if not ROOT:
        skip_all('only root may mount images')
    try:
        subprocess.run(['unshare', '--mount', 'true'], check=True,
                       stderr=subprocess.PIPE)
    except (OSError, subprocess.CalledProcessError) as e:
        skip_all('no mount namespace: %s' %
                 (getattr(e, 'stderr', b'') or str(e).encode()).decode().strip())
    os.environ[MARK] = '1'
    os.execvp('unshare', ['unshare', '--mount', '--propagation', 'private',
                          sys.executable] + sys.argv)


def run(argv):
    try:
        p = subprocess.run(argv, stdin=subprocess.DEVNULL,
                           stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
    except OSError as e:
        raise CannotMount('%s: %s' % (argv[0], e.strerror)) from None
    if p.returncode != 0:
        raise CannotMount('%s: %s' % (argv[0], ' '.join(
            p.stdout.decode('utf8', 'replace').split())[-120:]))
    return p.stdout.decode('utf8', 'replace')


def mount(kind, mib, options=(), make=()):
    """A new file system, mounted at the path that is returned; all may write.
    Raises CannotMount."""
    base = work_folder()
    path = os.path.join(base, kind)
    os.mkdir(path)
    options = list(options)
    if kind == 'tmpfs':
        source, options = 'none', options + ['size=%dm' % mib]
    else:
        source, options = os.path.join(base, 'image'), options + ['loop']
        with open(source, 'wb') as f:
            f.truncate(mib << 20)
        run(MAKE[kind] + list(make) + [source])
    run(['mount', '-t', kind, '-o', ','.join(options), source, path])
    atexit.register(unmount, path)  # before the folder is removed
    os.chmod(path, 0o777)
    return path


def unmount(path):
    subprocess.call(['umount', '-l', path], stderr=subprocess.DEVNULL)
