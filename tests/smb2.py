"""A small SMB2 client that sends whatever a script wants: frames are bytes,
nothing is checked, nothing is signed.  Dialect 2.1 unless told otherwise, so
that neither signatures nor keys are needed."""
import hashlib
import hmac
import os
import socket
import struct
import time

(NEGOTIATE, SESSION_SETUP, LOGOFF, TREE_CONNECT, TREE_DISCONNECT, CREATE,
 CLOSE, FLUSH, READ, WRITE, LOCK, IOCTL, CANCEL, ECHO, QUERY_DIRECTORY,
 CHANGE_NOTIFY, QUERY_INFO, SET_INFO, OPLOCK_BREAK) = range(19)

OK = 0
PENDING = 0x103
NOTIFY_CLEANUP = 0x10B
BUFFER_OVERFLOW = 0x80000005
NO_MORE_FILES = 0x80000006
INVALID_PARAMETER = 0xC000000D
END_OF_FILE = 0xC0000011
MORE_PROCESSING = 0xC0000016
ACCESS_DENIED = 0xC0000022
DISK_FULL = 0xC000007F
INSUFFICIENT_RESOURCES = 0xC000009A
TOO_MANY_OPENED_FILES = 0xC000011F
FILE_CLOSED = 0xC0000128

ASYNC, RELATED = 2, 4

ALL = 0x001F01FF
READ_ATTRIBUTES = 0x80
OPEN, MAKE, OPEN_IF, OVERWRITE_IF = 1, 2, 3, 5
DIRECTORY, DELETE_ON_CLOSE = 1, 0x1000


class Gone(Exception):
    """The server has closed the connection."""


# --- NTLMSSP ([MS-NLMP]) -----------------------------------------------------

def _rol(x, n):
    x &= 0xffffffff
    return (x << n | x >> (32 - n)) & 0xffffffff


