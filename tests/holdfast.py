"""What the proof scripts have in common: a private smbd, clients, TAP output.

A script makes a Server (its own configuration, databases, port on loopback and
data, on tmpfs where that holds user xattrs), says what it found with ok(), and
ends with finish().  The build folder is HOLDFAST_BUILD, or build/.

As root the users are two accounts that every Debian machine has; else there is
one, who runs this.
"""
import atexit
import glob
import json
import os
import pwd
import re
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time

TOP = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
BUILD = os.path.abspath(os.environ.get('HOLDFAST_BUILD') or
                        os.path.join(TOP, 'build'))
PASSWORD = 'Secret-123'
ROOT = os.geteuid() == 0
USER = 'nobody' if ROOT else pwd.getpwuid(os.geteuid()).pw_name
USER2 = 'daemon' if ROOT else USER

STALE_LEASE = re.compile(r'lease\.tdb: lease \S+ is on file \S+, which does '
                         r'not have it$')

count = {'ok': 0, 'not ok': 0}


def ok(good, name, *details):
    """One line of TAP; details are printed when it is not good."""
    word = 'ok' if good else 'not ok'
    count[word] += 1
    print('%s %d - %s' % (word, sum(count.values()), name))
    if not good:
        for d in details:
            for line in str(d).splitlines()[-12:]:
                print('#   ' + line)
    sys.stdout.flush()
    return good


def finish():
    print('1..%d' % sum(count.values()))
    sys.exit(1 if count['not ok'] or not count['ok'] else 0)


def has_xattrs(folder):
    probe = os.path.join(folder, 'holdfast-xattr-%d' % os.getpid())
    try:
        with open(probe, 'w'):
            os.setxattr(probe, 'user.probe', b'1')
        return True
    except OSError:
        return False
    finally:
        if os.path.exists(probe):
            os.unlink(probe)


def work_folder(base=None):
    """A new private folder, removed at exit."""
    if base:
        pass
    elif os.path.isdir('/dev/shm') and os.access('/dev/shm', os.W_OK) and \
            has_xattrs('/dev/shm'):
        base = '/dev/shm'
    else:
        base = tempfile.gettempdir()
    path = tempfile.mkdtemp(prefix='holdfast-', dir=base)
    os.chmod(path, 0o755)
    owner = os.getpid()
    atexit.register(lambda: os.getpid() == owner and
                    shutil.rmtree(path, ignore_errors=True))
    return path


def free_port(address='127.0.0.1'):
    with socket.socket() as s:
        s.bind((address, 0))
        return s.getsockname()[1]


def wait_until(what, seconds=10.0, step=0.05):
    """Calls what() until it is true, at most so long; its last value."""
    end = time.monotonic() + seconds
    while True:
        value = what()
        if value or time.monotonic() > end:
            return value
        time.sleep(step)


def children(pid):
    found = []
    for path in glob.glob('/proc/%d/task/*/children' % pid):
        try:
            with open(path) as f:
                found += [int(x) for x in f.read().split()]
        except OSError:
            pass
    return found


def process_name(pid):
    try:
        with open('/proc/%d/comm' % pid) as f:
            return f.read().strip()
    except OSError:
        return ''


def is_running(pid):
    """There, and no zombie."""
    try:
        with open('/proc/%d/stat' % pid) as f:
            return f.read().rsplit(')', 1)[1].split()[0] != 'Z'
    except OSError:
        return False


class Server:
    """A private smbd.  shares: name -> list of lines for its section (path and
    "read only = no" are given); lines: more lines for [global]; data: a folder
    to make the shares in, or HOLDFAST_DATA."""

    def __init__(self, shares=None, lines=(), users=None, data=None):
        self.work = work_folder()
        self.port = free_port()
        self.conf = os.path.join(self.work, 'smb.conf')
        self.log = os.path.join(self.work, 'log')
        where = data or os.environ.get('HOLDFAST_DATA')
        self.data = os.path.join(work_folder(where) if where else self.work,
                                 'data')
        self.smbd = None
        self.kills = False  # the test kills children amidst what they do
        # A child writes its report with a user's rights.
        self.reports = os.path.join(self.work, 'reports')
        os.mkdir(self.reports)
        os.chmod(self.reports, 0o1777)
        self.env = dict(os.environ)
        for name in ('ASAN_OPTIONS', 'UBSAN_OPTIONS'):
            self.env[name] = 'print_stacktrace=1:log_path=%s/sanitizer' % self.reports
        self._write_conf(shares or {'share': []}, lines)
        for user in users or sorted({USER, USER2}):
            self.add_user(user)
        atexit.register(self._atexit, os.getpid())

    def _write_conf(self, shares, lines):
        dirs = {'private dir': 'private', 'state directory': 'state',
                'cache directory': 'cache', 'lock directory': 'lock',
                'pid directory': 'pid'}
        out = ['[global]', 'netbios name = HOLDFAST',
               'smb ports = %d' % self.port, 'interfaces = 127.0.0.1',
               'bind interfaces only = yes', 'logging = stderr']
        for name, folder in dirs.items():
            path = os.path.join(self.work, folder)
            os.makedirs(path, mode=0o700)
            out.append('%s = %s' % (name, path))
        os.mkdir(self.data)
        os.chmod(self.data, 0o755)
        out += list(lines)
        for name, more in shares.items():
            path = self.path(name)
            os.makedirs(path)
            os.chmod(path, 0o777)
            out += ['[%s]' % name, 'path = %s' % path, 'read only = no']
            out += [x.replace('{data}', self.data) for x in more]
        with open(self.conf, 'w') as f:
            f.write('\n'.join(out) + '\n')

    def path(self, share, *names):
        return os.path.join(self.data, share, *names)

    def tool(self, name, *args, apart=False, **kw):
        """Runs one of our programs with -s conf (smbpasswd: -c); apart keeps
        its two outputs apart."""
        option = '-c' if name == 'smbpasswd' else '-s'
        return subprocess.run([os.path.join(BUILD, 'tools', name), option,
                               self.conf, *args], env=self.env,
                              stdout=subprocess.PIPE,
                              stderr=subprocess.PIPE if apart else
                              subprocess.STDOUT, timeout=60, **kw)

    def add_user(self, user):
        p = self.tool('smbpasswd', '-s', '-a', user,
                      input=('%s\n%s\n' % (PASSWORD, PASSWORD)).encode())
        if p.returncode != 0:
            sys.exit('smbpasswd: ' + p.stdout.decode())

    def start(self):
        with open(self.log, 'ab') as log:
            self.smbd = subprocess.Popen(
                [os.path.join(BUILD, 'smbd', 'smbd'), '-F', '-s', self.conf],
                env=self.env, stdin=subprocess.DEVNULL, stdout=log, stderr=log)
        if not wait_until(self.answers, 20):
            tail = self.log_text()[-2000:]
            self.stop()
            sys.exit('smbd does not answer:\n' + tail)
        return self

    def answers(self):
        if self.smbd.poll() is not None:
            return False
        try:
            socket.create_connection(('127.0.0.1', self.port), 1).close()
            return True
        except OSError:
            return False

    def log_text(self):
        with open(self.log, errors='replace') as f:
            return f.read()

    def sanitizer_reports(self):
        text = ''
        for path in glob.glob(self.reports + '/*'):
            with open(path, errors='replace') as f:
                text += f.read()
        return text

    def children(self):
        """Those that serve a client."""
        return [p for p in children(self.smbd.pid)
                if process_name(p) != 'notifyd']

    def status(self):
        return json.loads(self.tool('smbstatus', '--json', apart=True).stdout)

    def check_state_command(self):
        return '%s -t 4 -s %s smbd check-state 2>&1' % (
            os.path.join(BUILD, 'tools', 'smbcontrol'), self.conf)

    def check_state(self):
        """Where the databases disagree with each other and with the processes:
        '' when they do not."""
        p = self.tool('smbcontrol', '-t', '8', 'smbd', 'check-state')
        if p.returncode == 0:
            return ''
        # Who is killed between the two leaves the index of a lease behind
        # (locking/share_grant.c); it counts for nothing.
        return ''.join(line for line in p.stdout.decode().splitlines(True)
                       if not (self.kills and STALE_LEASE.match(line)))

    def stop(self):
        """True when its databases were in order, and it and all its children
        were gone after SIGTERM."""
        if self.smbd is None:
            return True
        wrong = self.check_state() if self.smbd.poll() is None else ''
        for line in wrong.splitlines():
            print('# check-state: ' + line)
        pids = [self.smbd.pid] + children(self.smbd.pid)
        if self.smbd.poll() is None:
            self.smbd.terminate()
        gone = wait_until(lambda: self.smbd.poll() is not None and
                          not any(map(is_running, pids)), 15)
        if not gone:
            for pid in pids:
                if is_running(pid):
                    os.kill(pid, signal.SIGKILL)
            self.smbd.wait()
        self.smbd = None
        return bool(gone) and not wrong

    def _atexit(self, owner):
        if os.getpid() == owner:
            self.stop()

    def smbclient(self, commands, share='share', user=None, dialect=None,
                  protection=None, cwd=None, timeout=300, args=()):
        """smbclient -c; protection: sign, encrypt, off.  (code, output)"""
        argv = ['smbclient', '//127.0.0.1/' + share, '-s', '/dev/null', '-p',
                str(self.port), '-U', '%s%%%s' % (user or USER, PASSWORD)]
        if dialect:
            argv += ['--option=client min protocol=' + dialect,
                     '--option=client max protocol=' + dialect]
        if protection:
            argv.append('--client-protection=' + protection)
        argv += list(args)
        if commands is not None:
            argv += ['-c', commands]
        p = subprocess.run(argv, stdin=subprocess.DEVNULL,
                           stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
                           cwd=cwd or self.work, timeout=timeout)
        return p.returncode, p.stdout.decode('utf8', 'replace')


class Holder:
    """An smbclient that keeps a file open: it uploads from a pipe that stays
    open."""

    def __init__(self, server, name):
        self.server, self.name = server, name
        self.process = subprocess.Popen(
            ['smbclient', '//127.0.0.1/share', '-s', '/dev/null', '-p',
             str(server.port), '-U', '%s%%%s' % (USER, PASSWORD), '-c',
             'put /dev/stdin "%s"' % name],
            stdin=subprocess.PIPE, stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL)

    def opens(self):
        """The entries that smbstatus shows for the file."""
        for f in self.server.status().get('open_files', {}).values():
            if f['filename'] == self.name:
                return list(f['opens'].values())
        return []

    def close(self):
        self.process.stdin.close()
        self.process.wait(20)

    def end(self):
        if self.process.poll() is None:
            self.process.kill()
        self.process.wait()