def md4(data):
    """RFC 1320: OpenSSL no longer has it."""
    data += b'\x80' + bytes(-(len(data) + 9) % 64) + struct.pack('<Q', len(data) * 8)
    h = [0x67452301, 0xefcdab89, 0x98badcfe, 0x10325476]
    rounds = (
        (lambda x, y, z: (x & y) | (~x & z), 0, range(16), (3, 7, 11, 19)),
        (lambda x, y, z: (x & y) | (x & z) | (y & z), 0x5a827999,
         [i % 4 * 4 + i // 4 for i in range(16)], (3, 5, 9, 13)),
        (lambda x, y, z: x ^ y ^ z, 0x6ed9eba1,
         (0, 8, 4, 12, 2, 10, 6, 14, 1, 9, 5, 13, 3, 11, 7, 15), (3, 9, 11, 15)))
    for at in range(0, len(data), 64):
        x = struct.unpack('<16I', data[at:at + 64])
        a, b, c, d = h
        for fn, add, order, shifts in rounds:
            for i, k in enumerate(order):
                a, b, c, d = d, _rol(a + fn(b, c, d) + x[k] + add,
                                     shifts[i % 4]), b, c
        h = [(p + q) & 0xffffffff for p, q in zip(h, (a, b, c, d))]
    return struct.pack('<4I', *h)


NTLM_FLAGS = 0x00088207 & ~0x2  # Unicode, request target, NTLM, ESS, always sign


def ntlm_negotiate():
    return b'NTLMSSP\0' + struct.pack('<II', 1, NTLM_FLAGS) + bytes(16)


def ntlm_authenticate(challenge, user, password):
    server = challenge[24:32]
    n, _, at = struct.unpack_from('<HHI', challenge, 40)
    info = challenge[at:at + n]
    key = hmac.new(md4(password.encode('utf-16le')),
                   user.upper().encode('utf-16le'), 'md5').digest()
    now = struct.pack('<Q', int((time.time() + 11644473600) * 10000000))
    temp = b'\1\1' + bytes(6) + now + os.urandom(8) + bytes(4) + info + bytes(4)
    proof = hmac.new(key, server + temp, 'md5').digest() + temp
    parts = [bytes(24), proof, b'', user.encode('utf-16le'), b'', b'']
    at, fields = 64, b''
    for p in parts:
        fields += struct.pack('<HHI', len(p), len(p), at)
        at += len(p)
    return (b'NTLMSSP\0' + struct.pack('<I', 3) + fields +
            struct.pack('<I', NTLM_FLAGS) + b''.join(parts))


# --- requests, without their headers -----------------------------------------

def negotiate(dialects=(0x0210,), caps=4, guid=b'audit-client-id!'):
    return struct.pack('<HHHHI16sQ', 36, len(dialects), 1, 0, caps,
                       guid, 0) + \
        struct.pack('<%dH' % len(dialects), *dialects)


def session_setup(token, previous=0):
    return struct.pack('<HBBIIHHQ', 25, 0, 1, 0, 0, 88, len(token), previous) + token


def tree_connect(path):
    path = path.encode('utf-16le')
    return struct.pack('<HHHH', 9, 0, 72, len(path)) + path


def create(name, access=ALL, disposition=OPEN_IF, options=0, share=7,
           attributes=0):
    raw = name.encode('utf-16le')
    return struct.pack('<HBBIQQIIIIIHHII', 57, 0, 0, 2, 0, 0, access,
                       attributes, share, disposition, options, 120, len(raw),
                       0, 0) + (raw or b'\0')


LEVEL_NONE, LEVEL_II, LEVEL_EXCLUSIVE, LEVEL_BATCH, LEVEL_LEASE = 0, 1, 8, 9, 255
R, H, W = 1, 2, 4


def create_caching(name, level, lease=None, **kw):
    """A CREATE that asks for an oplock of this level, or for a lease: (key,
    state), of version 1."""
    body = bytearray(create(name, **kw))
    body[3] = LEVEL_LEASE if lease else level
    if not lease:
        return bytes(body)
    body += bytes(-len(body) % 8)
    struct.pack_into('<II', body, 48, 64 + len(body), 24 + 32)
    return bytes(body) + struct.pack('<IHHHHI4s4x16sIIQ', 0, 16, 4, 0, 24, 32,
                                     b'RqLs', lease[0], lease[1], 0, 0)


def create_leased(name, key, state, parent=None, **kw):
    """A CREATE that asks for a lease of version 2: needs 3.x."""
    body = bytearray(create(name, **kw))
    body[3] = LEVEL_LEASE
    body += bytes(-len(body) % 8)
    struct.pack_into('<II', body, 48, 64 + len(body), 24 + 52)
    return bytes(body) + struct.pack(
        '<IHHHHI4s4x16sIIQ16sHH', 0, 16, 4, 0, 24, 52, b'RqLs', key, state,
        4 if parent else 0, 0, parent or bytes(16), 0, 0)


def oplock_ack(fid, level):
    return struct.pack('<HBBI16s', 24, level, 0, 0, fid)


def lease_ack(key, state):
    return struct.pack('<HHI16sIQ', 36, 0, 0, key, state, 0)


SHARED, EXCLUSIVE, UNLOCK, AT_ONCE = 1, 2, 4, 16


def lock(fid, *ranges):
    """ranges: (offset, length, flags)."""
    return struct.pack('<HHI16s', 48, len(ranges), 0, fid) + \
        b''.join(struct.pack('<QQII', o, n, f, 0) for o, n, f in ranges)


def change_notify(fid, what=0xfff, tree=False, size=4096):
    return struct.pack('<HHI16sII', 32, 1 if tree else 0, size, fid, what, 0)


def close(fid):
    return struct.pack('<HHI', 24, 0, 0) + fid


def flush(fid):
    return struct.pack('<HHI', 24, 0, 0) + fid


def read(fid, offset, length, minimum=0):
    return struct.pack('<HBBIQ16sIIIHH', 49, 0, 0, length, offset, fid,
                       minimum, 0, 0, 0, 0) + b'\0'


def write(fid, offset, data, flags=0):
    return struct.pack('<HHIQ16sIIHHI', 49, 112, len(data), offset, fid, 0, 0,
                       0, 0, flags) + data


def query_directory(fid, pattern='*', size=65536, info=37, flags=0):
    raw = pattern.encode('utf-16le')
    return struct.pack('<HBBI16sHHI', 33, info, flags, 0, fid, 96, len(raw),
                       size) + raw


def query_info(fid, kind, info, size=65536, security=0):
    return struct.pack('<HBBIHHIII16s', 41, kind, info, size, 0, 0, 0,
                       security, 0, fid)


def set_info(fid, kind, info, data, which=0):
    return struct.pack('<HBBIHHI16s', 33, kind, info, len(data), 96, 0, which,
                       fid) + data


def end_of_file(fid, size):
    return set_info(fid, 1, 20, struct.pack('<Q', size))


def rename(fid, name, replace=False):
    raw = name.encode('utf-16le')
    return set_info(fid, 1, 10, struct.pack('<B7xQI', replace, 0, len(raw)) + raw)


def link(fid, name, replace=False):
    raw = name.encode('utf-16le')
    return set_info(fid, 1, 11, struct.pack('<B7xQI', replace, 0, len(raw)) + raw)


def disposition(fid, delete=True):
    return set_info(fid, 1, 13, struct.pack('<B', delete))


def unix_group(gid):
    """S-1-22-2-gid"""
    return b'\1\2' + bytes(5) + b'\x16' + struct.pack('<II', 2, gid)


def set_group(fid, sid):
    return set_info(fid, 3, 0, struct.pack('<BBHIIII', 1, 0, 0x8000, 0, 20, 0,
                                           0) + sid, which=2)


def simple():
    return struct.pack('<HH', 4, 0)


# --- a connection ---------------------------------------------------------------

class Reply:
    def __init__(self, raw):
        self.raw = raw
        (_, _, self.status, self.command, self.credits, self.flags, self.next,
         self.mid) = struct.unpack_from('<HHIHHIIQ', raw, 4)
        if self.flags & ASYNC:
            self.async_id, = struct.unpack_from('<Q', raw, 32)
            self.tid = 0
        else:
            self.tid, = struct.unpack_from('<I', raw, 36)
        self.sid, = struct.unpack_from('<Q', raw, 40)

    @property
    def fid(self):  # of CREATE
        return self.raw[128:144]

    @property
    def data(self):  # of READ
        at = self.raw[66]
        n, = struct.unpack_from('<I', self.raw, 68)
        return self.raw[at:at + n]

    @property
    def buffer(self):  # of QUERY_DIRECTORY, QUERY_INFO
        at, n = struct.unpack_from('<HI', self.raw, 66)
        return self.raw[at:at + n]


def entries(buffer):
    """The names in a buffer of FileIdBothDirectoryInformation."""
    names, at = [], 0
    while buffer:
        step, = struct.unpack_from('<I', buffer, at)
        n, = struct.unpack_from('<I', buffer, at + 60)
        names.append(buffer[at + 104:at + 104 + n].decode('utf-16le'))
        if step == 0:
            break
        at += step
    return names


class Conn:
    """A connection; log_on() and tree() make more of it."""

    def __init__(self, port, timeout=20, rcvbuf=None):
        self.sock = socket.socket()
        if rcvbuf:
            self.sock.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, rcvbuf)
        self.sock.settimeout(timeout)
        self.sock.connect(('127.0.0.1', port))
        self.sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self.mid = self.sid = self.tid = 0
        self.credits = 1

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.end()

    def end(self):
        self.sock.close()

    # bytes
    def send_frame(self, data):
        try:
            self.sock.sendall(struct.pack('>I', len(data)) + data)
        except (BrokenPipeError, ConnectionResetError):
            raise Gone from None

    def _exactly(self, n):
        got = bytearray()
        while len(got) < n:
            try:
                more = self.sock.recv(n - len(got))
            except ConnectionResetError:
                raise Gone from None
            if not more:
                raise Gone
            got += more
        return bytes(got)

    def receive_frame(self):
        return self._exactly(struct.unpack('>I', self._exactly(4))[0])

    def is_gone(self, seconds=5):
        """Whether the server closes the connection within that time."""
        self.sock.settimeout(seconds)
        try:
            while self.sock.recv(65536):
                pass
            return True
        except ConnectionResetError:
            return True
        except socket.timeout:
            return False

    # messages
    def header(self, command, charge=1, credits=1, flags=0, tid=None, sid=None,
               mid=None, after=0, async_id=None):
        if mid is None:
            mid = self.mid
            self.mid += max(charge, 1)
        ids = struct.pack('<Q', async_id) if async_id is not None else \
            struct.pack('<II', 0xfeff, self.tid if tid is None else tid)
        return b'\xfeSMB' + struct.pack(
            '<HHIHHIIQ', 64, charge, 0, command, credits, flags, after, mid
        ) + ids + struct.pack('<Q16s', self.sid if sid is None else sid, b'')

    def send(self, command, body, **kw):
        """The message id it has."""
        h = self.header(command, **kw)
        self.send_frame(h + body)
        return struct.unpack_from('<Q', h, 24)[0]

    def compound(self, members, related=True, **kw):
        """members: (command, body)."""
        out = b''
        for i, (command, body) in enumerate(members):
            last = i == len(members) - 1
            pad = bytes(-len(body) % 8)
            after = 0 if last else 64 + len(body) + len(pad)
            flags = RELATED if related and i > 0 else 0
            out += self.header(command, after=after, flags=flags, **kw) + body
            out += b'' if last else pad
        self.send_frame(out)

    def replies(self):
        """Those in the next frame."""
        frame, found = self.receive_frame(), []
        while frame:
            r = Reply(frame)
            r.raw = frame[:r.next] if r.next else frame
            frame = frame[r.next:] if r.next else b''
            self.credits += r.credits
            found.append(r)
        return found

    def receive(self, interim=False):
        """The next reply alone; interim ones are passed over."""
        while True:
            r = self.replies()[0]
            if interim or r.status != PENDING:
                return r

    def ask(self, command, body, **kw):
        self.send(command, body, **kw)
        return self.receive()

    # logging on
    def negotiate(self, *args):
        return self.ask(NEGOTIATE, negotiate(*args), charge=0)

    def setup(self, token, **kw):
        return self.ask(SESSION_SETUP, session_setup(token, **kw), credits=512)

    def authenticate(self, user, password, previous=0):
        """The two steps of a logon, for self.sid when that is set."""
        r = self.setup(ntlm_negotiate())
        if r.status != MORE_PROCESSING:
            return r
        self.sid = r.sid
        raw = r.raw[r.raw.index(b'NTLMSSP\0'):]
        return self.setup(ntlm_authenticate(raw, user, password),
                          previous=previous)

    def log_on(self, user, password, dialect=0x0210, previous=0, caps=4):
        self.negotiate((dialect,), caps)
        r = self.authenticate(user, password, previous)
        if r.status != OK:
            raise Exception('logon: %08x' % r.status)
        return self

    def tree(self, share):
        r = self.ask(TREE_CONNECT, tree_connect('\\\\127.0.0.1\\' + share))
        if r.status != OK:
            raise Exception('tree connect: %08x' % r.status)
        self.tid = r.tid
        return self

    def open(self, name, *args, **kw):
        r = self.ask(CREATE, create(name, *args, **kw))
        if r.status != OK:
            raise Exception('create %s: %08x' % (name, r.status))
        return r.fid

    def list(self, fid, size=65536, flags=1):
        """All names of a directory."""
        found = []
        charge = max(1, (size + 65535) // 65536)
        while True:
            r = self.ask(QUERY_DIRECTORY, query_directory(fid, size=size,
                                                         flags=flags),
                         charge=charge, credits=charge)
            if r.status == NO_MORE_FILES:
                return found
            if r.status != OK:
                raise Exception('query directory: %08x' % r.status)
            found += entries(r.buffer)
            flags = 0
